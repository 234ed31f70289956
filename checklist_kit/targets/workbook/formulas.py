"""Conditions as spreadsheet formulas, seen from one row of one sheet.

A formula is written for row 5 of its sheet, with fixed columns: the spreadsheet moves it down. Only functions of 2007
are used, because newer ones need a prefix in the file. `AND` computes all its arguments, `IF` does not: so what may
fail stands inside `IF`, behind its guards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from checklist_kit.logic import Backend
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.targets.workbook.cells import Places, literal, looks_typed, moment, quoted
from checklist_kit.targets.workbook.closure import Closure, Inexpressible
from checklist_kit.targets.workbook.columns import FIRST_ROW, Table, letters
from checklist_kit.targets.workbook.rows import over_rows

_MAX_LENGTH = 8_000  # of 8,192, for what is wrapped around a condition
_MAX_ARGUMENTS = 255
_MAX_DEPTH = 60  # of 64 nested functions, for the same
_BRACKETS = re.compile(r'[()]|"[^"]*"')  # and texts, which may hold some
_OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Formula:
    """A part of a formula. `fails` says that it may be an error where its guards are not true."""

    text: str
    fails: bool = False


class RowFormulas(Backend[Formula]):
    """Formulas for the conditional formats and validations of one sheet."""

    def __init__(self, places: Places, closure: Closure, here: Table) -> None:
        self.places = places
        self.closure = closure
        self.here = here

    def text(self, certain: c.Certain) -> str:
        """Return the formula of a closed condition, without `=`. Raises Inexpressible."""
        return fitting(self.compile(certain).text)

    # Joins

    def all(self, parts: list[Formula]) -> Formula:
        """AND for what cannot fail, then IF within IF."""
        sure = _call("AND", [part.text for part in parts if not part.fails])
        chain = [text for text in (sure, *(part.text for part in parts if part.fails)) if text]
        result = chain.pop() if chain else "TRUE()"
        for guard in reversed(chain):
            result = f"IF({guard},{result},FALSE())"
        return Formula(result)

    def any(self, parts: list[Formula]) -> Formula:
        """OR; its parts carry their own guards."""
        return Formula(_call("OR", [part.text for part in parts]) or "FALSE()", any(part.fails for part in parts))

    def negate(self, part: Formula) -> Formula:
        """NOT."""
        return Formula(f"NOT({part.text})", part.fails)

    # Leaves

    def holds(self, op: str, left: c.Exact, right: c.Exact) -> Formula:
        """A comparison."""
        first, second = self.term(left), self.term(right)
        return Formula(f"{first.text}{_OPERATORS[op]}{second.text}", first.fails or second.fails)

    def one_of(self, operand: c.Exact, options: tuple[t.Text | t.Number, ...], negated: bool) -> Formula:
        """One comparison an option."""
        found = self.any([self.holds("=", operand, option) for option in options])
        return self.negate(found) if negated else found

    def ticked(self, symbol: Symbol, code: str, negated: bool) -> Formula:
        """The choice's own column is 1; a blank one beside filled ones is not ticked."""
        first, _ = self.places.table(symbol).span(symbol.name)
        column = first + symbol.codes.index(code)
        cell, looked_up = self._cells(symbol, column, column)
        return Formula(f"{cell}{'<>' if negated else '='}1", looked_up)

    def answered(self, symbol: Symbol, negated: bool) -> Formula:
        """Not blank; where it is asked for blankness, an answer that was not asked is blank."""
        if negated:
            return self.negate(self.compile(self.closure.close(c.Answered(symbol, negated=False))))
        if symbol.kind is Kind.CHOICES:
            return self.known(symbol)
        return Formula(f'{self._as_text(symbol)}<>""')

    def known(self, symbol: Symbol) -> Formula:
        """Not blank, no sentinel, and a number where it must be one: any text is greater than any number here."""
        cell, looked_up = self._cells(symbol, *self.places.table(symbol).span(symbol.name))
        if symbol.kind is Kind.CHOICES:
            return Formula(f"COUNT({cell})>0")
        if symbol.kind not in (Kind.NUMBER, Kind.DATE, Kind.TIME):
            return Formula(f'{self._as_text(symbol)}<>""')
        number = f"ISNUMBER({cell})"
        if not symbol.sentinels:
            return Formula(number)
        return self.all([Formula(number), *(Formula(f"{cell}<>{literal(s)}", looked_up) for s in symbol.sentinels)])

    # Terms

    def term(self, node: c.Exact) -> Formula:
        """The value of a term, bracketed where needed. Times are seconds, so that rounding cannot part equal ones."""
        match node:
            case t.Number(value):
                return Formula(literal(value))
            case t.Text(value):
                return Formula(quoted(value))
            case t.Date() | t.Time() | t.Today():
                return Formula(moment(node))
            case t.Ref(symbol):
                return self._reference(symbol)
            case t.CountChoices(symbol):
                cells, looked_up = self._cells(symbol, *self.places.table(symbol).span(symbol.name))
                return Formula(f"COUNTIF({cells},1)", looked_up)
            case t.CountRows() | t.Sum():
                return Formula(over_rows(self, node), fails=True)
            case _:
                return Formula(self._computed(node), fails=True)

    def _computed(self, node: c.Choose | c.Minus | c.Compute | c.DaysBetween) -> str:
        match node:
            case c.Choose(when, then, otherwise):
                return f"IF({self.compile(when).text},{self.term(then).text},{self.term(otherwise).text})"
            case c.Minus(operand):
                return f"(-{self.term(operand).text})"
            case c.Compute(op, left, right):
                return f"({self.term(left).text}{op}{self.term(right).text})"
            case c.DaysBetween(start, end):
                return f"({self.term(end).text}-{self.term(start).text})"

    def _reference(self, symbol: Symbol) -> Formula:
        cell, looked_up = self._cells(symbol, *self.places.table(symbol).span(symbol.name))
        if symbol.kind is Kind.TIME:
            return Formula(f"ROUND({cell}*86400,0)", fails=True)
        if looks_typed(symbol):
            return Formula(f'({cell}&"")', looked_up)
        return Formula(cell, looked_up)

    def _as_text(self, symbol: Symbol) -> str:
        """An answer's text, empty where it is blank. A looked-up blank cell would be 0, a missing row an error."""
        cell, looked_up = self._cells(symbol, *self.places.table(symbol).span(symbol.name))
        return f'IFERROR({cell}&"","")' if looked_up else cell

    def _cells(self, symbol: Symbol, first: int, last: int) -> tuple[str, bool]:
        """The cells of this row, or of the submission's row on the first sheet; and whether they are looked up."""
        table = self.places.table(symbol)
        if table is self.here:
            start, end = (f"${letters(column)}{FIRST_ROW}" for column in (first, last))
            return (start if first == last else f"{start}:{end}"), False
        if table.repeat is not None:
            raise Inexpressible("workbook-lookup", f"a row cannot look up `{symbol.name}` in the sheet around it")
        row = f"MATCH($A{FIRST_ROW},{self.places.column(table, 0)},0)"
        return f"INDEX({self.places.column(table, first, last)},{row}{'' if first == last else ',0'})", True


def fitting(text: str) -> str:
    """Return a formula. Raises Inexpressible where it is longer or deeper than a spreadsheet takes."""
    if len(text) > _MAX_LENGTH:
        reason = f"its formula would have {len(text)} characters, and 8192 is the limit"
        raise Inexpressible("workbook-too-long", reason)
    steps = (1 if bracket == "(" else -1 for bracket in _BRACKETS.findall(text) if len(bracket) == 1)
    if max(accumulate(steps), default=0) > _MAX_DEPTH:
        raise Inexpressible("workbook-too-long", "its formula would nest more than 64 functions")
    return text


def _call(function: str, arguments: Iterable[str]) -> str:
    """A function of any number of conditions; empty without any, the condition itself for one."""
    texts = list(arguments)
    while len(texts) > _MAX_ARGUMENTS:
        starts = range(0, len(texts), _MAX_ARGUMENTS)
        texts = [_call(function, texts[start : start + _MAX_ARGUMENTS]) for start in starts]
    if len(texts) <= 1:
        return "".join(texts)
    return f"{function}({','.join(texts)})"
