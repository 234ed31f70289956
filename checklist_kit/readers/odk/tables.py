"""The tables of an export: delimited text, by itself or in an archive with those of its repeats, or sheets."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from checklist_kit.protocols import Raw, UnreadableFile
from checklist_kit.registry import load_reader

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_HEADER = 1 << 20
_MAIN = ({"SubmissionDate", "KEY"}, {"_uuid", "_submission_time"}, {"_uuid", "_index"}, {"_id", "_submission_time"})
_REPEAT = ({"PARENT_KEY", "KEY"}, {"_parent_index", "_parent_table_name"})
_PEEKED = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")


@dataclass(slots=True)
class Table:
    """A header and the rows below it. `at` tells where a cell stands, by row and column from 0."""

    name: str
    header: list[str]
    rows: Sequence[Sequence[Raw]]
    at: Callable[[int, int], str]

    @property
    def is_repeat(self) -> bool:
        """Whether the rows are instances of a repeat."""
        return any(marks <= set(self.header) for marks in _REPEAT)

    @property
    def is_of_kobo(self) -> bool:
        """Whether Kobo made the table, where labels may stand in the place of names."""
        return "_index" in self.header or "_uuid" in self.header

    @property
    def is_main(self) -> bool:
        """Whether the rows are submissions."""
        return not self.is_repeat and any(marks <= set(self.header) for marks in _MAIN)


@dataclass(slots=True)
class Export:
    """The tables of one export, and how many other files came with them."""

    tables: list[Table] = field(default_factory=list)
    attachments: int = 0
    audits: int = 0


def looks_exported(path: Path, head: bytes) -> bool:
    """Whether a text file begins with the header of an export, or an archive holds one."""
    if head.startswith(b"PK\x03\x04"):
        return _is_exported_archive(path)
    if b"\0" in head and not head.startswith(_UTF_16):
        return False
    with path.open("rb") as file:
        line = file.readline(_LONGEST_HEADER)
    try:
        header = set(_cells(_decoded(line)))
    except (UnicodeDecodeError, csv.Error):
        return False
    return any(marks <= header for marks in (*_MAIN, *_REPEAT))


def _is_exported_archive(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" in names:
                return any(_mentions(archive, part) for part in _PEEKED if part in names)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        return False
    return any(name.lower().endswith(".csv") for name in names)


def _mentions(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as stream:
        text = stream.read(_LONGEST_HEADER)
    return b"_uuid" in text and (b"_submission_time" in text or b"_parent_index" in text)


def read_export(path: Path) -> Export:
    """Return the tables of an export. Raises UnreadableFile where it is damaged, hostile or too large."""
    with path.open("rb") as file:
        head = file.read(4)
    if head != b"PK\x03\x04":
        return _beside(path)
    with zipfile.ZipFile(path) as archive:
        is_workbook = "xl/workbook.xml" in archive.namelist()
    return _of_workbook(path) if is_workbook else _of_archive(path)


def _beside(path: Path) -> Export:
    """A table of submissions, with those of its repeats, which stand beside it when an archive was unpacked."""
    main = _of_text(path.read_bytes(), path.name, path, "")
    export = Export([main])
    for other in sorted(path.parent.glob("*.csv")) if main.is_main else ():
        if other.name.startswith(f"{path.stem}-"):
            table = _of_text(other.read_bytes(), other.name, other, f"{other.name}:")
            export.tables += [table] if table.is_repeat else []
    return export


def main_table_of(path: Path) -> Path | None:
    """The file of submissions that a repeat's file was exported with, if it stands beside it."""
    for other in sorted(path.parent.glob("*.csv"), reverse=True):
        if path.name.startswith(f"{other.stem}-") and _of_text(other.read_bytes(), other.name, other, "").is_main:
            return other
    return None


def _of_archive(path: Path) -> Export:
    safety: Any = load_reader("workbook")
    export = Export()
    with safety.safety.opened(path) as archive:
        safety.safety.check_parts(archive, path)
        for member in archive.infolist():
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
                message = f"{path} has a part that would be unpacked outside of its folder: {member.filename}"
                raise UnreadableFile("file-unsafe", message)
            if member.is_dir():
                continue
            if name.stem.endswith(" - audit"):
                export.audits += 1
            elif name.suffix.lower() == ".csv" and len(name.parts) == 1:
                export.tables.append(_of_text(archive.read(member), name.name, path, f"{name.name}:"))
            else:
                export.attachments += 1
    return export


def _of_workbook(path: Path) -> Export:
    workbook: Any = load_reader("workbook")
    export = Export()
    for sheet in workbook.open_book(path).sheets:
        if sheet.rows:
            header = [str(cell).strip() for cell in sheet.rows[0]]
            export.tables.append(Table(sheet.name, header, sheet.rows[1:], partial(_below, sheet.place)))
    return export


def _below(place: Callable[[int, int], str], row: int, column: int) -> str:
    return place(row + 1, column)


def _of_text(data: bytes, name: str, path: Path, prefix: str) -> Table:
    try:
        text = _decoded(data)
    except UnicodeDecodeError as error:
        message = f"{path} is in no encoding that holds all letters: save it as CSV UTF-8"
        raise UnreadableFile("file-encoding", message) from error
    header_line = text[: text.find("\n") + 1 or len(text)]
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(header_line))
        header = [cell.strip() for cell in next(reader, [])]
        numbered = list(_numbered(reader, len(header)))
    except csv.Error as error:
        raise UnreadableFile("file-damaged", f"{path} is no table of delimited text: {error}") from error
    lines, rows = [line for line, _ in numbered], [row for _, row in numbered]
    longest = max(map(len, rows), default=0)
    if longest > len(header):
        header += [""] * (longest - len(header))
        rows = [row + [""] * (longest - len(row)) for row in rows]
    return Table(name, header, rows, lambda row, column: f"{prefix}{lines[row]}:{column + 1}")


def _numbered(reader: Any, width: int) -> Iterator[tuple[int, list[str]]]:
    """All rows but blank ones with the lines that they begin on, none shorter than the header."""
    line = reader.line_num + 1
    for row in reader:
        if row:
            yield line, row if len(row) >= width else row + [""] * (width - len(row))
        line = reader.line_num + 1


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=_delimiter(line)), [])]
