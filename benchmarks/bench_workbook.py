"""The workbook channel: making the template, and reading it filled."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from benchmarks.forms import answers, checklist
from benchmarks.work import Work

_QUESTIONS, _ROWS = 200, 5_000
_READ_QUESTIONS, _READ_ROWS = 150, 10_000


def write_form(folder: Path) -> None:
    """Write the definition that the template is made of."""
    (folder / "form.yaml").write_text(checklist(_QUESTIONS), encoding="utf-8")


def load_form(folder: Path) -> Any:
    """Load the definition and the libraries, which both sides have before they begin."""
    import xlsxwriter  # noqa: F401 - the import shall not count

    import checklist_kit
    from checklist_kit.registry import load_target

    load_target("workbook")
    return checklist_kit.load(folder / "form.yaml")


def build_template(loaded: Any) -> None:
    """Make the template as `checklist build -t workbook` does."""
    import checklist_kit

    checklist_kit.build(loaded, "workbook")


def bare_template(loaded: Any) -> None:
    """Write the same columns with xlsxwriter alone: header, styles, validations and conditional formats by column."""
    import xlsxwriter

    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    sheet, lists = book.add_worksheet("Responses"), book.add_worksheet("_lists")
    text, grey, red = (
        book.add_format({"num_format": "@"}),
        book.add_format({"bg_color": "#ddd"}),
        book.add_format({"bg_color": "#fbb"}),
    )
    for number, choices in enumerate(loaded.choices.values()):
        lists.write_column(0, number, choices.codes)
    column = 0
    for entry in loaded.questions:
        for choice in entry.item.choices.codes if entry.item.type == "select_multiple" else ("",):
            name = f"{entry.item.name}.{choice}" if choice else entry.item.name
            sheet.write_column(0, column, (name, entry.number, entry.item.label["en"], entry.item.hint["en"]))
            sheet.set_column(column, column, 14, text)
            sheet.data_validation(4, column, 4 + _ROWS, column, {"validate": "list", "source": "=_lists!$A$1:$A$3"})
            if entry.item.type == "integer":
                area = (4, column, 4 + _ROWS, column)
                sheet.conditional_format(*area, {"type": "formula", "criteria": f"=$A5<>{column}", "format": grey})
                sheet.conditional_format(*area, {"type": "formula", "criteria": f"=$A5>{column}", "format": red})
            column += 1
    sheet.freeze_panes(4, 1)
    book.close()


def write_filled(folder: Path) -> None:
    """Fill a template with made-up answers, as a file that any spreadsheet program could have written."""
    import xlsxwriter

    import checklist_kit

    (folder / "form.yaml").write_text(checklist(_READ_QUESTIONS), encoding="utf-8")
    loaded = checklist_kit.load(folder / "form.yaml")
    columns = ["submission_id"]
    for entry in loaded.questions:
        codes = entry.item.choices.codes if entry.item.type == "select_multiple" else None
        columns += [f"{entry.item.name}.{code}" for code in codes] if codes else [entry.item.name]
    with xlsxwriter.Workbook(folder / "filled.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Responses")
        sheet.write_row(0, 0, columns)
        for row in range(3):
            sheet.write_row(row + 1, 0, [""])
        for row in range(_READ_ROWS):
            data = answers(_READ_QUESTIONS, row)
            sheet.write_row(row + 4, 0, [f"s{row}", *(_cell(data, column) for column in columns[1:])])


def _cell(data: dict[str, object], column: str) -> object:
    name, _, code = column.partition(".")
    value = data.get(name)
    return (1 if code in value else 0) if isinstance(value, list) else value


def parse_filled(folder: Path) -> None:
    """Read, coerce and tabulate, from the definition's file to the tables."""
    import checklist_kit

    tables = checklist_kit.parse(checklist_kit.load(folder / "form.yaml"), [folder / "filled.xlsx"])
    assert len(tables.submissions) == _READ_ROWS


def read_with_pandas(folder: Path) -> None:
    """Only read the cells, with pandas and openpyxl."""
    import pandas

    assert len(pandas.read_excel(folder / "filled.xlsx", engine="openpyxl")) >= _READ_ROWS


WORKS = [
    Work(
        f"workbook for {_QUESTIONS} questions x {_ROWS:,} rows",
        write_form,
        build_template,
        bare_template,
        "bare xlsxwriter, styled by column",
        1.2,
        before=load_form,
    ),
    Work(
        f"workbook of {_READ_ROWS:,} x {_READ_QUESTIONS}: read, coerce, tables",
        write_filled,
        parse_filled,
        read_with_pandas,
        "pandas.read_excel(engine='openpyxl') alone",
        0.3,
    ),
]
