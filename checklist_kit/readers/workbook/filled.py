"""From sheets to submissions: rows become records, and repeats find the submission that they belong to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import PurePath

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Submission, UnreadableFile
from checklist_kit.readers.workbook.headings import Layout, find_layout
from checklist_kit.readers.workbook.names import MAIN, names_of
from checklist_kit.readers.workbook.repeats import Repeats
from checklist_kit.readers.workbook.rows import Row, Table
from checklist_kit.readers.workbook.sheets import Book, Sheet

CHANNEL = "workbook"
RESPONSES = "responses"
REFERENCE = frozenset({"codebook", "instructions", "_lists", "_meta"})
"""The names, in small letters, of sheets that are there to be read by people and by cells."""


class Filled:
    """Reads one workbook."""

    def __init__(self, checklist: Checklist, source: str) -> None:
        self._checklist = checklist
        self._source = source
        self._names = names_of(checklist)
        self._tables: dict[str, list[Table]] = {frame: [] for frame in self._names}
        self._submissions: list[Submission] = []

    def read(self, book: Book) -> Iterator[Submission | Problem]:
        """Yield what belongs to no submission, then the submissions. Raises UnreadableFile where no column is known."""
        for sheet in book.sheets:
            if sheet.name.casefold() not in REFERENCE:
                yield from self._place(sheet, book)
        if not any(self._tables.values()):
            message = f"{self._source} has no column of the checklist `{self._checklist.id}`"
            raise UnreadableFile("file-no-columns", message)
        for table in self._tables[MAIN]:
            for row in table:
                self._submissions.append(self.submission(row, table, book.facts.get("version", "")))
        repeats = Repeats(self._checklist, self._submissions)
        for entry in self._checklist.repeats:
            for table in self._tables[entry.item.name]:
                for row in table:
                    yield from repeats.attach(row, table, entry)
        yield from self._submissions

    # Sheets

    def _place(self, sheet: Sheet, book: Book) -> Iterator[Problem]:
        """Find out what a sheet holds; yield what is wrong with its headings."""
        expected = MAIN if sheet.name.casefold() == RESPONSES else book.frames.get(sheet.name, sheet.name)
        layout = find_layout(sheet, self._names, expected)
        if layout is None:
            cells = sum(len(row) - row.count("") for row in sheet.rows)
            if cells:
                message = f"the sheet {sheet.name} has no column of the checklist; its {cells} cells were not read"
                yield Problem.of("file-unread-sheet", message, self._source, place=sheet.name)
            return
        table = Table(sheet, layout, self._source)
        self._tables[layout.frame].append(table)
        yield from self._about_headings(table, layout)

    def _about_headings(self, table: Table, layout: Layout) -> Iterator[Problem]:
        sheet = table.sheet
        for conflict in layout.conflicts:
            message = f"the column's id is `{conflict.key}`, but its label is that of another question: the id counts"
            place = sheet.place(0, conflict.column)
            fields = {"item": conflict.key, "raw": conflict.label, "place": place}
            yield Problem.of("file-headings-disagree", message, self._source, **fields)
        for row in layout.stray:
            for column, value in enumerate(sheet.rows[row]):
                if value != "":
                    message = "this stands above the answers and is no heading of theirs"
                    yield table.aside("file-above-answers", message, row, column)

    # Rows

    def submission(self, row: Row, table: Table, version: str) -> Submission:
        """Return the submission of a row of answers."""
        name = row.submission or self._derived_id(row, table)
        found = Submission(name, CHANNEL, self._source, row.record, row.cells, version, problems=row.problems)
        if not row.submission:
            message = f"the row has no submission_id and is called {name}"
            place = table.sheet.place(row.number, 0)
            found.problems.append(Problem.of("value-no-id", message, self._source, place=place))
        return found

    def _derived_id(self, row: Row, table: Table) -> str:
        """An id made of the row's content and place, so that it is the same whenever the file is read."""
        name = PurePath(self._source).name
        content = repr((name, table.sheet.name, row.number, sorted(map(repr, row.record.values.items()))))
        return f"{name}:{row.number + 1}:{hashlib.sha256(content.encode()).hexdigest()[:8]}"
