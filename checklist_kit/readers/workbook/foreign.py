"""The workbook of another checklist: nothing of it is read as an answer, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Record, Submission
from checklist_kit.readers.workbook.filled import CHANNEL, REFERENCE, RESPONSES
from checklist_kit.readers.workbook.headings import as_text
from checklist_kit.readers.workbook.names import INSTANCE, SUBMISSION
from checklist_kit.readers.workbook.rows import raw_text
from checklist_kit.readers.workbook.sheets import Book, Sheet

_HEADINGS = 4  # id, number, label, hint


def reject(book: Book, checklist: Checklist, source: str) -> Iterator[Submission | Problem]:
    """Yield each row of the submissions as rejected, and the cells of its repeats."""
    message = f"this workbook belongs to the checklist `{book.facts['checklist']}`, not to `{checklist.id}`"
    for sheet in book.sheets:
        if sheet.name.casefold() in REFERENCE:
            continue
        for number in range(_HEADINGS, len(sheet.rows)):
            row = sheet.rows[number]
            if not any(map(as_text, row)):
                continue
            problems = list(_cells(sheet, number, message, source))
            if sheet.name.casefold() != RESPONSES:
                yield from problems
                continue
            record = Record({}, lambda _: "")
            version = book.facts.get("version", "")
            yield Submission(
                as_text(row[0]) or f"{source}:{number + 1}",
                CHANNEL,
                source,
                record,
                len(problems),
                version,
                problems=problems,
                rejected=True,
            )


def _cells(sheet: Sheet, number: int, message: str, source: str) -> Iterator[Problem]:
    headings = [as_text(value) for value in sheet.rows[0]]
    submission = as_text(sheet.rows[number][0])
    for column, value in enumerate(sheet.rows[number]):
        raw = sheet.odd.get((number, column)) or raw_text(value)
        if raw and headings[column] not in (SUBMISSION, INSTANCE):
            fields = {"item": headings[column], "raw": raw, "place": sheet.place(number, column), "aside": True}
            yield Problem.of("file-other-checklist", message, source, submission_id=submission, **fields)
