"""All parts of a form -> the YAML of a checklist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checklist_kit.importers import yaml
from checklist_kit.importers.xlsform.apollo import codes_of
from checklist_kit.importers.xlsform.files import ChoiceFiles
from checklist_kit.importers.xlsform.form import Form, Row
from checklist_kit.importers.xlsform.headers import is_other
from checklist_kit.importers.xlsform.items import UNASKED, Draft, Items, types_and_names
from checklist_kit.importers.xlsform.languages import codes
from checklist_kit.importers.xlsform.lists import Lists, read_lists
from checklist_kit.importers.xlsform.names import fitting
from checklist_kit.importers.xlsform.types import Type
from checklist_kit.importers.xlsform.words import Words
from checklist_kit.importers.yaml import Noted

_VERSION = re.compile(r"[^\s/]{1,32}")
_HASH = "attribute::checklist_hash"
_ORDER = (
    *("name", "type", "choices", "label", "hint", "guidance_hint", "required", "required_message", "relevant"),
    *("matches", "constraint", "constraint_message", "calculation", "default", "read_only", "appearance"),
    *("parameters", "choice_filter", "repeat_count", "code"),
)


@dataclass(slots=True)
class Document:
    """A checklist on its way.

    `kept_lists` are the rows of lists that ours cannot give as they came; `findings` are indicators and checks.
    """

    form: Form
    stem: str
    codes: Mapping[str, str]
    default: str
    types: dict[int, Type]
    names: dict[str, str]
    lists: Lists
    tree: list[Draft]
    kept_lists: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    findings: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Form, stem: str, files: ChoiceFiles) -> Document:
        """Read the parts of a form; `stem` is the name of its file, which is its id where it has no other."""
        types, named, names = types_and_names(form)
        found = codes(form.languages, form.settings.get("default_language", ""))
        default = found.get(form.settings.get("default_language") or "-", next(iter(found.values()), "en"))
        words = Words(found, default, names)
        others = {kind.list for kind in types.values() if kind.other}
        lists = read_lists(form, words, others)
        files.add_lists(form, types, lists)
        tree = Items(form, words, lists, types, named).read()
        document = cls(form, stem, found, default, types, names, lists, tree)
        if form.apollo:
            document.give_codes(codes_of(names))
        return document

    def give_codes(self, tags: Mapping[str, str]) -> None:
        """Give questions their transmission codes, by item."""
        for draft in self.drafts:
            if draft.name in tags and draft.keys["type"] not in UNASKED:
                draft.keys["code"] = tags[draft.name]

    @property
    def drafts(self) -> list[Draft]:
        """All items in order."""
        return [draft for top in self.tree for draft in top.walk()]

    def text(self) -> str:
        """Return the YAML."""
        kept, head = self._settings()
        data: dict[str, object] = {**head, **self._languages()}
        if self.lists.choices:
            data["choices"] = self.lists.choices
        data["items"] = [_item(draft) for draft in self.tree]
        data |= {key: found for key, found in self.findings.items() if found}
        data["extra"] = {"xlsform": {"verbatim": True, **self._language_names(), **kept, **self._rest()}}
        return yaml.document(data)

    def _settings(self) -> tuple[dict[str, object], dict[str, object]]:
        """The settings that go back as they came, and the keys at the top."""
        wanted = dict(self.form.settings)
        wanted.setdefault("form_id", self.stem)
        wanted.setdefault("form_title", wanted["form_id"])
        name = fitting(wanted["form_id"], (), "form")
        head: dict[str, object] = {"checklist": name}
        if _VERSION.fullmatch(wanted.get("version", "")):
            head["version"] = wanted["version"]
        if wanted["form_title"] != name:
            head["title"] = wanted["form_title"]
        given = {"form_title": wanted["form_title"], "form_id": name, "version": head.get("version", "")}
        kept: dict[str, object] = {
            key: wanted.get(key, "")
            for key in dict.fromkeys((*given, *wanted))
            if wanted.get(key, "") != given.get(key, "")
        }
        if _HASH in kept:
            kept[_HASH] = Noted(kept[_HASH], "of the checklist that made the form: remove it when you change something")
        return ({"settings": kept} if kept else {}), head

    def _languages(self) -> dict[str, object]:
        if not [name for name in self.form.languages if name]:
            return {}
        languages = {code: _own_name(name, code) for name, code in self.codes.items()}
        default = {"default_language": self.default} if self.default != next(iter(languages)) else {}
        return {"languages": languages, **default}

    def _language_names(self) -> dict[str, object]:
        """What languages are called in the form, where the export would not call them so."""
        told = self.codes or {"": "en"}
        names = {code: name for name, code in told.items() if name != f"{_own_name(name, code)} ({code})"}
        unnamed: dict[str, object] = {"unnamed": self.form.unnamed} if self.form.unnamed else {}
        return {"languages": names, **unnamed} if names else unnamed

    def _rest(self) -> dict[str, object]:
        rest: dict[str, object] = {}
        if self.lists.called:
            rest["external"] = self.lists.called
        if self.kept_lists:
            rest["choices"] = self.kept_lists
        columns = {
            sheet: order
            for sheet, rows in self._sheets().items()
            if (order := _order_of_others(rows, self.form.columns.get(sheet, [])))
        }
        if columns:
            rest["columns"] = columns
        if self.form.sheets:
            rest["sheets"] = self.form.sheets
        return rest

    def _sheets(self) -> dict[str, list[Row]]:
        form = self.form
        return {"survey": form.survey, "choices": form.choices, "external_choices": form.external}


def _order_of_others(rows: list[Row], columns: list[str]) -> list[str]:
    """Return the columns that mean nothing here in order, where the rows alone do not tell it: empty where they do."""
    found = dict.fromkeys(column for row in rows for column in row.cells if is_other(column))
    order = [column for column in columns if column in found]
    return order if order != list(found) else []


def _own_name(name: str, code: str) -> str:
    return re.sub(rf"\s*\({re.escape(code)}\)$", "", name) or "unnamed"


def _item(draft: Draft) -> object:
    keys: dict[str, object] = {key: draft.keys[key] for key in _ORDER if key in draft.keys}
    if draft.keys["type"] in ("section", "repeat"):
        kept = {"extra": {"xlsform": draft.kept}} if draft.kept else {}
        keys |= {**kept, "items": [_item(inner) for inner in draft.items]}
    elif draft.kept:
        keys["extra"] = {"xlsform": draft.kept}
    return Noted(keys, "\n".join(draft.notes)) if draft.notes else keys
