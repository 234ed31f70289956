"""Stata: numeric codes with value labels; each kind of missing is an extended missing value, `.a` to `.i`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from checklist_kit.analysis.export.dataset import STATUSES, Column, Dataset, Sheet, spoken
from checklist_kit.analysis.export.labelled import Labelled, moments
from checklist_kit.analysis.export.notes import Note, cut

NAME, LABEL, VALUE_LABEL = 32, 80, 32_000
LETTERS = {status: "abcdefghi"[position] for position, status in enumerate(STATUSES[1:])}
"""The extended missing value of each status but `answered`, the same in every file."""

_RESERVED = frozenset(
    [
        *("_all", "_b", "_coef", "_cons", "_n", "_pi", "_pred", "_rc", "_se", "_skip", "byte", "double", "float"),
        *("if", "in", "int", "long", "str", "strl", "using", "with"),
    ]
)
_STEM = "stata_codes"


def write_dta(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write `<table>.dta` for each table, and `stata_codes.csv`, which says what code each number stands for."""
    notes: list[Note] = []
    codes: list[tuple[str, ...]] = []
    for sheet in dataset.sheets:
        if not len(sheet):  # not every reader of the format takes a file without rows
            notes.append(Note(f"{sheet.name}.dta", "", "not written: it has no rows"))
            continue
        table = _Dta(dataset, sheet, language)
        table.write(folder)
        notes += table.notes
        codes += table.codes
    stream = io.StringIO()
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerows([("file", "question", "variable", "number", "code", "label"), *codes])
    (folder / f"{_STEM}.csv").write_text(stream.getvalue(), encoding="utf-8", newline="\n")
    return notes


class _Dta(Labelled):
    def __init__(self, dataset: Dataset, sheet: Sheet, language: str) -> None:
        super().__init__(dataset, sheet, language, "dta")
        self.codes: list[tuple[str, ...]] = []

    def write(self, folder: Path) -> None:
        import pyreadstat

        names = self.begin(NAME, _RESERVED)
        for column in self.sheet.columns:
            self._add(names[column.name], column)
        pyreadstat.write_dta(
            pd.DataFrame(self.frame),
            str(folder / self.file),
            version=15,
            file_label=self._cut(f"{self.dataset.title} {self.dataset.version}"),
            column_labels=self.labels,
            variable_value_labels=self.values,
            missing_user_values=self.missing,
        )

    def _add(self, name: str, column: Column) -> None:
        label = column.label(self.language)
        self.labels[name] = self._cut(label)
        if self.labels[name] != label:
            self.note(column, f"its label was cut after {LABEL} letters: {label}")
        if column.kind in ("integer", "number"):
            sentinels = {option.code: option for option in column.options}
            self._numeric(name, column, column.numbers, {}, sentinels)
        elif column.kind in ("date", "time", "datetime"):
            self.frame[name] = pd.Series(moments(column), dtype="object")
        elif column.options:
            self._choices(name, column)
        else:
            texts = [text if isinstance(text, str) else "" for text in column.texts]
            self.frame[name] = pd.Series(texts, dtype="object")

    def _choices(self, name: str, column: Column) -> None:
        """A select_one: 1, 2, … in the order of the list; missing choices are letters."""
        numbers = {option.code: n for n, option in enumerate((o for o in column.options if not o.missing), 1)}
        known = np.array([numbers.get(text, np.nan) for text in column.texts.categories] + [np.nan], np.float64)
        words = {option.code: spoken(option.labels, self.language) or option.code for option in column.options}
        for code, number in numbers.items():
            self.codes.append((self.file, column.name, name, str(number), code, words[code]))
        labels = {number: words[code] for code, number in numbers.items()}
        missing = {option.code: option for option in column.options if option.missing}
        self._numeric(name, column, known[column.texts.codes], labels, missing)

    def _numeric(self, name: str, column: Column, values: Any, labels: dict[Any, str], missing: dict[str, Any]) -> None:
        """Numbers, and letters where there is no answer of substance."""
        cells = np.where(column.answered, values, np.nan).astype("object")
        for status in np.unique(column.statuses[~column.answered]):
            cells[column.statuses == status] = LETTERS[STATUSES[status]]
        blank = np.array([isinstance(cell, float) and np.isnan(cell) for cell in cells], np.bool_)
        cells[blank] = None
        letters = sorted({cell for cell in cells if isinstance(cell, str)})
        self.frame[name] = pd.Series(cells, dtype="object")
        kinds = Counter(option.missing for option in missing.values())
        for code, option in missing.items():
            letter = LETTERS[option.missing]
            letters = sorted({*letters, letter})
            words = spoken(option.labels, self.language) or code
            self.codes.append((self.file, column.name, name, f".{letter}", code, words))
            if kinds[option.missing] == 1:
                labels[letter] = words
        shared = [kind for kind, number in kinds.items() if number > 1]
        self.notes += [Note(self.file, column.name, f"several answers are .{LETTERS[kind]}: {kind}") for kind in shared]
        for letter in letters:
            kind = next(kind for kind, own in LETTERS.items() if own == letter)
            labels.setdefault(letter, kind.replace("_", " "))
        if labels:
            self.values[name] = {value: cut(text, VALUE_LABEL) for value, text in labels.items()}
        if letters:
            self.missing[name] = letters

    @staticmethod
    def _cut(text: str) -> str:
        return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"
