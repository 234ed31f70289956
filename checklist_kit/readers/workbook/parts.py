"""The parts of an .xlsx archive that calamine does not show: errors, formulas never computed, properties."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.workbook.safety import MAX_CELLS, parse_xml, too_large, whole

Odd = dict[tuple[int, int], str]
"""Cells without a value that are not blank either, by row and column from 0: their raw texts."""

_MARKS = (b't="e"', b"<f")
_ROWS = re.compile(rb'<row r="(\d{1,9})"')
_WIDE = re.compile(rb'<c r="[A-Z]{3}')
_COLUMNS = re.compile(rb'<c r="([A-Z]{1,5})')
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,9})")
_TWO_LETTERS = 702


def sheet_parts(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id" and ":" in key]
            names[attributes.get("name", "")] = targets.get(ids[0], "") if ids else ""

    parse_xml(_part(archive, "xl/_rels/workbook.xml.rels", path), path, relation)
    parse_xml(_part(archive, "xl/workbook.xml", path), path, sheet)
    return {name: posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") for name, target in names.items()}


def _part(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    try:
        return archive.read(name)
    except KeyError as error:
        raise UnreadableFile("file-damaged", f"{path} lacks its part {name}: open it, and save it again") from error


def properties(archive: zipfile.ZipFile, path: Path) -> Mapping[str, str]:
    """Return the custom properties of a document."""
    found: dict[str, str] = {}
    current = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal current
        if tag == "property":
            current = attributes.get("name", "")

    def text(data: str) -> None:
        if current and data.strip():
            found[current] = found.get(current, "") + data

    if "docProps/custom.xml" in archive.namelist():
        parse_xml(archive.read("docProps/custom.xml"), path, start, CharacterDataHandler=text)
    return found


def odd_cells(data: bytes, path: Path, sheet: str) -> Odd:
    """Return the cells in error and the formulas that were never computed, which calamine shows as blank.

    Raises UnreadableFile where the filled cells lie too far apart to be held in memory.
    """
    if _is_plain(data):
        return {}
    scan = _Scan()
    parse_xml(data, path, scan.start, EndElementHandler=scan.end, CharacterDataHandler=scan.text)
    if (scan.last_row + 1) * (scan.last_column + 1) > MAX_CELLS:
        far = f"its sheet {sheet} reaches to row {scan.last_row + 1:,}, column {scan.last_column + 1:,}"
        raise too_large(path, f"{far}: delete the cells that are far away from the others")
    return scan.odd


def _is_plain(data: bytes) -> bool:
    """Whether a sheet certainly has neither error nor formula, and all its cells in a rectangle that can be held.

    Sheets are spelt alike by all spreadsheet programs, so counting bytes tells, many times faster than parsing does.
    """
    start, end = data.find(b"<sheetData"), data.rfind(b"</sheetData>")
    if (
        start < 0
        or data.find(b"='", start, end) >= 0
        or data.count(b"<c", start, end) != data.count(b'<c r="', start, end)
    ):
        return False
    rows = _ROWS.findall(data, start, end)
    if data.count(b"<row", start, end) != len(rows) or any(data.find(mark, start, end) >= 0 for mark in _MARKS):
        return False
    last_row = max(map(int, rows), default=0)
    if last_row * _TWO_LETTERS <= MAX_CELLS and not _WIDE.search(data, start, end):
        return True
    columns = {text.decode() for text in set(_COLUMNS.findall(data, start, end))}
    return last_row * max(map(column_number, columns), default=0) <= MAX_CELLS


def column_number(letters: str) -> int:
    """The number of a column, from 1.

    >>> column_number("A"), column_number("AA")
    (1, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _Scan:
    """Follows a sheet's XML: where each cell is, and which of them hold an error or a formula without a value."""

    def __init__(self) -> None:
        self.odd: Odd = {}
        self.last_row = self.last_column = -1
        self._row = self._column = -1
        self._type = self._inside = ""
        self._texts: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A row, a cell, or a part of a cell."""
        self._inside = tag if tag in ("f", "v", "t") else ""
        if tag == "row":
            self._row = whole(attributes.get("r", ""), self._row + 2) - 1
            self._column = -1
        elif tag == "c":
            self._column += 1
            if address := _ADDRESS.fullmatch(attributes.get("r", "")):
                self._row, self._column = int(address[2]) - 1, column_number(address[1]) - 1
            self._type, self._texts = attributes.get("t", ""), {}
        elif tag in ("f", "v", "t"):
            self._texts.setdefault(tag, "")

    def text(self, data: str) -> None:
        """The text of a formula or value."""
        if self._inside:
            self._texts[self._inside] += data

    def end(self, name: str) -> None:
        """A cell is complete."""
        self._inside = ""
        if name.rpartition(":")[2] != "c":
            return
        value, formula = self._texts.get("v", ""), self._texts.get("f")
        if value or formula is not None or "t" in self._texts:
            self.last_row = max(self.last_row, self._row)
            self.last_column = max(self.last_column, self._column)
        if self._type == "e":
            self.odd[self._row, self._column] = value or "#ERROR"
        elif formula is not None and not value and self._type != "str":
            self.odd[self._row, self._column] = f"={formula}"
