"""Formualizer, a spreadsheet engine in a wheel: quick enough for property tests; LibreOffice confirms it."""

from collections.abc import Sequence
from typing import Any

import formualizer
from openpyxl.utils import column_index_from_string

from tests.engines.spreadsheet import RESULTS, Case, CellError, Value, at_row, plain

_CODES = {"Div": "#DIV/0!", "Name": "#NAME?", "Value": "#VALUE!", "Ref": "#REF!", "Na": "#N/A", "Num": "#NUM!"}


def evaluate(cases: Sequence[Case]) -> list[Value]:
    """Evaluate each formula over its own inputs, all in one workbook, one row a case."""
    book = formualizer.Workbook()
    sheet = book.sheet("Cases")
    result = column_index_from_string(RESULTS)
    for row, (formula, inputs) in enumerate(cases, 1):
        for name, value in inputs.items():
            if value is not None:
                sheet.set_value(row, column_index_from_string(name), value)
        sheet.set_formula(row, result, at_row(formula, row))
    return [_value(book.evaluate_cell("Cases", row, result)) for row in range(1, len(cases) + 1)]


def _value(value: Any) -> Value:
    return CellError(_CODES.get(value["kind"], str(value["kind"]))) if isinstance(value, dict) else plain(value)
