"""What a statistics program is told of a table: its columns under names that it accepts, with labels."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from checklist_kit.analysis.export.dataset import MOMENTS, Column, Dataset, Sheet
from checklist_kit.analysis.export.names import short_names
from checklist_kit.analysis.export.notes import Note


class Labelled:
    """The columns of a table as they are put together: what they hold, their labels, and those of their values.

    `missing` are the values of each that stand for no answer, `notes` what could not be taken as it is.
    """

    def __init__(self, dataset: Dataset, sheet: Sheet, language: str, ending: str) -> None:
        self.dataset, self.sheet, self.language = dataset, sheet, language
        self.file = f"{sheet.name}.{ending}"
        self.notes: list[Note] = []
        self.frame: dict[str, Any] = {}
        self.labels: dict[str, str | None] = {}
        self.values: dict[str, dict[Any, str]] = {}
        self.missing: dict[str, list[Any]] = {}

    def note(self, column: Column, text: str) -> None:
        """Say what of a column is otherwise than in the tables."""
        self.notes.append(Note(self.file, column.name, text))

    def begin(self, limit: int, reserved: Collection[str], keep: str = "") -> dict[str, str]:
        """Put the keys in, and return the names of all columns."""
        names = short_names([*self.sheet.keys, *(column.name for column in self.sheet.columns)], limit, reserved, keep)
        self.notes += [Note(self.file, old, f"is called {new}") for old, new in names.items() if old != new]
        for key, cells in self.sheet.keys.items():
            self.frame[names[key]] = pd.Series(cells, dtype="object")
            self.labels[names[key]] = key
        return names


def moments(column: Column) -> list[Any]:
    """Dates, times or datetimes as Python has them; the clock on the wall counts."""
    known = [MOMENTS[column.kind](text) for text in column.texts.categories]
    if column.kind != "date":
        known = [moment.replace(tzinfo=None) for moment in known]
    return [known[code] if code >= 0 else None for code in column.texts.codes]
