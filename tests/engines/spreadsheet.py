"""What the spreadsheet engines have in common: the case they evaluate and the values they give back.

A case is a formula over the cells of row 1 and its inputs by column: `("=A1+B1", {"A": 1})` adds 1 and an empty cell.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True)
class CellError:
    """A cell in error; `code` is what it shows, such as `#DIV/0!`."""

    code: str


Scalar = bool | int | float | str | date | time | None
Value = Scalar | CellError
Case = tuple[str, Mapping[str, Scalar]]
RESULTS = "ZZ"  # the column of the formulas, right of everything that they mention

_TEXT_OR_CELL = re.compile(r'"(?:[^"]|"")*"|(?<![A-Za-z0-9_.])(\$?[A-Z]{1,3}\$?)1(?![0-9A-Za-z_(.])')


def at_row(formula: str, row: int) -> str:
    """The formula moved from row 1 to `row`; texts inside it stay."""
    return _TEXT_OR_CELL.sub(lambda found: f"{found[1]}{row}" if found[1] else found[0], formula)


def plain(value: object) -> Value:
    """A value as every engine gives it: an empty text is an empty cell, a date at midnight is a date."""
    if value == "":
        return None
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if value is None or isinstance(value, (bool, int, float, str, date, time, CellError)):
        return value
    raise TypeError(f"a cell holds {value!r}")
