"""Workbooks for the tests of the reader: the template filled in, changed as people change it, and read."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

import checklist_kit as ck
from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Submission
from checklist_kit.readers import workbook

FORM = Path(__file__).with_name("workbook") / "form.yaml"
Cells = Mapping[str, Any]
Change = Callable[[openpyxl.Workbook], object]


@cache
def checklist() -> Checklist:
    return ck.load(FORM)


@cache
def _template(language: str) -> bytes:
    (data,) = ck.build(checklist(), "workbook", [language]).files.values()
    return data


def template(language: str = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(_template(language)))


def columns(page: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in page[1] if cell.value is not None}


def filled(path: Path, rows: Mapping[str, list[Cells]], change: Change | None = None) -> Path:
    """The template with rows by sheet, from row 5 on, and then changed."""
    book = template()
    for sheet, cells in rows.items():
        page = book[sheet]
        where = columns(page)
        for number, row in enumerate(cells, 5):
            for name, value in row.items():
                page.cell(number, where[name], value)
    if change:
        change(book)
    book.save(path)
    return path


class Read:
    """What the reader made of a file. Checks the ledger: each cell that was counted is a value or a problem."""

    def __init__(self, path: Path, form: Checklist | None = None) -> None:
        with path.open("rb") as file:
            assert workbook.recognises(path, file.read(4096))
        things = list(workbook.read(form or checklist(), path))
        self.submissions = [thing for thing in things if isinstance(thing, Submission)]
        self.loose = [thing for thing in things if isinstance(thing, Problem)]
        for submission in self.submissions:
            aside = sum(problem.aside for problem in submission.problems)
            assert submission.cells == aside + values_in(submission.record), submission

    @property
    def only(self) -> Submission:
        (submission,) = self.submissions
        return submission

    @property
    def problems(self) -> list[Problem]:
        return [*self.loose, *(problem for submission in self.submissions for problem in submission.problems)]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    def values(self, number: int = 0) -> dict[str, Any]:
        return {key: value for key, value in self.submissions[number].record.values.items() if value not in ("", None)}

    def facts(self) -> list[tuple[str, str, str, bool]]:
        """Code, place, raw text, and whether it was set aside, of all problems."""
        return [(problem.code, problem.place, problem.raw, problem.aside) for problem in self.problems]


def values_in(record: Any) -> int:
    own = sum(value not in ("", None) for value in record.values.values())
    return own + sum(values_in(instance) for instances in record.repeats.values() for instance in instances)
