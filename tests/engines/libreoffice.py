"""LibreOffice Calc, headless, in a process that stays up: it opens, fills, recalculates and saves real workbooks."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Self

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import Cell
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.engines import SYSTEM_PYTHON
from tests.engines.process import EngineError, JsonLines
from tests.engines.spreadsheet import RESULTS, Case, CellError, Scalar, Value, at_row, plain

Typed = str | int | float | None


@dataclass(frozen=True)
class Look:
    """What a person sees of a cell, conditional formats applied; colours are `#RRGGBB`, None without a fill."""

    text: str
    background: str | None
    color: str | None


class LibreOffice:
    """The engine. Use it as a context manager, or through the fixture `libreoffice`."""

    def __init__(self) -> None:
        self._process = JsonLines([SYSTEM_PYTHON, str(Path(__file__).with_name("soffice_server.py"))])
        self._folder = tempfile.TemporaryDirectory(prefix="calc")

    def save(self, path: Path, out: Path, cells: Mapping[str, Typed] | None = None, *, revealed: bool = False) -> Path:
        """Open `path`, type `cells`, recalculate, save as `out`: .xlsx for the round trip, .pdf or .html to look at.

        A key of `cells` is `Sheet!B5`. A value is typed as at the keyboard: `=1+1` and `3/4/2024` are parsed, unless
        the cell is formatted as text; None empties a cell. A locked cell of a protected sheet raises EngineError. List
        and number validations are not asked.
        """
        typed = [(*_split(address), "" if value is None else str(value)) for address, value in (cells or {}).items()]
        self._process.ask("save", path=str(path.resolve()), out=str(out.resolve()), cells=typed, revealed=revealed)
        return out

    def read(self, path: Path, *addresses: str, cells: Mapping[str, Typed] | None = None) -> dict[str, Value]:
        """The recalculated values, by `Sheet!B5`, of cells or ranges, after typing `cells`; empty cells are None."""
        book = openpyxl.load_workbook(self.save(path, self._scratch(".xlsx"), cells), data_only=True)
        values: dict[str, Value] = {}
        for address in addresses:
            sheet, cell = _split(address)
            values |= {f"{sheet}!{c.coordinate}": _value(c) for c in _flat(book[sheet][cell])}
        return values

    def looks(self, path: Path, sheet: str, cells: Mapping[str, Typed] | None = None) -> dict[str, Look]:
        """What every cell of a sheet looks like, by `B5`, hidden rows and columns included, after typing `cells`.

        A1 must not be empty, because the page begins at the first cell that is used.
        """
        if self.read(path, f"{sheet}!A1", cells=cells)[f"{sheet}!A1"] is None:
            raise EngineError("looks: A1 is empty")
        page = self.save(path, self._scratch(".html"), cells, revealed=True)
        parser = _Sheets()
        parser.feed(page.read_text(encoding="utf-8"))
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
        return parser.sheets[names.index(sheet)]

    def evaluate(self, cases: Sequence[Case]) -> list[Value]:
        """Evaluate each formula over its own inputs, all in one workbook, one row a case."""
        path = self._scratch(".cases.xlsx")
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Cases")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for row, (formula, inputs) in enumerate(cases):
                for name, value in inputs.items():
                    _write(sheet, row, column_index_from_string(name) - 1, value, day)
                sheet.write_formula(f"{RESULTS}{row + 1}", at_row(formula, row + 1), None, "")
        return list(self.read(path, f"Cases!{RESULTS}1:{RESULTS}{len(cases)}").values()) if cases else []

    def close(self) -> None:
        """End the office and remove what it wrote."""
        self._process.close()
        self._folder.cleanup()

    def _scratch(self, suffix: str) -> Path:
        return Path(self._folder.name) / f"scratch{suffix}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _split(address: str) -> tuple[str, str]:
    sheet, _, cell = address.rpartition("!")
    return sheet.strip("'"), cell


def _flat(block: object) -> Iterable[Cell]:
    if isinstance(block, tuple):
        for part in block:
            yield from _flat(part)
    else:
        assert isinstance(block, Cell)
        yield block


def _value(cell: Cell) -> Value:
    return CellError(str(cell.value)) if cell.data_type == "e" else plain(cell.value)


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, value: Scalar, day: object) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, (bool, int, float)):
        (sheet.write_boolean if isinstance(value, bool) else sheet.write_number)(row, column, value)
    elif value is not None:
        sheet.write_datetime(row, column, value, day)


class _Sheets(HTMLParser):
    """Reads Calc's HTML: `sheets[position of the sheet][address]` is a Look."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[int, dict[str, Look]] = {}
        self._position = 0
        self._row = self._column = 0
        self._covered: set[tuple[int, int]] = set()
        self._cell: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and (anchor := re.fullmatch(r"table(\d+)", given.get("name") or "")):
            self._position = int(anchor[1])
        elif tag == "table":
            self.sheets[self._position] = {}
            self._row, self._covered = 0, set()
        elif tag == "tr":
            self._row, self._column = self._row + 1, 1
        elif tag == "td":
            self._open(given)
        elif tag == "font" and self._cell is not None:
            self._cell["color"] = given.get("color")

    def _open(self, given: dict[str, str | None]) -> None:
        while (self._row, self._column) in self._covered:
            self._column += 1
        self._cell = {"text": "", "background": given.get("bgcolor"), "color": None}
        rows, columns = int(given.get("rowspan") or 1), int(given.get("colspan") or 1)
        self._covered |= {(self._row + r, self._column + c) for r in range(rows) for c in range(columns)}

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell["text"] = (self._cell["text"] or "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self._cell is not None:
            address = f"{get_column_letter(self._column)}{self._row}"
            text = self._cell["text"] or ""
            self.sheets[self._position][address] = Look(text, self._cell["background"], self._cell["color"])
            self._cell = None
