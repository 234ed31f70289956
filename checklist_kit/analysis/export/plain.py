"""Wide tables, the long one and the codebook, as CSV, Parquet and Feather; a data package beside the first two."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from checklist_kit.analysis.csvtext import csv_parts
from checklist_kit.analysis.export.dataset import STATUSES, Column, Dataset, Sheet, spoken
from checklist_kit.analysis.export.notes import Note

_FORMULA = re.compile(r"[=+@\t\r]|-(?![0-9]+(\.[0-9]+)?$)")
Field = dict[str, Any]


def write_csv(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write UTF-8 CSV with a data package. Text that a spreadsheet would take for a formula gets a leading `'`."""
    return _write_csv(dataset, folder, language, b"")


def write_csv_bom(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write the same CSV behind the mark by which Excel knows UTF-8."""
    return _write_csv(dataset, folder, language, b"\xef\xbb\xbf")


def _write_csv(dataset: Dataset, folder: Path, language: str, head: bytes) -> list[Note]:
    notes: list[Note] = []
    resources = []
    for name, frame, fields in _tables(dataset, language):
        file = f"{name}.csv"
        harmless = frame.copy(deep=False)
        for column in frame.columns:
            harmless[column], changed = _neutral(frame[column])
            if changed:
                notes.append(Note(file, column, f"{changed} texts begin like a formula and got a leading '"))
        types = {field["name"]: field["type"] for field in fields}
        with (folder / file).open("wb") as stream:
            stream.write(head)
            for part in csv_parts(harmless, types):
                stream.write(part)
        resources.append(_resource(name, file, fields))
    _write_package(dataset, folder, resources)
    return notes


def write_parquet(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write Parquet, codes as categories, with a data package."""
    import pyarrow.parquet as pq

    resources = []
    for name, frame, fields in _tables(dataset, language):
        pq.write_table(_arrow(frame, fields), folder / f"{name}.parquet", compression="zstd")
        resources.append(_resource(name, f"{name}.parquet", fields))
    _write_package(dataset, folder, resources)
    return []


def write_feather(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write Feather (version 2), which R's arrow package reads: codes are factors."""
    import pyarrow.feather as feather

    for name, frame, fields in _tables(dataset, language):
        feather.write_feather(_arrow(frame, fields), str(folder / f"{name}.feather"), compression="zstd")
    return []


def _tables(dataset: Dataset, language: str) -> Iterator[tuple[str, pd.DataFrame, list[Field]]]:
    for sheet in dataset.sheets:
        yield sheet.name, wide(sheet), _fields(sheet, language)
    answers = long(dataset)
    yield "answers", answers, [{"name": name, "type": "string"} for name in answers.columns]
    codebook = dataset.codebook[~dataset.codebook["item"].isin(dataset.sensitive)]
    yield "codebook", codebook.astype("category"), [{"name": str(name), "type": "string"} for name in codebook.columns]


def wide(sheet: Sheet) -> pd.DataFrame:
    """One typed column a question; missing answers that are choices stand in it, sentinel numbers do not."""
    columns: dict[str, Any] = {key: _categories(cells) for key, cells in sheet.keys.items()}
    return pd.DataFrame(columns | {column.name: typed(column) for column in sheet.columns}, copy=False)


def typed(column: Column) -> Any:
    """The values of a column as pandas holds them: Int64, float64, datetime64, or a category."""
    match column.kind:
        case "integer":
            whole = np.where(column.answered, column.numbers, np.nan)
            return pd.array(whole, "Float64").astype("Int64")
        case "number":
            return np.where(column.answered, column.numbers, np.nan)
        case "date" | "datetime":
            known = [pd.Timestamp(text).tz_localize(None).to_datetime64() for text in column.texts.categories]
            moments = np.array([*known, np.datetime64("NaT")], "datetime64[s]")
            return moments[column.texts.codes]
        case _ if column.options:
            order = [option.code for option in column.options if option.code in column.texts.categories]
            return column.texts.set_categories(order)
        case _:
            return column.texts


def long(dataset: Dataset) -> pd.DataFrame:
    """One row a case x question x choice, with why an answer is missing: what wide tables cannot say."""
    parts = []
    for sheet in dataset.sheets:
        rows = len(sheet)
        instance = _categories(sheet.keys.get("instance", [""] * rows))
        ids = _categories(sheet.keys["submission_id"])
        for column in sheet.columns:
            constant = [column.variable.name, column.tick.code if column.tick else ""]
            item, choice = (
                pd.Categorical.from_codes(np.zeros(rows, np.int8), categories=pd.Index([one])) for one in constant
            )
            status = pd.Categorical.from_codes(column.statuses, categories=pd.Index(STATUSES, dtype="str"))
            parts.append((ids, item, instance, choice, status, column.texts))
    names = ("submission_id", "item", "instance", "choice", "status", "value")
    if not parts:
        return pd.DataFrame({name: pd.Categorical([]) for name in names})
    from pandas.api.types import union_categoricals

    joined = [union_categoricals(list(column)) for column in zip(*parts, strict=True)]
    return pd.DataFrame(dict(zip(names, joined, strict=True)), copy=False)


def _categories(cells: list[str]) -> Any:
    return pd.Categorical(pd.array(cells, dtype="str"))


def _constant(text: str, rows: int) -> Any:
    return pd.Categorical.from_codes(np.zeros(rows, np.int8), categories=pd.Index([text], dtype="str"))


def _neutral(cells: pd.Series) -> tuple[pd.Series, int]:
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return cells, 0
    words = cells.cat.categories
    odd = [_FORMULA.match(str(word)) is not None for word in words]
    if not any(odd):
        return cells, 0
    changed = int(np.isin(cells.cat.codes, np.flatnonzero(odd)).sum())
    harmless = [f"'{word}" if is_odd else word for word, is_odd in zip(words, odd, strict=True)]
    return cells.cat.rename_categories(harmless), changed


def _arrow(frame: pd.DataFrame, fields: list[Field]) -> pa.Table:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for position, one in enumerate(fields):
        if one["type"] == "date":
            table = table.set_column(position, one["name"], table.column(position).cast(pa.date32()))
    return table


def _fields(sheet: Sheet, language: str) -> list[Field]:
    fields: list[Field] = [{"name": key, "type": "string"} for key in sheet.keys]
    for column in sheet.columns:
        one: Field = {"name": column.name, "title": column.label(language), "type": column.kind}
        if column.kind == "time":
            one["format"] = "any"  # seconds only where there are any
        if column.options and column.kind == "string":
            one["constraints"] = {"enum": [option.code for option in column.options]}
            one["labels"] = {option.code: spoken(option.labels, language) for option in column.options}
        fields.append(one)
    return fields


def _resource(name: str, file: str, fields: list[Field]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    names = [one["name"] for one in fields]
    if name == "submissions":
        schema["primaryKey"] = ["submission_id"]
    elif "submission_id" in names:
        reference = {"resource": "submissions", "fields": "submission_id"}
        schema["foreignKeys"] = [{"fields": "submission_id", "reference": reference}]
    kind = file.rpartition(".")[2]
    return {"name": name.lower(), "path": file, "format": kind, "encoding": "utf-8", "schema": schema}


def _write_package(dataset: Dataset, folder: Path, resources: list[dict[str, Any]]) -> None:
    described = {"name": dataset.id, "title": dataset.title, "version": dataset.version, "resources": resources}
    text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
