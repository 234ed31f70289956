"""What an expression may refer to, and whether it may do so from where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from checklist_kit.diagnostics.letters import describe, foreign_letter
from checklist_kit.diagnostics.suggest import did_you_mean
from checklist_kit.logic.syntax import Name, Path
from checklist_kit.logic.tokens import Fault
from checklist_kit.logic.tree import Kind, Symbol


@dataclass(frozen=True, slots=True)
class Scope:
    """The symbols of a checklist as seen from one place.

    `here` is the question that the expression belongs to, None for an indicator, which sees all questions; `each` is
    the repeat whose instances an indicator is about, one by one, empty where it is about none, and None where it could
    not be.
    `own_answer` says whether the expression may use that question's own answer, as a constraint does. `columns` are
    those of a choice list, which a `choice_filter` sees before the questions; there `${name}` always means the
    question. `outside` are the questions of other forms, by the name of the form, or None for a table whose columns
    are numbers that are not known before it is read.
    """

    symbols: Mapping[str, Symbol]
    here: Symbol | None = None
    own_answer: bool = False
    columns: Mapping[str, Symbol] = field(default_factory=dict)
    outside: Mapping[str, Mapping[str, Symbol] | None] = field(default_factory=dict)
    each: str | None = None

    def find(self, node: Name) -> Symbol | Fault:
        """Return the symbol that a name means here, or what is wrong with using it."""
        place = node.place
        if node.name == ".":
            if self.here is None or not self.own_answer:
                return Fault(
                    "logic-self-reference",
                    "`.` means this question's answer, and only a constraint has one",
                    place.start,
                    place.end,
                )
            return self.here
        if node.name in self.columns and not node.pasted:
            return self.columns[node.name]
        symbol = self.symbols.get(node.name)
        if symbol is None and self.outside.get(node.name) is not None:
            return Symbol(node.name, Kind.REPEAT)
        if symbol is None:
            return self._unknown(node.name, place.start, place.end)
        return self._misplaced(symbol, place.start, place.end) or symbol

    def find_rows(self, node: Path) -> tuple[Symbol, Symbol] | Fault:
        """Return the repeat and the question inside it that a path `repeat.question` means here."""
        start, end = node.place.start, node.place.end
        repeat, field = self.symbols.get(node.repeat), self.symbols.get(node.field)
        questions = self.outside.get(node.repeat)
        if repeat is None and questions is not None:
            return self._rows_outside(node, questions)
        if repeat is None or field is None:
            return self._unknown(node.repeat if repeat is None else node.field, start, end)
        if Kind.BROKEN in (repeat.kind, field.kind):
            return repeat, field
        if repeat.kind is not Kind.REPEAT or field.repeats != (*repeat.repeats, repeat.name):
            return Fault(
                "logic-repeat-reference", f"`{node.field}` is no question of a repeat `{node.repeat}`", start, end
            )
        return self._misplaced(repeat, start, end) or (repeat, field)

    def find_outside(self, node: Path) -> Symbol | Fault | None:
        """Return what a path `form.question` means: the answer of the unit's report on another form.

        None where there is no form of this name.
        """
        if node.repeat in self.symbols or node.repeat not in self.outside:
            return None
        name = f"{node.repeat}.{node.field}"
        questions = self.outside[node.repeat]
        if questions is None:
            return Symbol(name, Kind.NUMBER)
        found = self._question_of(node, questions)
        return found if isinstance(found, Fault) else replace(found, name=name, order=0)

    def _question_of(self, node: Path, questions: Mapping[str, Symbol]) -> Symbol | Fault:
        start, end = node.place.start, node.place.end
        symbol = questions.get(node.field)
        if symbol is None:
            message = f"the form `{node.repeat}` has no question `{node.field}`"
            return Fault("logic-unknown-name", message, start, end, did_you_mean(node.field, questions))
        if symbol.repeats or symbol.kind in (Kind.REPEAT, Kind.NOTHING):
            message = f"`{node.field}` has no single answer on the form `{node.repeat}`"
            return Fault("logic-repeat-reference", message, start, end, "name a question outside of its repeats")
        return symbol

    def _rows_outside(self, node: Path, questions: Mapping[str, Symbol]) -> tuple[Symbol, Symbol] | Fault:
        """A form as a repeat of ours: one instance a report of the unit."""
        found = self._question_of(node, questions)
        if isinstance(found, Fault):
            return found
        name, form = f"{node.repeat}/{node.field}", Symbol(node.repeat, Kind.REPEAT)
        return form, replace(found, name=name, repeats=(node.repeat,), order=0)

    def _unknown(self, name: str, start: int, end: int) -> Fault:
        foreign = foreign_letter(name)
        if foreign is not None:
            help_: str | None = f"it holds {describe(foreign)}: type it anew on a Latin keyboard"
        elif any(name in symbol.codes for symbol in self.symbols.values()):
            help_ = f"a choice stands in quotes: '{name}'"
        else:
            help_ = did_you_mean(name, self.symbols)
        return Fault("logic-unknown-name", f"there is no question `{name}`", start, end, help_)

    def _misplaced(self, symbol: Symbol, start: int, end: int) -> Fault | None:
        if symbol.kind is Kind.NOTHING:
            return Fault("logic-type", f"`{symbol.name}` has no answer to compute with", start, end)
        here = self.here
        around = here.repeats if here else (self.each,) if self.each else ()
        if symbol.repeats != around[: len(symbol.repeats)]:
            repeat = symbol.repeats[-1]
            each = f", or write `for_each: {repeat}`" if self.each == "" and len(symbol.repeats) == 1 else ""
            return Fault(
                "logic-repeat-reference",
                f"`{symbol.name}` has many answers here, one an instance of `{repeat}`",
                start,
                end,
                f"use sum({repeat}.{symbol.name}) or count({repeat}){each}",
            )
        if here is None or (symbol == here and self.own_answer):
            return None
        if symbol == here:
            return Fault("logic-self-reference", f"`{symbol.name}` cannot depend on its own answer", start, end)
        if symbol.order > here.order or symbol.name in here.repeats:
            return Fault(
                "logic-forward-reference",
                f"`{symbol.name}` is not answered yet when this is decided",
                start,
                end,
                f"move `{symbol.name}` before `{here.name}`",
            )
        return None


def symbol_table(symbols: Iterable[Symbol]) -> dict[str, Symbol]:
    """Return symbols by name; the first of two equal names counts."""
    table: dict[str, Symbol] = {}
    for symbol in symbols:
        table.setdefault(symbol.name, symbol)
    return table
