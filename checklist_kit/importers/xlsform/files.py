"""Lists in CSV files beside a form, which its questions name: `select_one_from_file towns.csv`.

A file is read in place and never changed. Where one cannot be a list here, its question is a text, and the form gets
it back as it came.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checklist_kit import source
from checklist_kit.importers import yaml
from checklist_kit.importers.xlsform.form import Form, Row
from checklist_kit.importers.xlsform.lists import Lists
from checklist_kit.importers.xlsform.types import Type, parameters

NOWHERE = Path(os.devnull, "form.yaml")
"""A place for a checklist where no project and no translations lie beside it."""

_SUFFIX = ".csv"


@dataclass(slots=True)
class ChoiceFiles:
    """The files beside a form that its questions name; `read` are those that became lists, by name."""

    folder: Path
    read: dict[str, Path] = field(default_factory=dict)

    def instead(self) -> dict[Path, Path]:
        """Return where the files lie that a checklist at NOWHERE names."""
        return _instead(self.read)

    def add_lists(self, form: Form, types: Mapping[int, Type], lists: Lists) -> None:
        """Add the lists that stand in files, and tell which question each is for; say why where there is none."""
        names: dict[str, str] = {}
        for row in form.survey:
            kind = types[row.number]
            if kind.source != "file":
                continue
            node = _node(kind.list, row)
            shown = repr(node)
            if shown not in names:
                reason = self._refusal(kind.list, node)
                names[shown] = "" if reason else lists.add(kind.list.removesuffix(_SUFFIX), node)
                if reason:
                    message = f"the question is a text here: {reason}"
                    form.book.find("import-file", message, "survey", row.number, row.get("type"))
            if names[shown]:
                lists.in_files[row.number] = names[shown]

    def _refusal(self, name: str, node: Mapping[str, object]) -> str:
        """Return why a file cannot be a list here; empty where it can."""
        if not name.lower().endswith(_SUFFIX):
            return f"only CSV files become lists, and `{name}` is none"
        path = self.folder / name
        if Path(name).name != name or set(name) & set("\\:\0") or not path.is_file():
            return f"`{name}` is no file beside the form"
        if path.resolve().parent != self.folder.resolve():
            return f"`{name}` leads out of the folder of the form"
        fault = _fault(name, path, node)
        if not fault:
            self.read[name] = path
        return fault


def _instead(files: Mapping[str, Path]) -> dict[Path, Path]:
    return {NOWHERE.with_name(name).resolve(): path for name, path in files.items()}


def _fault(name: str, path: Path, node: Mapping[str, object]) -> str:
    """Return what keeps a checklist from having a list from a file, empty where nothing does."""
    items = [{"name": "q", "type": "select_one", "choices": name, "label": "Q"}]
    text = yaml.document({"checklist": "probe", "choices": {name: node}, "items": items})
    loaded = source.load(NOWHERE, text=text, instead=_instead({name: path}))
    found = loaded.checklist.choices[name].choices if loaded.checklist else ()
    for finding in loaded.findings:
        if finding.is_error:
            line = f", line {finding.span.line}" if finding.span and finding.span.file != str(NOWHERE) else ""
            return f"`{name}`{line}: {finding.message}"
    if any("${" in label for choice in found for label in choice.label.values()):
        return f"`{name}` has `${{` in a label, which would be an answer here"
    return "" if found else f"`{name}` holds no choice"


def _node(name: str, row: Row) -> dict[str, object]:
    """Return how a checklist names a file, and those of its columns that are called otherwise there."""
    told = parameters(row.get("parameters"))
    columns = {"value": told.get("value", "name"), "label": told.get("label", "label")}
    usual = {"value": "code", "label": "label"}
    return {"file": name, **{key: column for key, column in columns.items() if column != usual[key]}}
