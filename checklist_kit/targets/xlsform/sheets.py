"""The file: sheets of text cells, the same bytes for the same cells."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence

from checklist_kit.diagnostics import DefinitionError, Diagnostic
from checklist_kit.targets.xlsform.texts import Row

_CREATED = datetime.datetime(2000, 1, 1)  # a constant, so that the same checklist gives the same bytes
_WIDTHS = {"type": 22, "name": 24, "label": 50, "hint": 30, "relevant": 40, "constraint": 40, "calculation": 40}


def table(rows: Sequence[Row], order: Sequence[str]) -> list[list[str]]:
    """Return rows as cells under a header: the columns that have cells, in the given order, then any further ones."""
    found = {column: None for row in rows for column, text in row.items() if text}
    columns = list(dict.fromkeys([*(column for column in order if column in found), *found]))
    return [columns, *([row.get(column, "") for column in columns] for row in rows)]


def write(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Return the file. Raises DefinitionError for a text that is longer than a cell can hold."""
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, header in enumerate(rows[0] if rows else ()):
                sheet.set_column(column, column, _WIDTHS.get(header.partition("::")[0], 14))
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text and sheet.write_string(number, column, text, bold if number == 0 else None) < 0:
                        message = f"a text is longer than a cell of the sheet {name} can hold: {text[:40]}…"
                        raise DefinitionError([Diagnostic.of("xlsform-too-long", message, help="shorten or split it")])
    return data.getvalue()
