"""The rows of the sheet `survey` -> items, nested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checklist_kit.importers.xlsform.form import Form, Row
from checklist_kit.importers.xlsform.lists import Lists
from checklist_kit.importers.xlsform.names import TABLES, fitting, is_fitting
from checklist_kit.importers.xlsform.types import Type, parameters, type_of
from checklist_kit.importers.xlsform.words import Words
from checklist_kit.model.items import RECORDED
from checklist_kit.protocols import UnreadableFile

_BOUND = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
UNASKED = ("section", "repeat", "note", "calculate", *RECORDED)
_MAX_DEPTH = 30
XPATHS = ("relevant", "constraint", "calculation", "choice_filter")


@dataclass(slots=True)
class Draft:
    """An item on its way: its row in the form (None for one that a converter adds), and the keys that it has here.

    `kept` are the cells that go back as they came; `notes` become comments.
    """

    row: Row | None
    keys: dict[str, object]
    items: list[Draft] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name in the checklist."""
        return str(self.keys["name"])

    def walk(self) -> Iterator[Draft]:
        """Yield this item and all inside it, in order."""
        yield self
        for item in self.items:
            yield from item.walk()


@dataclass(slots=True)
class Items:
    """Makes items of rows. `types` holds each row's type, `named` its name here, both by the row's number."""

    form: Form
    words: Words
    lists: Lists
    types: Mapping[int, Type]
    named: Mapping[int, str]

    def read(self) -> list[Draft]:
        """Return the items of the form, with those inside others where they belong."""
        root = Draft(None, {})
        stack = [root]
        for row in self.form.survey:
            kind = self.types[row.number]
            if kind.kind == "close":
                self._close(stack, row, kind)
                continue
            draft = self._draft(row, kind)
            stack[-1].items.append(draft)
            if kind.other and self.lists.of(row, kind):
                stack[-1].items.append(self._specified(row, draft))
            if kind.kind == "open":
                stack.append(draft)
                if len(stack) > _MAX_DEPTH:
                    message = (
                        f"{self.form.book.source} cannot be imported: its groups lie {_MAX_DEPTH} deep in each other"
                    )
                    raise UnreadableFile("import-too-deep", message)
        for draft in stack[1:]:
            assert draft.row is not None
            self._problem(
                "import-nesting", f"`{draft.name}` is never closed; it reaches to the end of the form", draft.row
            )
        return root.items

    def _close(self, stack: list[Draft], row: Row, kind: Type) -> None:
        if len(stack) < 2:
            self._problem("import-nesting", "this row closes nothing and is left out", row)
            return
        draft = stack.pop()
        begun = str(draft.kept.get("type", "")) or ("begin_repeat" if draft.keys["type"] == "repeat" else "begin_group")
        if begun.startswith("begin_") and begun[6:] != kind.cell[4:]:
            self._problem("import-nesting", f"this row closes `{draft.name}`, which is a {draft.keys['type']}", row)
        elif not begun.startswith("begin_"):
            draft.kept["end"] = kind.cell

    def _problem(self, code: str, message: str, row: Row) -> None:
        self.form.book.find(code, message, "survey", row.number, row.get("type"))

    def _draft(self, row: Row, kind: Type) -> Draft:
        ours = self._kind(row, kind)
        draft = Draft(row, {"name": self.named[row.number], "type": ours})
        written = form_name(row)
        if written != draft.name:
            draft.kept["name"] = written
            draft.notes.append(f"`{written}` in the form")
        loop = kind.kind == "open" and kind.cell not in ("begin_group", "begin_repeat")
        if loop or (kind.cell == "calculate" and ours != "calculate"):
            draft.kept["type"] = " ".join(row.get("type").split())
        self._fill(draft, row, kind, ours)
        return draft

    def _kind(self, row: Row, kind: Type) -> str:
        if kind.kind == "open":
            return "repeat" if kind.cell == "begin_repeat" else "section"
        if not kind.kind:
            message = f"there is no type `{row.get('type')}`; the question is a text here, and goes back as it came"
            self._problem("import-unknown-type", message, row)
            return "text"
        if kind.list and not self.lists.of(row, kind):
            if kind.source != "file":  # what is wrong with a file has been said
                is_there = kind.source == "external" and kind.list in self.lists.called.values()
                fault = "a code of `{}` is there twice" if is_there else "there is no choice list `{}`"
                self._problem("import-list", f"{fault.format(kind.list)}; the question is a text here", row)
            return "text"
        if kind.kind == "calculate" and not row.get("calculation"):
            return "hidden"
        if kind.cell == "range" and "." in row.get("parameters"):
            return "decimal"
        return kind.kind

    def _fill(self, draft: Draft, row: Row, kind: Type, ours: str) -> None:
        keys = draft.keys
        if ours in ("select_one", "select_multiple"):
            keys["choices"] = self.lists.of(row, kind)
        elif kind.source:
            draft.notes.append(f"its choices are those of {kind.list}")
        self._texts(keys, row, ours)
        keys |= {key: {"xpath": row.get(key)} for key in _expressions(ours) if row.get(key)}
        if kind.cell == "range" and (bounds := _bounds(row)):
            keys.setdefault("constraint", bounds)
        if ours not in UNASKED:
            keys |= {key: row.get(key) == "yes" for key in ("required", "read_only") if row.get(key) in ("yes", "no")}
        shown = ("appearance",) if ours in UNASKED else ("appearance", "default")
        keys |= {key: row.get(key) for key in shown if row.get(key)}
        if ours == "repeat" and re.fullmatch("[1-9][0-9]{0,2}", row.get("repeat_count")):
            keys["repeat_count"] = int(row.get("repeat_count"))
        told = parameters(row.get("parameters"))
        if kind.source == "file" and "choices" in keys:  # its columns belong to the list here
            told = {name: value for name, value in told.items() if name not in ("value", "label")}
        if told:
            keys["parameters"] = told

    def _texts(self, keys: dict[str, object], row: Row, ours: str) -> None:
        texts = ["label", "hint", "guidance_hint"]
        if ours not in UNASKED:
            texts += ["required_message", "constraint_message"]
        for key in texts:
            text = self.words.of(row, key)
            if text is not None:
                keys[key] = text
        if ours not in ("section", "repeat", "calculate", *RECORDED):
            keys.setdefault("label", "")

    def _specified(self, row: Row, question: Draft) -> Draft:
        """The text question that a converter puts after one with `or_other`."""
        name = fitting(f"{question.name}_other", set(self.named.values()), "other")
        has = "=" if question.keys["type"] == "select_one" else "has"
        keys: dict[str, object] = {
            "name": name,
            "type": "text",
            "label": "Specify other.",
            "relevant": f"{question.name} {has} 'other'",
        }
        kept = {"type": "", "name": f"{form_name(row)}_other"} if name != f"{form_name(row)}_other" else {"type": ""}
        return Draft(None, keys, kept=kept, notes=["or_other asks this"])


