"""Rows of a sheet whose layout is known, cheaply: one dict a row, and places only where somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from checklist_kit.protocols import Problem, Raw, Record
from checklist_kit.readers.workbook.headings import Layout, as_text
from checklist_kit.readers.workbook.names import INSTANCE, SUBMISSION
from checklist_kit.readers.workbook.sheets import Sheet


@dataclass(slots=True)
class Row:
    """A row of answers. `cells` counts those that are not blank; `problems` hold those that are in no record."""

    number: int
    submission: str
    record: Record
    cells: int
    problems: list[Problem] = field(default_factory=list)


class Table:
    """The rows of data of one sheet."""

    def __init__(self, sheet: Sheet, layout: Layout, source: str) -> None:
        self.sheet = sheet
        self.layout = layout
        self.source = source
        keyed = {key: columns for key, columns in layout.columns.items() if key not in (SUBMISSION, INSTANCE)}
        self._columns = {key: columns[0] for key, columns in keyed.items()}
        self._again = {key: columns for key, columns in keyed.items() if len(columns) > 1}
        self._pick = itemgetter(0, 0, *self._columns.values())  # never of one column alone: always a tuple
        self._names = ("", "", *self._columns)
        self._id, self._instance = (layout.columns.get(key, [None])[0] for key in (SUBMISSION, INSTANCE))
        self._odd: dict[int, dict[int, str]] = {}
        for (row, column), text in sheet.odd.items():
            self._odd.setdefault(row, {})[column] = text

    def __iter__(self) -> Iterator[Row]:
        """Each row that is not blank."""
        for number in range(self.layout.data, len(self.sheet.rows)):
            row = self.sheet.rows[number]
            if number in self._odd or not all(type(value) is str and (not value or value.isspace()) for value in row):
                yield self._row(number, row)

    def _row(self, number: int, row: list[Raw]) -> Row:
        values = dict(zip(self._names, self._pick(row), strict=True))
        del values[""]
        submission = "" if self._id is None else row[self._id]
        instance = "" if self._instance is None else row[self._instance]
        cells = len(row) - row.count("") - (submission != "") - (instance != "")
        record = Record(values, partial(self._place, number), instance=None if instance == "" else instance)
        found = Row(number, as_text(submission), record, cells)
        for column, text in self._odd.get(number, {}).items():
            found.cells += column not in (self._id, self._instance)
            found.problems.append(self._odd_cell(number, column, text))
        for column, heading in self.layout.unknown.items():
            if row[column] != "":
                message = f"no question is called `{heading}`"
                found.problems.append(self.aside("value-unknown-question", message, number, column, item=heading))
        for key, columns in self._again.items():
            found.problems += self._repeated(number, key, columns, values)
        return found

    def _odd_cell(self, number: int, column: int, text: str) -> Problem:
        fault = (
            "file-formula",
            "this formula was never computed: open the workbook in a spreadsheet program and save it",
        )
        if not text.startswith("="):
            fault = ("file-cell-error", f"the cell shows {text} and no answer")
        return self.aside(*fault, number, column, raw=text, aside=column not in (self._id, self._instance))

    def _repeated(self, number: int, key: str, columns: list[int], values: dict[str, Raw]) -> Iterator[Problem]:
        """A column that is there twice: equal answers count once, different ones not at all."""
        row = self.sheet.rows[number]
        filled = [column for column in columns if row[column] != ""]
        values[key] = row[filled[0]] if filled else ""
        if any(row[column] != values[key] for column in filled):
            values[key] = ""
            for column in filled:
                message = f"`{key}` has several columns, which differ in this row"
                yield self.aside("value-contradiction", message, number, column, item=key)
            return
        for column in filled[1:]:
            message = f"`{key}` has several columns, which agree in this row; one counts"
            yield self.aside("file-duplicate-column", message, number, column, item=key)

    def aside(self, code: str, message: str, number: int, column: int, **fields: Any) -> Problem:
        """A problem of one cell, whose value is set aside unless said otherwise."""
        told = {
            "raw": raw_text(self.sheet.rows[number][column]),
            "item": self.heading(column),
            "place": self.sheet.place(number, column),
            "aside": True,
        }
        return Problem.of(code, message, self.source, **(told | fields))

    def instance_place(self, number: int) -> str:
        """Where the instance of a row stands, or would stand."""
        return self.sheet.place(number, 0 if self._instance is None else self._instance)

    def heading(self, column: int) -> str:
        """What a column is called: its key, or its heading where that means nothing."""
        keys = (key for key, columns in self.layout.columns.items() if column in columns)
        return next(keys, self.layout.unknown.get(column, ""))

    def _place(self, number: int, key: str) -> str:
        if key in self._columns:
            return self.sheet.place(number, self._columns[key])
        first = next((column for name, column in self._columns.items() if name.startswith(f"{key}.")), 0)
        return self.sheet.place(number, first)


def raw_text(value: Raw) -> str:
    """A cell as a text that hides nothing: white space stays, whole numbers have no fraction."""
    return value if isinstance(value, str) else as_text(value)
