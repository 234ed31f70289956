"""The whole way from a path to a checklist and all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checklist_kit.diagnostics import Diagnostic, Span
from checklist_kit.model import Checklist
from checklist_kit.source.build import Builder
from checklist_kit.source.compose import compose
from checklist_kit.source.extends import Extender
from checklist_kit.source.files import PROJECT_FILE, Files
from checklist_kit.source.includes import Includer
from checklist_kit.source.nodes import Map
from checklist_kit.source.validate import validate


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a path held: the checklist, without its faulty parts, or None where nothing could be read.

    All findings; and the
    lines of every file that was read, by name.
    """

    checklist: Checklist | None
    findings: tuple[Diagnostic, ...]
    lines: dict[str, list[str]]


def load(path: str | Path) -> Loaded:
    """Load a checklist. Never raises for what a file holds; every fault is among the findings."""
    files = Files(Path(path))
    checklist, findings = _load(files, str(path))
    lines = {name: source.lines for name, source in files.sources.items()}
    # A file that is included twice has its faults once.
    return Loaded(checklist, tuple(dict.fromkeys((*files.findings, *findings))), lines)


def _load(files: Files, name: str) -> tuple[Checklist | None, list[Diagnostic]]:
    source = files.open(files.start, name)
    if source is None:
        return None, []
    document, findings = compose(source.text, name)
    if not isinstance(document, Map):
        if not findings:
            findings.append(
                Diagnostic.of(
                    "schema-type",
                    "this file holds no checklist",
                    Span(name, 1, 1, 1, 2),
                    help="begin with `checklist: an_id` and `items:`",
                )
            )
        return None, findings
    includer = Includer(files)
    extender = Extender(files, includer)
    document = extender.resolve(document, source)
    project = _project(files, findings)
    findings += [*includer.findings, *extender.findings]
    findings += validate(document)
    builder = Builder(document, files, shared=[*project, *includer.lists])
    checklist = builder.build()
    return checklist, findings + builder.findings


def _project(files: Files, findings: list[Diagnostic]) -> list[Map]:
    """Return the choice lists that the project shares with all its checklists."""
    path = files.root / PROJECT_FILE
    if not path.is_file():
        return []
    opened = files.open(path, _shown(path, files.start))
    if opened is None:
        return []
    document, faults = compose(opened.text, opened.name)
    findings += faults
    choices = document.get("choices") if isinstance(document, Map) else None
    return [choices] if isinstance(choices, Map) else []


def _shown(path: Path, start: Path) -> str:
    """Name a file as the user would from where the checklist was named."""
    import os

    return (
        os.path.join(os.path.relpath(path.parent, start.resolve().parent), path.name)
        if start.is_absolute()
        else os.path.relpath(path)
    )
