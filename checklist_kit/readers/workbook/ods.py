"""The sheets of an .ods archive, as far as calamine does not show them: errors, and cells repeated without end."""

from __future__ import annotations

from pathlib import Path

from checklist_kit.readers.workbook.parts import Odd
from checklist_kit.readers.workbook.safety import MAX_CELLS, parse_xml, too_large, whole

_MAX_COLUMNS, _MAX_ROWS = 16_384, 1_048_576
_CELLS = ("table-cell", "covered-table-cell")


def odd_cells(data: bytes, path: Path) -> dict[str, Odd]:
    """Return the cells in error of each sheet. Raises UnreadableFile for a sheet that is too large to be held."""
    scan = _Scan(path)
    parse_xml(data, path, scan.start, EndElementHandler=scan.end, CharacterDataHandler=scan.text)
    return scan.odd


class _Scan:
    """Follows content.xml, in which neighbouring equal cells and rows are written once, with how often they come."""

    def __init__(self, path: Path) -> None:
        self.odd: dict[str, Odd] = {}
        self._path = path
        self._sheet = ""
        self._row = self._column = self._rows = self._columns = self._filled = 0
        self._error: str | None = None
        self._errors: list[tuple[int, int, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A sheet, a row or a cell."""
        plain = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if tag == "table":
            self._sheet, self._row = plain.get("name", ""), 0
            self.odd[self._sheet] = {}
        elif tag == "table-row":
            self._rows = whole(plain.get("number-rows-repeated", ""), 1)
            self._column = self._filled = 0
            self._errors = []
        elif tag in _CELLS:
            self._columns = whole(plain.get("number-columns-repeated", ""), 1)
            if "value-type" in plain:
                self._filled = self._column + self._columns
            self._error = "" if attributes.get("calcext:value-type") == "error" else None

    def text(self, data: str) -> None:
        """What a cell shows."""
        if self._error is not None:
            self._error += data

    def end(self, name: str) -> None:
        """A cell or a row is complete."""
        tag = name.rpartition(":")[2]
        if tag in _CELLS:
            if self._error:
                self._errors.append((self._column, self._column + self._columns, self._error.strip()))
            self._error = None
            self._column += self._columns
        elif tag == "table-row":
            first, self._row = self._row, self._row + self._rows
            self._check()
            for start, end, text in self._errors:
                cells = ((row, column) for row in range(first, self._row) for column in range(start, end))
                self.odd[self._sheet].update(dict.fromkeys(cells, text))

    def _check(self) -> None:
        too_wide = self._column > _MAX_COLUMNS or self._row > _MAX_ROWS
        if too_wide or self._filled * self._row > MAX_CELLS:
            far = f"its sheet {self._sheet} reaches to row {self._row:,}, column {self._column:,}"
            raise too_large(self._path, f"{far}: delete the cells that are far away from the others")
