"""Cells, ranges and literals as formulas write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.targets.workbook.closure import Inexpressible
from checklist_kit.targets.workbook.columns import FIRST_ROW, LAST_ROW, Table, letters

_MAX_TEXT = 255
_LOOKS_TYPED = re.compile(r"[-+.\d][-+.\de]*|true|false", re.IGNORECASE)


class Places:
    """Where the cells of questions are. `tables` are the sheets by repeat, that of the submissions under no name."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables

    def table(self, symbol: Symbol) -> Table:
        """The sheet that a question's answers stand on."""
        return self.tables[symbol.repeats[-1] if symbol.repeats else ""]

    def column(self, table: Table, column: int, end: int | None = None) -> str:
        """The range of all rows of a column, or of columns up to `end`, with the sheet's name."""
        return f"'{table.sheet}'!${letters(column)}${FIRST_ROW}:${letters(column if end is None else end)}${LAST_ROW}"


def looks_typed(symbol: Symbol) -> bool:
    """Whether a spreadsheet may hold a choice's code as a number or a truth value, which no text equals."""
    return symbol.kind is Kind.CHOICE and any(map(_LOOKS_TYPED.fullmatch, symbol.codes))


def literal(value: float) -> str:
    """A number as formulas write it."""
    text = repr(value).upper()
    return f"({text})" if value < 0 else text


def quoted(text: str) -> str:
    """A text as formulas write it. Raises Inexpressible beyond the 255 characters that a literal may have."""
    if len(text) > _MAX_TEXT:
        raise Inexpressible("workbook-too-long", "a text of a formula has at most 255 characters")
    return '"' + text.replace('"', '""') + '"'


def moment(node: t.Date | t.Time | t.Today) -> str:
    """A date, a time of day in seconds, or today. Raises Inexpressible before 1900."""
    match node:
        case t.Today():
            return "TODAY()"
        case t.Time(value):
            return str(value.hour * 3600 + value.minute * 60)
        case t.Date(value):
            if value.year < 1900:
                raise Inexpressible("workbook-condition", "spreadsheets have no dates before 1900")
            return f"DATE({value.year},{value.month},{value.day})"
