"""Delimited text that is plain, read as columns by Arrow, part by part.

It may refuse whatever it likes, but what it takes must be the same as if it were read row by row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from checklist_kit.model import Checklist
from checklist_kit.protocols import Batch, Part, Problem, Raw, Submission
from checklist_kit.readers.workbook import delimited
from checklist_kit.readers.workbook.filled import CHANNEL, Filled
from checklist_kit.readers.workbook.headings import Layout, find_layout
from checklist_kit.readers.workbook.names import MAIN, SUBMISSION, names_of
from checklist_kit.readers.workbook.records import Ends, cut_of, ends_of
from checklist_kit.readers.workbook.rows import Table
from checklist_kit.readers.workbook.sheets import Book, Sheet, letters

_HEAD = 1 << 20  # bytes in which the headings are looked for
_TOP = 128  # rows
_FEW = 8  # of so many rows at most one may be odd


@dataclass(frozen=True, slots=True)
class Plain:
    """One file. `start` is where its first row begins, `top` the sheet down to its headings.

    `known` are the keys of answers by their present names.
    """

    checklist: Checklist
    path: Path
    start: int
    delimiter: str
    width: int
    layout: Layout
    top: Sheet
    known: frozenset[str]

    @classmethod
    def of(cls, checklist: Checklist, path: Path) -> Plain | None:
        """Look at the beginning of a file; None where it must be read row by row."""
        with path.open("rb") as file:
            head = file.read(_HEAD)
        start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
        text = head[start:].decode("utf-8", "replace")
        delimiter = delimited.delimiter_of(text)
        if checklist.repeats or not delimiter:
            return None
        try:
            numbered = list(islice(delimited.rows_of(text), _TOP))
        except csv.Error:
            return None
        if len(head) == _HEAD and len(numbered) < _TOP:
            return None
        lines, width = [line for line, _ in numbered], max((len(row) for _, row in numbered), default=0)
        rows: list[list[Raw]] = [[*row, *[""] * (width - len(row))] for _, row in numbered]
        top = Sheet(path.name, rows, address=lambda _, row, column: f"{lines[row]}:{column + 1}")
        names = names_of(checklist)
        layout = find_layout(top, names, path.name)
        if layout is None or layout.frame != MAIN or SUBMISSION not in layout.columns:
            return None
        if any(len(columns) > 1 for columns in layout.columns.values()):
            return None
        former = {name for name, present in names[MAIN].present.items() if name != present}
        top = replace(top, rows=rows[: layout.data])
        return cls(checklist, path, start, delimiter, width, layout, top, frozenset(names[MAIN].ids.values()) - former)

    def parts(self, size: int) -> Iterator[Part]:
        """Yield parts of about `size` bytes that end with a row; none where one of them is not plain."""
        parts: list[Part] = []
        start, line, row, rest = self.start, 1, 0, b""
        with self.path.open("rb") as file:
            file.seek(self.start)
            while block := file.read(size):
                whole = rest + block
                cut = cut_of(whole) if file.peek(1) else len(whole)
                block, rest = whole[:cut], whole[cut:]
                if not block:
                    continue
                ends = ends_of(block, self.delimiter)
                if ends is None:
                    return
                parts.append(Part(start, start + len(block), line, row))
                start, line, row = start + len(block), line + block.count(b"\n"), row + len(ends)
        yield from parts

    def read(self, part: Part | None = None) -> Iterator[Batch | Submission | Problem] | None:
        """Return what a part holds, or all of the file; None where that is not plain."""
        if part is None:
            part = Part(self.start, self.path.stat().st_size, 1)
        with self.path.open("rb") as file:
            file.seek(part.start)
            block = file.read(part.end - part.start)
        ends = ends_of(block, self.delimiter)
        return None if ends is None else self._read(part, Rows(self, part, block, ends))

    def _read(self, part: Part, rows: Rows) -> Iterator[Batch | Submission | Problem]:
        source = str(self.path)
        if part.start == self.start:
            yield from Filled(self.checklist, source).read(Book([self.top], kind="csv"))
        if place := rows.lost_letters():
            yield delimited.about_lost_letters(source, place)
        batch = rows.batch()
        yield from filter(None, map(rows.submission, range(len(rows)))) if batch is None else (batch,)


class Rows:
    """The rows of answers of one part."""

    def __init__(self, plain: Plain, part: Part, block: bytes, ends: Ends) -> None:
        self._plain = plain
        self._source = str(plain.path)
        self._filled = Filled(plain.checklist, self._source)
        above = max(plain.layout.data - part.row, 0)  # rows down to the headings
        self._block = block
        self._starts = np.append(0, ends[:-1])[above:]
        self._ends = ends[above:]
        self._feeds = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
        self._first = part.row + above
        self._line = part.line

    def __len__(self) -> int:
        return len(self._ends)

    def _sheet(self, row: int) -> tuple[Sheet, Layout]:
        """A sheet of one row, and its layout: a row may be longer than the headings."""
        text = self._block[self._starts[row] : self._ends[row]].decode("utf-8")
        cells: list[Raw] = [*next(csv.reader(io.StringIO(text, newline=""), delimiter=self._plain.delimiter), [])]
        width, layout = self._plain.width, replace(self._plain.layout, data=0)
        cells += [""] * (width - len(cells))
        beyond = {column: f"column {letters(column)}" for column in range(width, len(cells))}
        line = self._line + int(np.searchsorted(self._feeds, self._starts[row]))
        sheet = Sheet(self._plain.top.name, [cells], address=lambda _, __, column: f"{line}:{column + 1}")
        return sheet, replace(layout, unknown=layout.unknown | beyond) if beyond else layout

    def submission(self, row: int) -> Submission | None:
        """Return what a row holds, read by itself; None for a blank one."""
        sheet, layout = self._sheet(row)
        table = Table(sheet, layout, self._source)
        found = next(iter(table), None)
        return None if found is None else self._filled.submission(replace(found, number=self._first + row), table, "")

    def lost_letters(self) -> str:
        """The place of the first cell that shows lost letters."""
        if not delimited.may_have_lost_letters(self._block):
            return ""
        return next(filter(None, (delimited.lost_letters(self._sheet(row)[0]) for row in range(len(self)))), "")

    def batch(self) -> Batch | None:
        """Return all rows as columns; None where that does not go, or does not pay."""
        table = self._table()
        if table is None or len(table) != len(self):
            return None
        layout = self._plain.layout
        columns = {key: table.column(places[0]).chunk(0) for key, places in layout.columns.items()}
        ids = [text.strip() for text in columns.pop(SUBMISSION).fill_null("").to_pylist()]
        odd = np.array([not text for text in ids], np.bool_)
        strange = [name for name in columns if name not in self._plain.known]
        for column in [*map(table.column, layout.unknown), *map(columns.pop, strange)]:
            odd |= column.is_valid().to_numpy(zero_copy_only=False)
        if odd.sum() * _FEW > len(odd):
            return None
        found = {row: self.submission(row) for row in np.flatnonzero(odd).tolist()}
        rows = [row for row in range(len(self)) if found.get(row, row) is not None]
        taken = pa.array(rows, mask=odd[rows])
        columns = {key: column.take(taken) for key, column in columns.items()} if found else columns
        others = {at: one for at, row in enumerate(rows) if (one := found.get(row)) is not None}
        cells = sum(len(column) - column.null_count for column in columns.values())
        return Batch(
            CHANNEL,
            self._source,
            [others[at].id if at in others else ids[row] for at, row in enumerate(rows)],
            [""] * len(rows),
            [""] * len(rows),
            {key: column for key, column in columns.items() if column.null_count < len(column)},
            cells + sum(one.cells for one in others.values()),
            lambda at: self._certainly(rows[at]),
            others,
        )

    def _certainly(self, row: int) -> Submission:
        found = self.submission(row)
        assert found is not None
        return found

    def _table(self) -> pa.Table | None:
        block = self._block[self._starts[0] :] if len(self) else b""
        names = [str(column) for column in range(self._plain.width)]
        read = pc.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names)
        parse = pc.ParseOptions(delimiter=self._plain.delimiter, newlines_in_values=True, ignore_empty_lines=False)
        convert = pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        )
        try:
            return pc.read_csv(pa.BufferReader(block), read, parse, convert) if block else None
        except pa.ArrowInvalid:
            return None
