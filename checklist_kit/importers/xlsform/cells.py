"""A file -> sheets of texts: a workbook new or old, Markdown tables, or CSV, told apart by what is in them."""

from __future__ import annotations

import csv
import datetime
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from checklist_kit.protocols import Problem, Raw, UnreadableFile
from checklist_kit.readers.workbook.safety import OLE, ZIP
from checklist_kit.readers.workbook.sheets import letters, open_book

Rows = list[list[str]]

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_TEXT = 50_000_000
_SPLIT = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]+")


@dataclass(slots=True)
class Book:
    """The sheets of a form by name, each row a list of texts, and what was odd in their cells."""

    source: str
    sheets: dict[str, Rows] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def find(self, code: str, message: str, sheet: str, row: int, raw: str = "", column: int = 0) -> None:
        """Note something about a cell; row and column count from 0."""
        place = f"{sheet}!{letters(column)}{row + 1}"
        self.problems.append(Problem.of(code, message, self.source, place=place, raw=raw))


def read_book(path: Path) -> Book:
    """Read a file. Raises UnreadableFile for what is no form, is damaged, or is hostile."""
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise UnreadableFile("file-empty", f"{path} is empty")
    if head.startswith((OLE, ZIP)):
        return _workbook(path)
    text = _text(path)
    book = Book(str(path))
    lines = text.splitlines()
    if any(line.lstrip().startswith("|") for line in lines[:200]):
        book.sheets = _markdown(lines)
    elif "," in text or ";" in text:
        book.sheets = _csv(text)
    return book


def _workbook(path: Path) -> Book:
    book = Book(str(path))
    for sheet in open_book(path).sheets:
        rows = [[_as_text(value) for value in row] for row in sheet.rows]
        for (row, column), raw in sheet.odd.items():
            if raw.startswith("="):
                message = f"the formula {raw} was never computed: open the file and save it again"
                book.find("import-formula", message, sheet.name, row, raw, column)
            else:
                rows[row][column] = raw
        book.sheets[sheet.name] = rows
    return book


def _as_text(value: Raw) -> str:
    """Return a cell as the converters of ODK read it."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case datetime.datetime() | datetime.time():
            return str(value)
        case datetime.date():
            return f"{value} 00:00:00"
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip()
        case _:
            return str(value)


def _text(path: Path) -> str:
    if path.stat().st_size > _MAX_TEXT:
        raise UnreadableFile("file-too-large", f"{path} cannot be opened: it is larger than {_MAX_TEXT:,} bytes")
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is neither a workbook nor text in UTF-8: save it as a workbook or as CSV UTF-8"
        raise UnreadableFile("file-encoding", message) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _markdown(lines: list[str]) -> dict[str, Rows]:
    """Read tables whose first column names the sheet: `| survey |`, then rows with an empty first cell."""
    sheets: dict[str, Rows] = {}
    rows: Rows = []
    for line in map(str.strip, lines):
        if not line.startswith("|") or (_RULE.fullmatch(line) and "-" in line):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in _SPLIT.split(line[1:])]
        if cells and not cells[-1]:
            cells.pop()
        if cells and cells[0]:
            rows = sheets.setdefault(cells[0], [])
        if any(cells[1:]):
            rows.append(cells[1:])
    return sheets


def _csv(text: str) -> dict[str, Rows]:
    """Read CSV whose first column names the sheet, or that is the sheet `survey` alone."""
    top = text.split("\n", 10)[:10]
    semicolons = sum(line.count(";") > line.count(",") for line in top) > sum(line.count(",") > 0 for line in top) / 2
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if semicolons else ",")
    try:
        table = [[cell.strip() for cell in row] for row in reader]
    except csv.Error:
        return {}
    if table and {"type", "name"} <= {cell.casefold() for cell in table[0]}:
        return {"survey": table}
    sheets: dict[str, Rows] = {}
    rows: Rows = []
    for row in table:
        if row and row[0]:
            rows = sheets.setdefault(row[0], [])
        if any(row[1:]):
            rows.append(row[1:])
    return sheets
