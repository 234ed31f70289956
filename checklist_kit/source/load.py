"""The whole way from a path to a checklist and all that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checklist_kit.diagnostics import DefinitionError, Diagnostic, Span
from checklist_kit.model import Checklist
from checklist_kit.source.build import Builder
from checklist_kit.source.compose import compose
from checklist_kit.source.extends import Extender
from checklist_kit.source.files import PROJECT_FILE, Files, Source
from checklist_kit.source.forms import load_forms
from checklist_kit.source.includes import Includer
from checklist_kit.source.nodes import Map, Slot
from checklist_kit.source.translations import Invented, Text, Translations, declared
from checklist_kit.source.validate import validate


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a path held: the checklist, without its faulty parts, or None where nothing could be read.

    All findings; the lines of every file that was read, by name; and all texts with their translations,
    if they were asked for.
    """

    checklist: Checklist | None
    findings: tuple[Diagnostic, ...]
    lines: dict[str, list[str]]
    texts: tuple[Text, ...] = ()


def load(
    path: str | Path,
    invented: Invented | None = None,
    instead: Mapping[Path, Path] | None = None,
    *,
    text: str | None = None,
    role: str | None = None,
    texts: bool = False,
) -> Loaded:
    """Load a checklist. Never raises for what a file holds; every fault is among the findings.

    `invented` is a further language that is made up. `instead` names files, by their resolved paths, in whose place
    others are read. `text` stands for what the file holds, which then need not be there. With a `role`, the form of
    that role alone is loaded. `texts` asks for all texts of the result.
    """
    files = Files(Path(path), instead or {})
    if text is not None:
        files.sources[str(path)] = Source(files.start, str(path), text)
    source = files.open(files.start, str(path))
    if source is None:
        return Loaded(None, tuple(files.findings), {})
    document, findings = compose(source.text, source.name)
    languages = declared(files, document, source) if isinstance(document, Map) else ("en", ())
    translations = Translations(files, *languages, invented, collecting=texts)
    translations.merge(document, source)
    if isinstance(document, Map):
        checklist, more = _load(files, source, document, translations, role)
        findings += [*more, *translations.findings, *translations.unused()]
    else:
        checklist, findings = None, findings or [_nothing(source)]
    lines = {name: read.lines for name, read in files.sources.items()}
    # A file that is included twice has its faults once.
    distinct = tuple(dict.fromkeys((*files.findings, *findings)))
    return Loaded(checklist, distinct, lines, tuple(translations.texts.values()))


def bank_name(path: str | Path) -> str:
    """Return the name that a bank of items gives itself. Raises DefinitionError where it has none."""
    files = Files(Path(path))
    source = files.open(files.start, str(path))
    document, findings = compose(source.text, source.name) if source is not None else (None, [])
    name = document.text("bank") if isinstance(document, Map) else None
    if name is None:
        lacking = Diagnostic.of("schema-missing-key", f"{path} has no name as a bank", help="add a line `bank: …`")
        raise DefinitionError([*files.findings, *findings] or [lacking])
    return name


def _nothing(source: Source) -> Diagnostic:
    place, help_ = Span(source.name, 1, 1, 1, 2), "begin with `checklist: an_id` and `items:`"
    return Diagnostic.of("schema-type", "this file holds no checklist", place, help=help_)


def _load(
    files: Files, source: Source, document: Map, translations: Translations, role: str | None
) -> tuple[Checklist | None, list[Diagnostic]]:
    findings: list[Diagnostic] = []
    document, includer = _expanded(document, source, translations, findings)
    if translations.invented is not None:
        _add_language(document, translations)
    project = _project(files, translations, findings)
    findings += validate(document)
    forms = load_forms(document, files, lambda other: _other(other, files, project), findings)
    shared, banks = [*project, *includer.lists], tuple(includer.banks.values())
    builder = Builder(document, files, translations, shared, forms, banks, role)
    checklist = builder.build()
    return checklist, findings + builder.findings


def _expanded(
    document: Map, source: Source, translations: Translations, findings: list[Diagnostic]
) -> tuple[Map, Includer]:
    """Return a document with what it includes and extends, and what came with it."""
    includer = Includer(translations.files, translations)
    extender = Extender(translations.files, translations, includer)
    document = extender.resolve(document, source)
    findings += [*includer.findings, *extender.findings]
    return document, includer


def _other(source: Source, files: Files, project: list[Map]) -> Checklist | None:
    """Return another checklist of the same project, without its faulty parts and without the forms that it names."""
    document, _ = compose(source.text, source.name)
    if not isinstance(document, Map) or "checklist" not in document:
        return None
    translations = Translations(files, *declared(files, document, source))
    translations.merge(document, source)
    document, includer = _expanded(document, source, translations, [])
    return Builder(document, files, translations, [*project, *includer.lists]).build()


def _add_language(document: Map, translations: Translations) -> None:
    invented, node = translations.invented, document.get("languages")
    languages = node if isinstance(node, Map) else Map(document.file, document.mark)
    slot = Slot(document.file, document.mark, document.mark, None, None)
    if invented is not None:
        for code in () if isinstance(node, Map) else translations.languages:
            languages.put(code, code, slot._replace(text=code))
        languages.put(invented.language, invented.name, slot._replace(text=invented.name))
        document.put("languages", languages, slot)


def _project(files: Files, translations: Translations, findings: list[Diagnostic]) -> list[Map]:
    """Return the choice lists that the project shares with all its checklists."""
    path = files.root / PROJECT_FILE
    if not path.is_file():
        return []
    opened = files.open(path, _shown(path, files.start))
    if opened is None:
        return []
    document, faults = translations.read(opened)
    findings += faults
    choices = document.get("choices") if isinstance(document, Map) else None
    return [choices] if isinstance(choices, Map) else []


def _shown(path: Path, start: Path) -> str:
    """Name a file as the user would from where the checklist was named."""
    return str(path) if start.is_absolute() else os.path.relpath(path)
