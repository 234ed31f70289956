"""The sheets that are read: Codebook and Instructions by people, `_lists` by cells, `_meta` by the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checklist_kit.model import (
    Calculate,
    Choice,
    Decimal,
    Entry,
    Integer,
    Note,
    Question,
    SelectMultiple,
    SelectOne,
    Sentinel,
    Words,
)
from checklist_kit.targets.workbook.checked import Checked
from checklist_kit.targets.workbook.columns import CODEBOOK, INSTRUCTIONS, LISTS, META, Table
from checklist_kit.targets.workbook.lists import Lists
from checklist_kit.targets.workbook.phrases import MAX_TEXT, Phrases, shortened
from checklist_kit.targets.workbook.styles import LINE, Styles, lines_of
from checklist_kit.targets.workbook.validation import Validations

_PROSE = 110  # the width of the instructions


@dataclass(frozen=True, slots=True)
class ReferenceSheets:
    """Writes the sheets that are read."""

    book: Checked
    styles: Styles
    phrases: Phrases

    def _sheet(self, name: str) -> Checked:
        sheet = Checked(self.book.add_worksheet(name))
        if self.phrases.right_to_left:
            sheet.right_to_left()
        return sheet

    def codebook(self, languages: tuple[str, ...]) -> None:
        """One row a question and choice, with the labels of all languages, and notes and sections where they stand."""
        sheet = self._sheet(CODEBOOK)
        number, name, kind, choice, missing, *rest = self.phrases.several("codebook")
        names = [self.phrases.checklist.languages[language] for language in languages]
        labels = [self.phrases("label_in", language=language) for language in names]
        choices = [self.phrases("choice_in", language=language) for language in names]
        head = [number, name, kind, *labels, choice, *choices, missing, *rest]
        widths = [6, 22, 18, *(40 for _ in labels), 16, *(28 for _ in choices), 16, 24, 10, 10, 28, 28, 40]
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width, self.styles.prose())
            sheet.write_string(0, column, text, self.styles.head())
        row = 0
        for entry in self.phrases.checklist.entries:
            for texts in self._rows(entry, languages):
                row += 1
                _write_row(sheet, row, texts)
                sheet.set_row(row, LINE * max(map(lines_of, texts, widths)))
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        _print_wide(sheet)
        sheet.autofilter(0, 0, max(row, 1), len(head) - 1)

    def _rows(self, entry: Entry, languages: tuple[str, ...]) -> Iterator[list[str]]:
        item = entry.item
        section = self.phrases.text(entry.sections[-1].label) if entry.sections else ""
        question = item if isinstance(item, Question) else None
        rule = question.constraint.source if question and question.constraint else ""
        if isinstance(item, Calculate):
            rule = item.calculation.source
        first = [str(entry.number or ""), item.name, item.type, *self._in_all(item.label, languages)]
        facts = [section, question.code if question else "", "*" if question and question.required else ""]
        hint = "\n".join(text for text in map(self.phrases.text, (item.hint, item.guidance_hint)) if text)
        details = [item.relevant.source if item.relevant else "", rule, hint]
        for choice in _choices(item) or [None]:
            yield [*first, *self._choice(choice, languages), *facts, *details]
            details = []  # once is enough: they make a row high

    def _choice(self, choice: Choice | Sentinel | None, languages: tuple[str, ...]) -> list[str]:
        if choice is None:
            return [""] * (len(languages) + 2)
        code = choice.code if isinstance(choice, Choice) else choice.text
        return [code, *self._in_all(choice.label, languages), str(choice.missing or "")]

    def _in_all(self, words: Words, languages: tuple[str, ...]) -> list[str]:
        return [self.phrases.text({language: words[language]}) if language in words else "" for language in languages]

    def instructions(self, tables: dict[str, Table], validations: Validations) -> None:
        """How to fill in the workbook, sheet by sheet, and the notes of the checklist."""
        sheet = self._sheet(INSTRUCTIONS)
        checklist, phrases = self.phrases.checklist, self.phrases
        sheet.set_column(0, 0, 4, self.styles.mark())
        sheet.set_column(1, 1, _PROSE, self.styles.prose())
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, shortened(phrases.text(checklist.title), MAX_TEXT), self.styles.title())
        sheet.write_string(1, 0, f"{checklist.id} · {checklist.version}", self.styles.aside())
        texts = phrases.several("instructions")
        for name, table in tables.items():
            if table.repeat is not None:
                instance = validations.instance_hint(table.repeat, tables).replace("\n", " ", 1).replace("\n", "; ")
                label = phrases.text(table.repeat.item.label) or name
                texts = [*texts, phrases("repeat", sheet=table.sheet, label=label, instance=instance)]
        notes = [phrases.text(entry.item.label) for entry in checklist.entries if isinstance(entry.item, Note)]
        for row, text in enumerate(texts, 3):
            _write_row(sheet, row, [str(row - 2), text])
            sheet.set_row(row, LINE * lines_of(text, _PROSE))
        for row, text in enumerate(notes, len(texts) + 4):
            _write_row(sheet, row, ["", text])
            sheet.set_row(row, LINE * lines_of(text, _PROSE))
        _print_wide(sheet)

    def lists(self, lists: Lists) -> None:
        """What cells choose from, hidden; and the names that validations know it by."""
        sheet = Checked(self.book.add_worksheet(LISTS))
        for column, (name, values) in enumerate(lists.values.items()):
            sheet.write_string(0, column, name)
            for row, value in enumerate(values, 1):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                else:
                    sheet.write_number(row, column, value)
        sheet.hide()
        for name, cells in lists.ranges().items():
            self.book.define_name(name, cells)

    def meta(self, tables: dict[str, Table]) -> None:
        """What this workbook is and where each column stands, hidden; the first facts as document properties too."""
        checklist = self.phrases.checklist
        facts = {"checklist": checklist.id, "version": checklist.version, "hash": checklist.hash}
        sheet = Checked(self.book.add_worksheet(META))
        for row, (key, value) in enumerate({**facts, "language": self.phrases.language}.items()):
            _write_row(sheet, row, [key, value])
        head = ["sheet", "repeat", "column", "id", "item", "choice", "type"]
        for row, texts in enumerate([head, *_columns(tables)], len(facts) + 2):
            _write_row(sheet, row, texts)
        sheet.hide()
        for key, value in facts.items():
            self.book.set_custom_property(key, shortened(value, 255), "text")


def _columns(tables: dict[str, Table]) -> Iterator[list[str]]:
    for name, table in tables.items():
        for number, key in enumerate(table.keys, 1):
            yield [table.sheet, name, str(number), key, "", "", ""]
        for number, column in enumerate(table.columns, len(table.keys) + 1):
            choice = column.choice.code if column.choice else ""
            yield [table.sheet, name, str(number), column.id, column.question.name, choice, column.question.type]


def _choices(item: object) -> list[Choice | Sentinel | None]:
    if isinstance(item, SelectOne | SelectMultiple):
        return list(item.choices.choices)
    return list(item.missing) if isinstance(item, Integer | Decimal) else []


def _write_row(sheet: Checked, row: int, texts: list[str]) -> None:
    for column, text in enumerate(texts):
        if text:
            sheet.write_string(row, column, shortened(text, MAX_TEXT))


def _print_wide(sheet: Checked) -> None:
    """On paper the whole width fits on a page."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
