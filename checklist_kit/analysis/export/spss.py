"""SPSS: text codes with value labels; missing choices and sentinel numbers are user-missing values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from checklist_kit.analysis.export.dataset import Column, Dataset, Sheet, spoken
from checklist_kit.analysis.export.labelled import Labelled, moments
from checklist_kit.analysis.export.notes import Note, cut

NAME, LABEL, VALUE_LABEL, MISSING, MISSING_TEXT, TEXT = 64, 256, 120, 3, 8, 32_767
_RESERVED = frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])
_SHORT = {
    "not_asked": "notasked",
    "not_answered": "notansw",
    "not_observed": "notobs",
    "not_permitted": "notperm",
    "not_applicable": "notappl",
    "dont_know": "dontknow",
    "unreadable": "unread",
}
_MEASURES = {"integer": "scale", "number": "scale", "date": "scale", "time": "scale", "datetime": "scale"}


def write_sav(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write `<table>.sav` for each table. What SPSS cannot hold is made to fit, and noted."""
    return [note for sheet in dataset.sheets for note in _Sav(dataset, sheet, language).write(folder)]


class _Sav(Labelled):
    def __init__(self, dataset: Dataset, sheet: Sheet, language: str) -> None:
        super().__init__(dataset, sheet, language, "sav")
        self.measures: dict[str, str] = {}

    def write(self, folder: Path) -> list[Note]:
        import pyreadstat

        names = self.begin(NAME, _RESERVED, ".")
        for column in self.sheet.columns:
            self._add(names[column.name], column)
        pyreadstat.write_sav(
            pd.DataFrame(self.frame),
            str(folder / self.file),
            file_label=cut(f"{self.dataset.title} {self.dataset.version}", 64),
            column_labels=self.labels,
            variable_value_labels=self.values,
            missing_ranges=self.missing,
            variable_measure=self.measures,
        )
        return self.notes

    def _add(self, name: str, column: Column) -> None:
        self.labels[name] = self._fit(column, column.label(self.language), LABEL, "its label")
        self.measures[name] = _MEASURES.get(column.kind, "nominal") if not column.tick else "nominal"
        if column.kind in ("integer", "number"):
            self.frame[name] = pd.Series(column.numbers)
            codes = {option.code: float(option.code) for option in column.options}
        elif column.kind in ("date", "time", "datetime"):
            self.frame[name] = pd.Series(moments(column), dtype="object")
            codes = {}
        else:
            codes = self._codes(column)
            self.frame[name] = pd.Series(self._texts(column, codes), dtype="object")
        if codes:
            self._describe(name, column, codes)

    def _describe(self, name: str, column: Column, codes: dict[str, Any]) -> None:
        words = {option.code: spoken(option.labels, self.language) or option.code for option in column.options}
        self.values[name] = {
            codes[code]: self._fit(column, words[code], VALUE_LABEL, f"the label of {code}") for code in codes
        }
        missing = [option.code for option in column.options if option.missing]
        if len(missing) > MISSING:
            self.note(column, f"not user-missing, of which there can be {MISSING}: {', '.join(missing[MISSING:])}")
        if missing:
            self.missing[name] = [codes[code] for code in missing[:MISSING]]

    def _codes(self, column: Column) -> dict[str, Any]:
        """The codes as they are, but for missing ones: only short ones can be user-missing."""
        found = {option.code: option.code for option in column.options}
        for option in column.options:
            if option.missing and len(option.code.encode()) > MISSING_TEXT:
                others = {code for key, code in found.items() if key != option.code}
                found[option.code] = _shorter(option.code, others)
                self.note(column, f"the code {option.code} is {found[option.code]}: a missing value has 8 letters")
        return found

    def _texts(self, column: Column, codes: dict[str, Any]) -> list[str]:
        known = [codes.get(text, text) for text in column.texts.categories]
        fitting = [cut(text, TEXT) for text in known]
        if fitting != known:
            self.note(column, f"texts of more than {TEXT:,} bytes were cut; they are whole in the CSV")
        return [fitting[code] if code >= 0 else "" for code in column.texts.codes]

    def _fit(self, column: Column, text: str, size: int, what: str) -> str:
        shown = cut(text, size)
        if shown != text:
            self.note(column, f"{what} was cut after {size} bytes: {text}")
        return shown


def _shorter(code: str, taken: set[str]) -> str:
    """The beginning of a code that fits; a number at its end where that is another code already."""
    short, number = _SHORT.get(code) or code.encode()[:MISSING_TEXT].decode("utf-8", "ignore"), 1
    while short in taken:
        number += 1
        ending = str(number)
        short = code.encode()[: MISSING_TEXT - len(ending)].decode("utf-8", "ignore") + ending
    return short
