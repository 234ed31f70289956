"""One sheet of answers as delimited text: commas, semicolons or tabs, in UTF-8 or UTF-16."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from checklist_kit.protocols import Problem, Raw, UnreadableFile
from checklist_kit.readers.workbook.sheets import Sheet

LONGEST = 131_072
"""Letters in a cell that is still believed. The limit of csv is the same, until some other library raises it."""

_DELIMITERS = (",", ";", "\t")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOST = re.compile(r"\w\?\w|\ufffd|[ÂÃÄÅÉ][\x80-\xbf\u2018-\u2122]")
"""What letters leave behind that a program could not write, or wrote in UTF-8 and read in something else."""
# The same in the bytes of UTF-8, and a little more; what begins with a byte of its own is found fast.
_MAY_BE_LOST = (
    re.compile(rb"\?(?<=[\w\x80-\xff]\?)[\w\x80-\xff]"),
    re.compile(rb"\xef\xbf\xbd"),
    re.compile(rb"\xc3[\x82-\x85\x89](?:\xc2|\xe2)"),
)


def looks_delimited(head: bytes) -> bool:
    """Whether the beginning of a file is text whose first line has delimiters, and no JSON, XML or PDF."""
    if head.startswith(_UTF_16):
        text = head[: len(head) & ~1].decode("utf-16", errors="replace")
    elif _BINARY.search(head):
        return False
    else:
        text = head.decode("utf-8-sig", errors="replace")
    first = text.lstrip().partition("\n")[0]
    return not first.startswith(("{", "[", "<", "%")) and any(delimiter in first for delimiter in _DELIMITERS)


def read_sheet(path: Path) -> Sheet:
    """Read delimited text. Raises UnreadableFile for another encoding, in which letters would be guessed."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is in no encoding that holds all letters: save it as CSV UTF-8"
        raise UnreadableFile("file-encoding", message) from error
    try:
        numbered = list(rows_of(text))
    except csv.Error as error:
        raise UnreadableFile("file-damaged", f"{path} is no table of delimited text: {error}") from error
    width = max((len(row) for _, row in numbered), default=0)
    rows: list[list[Raw]] = [[*row, *[""] * (width - len(row))] for _, row in numbered]
    lines = [line for line, _ in numbered]
    return Sheet(path.name, rows, address=lambda _, row, column: f"{lines[row]}:{column + 1}")


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the lines that they begin on, from 1. Raises csv.Error."""
    declared = _declared(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=declared or delimiter_of(text))
    may_be_long = len(text) > LONGEST
    line = 1
    for row in reader:
        if may_be_long and any(len(cell) > LONGEST for cell in row):
            raise csv.Error(f"a cell of line {line} is longer than {LONGEST:,} letters: close its quotation mark")
        if not (declared and line == 1):
            yield line, row
        line = reader.line_num + 1


def _declared(text: str) -> str:
    """The delimiter, where the first line says it in the way of spreadsheet programs."""
    found = re.fullmatch(r"sep=(.)\s*", text.partition("\n")[0])
    return found[1] if found else ""


def delimiter_of(text: str) -> str:
    """Return the delimiter that the first line has most of; empty where that line declares one."""
    first = text.partition("\n")[0]
    return "" if _declared(text) else max(_DELIMITERS, key=first.count)


def about_lost_letters(source: str, place: str) -> Problem:
    """Return what is to be said of lost letters."""
    message = "letters seem to have been lost when this file was saved: save it as CSV UTF-8"
    return Problem.of("file-lost-letters", message, source, place=place)


def may_have_lost_letters(data: bytes) -> bool:
    """Whether any bytes may tell of lost letters: a look at all cells would take long."""
    return any(pattern.search(data) for pattern in _MAY_BE_LOST)


def lost_letters(sheet: Sheet) -> str:
    """The place of the first cell that shows letters lost to an encoding, empty if none does."""
    for number, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and _LOST.search(value):
                return sheet.place(number, column)
    return ""
