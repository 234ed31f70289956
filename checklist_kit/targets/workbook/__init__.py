"""The workbook: one file with all languages, in which observers fill in a row a form."""

from __future__ import annotations

import datetime
import io

from checklist_kit.diagnostics import DefinitionError, Diagnostic
from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from checklist_kit.targets.workbook.answers import AnswerSheets
from checklist_kit.targets.workbook.cells import Places
from checklist_kit.targets.workbook.checked import Checked
from checklist_kit.targets.workbook.closure import Closure
from checklist_kit.targets.workbook.columns import MAX_COLUMNS, tables
from checklist_kit.targets.workbook.formulas import RowFormulas
from checklist_kit.targets.workbook.lists import Lists
from checklist_kit.targets.workbook.losses import losses
from checklist_kit.targets.workbook.phrases import Phrases
from checklist_kit.targets.workbook.reference import ReferenceSheets
from checklist_kit.targets.workbook.rules import Rules
from checklist_kit.targets.workbook.styles import Styles
from checklist_kit.targets.workbook.validation import Validations

_CREATED = datetime.datetime(2000, 1, 1)  # a constant, so that the same checklist gives the same bytes


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.workbook.xlsx`, shown in the first of the languages; the labels of all stand on the sheet Codebook.

    Raises DefinitionError where a sheet would need more columns than a spreadsheet has.
    """
    import xlsxwriter

    phrases = Phrases(checklist, languages[0])
    found = list(losses(phrases))
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": phrases.text(checklist.title)[:255], "created": _CREATED})
        _write(Checked(workbook), phrases, languages, found)
    return Artifact({f"{checklist.id}.workbook.xlsx": data.getvalue()}, tuple(dict.fromkeys(found)))


def _write(book: Checked, phrases: Phrases, languages: tuple[str, ...], found: list[Diagnostic]) -> None:
    checklist = phrases.checklist
    sheets = tables(checklist)
    _check_width(checklist, max(len(table.keys) + len(table.columns) for table in sheets.values()))
    styles, lists = Styles(book), Lists()
    validations = Validations(phrases, lists)
    answers = AnswerSheets(book, styles, phrases, validations)
    closure, places = Closure(checklist), Places(sheets)
    for table in sheets.values():
        answers.write(table, Rules(checklist, closure, RowFormulas(places, closure, table), found), sheets)
    reference = ReferenceSheets(book, styles, phrases)
    reference.codebook(languages)
    reference.instructions(sheets, validations)
    reference.lists(lists)
    reference.meta(sheets)


def _check_width(checklist: Checklist, columns: int) -> None:
    if columns > MAX_COLUMNS:
        message = f"a sheet would need {columns} columns, and a spreadsheet has {MAX_COLUMNS}"
        raise DefinitionError([Diagnostic.of("workbook-too-wide", message, checklist.span)])
