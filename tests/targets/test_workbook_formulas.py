"""A workbook's formulas mean what the expressions mean, in two engines, whatever stands in cells that are not asked."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import formualizer
import pytest
import xlsxwriter
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from checklist_kit import source
from checklist_kit.logic import Condition, Kind, Scope, Symbol, analyse, evaluate
from checklist_kit.model import Acknowledge, Checklist, Question, SelectMultiple
from checklist_kit.targets.workbook.cells import Places
from checklist_kit.targets.workbook.closure import Closure, Inexpressible
from checklist_kit.targets.workbook.columns import FIRST_ROW, Table, letters, tables
from checklist_kit.targets.workbook.formulas import RowFormulas
from tests.engines.libreoffice import LibreOffice
from tests.strategies.checklists import checklist_texts
from tests.strategies.expressions import conditions, visible
from tests.strategies.stale import Filled, Row, forms

RESULT = 300  # a column beyond all answers
_HERE = re.compile(r'"(?:[^"]|"")*"|\$([A-Z]{1,3})5\b')


def book(filled: Filled, formulas: Mapping[str, list[str]]) -> bytes:
    """The sheets of the workbook with their answers; each row has the formulas of its sheet at its end."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        formats = {
            datetime.datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            datetime.date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
            datetime.time: workbook.add_format({"num_format": "hh:mm"}),
        }
        for name, table in tables(filled.checklist).items():
            sheet = workbook.add_worksheet(table.sheet)
            for number, row in enumerate(filled.rows.get(name, ()), FIRST_ROW - 1):
                for column, value in cells_of(table, row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif isinstance(value, datetime.date | datetime.time):
                        sheet.write_datetime(number, column, value, formats[type(value)])
                    else:
                        sheet.write_number(number, column, value)
                for column, formula in enumerate(formulas.get(name, ()), RESULT):
                    sheet.write_formula(number, column, "=" + moved(formula, number + 1), None, "")
    return stream.getvalue()


def cells_of(table: Table, row: Row) -> Iterator[tuple[int, Any]]:
    for number, key in enumerate(table.keys):
        yield number, row.cells[key]
    for number, column in enumerate(table.columns, len(table.keys)):
        value = row.cells[column.question.name]
        if value is None:
            continue
        if isinstance(column.question, SelectMultiple):
            yield number, int(column.choice.code in value)
        elif isinstance(column.question, Acknowledge):
            yield number, 1
        else:
            yield number, value


def moved(formula: str, row: int) -> str:
    return _HERE.sub(lambda found: f"${found[1]}{row}" if found[1] else found[0], formula)


@dataclass(repr=False)
class Case:
    """T or F of an expression, and its formula on a sheet."""

    sheet: str
    source: str
    condition: Condition
    wanted: bool
    formula: str


def compiled(checklist: Checklist, sheet: str, text: str) -> Iterator[Case]:
    """T and F of an expression, as formulas of a sheet."""
    entry = checklist.by_name.get(sheet)
    here = (
        Symbol("here", Kind.BROKEN, repeats=(*(r.name for r in entry.repeats), sheet), order=10_000) if entry else None
    )
    tree = analyse(text, Scope(checklist.symbols, here), condition=True).tree
    closure, sheets = Closure(checklist), tables(checklist)
    formulas = RowFormulas(Places(sheets), closure, sheets[sheet])
    for wanted in (True, False):
        try:
            certain = closure.when(tree) if wanted else closure.unless(tree)
            yield Case(sheet, text, tree, wanted, formulas.text(certain))
        except Inexpressible as reason:
            event(reason.code)


def load(text: str) -> Checklist:
    """A checklist without its semantic checks: a question that is never asked is as good a test as any."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checklist.yaml"
        path.write_text(text, encoding="utf-8")
        checklist = source.load(path).checklist
    assert checklist is not None
    return checklist


def own(checklist: Checklist, sheet: str) -> Iterator[Case]:
    """What the form itself asks on a sheet: whether each question is shown, and whether its answer is refused."""
    closure, sheets = Closure(checklist), tables(checklist)
    formulas = RowFormulas(Places(sheets), closure, sheets[sheet])
    for entry in checklist.questions:
        inside = entry.repeats[-1].name if entry.repeats else ""
        constraint = entry.item.constraint if isinstance(entry.item, Question) else None
        for condition, wanted in ((entry.relevance, True), (constraint and constraint.condition, False)):
            if inside != sheet or condition is None:
                continue
            try:
                certain = closure.when(condition) if wanted else closure.unless(condition)
                yield Case(sheet, f"of {entry.item.name}", condition, wanted, formulas.text(certain))
            except Inexpressible as reason:
                event(reason.code)


@st.composite
def filled_forms(draw: st.DrawFn, checklist: Checklist) -> tuple[Filled, list[Case]]:
    """A form as people leave it, with its own conditions and random ones."""
    filled = draw(forms(checklist))
    cases: list[Case] = []
    for sheet in filled.rows:
        entry = checklist.by_name.get(sheet)
        around = (*(r.name for r in entry.repeats), sheet) if entry else ()
        words = visible(Scope(checklist.symbols, Symbol("here", Kind.BROKEN, repeats=around, order=10_000)))
        for text in draw(st.lists(conditions(words), min_size=2, max_size=4)):
            cases += compiled(checklist, sheet, text)
        cases += own(checklist, sheet)
    return filled, cases


def by_sheet(cases: list[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.sheet, []).append(case)
    return found


def expected(filled: Filled, cases: Mapping[str, list[Case]]) -> dict[tuple[str, int, int], bool]:
    return {
        (sheet, number, column): evaluate(case.condition, row.context) is case.wanted
        for sheet, of_sheet in cases.items()
        for number, row in enumerate(filled.rows[sheet], FIRST_ROW)
        for column, case in enumerate(of_sheet, RESULT)
    }


def compare(filled: Filled, cases: list[Case], got: Callable[[str, int, int], Any]) -> None:
    grouped = by_sheet(cases)
    names = {name: table.sheet for name, table in tables(filled.checklist).items()}
    for (sheet, row, column), wanted in expected(filled, grouped).items():
        case = grouped[sheet][column - RESULT]
        value = got(names[sheet], row, column)
        if value is not wanted:
            cells = filled.rows[sheet][row - FIRST_ROW].cells
            letter = "T" if case.wanted else "F"
            pytest.fail(f"{letter}({case.source}) is {wanted}, not {value}\n={case.formula}\n{cells}", pytrace=False)


def formulas_of(cases: list[Case]) -> dict[str, list[str]]:
    return {sheet: [case.formula for case in found] for sheet, found in by_sheet(cases).items()}


def ask_formualizer(filled: Filled, cases: list[Case]) -> None:
    # This engine takes LEFT of one text only, not of a column; it stands in counts over nested repeats.
    cases = [case for case in cases if "LEFT(" not in case.formula]
    engine = formualizer.Workbook.from_bytes(book(filled, formulas_of(cases)))
    compare(filled, cases, lambda sheet, row, column: engine.evaluate_cell(sheet, row, column + 1))


def ask_libreoffice(engine: LibreOffice, path: Path, filled: Filled, cases: list[Case]) -> None:
    path.write_bytes(book(filled, formulas_of(cases)))
    names = {name: table.sheet for name, table in tables(filled.checklist).items()}
    areas = [
        f"{names[sheet]}!{letters(RESULT)}{FIRST_ROW}:"
        f"{letters(RESULT + len(found) - 1)}{FIRST_ROW + len(filled.rows[sheet]) - 1}"
        for sheet, found in by_sheet(cases).items()
    ]
    got = engine.read(path, *areas)
    compare(filled, cases, lambda sheet, row, column: got[f"{sheet}!{letters(column)}{row}"])


@given(st.data())
@settings(max_examples=150, phases=[Phase.generate])
def test_formualizer_agrees(data: st.DataObject) -> None:
    ask_formualizer(*data.draw(checklist_texts().map(load).flatmap(filled_forms)))


def test_libreoffice_agrees(libreoffice: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"

    @given(st.data())
    @settings(max_examples=60, phases=[Phase.generate])
    def agrees(data: st.DataObject) -> None:
        ask_libreoffice(libreoffice, path, *data.draw(checklist_texts().map(load).flatmap(filled_forms)))

    agrees()
