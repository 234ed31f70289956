"""Tables for other programs: each format with what it calls things, and a note for all that it could not hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable
from importlib import import_module
from pathlib import Path

from checklist_kit.analysis.export.dataset import Dataset, read
from checklist_kit.analysis.export.notes import COLUMNS, Note

# The module and function of each format: those that need a library of an extra are loaded when they are asked for.
_WRITERS = {
    "csv": ("plain", "write_csv"),
    "csv-bom": ("plain", "write_csv_bom"),
    "datapackage": ("plain", "write_csv"),
    "parquet": ("plain", "write_parquet"),
    "feather": ("plain", "write_feather"),
    "xlsx": ("book", "write_book"),
    "sav": ("spss", "write_sav"),
    "dta": ("stata", "write_dta"),
    "ddi": ("ddi", "write_ddi"),
}
FORMATS = tuple(_WRITERS)
Writer = Callable[[Dataset, Path, str], list[Note]]

__all__ = ["FORMATS", "Dataset", "Note", "export", "read"]


def export(
    dataset: Dataset, folder: Path, formats: Iterable[str], language: str | None = None, before: Collection[Note] = ()
) -> list[Note]:
    """Write a dataset in some of FORMATS into a folder; return the notes on it, which also stand in `notes.csv`.

    They say what a format could not hold as it is, after those `before`. `language` is that of labels, the checklist's
    default if None. Raises OSError; ImportError where a format needs a library that is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    spoken = language or next(iter(dataset.languages), "")
    notes = [*before, *(Note("", name, "left out: it is sensitive") for name in dataset.sensitive)]
    for write in dict.fromkeys(map(_writer, formats)):
        notes += write(dataset, folder, spoken)
    _write_notes(folder, notes)
    return notes


def _writer(name: str) -> Writer:
    module, function = _WRITERS[name]
    found: Writer = getattr(import_module(f"{__name__}.{module}"), function)
    return found


def _write_notes(folder: Path, notes: Collection[Note]) -> None:
    stream = io.StringIO()
    rows = ((note.file, note.variable, note.text) for note in notes)
    csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *rows])
    (folder / "notes.csv").write_text(stream.getvalue(), encoding="utf-8", newline="\n")
