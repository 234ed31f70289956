"""`forms:`: other checklists, whose answers checks look into."""

from __future__ import annotations

from collections.abc import Callable

from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.model import Checklist, Form, Question
from checklist_kit.source.files import Files, Source
from checklist_kit.source.nodes import Map
from checklist_kit.source.outcomes import FRAME

ReadForm = Callable[[Source], Checklist | None]


def load_forms(document: Map, files: Files, read: ReadForm, findings: list[Diagnostic]) -> dict[str, Form]:
    """Return the other checklists that a document names. What is wrong inside of them is said when they are checked."""
    nodes = document.get("forms")
    found: dict[str, Form] = {}
    for name in nodes if isinstance(nodes, Map) else ():
        form = _form(nodes, name, files, read, findings)  # type: ignore[arg-type]
        if form is not None:
            found[name] = form
    return found


def _form(nodes: Map, name: str, files: Files, read: ReadForm, findings: list[Diagnostic]) -> Form | None:
    node = nodes[name]
    holder, key = (node, "file") if isinstance(node, Map) else (nodes, name)
    written = holder.text(key) if key in holder else None
    if written is None:
        return None
    span = holder.value_span(key)
    if name == FRAME:
        message = f"`{FRAME}` means the frame, so no form can have this name"
        findings.append(Diagnostic.of("form-unusable", message, nodes.key_span(name), help="choose another name"))
        return None
    place = files.resolve(written, files.sources[holder.slots[key].file], span)
    source = files.open(*place, span) if place is not None else None
    checklist = read(source) if source is not None else None
    if checklist is None:
        if source is not None:
            message = f"{source.name} holds no checklist"
            findings.append(Diagnostic.of("form-unusable", message, span, help="name the file of a checklist"))
        return None
    unit = (node.text("unit") if isinstance(node, Map) else None) or checklist.unit
    names = [entry.item.name for entry in checklist.questions if not entry.repeats and isinstance(entry.item, Question)]
    if unit not in names:
        where = node.value_span("unit") if isinstance(node, Map) and "unit" in node else span
        message = f"no question of {written} says which unit a report of it is about"
        help_ = did_you_mean(unit or "", names) or f"write `{name}: {{file: {written}, unit: …}}`"
        findings.append(Diagnostic.of("form-unusable", message, where, help=help_))
        return None
    return Form(checklist, unit or "")
