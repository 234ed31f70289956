"""A workbook in which a translator fills in one column, and can change nothing else."""

from __future__ import annotations

import datetime
import hashlib
import io
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checklist_kit.model import is_right_to_left
from checklist_kit.source import Text

if TYPE_CHECKING:
    from checklist_kit.translation.catalogues import Catalogues

SHEET, META = "Translation", "_meta"
COLUMNS = ("id", "fingerprint", "where", "text", "translation", "note")
_HEADINGS = ("", "", "Where", "Text", "Translation", "Note")
_WIDTHS = (4, 4, 40, 60, 60, 44)
_HIDDEN = ("id", "fingerprint")
FIRST_ROW = 3
"""The first row of texts, counted from 0: above it stand the names of the columns, the explanation and the headings."""
_LINE = 15  # points
_MAX_LINES = 27  # a row is at most 409 points high
_MAX_CELL = 32_767
_CREATED = datetime.datetime(2000, 1, 1)  # a constant, so that the same texts give the same bytes
_EXPLANATION = (
    "Write into the yellow cells of the column Translation. Keep ${…} and $(…) as they are. Everything else is locked. "
    "Rows may be sorted and filtered; leave blank what you do not know."
)
Row = tuple[str, str, str, str, str, str]


def identity(text: Text, folder: Path) -> str:
    """What a row of the workbook is known by: the file seen from the checklist's folder, and the path within."""
    return f"{Path(os.path.relpath(text.file, folder)).as_posix()}#{text.path}"


def fingerprint(source: str) -> str:
    """Short and exact: cells may lose what cannot be seen in a text."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def workbook(texts: Iterable[Text], catalogues: Catalogues, folder: Path, checklist: str) -> bytes:
    """Return a workbook with all texts, those that are translated included, for the language of the catalogues.

    `folder` is that of the checklist, and `checklist` its id. Raises ValueError for a text that is too long for a cell.
    """
    import xlsxwriter

    language = catalogues.language
    rows = [_row(text, catalogues, folder) for text in texts if text.original != language]
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"title": f"{checklist} · {language}", "created": _CREATED})
        _write(book, book.add_worksheet(SHEET), rows, language)
        meta = book.add_worksheet(META)
        for number, fact in enumerate((("checklist", checklist), ("language", language))):
            meta.write_row(number, 0, fact)
        meta.very_hidden()
    return data.getvalue()


def _row(text: Text, catalogues: Catalogues, folder: Path) -> Row:
    catalogue = catalogues.of(text)
    source = catalogue.source_of(text)
    entry = catalogue.entries.get((text.context, source))
    note = ""
    if entry is not None and entry.fuzzy:
        note = f"The text was: {entry.previous_msgid}\n" if entry.previous_msgid else ""
        note += f"Its translation was: {entry.msgstr}"
    name, translation = identity(text, folder), text.words.get(catalogues.language, "")
    for cell in (name, source, translation, note):
        if len(cell) > _MAX_CELL:
            raise ValueError(f"the text of `{name}` is too long for a cell: translate it in the catalogue")
    where = text.path.removeprefix("items/").replace("/", " › ")
    return name, fingerprint(source), f"{text.file.name}: {where}", source, translation, note


def _write(book: Any, sheet: Any, rows: list[Row], language: str) -> None:
    shared = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
    locked = book.add_format({**shared, "font_color": "#404040", "bg_color": "#F2F2F2"})
    head = book.add_format({**shared, "bold": True, "bg_color": "#DCE6F1"})
    direction = {"reading_order": 2, "align": "right"} if is_right_to_left(language) else {}
    free = book.add_format({**shared, **direction, "locked": False})
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, None, {"hidden": name in _HIDDEN})
        sheet.write_string(0, column, name)
        sheet.write_string(FIRST_ROW - 1, column, _HEADINGS[column], head)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.merge_range(1, 2, 1, len(COLUMNS) - 1, _EXPLANATION, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.set_row(1, 32)
    writable = COLUMNS.index("translation")
    for number, row in enumerate(rows, FIRST_ROW):
        sheet.set_row(number, _LINE * max(map(_lines, row[2:], _WIDTHS[2:])))
        for column, text in enumerate(row):
            style = free if column == writable else locked
            if text:
                sheet.write_string(number, column, text, style)
            else:
                sheet.write_blank(number, column, None, style)
    last = FIRST_ROW + max(len(rows) - 1, 0)
    waiting = book.add_format({"bg_color": "#FFF2BF"})
    sheet.conditional_format(FIRST_ROW, writable, last, writable, {"type": "blanks", "format": waiting})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(FIRST_ROW, writable)
    sheet.autofilter(FIRST_ROW - 1, 0, last, len(COLUMNS) - 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; about a tenth of each is lost at its end."""
    return min(_MAX_LINES, sum(max(1, math.ceil(1.1 * len(line) / width)) for line in text.split("\n")))
