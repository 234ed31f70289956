"""Workbooks that were filled in: .xlsx from any spreadsheet program, .xls and .ods, and one sheet of them as .csv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checklist_kit.model import Checklist
from checklist_kit.protocols import Batch, Part, Problem, Submission, UnreadableFile
from checklist_kit.readers.workbook import delimited, foreign
from checklist_kit.readers.workbook.filled import Filled
from checklist_kit.readers.workbook.plain import Plain
from checklist_kit.readers.workbook.safety import OLE, ZIP, kind_of
from checklist_kit.readers.workbook.sheets import Book, open_book


def recognises(path: Path, head: bytes) -> bool:
    """Whether a file is a workbook or delimited text. A damaged archive passes: reading it says what is wrong."""
    if not head.startswith((OLE, ZIP)):
        return delimited.looks_delimited(head)
    try:
        return bool(kind_of(head, path))
    except UnreadableFile:
        return True


def read(checklist: Checklist, path: Path) -> Iterator[Submission | Problem]:
    """Yield the submissions of a workbook, and what belongs to none of them.

    Raises UnreadableFile where it is damaged, encrypted, hostile, too large, or has no column of the checklist.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((OLE, ZIP)) or not delimited.looks_delimited(head):
        book = open_book(path)
    else:
        book = Book([delimited.read_sheet(path)], kind="csv")
    yield from _about(book, str(path))
    if book.facts.get("checklist", checklist.id) != checklist.id:
        yield from foreign.reject(book, checklist, str(path))
    else:
        yield from Filled(checklist, str(path)).read(book)


def read_batches(checklist: Checklist, path: Path, part: Part | None = None) -> Iterator[Batch | Submission | Problem]:
    """Yield the submissions of a file, or of a part of it, those of plain delimited text as columns.

    Raises UnreadableFile as `read` does.
    """
    plain = _plain(checklist, path)
    found = plain.read(part) if plain is not None else None
    yield from read(checklist, path) if found is None else found


def parts_of(checklist: Checklist, path: Path, size: int) -> Iterator[Part]:
    """Yield the parts of plain delimited text, each of about `size` bytes and of whole rows; none for another file."""
    plain = _plain(checklist, path)
    if plain is not None:
        yield from plain.parts(size)


def _plain(checklist: Checklist, path: Path) -> Plain | None:
    with path.open("rb") as file:
        head = file.read(4096)
    is_text = not head.startswith((OLE, ZIP)) and delimited.looks_delimited(head)
    return Plain.of(checklist, path) if is_text else None


def _about(book: Book, source: str) -> Iterator[Problem]:
    """What cannot be seen in a file of this kind."""
    if book.kind == "xls":
        message = "in an .xls file cells in error cannot be told from blank ones: save it as .xlsx"
        yield Problem.of("file-old-format", message, source)
    if book.kind == "csv" and (place := delimited.lost_letters(book.sheets[0])):
        yield delimited.about_lost_letters(source, place)
