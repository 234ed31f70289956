"""The sheets that are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import ceil

from checklist_kit.model import Section
from checklist_kit.targets.workbook.checked import Checked
from checklist_kit.targets.workbook.columns import FIRST_ROW, LAST_ROW, Column, Table, letters
from checklist_kit.targets.workbook.phrases import MAX_TEXT, Phrases, shortened
from checklist_kit.targets.workbook.rules import Look, Rule
from checklist_kit.targets.workbook.styles import LINE, TEXT, Styles, lines_of, number_format
from checklist_kit.targets.workbook.validation import Options, Validations

_NARROWEST, _WIDEST = 10, 38
_MAX_LINES = 8  # the headings are frozen: they must leave room for the rows
_FIRST, _LAST = FIRST_ROW - 1, LAST_ROW - 1  # as the library counts


class AnswerSheets:
    """Writes the sheets that are filled in."""

    def __init__(self, book: Checked, styles: Styles, phrases: Phrases, validations: Validations) -> None:
        self._book = book
        self._styles = styles
        self._phrases = phrases
        self._validations = validations
        sections = (entry.item for entry in phrases.checklist.entries if isinstance(entry.item, Section))
        self._sections = {section.name: number for number, section in enumerate(sections, 1)}

    def write(self, table: Table, ruled: Iterable[tuple[Column, Rule]], tables: dict[str, Table]) -> None:
        """Write one sheet: headings, column styles, validations and the colours of the rules."""
        sheet = Checked(self._book.add_worksheet(table.sheet))
        if self._phrases.right_to_left:
            sheet.right_to_left()
        lines = {"label": 1, "hint": 1}
        for number, key in enumerate(table.keys):
            self._key(sheet, number, key, table, tables)
        rules = []
        for column, rule in ruled:
            self._column(sheet, column, rule.column, lines)
            options = self._validations.of(column, table, rule.formulas.get(Look.BROKEN, ""))
            self._validate(sheet, rule.column, options)
            rules.append(rule)
        self._colour(sheet, table, rules)
        sheet.set_row(0, None, None, {"hidden": True})
        for row, height in ((2, lines["label"]), (3, lines["hint"])):
            sheet.set_row(row, LINE * min(height, _MAX_LINES) + 3)
        sheet.freeze_panes(_FIRST, len(table.keys))
        sheet.set_landscape()
        sheet.repeat_rows(1, _FIRST - 1)
        sheet.repeat_columns(0, len(table.keys) - 1)

    def _key(self, sheet: Checked, number: int, key: str, table: Table, tables: dict[str, Table]) -> None:
        free = key == "instance" and table.repeat is not None and not self._validations.named(table.repeat)
        sheet.set_column(number, number, 16, self._styles.answers("0" if free else TEXT))
        for row, (name, text) in enumerate(
            (("id", key), ("number", "#"), ("label", f"{self._phrases(key)} ({key})"), ("hint", ""))
        ):
            _write(sheet, row, number, text, self._styles.heading(name, None))
        self._validate(sheet, number, self._validations.key(key, table, tables))

    def _column(self, sheet: Checked, column: Column, number: int, lines: dict[str, int]) -> None:
        phrases, question = self._phrases, column.question
        texts = {
            "id": column.id,
            "number": str(column.entry.number),
            "label": phrases.heading(column),
            "hint": phrases.text(question.hint) if column.first else "",
        }
        # A choice repeats the label of its question: it may be narrower, and higher.
        width = ceil(max(len(texts["label"]) / (5 if column.choice else 3), len(texts["hint"]) / 5))
        width = min(max(_NARROWEST, width), _WIDEST)
        sheet.set_column(number, number, width, self._styles.answers(number_format(question)))
        section = self._sections[column.entry.sections[-1].name] if column.entry.sections else 0
        for row, (name, text) in enumerate(texts.items()):
            _write(sheet, row, number, text, self._styles.heading(name, section))
        for name in lines:
            lines[name] = max(lines[name], lines_of(texts[name], width))

    def _validate(self, sheet: Checked, number: int, options: Options) -> None:
        sheet.data_validation(_FIRST, number, _LAST, number, options)

    def _colour(self, sheet: Checked, table: Table, rules: list[Rule]) -> None:
        """One conditional format for neighbouring columns that share a formula; the first look that applies ends it."""
        for look in Look:
            for formula, first, last in _runs(rules, look):
                options = {
                    "type": "formula",
                    "criteria": f"={formula}",
                    "format": self._styles.look(look),
                    "stop_if_true": True,
                }
                sheet.conditional_format(_FIRST, first, _LAST, last, options)
        for formula in _wrong_keys(table):
            options = {"type": "formula", "criteria": f"={formula}", "format": self._styles.look(Look.BROKEN)}
            sheet.conditional_format(_FIRST, 0, _LAST, len(table.keys) - 1, options)


def _runs(rules: list[Rule], look: Look) -> Iterator[tuple[str, int, int]]:
    for formula, run in groupby(rules, key=lambda rule: rule.formulas.get(look)):
        columns = [rule.column for rule in run]
        if formula:
            yield formula, columns[0], columns[-1]


def _wrong_keys(table: Table) -> Iterator[str]:
    """True where two rows have the same keys, or where a repeat's row belongs to no submission."""
    keys = "*".join(
        f"(${letters(number)}${FIRST_ROW}:${letters(number)}${LAST_ROW}=${letters(number)}{FIRST_ROW})"
        for number in range(len(table.keys))
    )
    yield f'IF($A{FIRST_ROW}="",FALSE(),SUMPRODUCT(1*{keys})>1)'
    if table.repeat is not None:
        yield f"AND($A{FIRST_ROW}<>\"\",ISNA(MATCH($A{FIRST_ROW},'Responses'!$A${FIRST_ROW}:$A${LAST_ROW},0)))"


def _write(sheet: Checked, row: int, column: int, text: str, style: object) -> None:
    """Write a text as a text, whatever it begins with."""
    if text:
        sheet.write_string(row, column, shortened(text, MAX_TEXT), style)
    else:
        sheet.write_blank(row, column, None, style)
