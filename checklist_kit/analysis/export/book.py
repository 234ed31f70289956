"""A workbook for people: each table twice, as values and as labels, and the codebook."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from checklist_kit.analysis.export.dataset import Column, Dataset, Sheet, spoken
from checklist_kit.analysis.export.notes import Note, cut

ROWS, COLUMNS, CELL, NAME = 1_048_576, 16_384, 32_767, 31
_NUMBERS = ("integer", "number")
_EXACT = 2**53  # beyond, a cell's number is no longer the answer


def write_book(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write `<checklist>.xlsx`. Text is text, whatever it begins with: no cell holds a formula."""
    import xlsxwriter

    file = f"{dataset.id}.xlsx"
    notes: list[Note] = []
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(folder / file, options) as book:
        book.set_properties(
            {"created": datetime.datetime(2000, 1, 1), "title": dataset.title}
        )  # same input, same bytes
        bold = book.add_format({"bold": True})
        names = _sheet_names([sheet.name for sheet in dataset.sheets])
        for sheet in dataset.sheets:
            if len(sheet) >= ROWS or len(sheet.keys) + len(sheet.columns) > COLUMNS:
                notes.append(Note(file, sheet.name, "left out: it is larger than a worksheet can be"))
                continue
            for kind, labelled in (("values", False), ("labels", True)):
                page = _Page(book.add_worksheet(names[sheet.name, kind]), file, notes, bold)
                page.heading([*sheet.keys, *(_heading(column, language, labelled) for column in sheet.columns)])
                for number, cells in enumerate(_columns(sheet, language, labelled)):
                    page.column(number, cells)
        page = _Page(book.add_worksheet("codebook"), file, notes, bold)
        page.heading([str(name) for name in dataset.codebook.columns])
        open_rows = dataset.codebook[~dataset.codebook["item"].isin(dataset.sensitive)]
        for number, name in enumerate(open_rows.columns):
            page.column(number, open_rows[name].tolist())
    return notes


class _Page:
    """A worksheet that never cuts a text or drops a cell unsaid."""

    def __init__(self, sheet: Any, file: str, notes: list[Note], bold: Any) -> None:
        self.sheet, self.file, self.notes, self.bold = sheet, file, notes, bold
        self.names: list[str] = []

    def heading(self, names: Sequence[str]) -> None:
        self.names = list(names)
        for number, name in enumerate(names):
            self.sheet.write_string(0, number, cut(name, CELL, "utf-16-le"), self.bold)
        self.sheet.freeze_panes(1, 1)

    def column(self, number: int, cells: Iterable[Any]) -> None:
        shortened = 0
        for row, cell in enumerate(cells, 1):
            if isinstance(cell, str) and cell:
                shown = cell if len(cell) <= CELL else cell[: CELL - 1] + "…"
                shortened += shown != cell
                self.sheet.write_string(row, number, shown)
            elif isinstance(cell, float):
                self.sheet.write_number(row, number, cell)
        if shortened:
            text = f"{shortened} texts are longer than a cell and were cut; they are whole in the other formats"
            self.notes.append(Note(self.file, self.names[number], text))


def _sheet_names(tables: Sequence[str]) -> dict[tuple[str, str], str]:
    """A worksheet's name for each table and kind; names of up to 31 characters that differ in more than case."""
    found: dict[tuple[str, str], str] = {}
    taken = {"codebook"}
    for table in tables:
        for kind in ("values", "labels"):
            wanted = kind if table == "submissions" else f"{table} {kind}"
            name, number = wanted[:NAME], 1
            while name.casefold() in taken:
                number += 1
                ending = f"~{number}"
                name = wanted[: NAME - len(ending)] + ending
            taken.add(name.casefold())
            found[table, kind] = name
    return found


def _heading(column: Column, language: str, labelled: bool) -> str:
    return column.label(language) or column.name if labelled else column.name


def _columns(sheet: Sheet, language: str, labelled: bool) -> Iterable[list[Any]]:
    yield from sheet.keys.values()
    for column in sheet.columns:
        words = {option.code: spoken(option.labels, language) or option.code for option in column.options}
        yield [_cell(column, text, words if labelled else {}) for text in column.texts]


def _cell(column: Column, text: Any, words: dict[str, str]) -> Any:
    if not isinstance(text, str):
        return None
    if text in words:
        return words[text]
    if column.kind in _NUMBERS:
        number = float(text)
        return number if math.isfinite(number) and abs(number) <= _EXACT else text
    return text