def _expressions(ours: str) -> tuple[str, ...]:
    match ours:
        case "calculate":
            return "relevant", "calculation"
        case "select_one" | "select_multiple":
            return "relevant", "constraint", "choice_filter"
        case _ if ours in UNASKED:
            return ("relevant",)
        case _:
            return "relevant", "constraint"


def _bounds(row: Row) -> str:
    """Return the limits that a slider has by itself, as a constraint; empty where they are no numbers."""
    told = parameters(row.get("parameters"))
    start, end = told.get("start", "1"), told.get("end", "10")
    if (row.get("parameters") and not told) or not (_BOUND.fullmatch(start) and _BOUND.fullmatch(end)):
        return ""
    low, high = sorted((start, end), key=float)
    return f". >= {low} and . <= {high}"


def form_name(row: Row) -> str:
    """Return the name that a row has in the form; a note without one, and an audit, get theirs from the converter."""
    if row.get("name"):
        return row.get("name")
    return "audit" if row.get("type") == "audit" else f"generated_note_name_{row.number + 1}"


def types_and_names(form: Form) -> tuple[dict[int, Type], dict[int, str], dict[str, str]]:
    """Return the type and the name here of each row by its number, and the names here by those in the form."""
    types = {row.number: type_of(row.get("type")) for row in form.survey}
    rows = [row for row in form.survey if types[row.number].kind != "close"]
    good = {form_name(row) for row in rows if is_fitting(form_name(row))}
    taken: set[str] = set()
    named: dict[int, str] = {}
    for row in rows:
        name = form_name(row)
        kind = types[row.number]
        closed = taken | TABLES if kind.cell == "begin_repeat" else taken
        own = name in good and name not in closed
        named[row.number] = name if own else fitting(name, closed | good, _otherwise(kind))
        taken.add(named[row.number])
        if not row.get("name") and row.get("type") not in ("note", "audit"):
            form.book.find("import-name", f"a row without a name is `{named[row.number]}` here", "survey", row.number)
        elif named[row.number] != name:
            message = f"`{name}` is `{named[row.number]}` here"
            form.book.find("import-name", message, "survey", row.number, name)
    by_form: dict[str, str] = {}
    for row in rows:
        by_form.setdefault(form_name(row), named[row.number])
    return types, named, by_form


def _otherwise(kind: Type) -> str:
    return {"open": "section", "note": "note"}.get(kind.kind, "q")
