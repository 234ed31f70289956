"""The tables that findings are made of, from memory or from a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from checklist_kit.analysis.tables import Tables
from checklist_kit.protocols import UnreadableFile

_ANSWERS = ("submission_id", "item", "instance", "choice", "status", "value")
_SUBMISSIONS = ("submission_id", "unit", "received_at")


@dataclass(frozen=True, slots=True)
class Source:
    """Who answered, and what. All columns are categories of text."""

    submissions: pd.DataFrame
    answers: pd.DataFrame


def source_of(tables: Tables | Path) -> Source:
    """Return the tables in memory or those of a folder. Raises UnreadableFile when one is not there or not whole."""
    if isinstance(tables, Tables):
        parts = [tables.answers, tables.restricted]
        submissions = tables.submissions
    else:
        parts = [read_table(tables, "answers", _ANSWERS)]
        if _file(tables, "restricted") is not None:
            parts.append(read_table(tables, "restricted", _ANSWERS))
        submissions = read_table(tables, "submissions", _SUBMISSIONS)
    filled = [part[list(_ANSWERS)] for part in parts if len(part)]
    answers = pd.concat(filled) if len(filled) > 1 else (filled or parts)[0]
    return Source(_categories(submissions, _SUBMISSIONS), _categories(answers, _ANSWERS))


def _categories(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    return frame[list(columns)].astype("category")


def has_tables(folder: Path) -> bool:
    """Whether a folder holds tables that answers were written to."""
    return _file(folder, "answers") is not None


def _file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.is_file()), None)


def read_table(folder: Path, name: str, columns: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return a table of a folder, some columns or all, as categories of text, verbatim: only an empty cell is blank.

    Raises UnreadableFile when it is not there or not whole.
    """
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    path = _file(folder, name)
    if path is None:
        raise UnreadableFile("file-unreadable", f"{folder} holds no table `{name}`; run `checklist parse` first")
    try:
        if path.suffix == ".parquet":
            found = pq.read_table(path, columns=list(columns) if columns else None)
            return pd.DataFrame(found.to_pandas())
        columns = columns or _heading(path)
        convert = pc.ConvertOptions(
            include_columns=list(columns),
            column_types=dict.fromkeys(columns, pa.dictionary(pa.int32(), pa.string())),
            null_values=[""],
            strings_can_be_null=True,
        )
        parse, read = pc.ParseOptions(newlines_in_values=True), pc.ReadOptions(block_size=1 << 26)
        return pd.DataFrame(pc.read_csv(path, read, parse, convert).to_pandas())
    except (pa.ArrowException, KeyError) as error:
        raise UnreadableFile("file-unreadable", f"{path} is no table of `checklist parse`: {error}") from error


def _heading(path: Path) -> tuple[str, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file), ()))
