"""Spreadsheet engines: one workbook, a row a form, its expressions at the end of the row."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.agreement import naive
from benchmarks.agreement.engine import INEXPRESSIBLE, Engine, write_all
from benchmarks.agreement.material import CHECKLIST, Form
from checklist_kit.logic import Condition, Symbol


class _Spreadsheet(Engine):
    """What both spreadsheet engines are told: one workbook, a row a form, its expressions at the end of the row."""

    batch = 50
    first_result = 40

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """All forms in one workbook."""
        formulas = [self._formulas(form) for form in forms]
        width = max(map(len, formulas))
        values = self.recalculated(self._book(forms, formulas), len(forms), width)
        return [
            [INEXPRESSIBLE if text is None else value for text, value in zip(texts, row, strict=False)]
            for texts, row in zip(formulas, values, strict=True)
        ]

    @abstractmethod
    def recalculated(self, book: bytes, rows: int, columns: int) -> list[list[Any]]:
        """The values of the formulas."""

    @cached_property
    def _tools(self) -> Any:
        from checklist_kit.targets.workbook.cells import Places
        from checklist_kit.targets.workbook.closure import Closure
        from checklist_kit.targets.workbook.columns import tables
        from checklist_kit.targets.workbook.formulas import RowFormulas

        sheets = tables(CHECKLIST)
        closure = Closure(CHECKLIST)
        return sheets, closure, RowFormulas(Places(sheets), closure, sheets[""])

    def _formulas(self, form: Form) -> list[str | None]:
        from checklist_kit.targets.workbook.closure import Inexpressible

        _, closure, rows = self._tools

        def compiled(condition: Condition) -> str | None:
            try:
                return str(rows.text(closure.when(condition)))
            except Inexpressible:
                return None

        return write_all(form, compiled, self._naive.write)  # type: ignore[arg-type,return-value]

    @cached_property
    def _naive(self) -> naive.Dialect:
        from checklist_kit.targets.workbook.columns import letters

        sheets, _, _ = self._tools

        def cells(symbol: Symbol) -> str:
            item = CHECKLIST.by_name[symbol.name].item
            return (
                f"({self._naive.write(item.calculation.tree)})"
                if item.type == "calculate"
                else sheets[""].cells(symbol.name)
            )  # type: ignore[union-attr]

        def has(symbol: Symbol, code: str) -> str:
            return f"(${letters(sheets[''].span(symbol.name)[0] + symbol.codes.index(code))}5=1)"

        def total(repeat: str, name: str | None) -> str:
            ids = f"'{sheets[repeat].sheet}'!$A$5:$A$5000"
            if name is None:
                return f"COUNTIF({ids},$A5)"
            column = letters(sheets[repeat].span(name)[0])
            return f"SUMIF({ids},$A5,'{sheets[repeat].sheet}'!${column}$5:${column}$5000)"

        return naive.spreadsheet(cells, has, total)

    def _book(self, forms: Sequence[Form], formulas: list[list[str | None]]) -> bytes:
        import xlsxwriter

        sheets, _, _ = self._tools
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            formats = {
                kind: book.add_format({"num_format": f})
                for kind, f in ((datetime.date, "yyyy-mm-dd"), (datetime.time, "hh:mm"))
            }
            main, inner = book.add_worksheet(sheets[""].sheet), book.add_worksheet(sheets["rows"].sheet)
            below = 4
            for number, (form, texts) in enumerate(zip(forms, formulas, strict=True)):
                _write_row(main, 4 + number, sheets[""], {"submission_id": f"s{number}", **form.answers}, formats)
                for position, row in enumerate(form.rows, 1):
                    _write_row(
                        inner,
                        below,
                        sheets["rows"],
                        {"submission_id": f"s{number}", "instance": str(position), **row},
                        formats,
                    )
                    below += 1
                for column, text in enumerate(texts, self.first_result):
                    if text is not None:
                        main.write_formula(4 + number, column, "=" + _moved(text, 5 + number), None, "")
        return stream.getvalue()


def _write_row(sheet: Any, row: int, table: Any, values: dict[str, Any], formats: Any) -> None:
    for column, key in enumerate(table.keys):
        sheet.write_string(row, column, values[key])
    for number, column in enumerate(table.columns, len(table.keys)):
        value = values[column.question.name]
        if isinstance(value, tuple):
            sheet.write_number(row, number, int(column.choice.code in value))
        elif isinstance(value, str):
            sheet.write_string(row, number, value)
        elif isinstance(value, datetime.date | datetime.time):
            sheet.write_datetime(row, number, value, formats[type(value)])
        elif value is not None:
            sheet.write_number(row, number, value)


_CELL = re.compile(r'"(?:[^"]|"")*"|\$([A-Z]{1,3})5\b')


def _moved(formula: str, row: int) -> str:
    return _CELL.sub(lambda found: f"${found[1]}{row}" if found[1] else found[0], formula)


class Formualizer(_Spreadsheet):
    """The spreadsheet engine in a wheel."""

    batch = 10  # its time grows with the square

    def recalculated(self, book: bytes, rows: int, columns: int) -> list[list[Any]]:
        """The values of the formulas."""
        import formualizer

        engine = formualizer.Workbook.from_bytes(book)
        first = self.first_result + 1
        return [
            [engine.evaluate_cell("Responses", 5 + row, first + column) for column in range(columns)]
            for row in range(rows)
        ]


class LibreOffice(_Spreadsheet):
    """LibreOffice Calc, by UNO."""

    def recalculated(self, book: bytes, rows: int, columns: int) -> list[list[Any]]:
        """The values of the formulas."""
        from checklist_kit.targets.workbook.columns import letters

        first, last = letters(self.first_result), letters(self.first_result + columns - 1)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(book)
            found = self._engine.read(path, f"Responses!{first}5:{last}{4 + rows}")
        return [
            [found[f"Responses!{letters(self.first_result + column)}{5 + row}"] for column in range(columns)]
            for row in range(rows)
        ]

    @cached_property
    def _engine(self) -> Any:
        from tests.engines import libreoffice

        return self.stack.enter_context(libreoffice.LibreOffice())
