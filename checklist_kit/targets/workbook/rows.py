"""Counts and sums over the rows of a repeat's sheet that belong to this submission.

`SUMPRODUCT` is the one old function that computes with whole columns wherever it stands, and compares ids exactly,
which `SUMIFS` does not (it takes `01` for 1 and `*` for anything). Inside it, conditions are numbers, `and` a product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checklist_kit.logic import Backend, exact, known
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.targets.workbook.cells import literal, looks_typed
from checklist_kit.targets.workbook.closure import Inexpressible
from checklist_kit.targets.workbook.columns import FIRST_ROW, Table

if TYPE_CHECKING:  # each of the two modules needs the other
    from checklist_kit.targets.workbook.formulas import RowFormulas


def over_rows(row: RowFormulas, node: t.CountRows | t.Sum) -> str:
    """Return the formula of a count or a sum, as seen from a row. What is blank or not asked counts as nothing."""
    table = row.places.tables[node.repeat.name]
    backend = _Columns(row, table)
    conditions = _belongs(row, table)
    if isinstance(node, t.CountRows):
        return f"SUMPRODUCT({conditions}*{backend.compile(row.closure.asked(node.repeat.name))})"
    counts = backend.compile(row.closure.close(known(t.Ref(node.field))))
    value = row.closure.term(exact(t.Ref(node.field)))
    # As an argument of its own a column may hold texts, which count as nothing; in a product they would be errors.
    separator = "," if isinstance(value, t.Ref) else "*"
    return f"SUMPRODUCT({conditions}*{counts}{separator}{backend.term(value)})"


def _belongs(row: RowFormulas, table: Table) -> str:
    """Which rows of a sheet belong to this row: the same submission, and in a nested repeat the same outer instance."""
    places, here = row.places, row.here
    conditions = f'({places.column(table, 0)}=$A{FIRST_ROW})*($A{FIRST_ROW}<>"")'
    if here.repeat is not None and table.repeat is not None and here.repeat.item in table.repeat.repeats:
        outer = f'$B{FIRST_ROW}&"/"'
        conditions += f"*(LEFT({places.column(table, 1)},LEN({outer}))={outer})"
    return conditions


class _Columns(Backend[str]):
    """Conditions over all rows of a sheet at once: 1 where true, else 0."""

    def __init__(self, row: RowFormulas, table: Table) -> None:
        self._row = row
        self._table = table

    def all(self, parts: list[str]) -> str:
        """A product."""
        return f"({'*'.join(parts)})" if parts else "1"

    def any(self, parts: list[str]) -> str:
        """A sum above 0."""
        return f"({'+'.join(parts)}>0)" if parts else "0"

    def negate(self, part: str) -> str:
        """1 less."""
        return f"(1-{part})"

    def holds(self, op: str, left: c.Exact, right: c.Exact) -> str:
        """A comparison."""
        return f"({self.term(left)}{'<>' if op == '!=' else op}{self.term(right)})"

    def one_of(self, operand: c.Exact, options: tuple[t.Text | t.Number, ...], negated: bool) -> str:
        """One comparison an option."""
        found = self.any([self.holds("=", operand, option) for option in options])
        return self.negate(found) if negated else found

    def ticked(self, symbol: Symbol, code: str, negated: bool) -> str:
        """The choice's own column."""
        if not self._inside(symbol):
            return f"({self._row.ticked(symbol, code, negated).text})"
        first, _ = self._table.span(symbol.name)
        return f"({self._row.places.column(self._table, first + symbol.codes.index(code))}{'<>' if negated else '='}1)"

    def answered(self, symbol: Symbol, negated: bool) -> str:
        """Not blank, and asked."""
        if negated:
            return self.negate(self.compile(self._row.closure.close(c.Answered(symbol, negated=False))))
        if not self._inside(symbol):
            return f"({self._row.answered(symbol, negated).text})"
        first, last = self._table.span(symbol.name)
        return self.any([f'({self._row.places.column(self._table, column)}<>"")' for column in range(first, last + 1)])

    def known(self, symbol: Symbol) -> str:
        """Not blank, no sentinel, and a number where it must be one."""
        if not self._inside(symbol):
            return f"({self._row.known(symbol).text})"
        if symbol.kind not in (Kind.NUMBER, Kind.DATE, Kind.TIME):
            return self.answered(symbol, negated=False)
        column = self._column(symbol)
        # Any text is greater than any number: so this is ISNUMBER of every row, which not every engine takes of many.
        number = (f'({column}<>"")', f"({column}<1E+300)")
        return self.all([*number, *(f"({column}<>{literal(value)})" for value in symbol.sentinels)])

    def term(self, node: c.Exact) -> str:
        """The value of a term, one a row. Division is missing: a blank row would be an error, and spoil the whole."""
        match node:
            case t.Ref(symbol) if self._inside(symbol):
                return self._reference(symbol)
            case c.Choose(when, then, otherwise):
                condition = self.compile(when)
                return f"({condition}*{self.term(then)}+(1-{condition})*{self.term(otherwise)})"
            case c.Minus(operand):
                return f"(-{self.term(operand)})"
            case c.Compute(op, left, right) if op != "/":
                return f"({self.term(left)}{op}{self.term(right)})"
            case c.DaysBetween(start, end):
                return f"({self.term(end)}-{self.term(start)})"
            case c.Compute() | t.CountChoices() | t.CountRows() | t.Sum():
                raise Inexpressible("workbook-condition", "a formula over a repeat's rows cannot divide, count or sum")
            case _:
                return self._row.term(node).text

    def _reference(self, symbol: Symbol) -> str:
        column = self._column(symbol)
        if symbol.kind is Kind.TIME:
            return f"ROUND({column}*86400,0)"
        return f'({column}&"")' if looks_typed(symbol) else column

    def _inside(self, symbol: Symbol) -> bool:
        return self._row.places.table(symbol) is self._table

    def _column(self, symbol: Symbol) -> str:
        first, _ = self._table.span(symbol.name)
        return self._row.places.column(self._table, first)
