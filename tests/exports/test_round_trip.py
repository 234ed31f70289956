"""Whatever is exported, the real reader of the format gets the answers back."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.feather as feather
import pyreadstat
from frictionless import Package
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.analysis import tabulate
from checklist_kit.analysis.export import Dataset, Note, export, read
from checklist_kit.analysis.export.dataset import STATUSES, Column, Sheet
from checklist_kit.analysis.export.stata import LETTERS
from checklist_kit.analysis.write import write
from checklist_kit.model import Checklist
from tests.analysis.helpers import submission
from tests.analysis.test_whole_forms import as_raw
from tests.strategies.checklists import checklists
from tests.strategies.stale import forms


@contextmanager
def exported(checklist: Checklist, data: st.DataObject, *formats: str) -> Iterator[tuple[Dataset, Path, list[Note]]]:
    filled = data.draw(forms(checklist))
    tables = tabulate(checklist, [submission(as_raw(one), f"s{n}") for n, one in enumerate(filled.given)])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(tables, folder / "tables")
        dataset = read(folder / "tables")
        answers = tables.answers
        assert sum(len(sheet) * len(sheet.columns) for sheet in dataset.sheets) == len(answers)
        yield dataset, folder / "out", export(dataset, folder / "out", formats)


def cells(column: Column) -> list[str | None]:
    """The canonical texts of a column, None where there is none."""
    return [text if isinstance(text, str) else None for text in column.texts]


def moment(column: Column, text: str) -> Any:
    kinds: dict[str, Any] = {"date": datetime.date, "time": datetime.time, "datetime": datetime.datetime}
    found = kinds[column.kind].fromisoformat(text)
    return found if column.kind == "date" else found.replace(tzinfo=None)


def new_name(notes: list[Note], file: str, name: str) -> str:
    for note in notes:
        if (note.file, note.variable) == (file, name) and note.text.startswith("is called "):
            return note.text.removeprefix("is called ")
    return name


def same(column: Column, text: str | None, got: Any) -> bool:
    """Whether a reader got the answer that stands in the tables."""
    blank = got == "" if isinstance(got, str) else pd.isna(got)
    if text is None:
        return bool(blank)
    if blank:
        return False
    if column.kind in ("integer", "number"):
        return float(got) == float(text)
    if column.kind in ("date", "time", "datetime"):
        return bool(got == moment(column, text))
    return bool(got == text)


@given(checklists(), st.data())
@settings(max_examples=8)
def test_spss(checklist: Checklist, data: st.DataObject) -> None:
    with exported(checklist, data, "sav") as (dataset, folder, notes):
        for sheet in dataset.sheets:
            file = f"{sheet.name}.sav"
            frame, meta = pyreadstat.read_sav(folder / file, user_missing=True)
            assert len(frame) == len(sheet)
            for column in sheet.columns:
                name = new_name(notes, file, column.name)
                short = shortened(notes, file, column.name)
                for text, got in zip(cells(column), frame[name], strict=True):
                    assert same(column, short.get(text or "", text), got), (column.name, text, got)
                declared = meta.missing_ranges.get(name, [])
                missing = [short.get(option.code, option.code) for option in column.options if option.missing]
                assert [str(one["lo"]).removesuffix(".0") for one in declared] == missing[:3], column.name
                assert len(meta.column_names_to_labels[name] or "") <= 256


def shortened(notes: list[Note], file: str, name: str) -> dict[str, str]:
    """The codes of missing choices that had to become shorter."""
    found = {}
    for note in notes:
        if (note.file, note.variable) == (file, name) and note.text.startswith("the code "):
            old, _, new = note.text.removeprefix("the code ").partition(" is ")
            found[old] = new.partition(":")[0]
    return found


@given(checklists(), st.data())
@settings(max_examples=8)
def test_stata(checklist: Checklist, data: st.DataObject) -> None:
    with exported(checklist, data, "dta") as (dataset, folder, notes):
        codes = pd.read_csv(folder / "stata_codes.csv", dtype=str, keep_default_na=False)
        for sheet in dataset.sheets:
            file = f"{sheet.name}.dta"
            if not len(sheet):
                assert Note(file, "", "not written: it has no rows") in notes
                continue
            frame, meta = pyreadstat.read_dta(folder / file, user_missing=True)
            assert len(frame) == len(sheet)
            for column in sheet.columns:
                name = new_name(notes, file, column.name)
                assert len(name) <= 32
                own = codes[(codes["file"] == file) & (codes["variable"] == name)]
                stands_for = dict(zip(own["number"], own["code"], strict=True))
                for text, status, got in zip(cells(column), column.statuses, frame[name], strict=True):
                    check_stata(column, text, STATUSES[status], got, stands_for)
                assert len(meta.column_names_to_labels[name] or "") <= 80


def check_stata(column: Column, text: str | None, status: str, got: Any, stands_for: dict[str, str]) -> None:
    numeric = column.kind in ("integer", "number") or (bool(column.options) and column.kind == "string")
    if not numeric:
        assert same(column, text, got), (column.name, text, got)
    elif status != "answered":
        assert got == LETTERS[status], (column.name, status, got)
    elif column.kind == "string":
        assert stands_for[str(int(got))] == text
    else:
        assert same(column, text, got)


@given(checklists(), st.data())
@settings(max_examples=8)
def test_csv_is_what_its_data_package_says(checklist: Checklist, data: st.DataObject) -> None:
    with exported(checklist, data, "datapackage") as (dataset, folder, _):
        package = Package(str(folder / "datapackage.json"))
        report = package.validate()
        assert report.valid, report.flatten(["type", "message"])
        for sheet in dataset.sheets:
            frame = pd.read_csv(folder / f"{sheet.name}.csv", dtype=str, keep_default_na=False, na_values=[""])
            check_wide(sheet, frame)


@given(checklists(), st.data())
@settings(max_examples=8)
def test_parquet_and_feather(checklist: Checklist, data: st.DataObject) -> None:
    with exported(checklist, data, "parquet", "feather") as (dataset, folder, _):
        for sheet in dataset.sheets:
            check_wide(sheet, pd.read_parquet(folder / f"{sheet.name}.parquet"))
            check_wide(sheet, feather.read_table(folder / f"{sheet.name}.feather").to_pandas())
        long = pd.read_parquet(folder / "answers.parquet")
        assert len(long) == sum(len(sheet) * len(sheet.columns) for sheet in dataset.sheets)


def check_wide(sheet: Sheet, frame: pd.DataFrame) -> None:
    assert list(frame.columns) == [*sheet.keys, *(column.name for column in sheet.columns)]
    assert frame["submission_id"].astype("str").tolist() == sheet.keys["submission_id"]
    for column in sheet.columns:
        for text, status, got in zip(cells(column), column.statuses, frame[column.name], strict=True):
            number = column.kind in ("integer", "number")
            wanted = None if number and STATUSES[status] != "answered" else text  # a sentinel is not a number
            if wanted is not None and column.kind in ("date", "datetime"):
                assert pd.Timestamp(got) == pd.Timestamp(moment(column, wanted))
            elif isinstance(got, str) and wanted is not None and not number:
                assert got in (wanted, f"'{wanted}")
            else:
                assert same(column, wanted, got), (column.name, wanted, got)
