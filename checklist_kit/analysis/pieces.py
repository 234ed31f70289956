"""The tables of some responses as bytes that can be put behind those of others."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from checklist_kit.analysis.csvtext import csv_parts
from checklist_kit.analysis.datapackage import Resource, resources
from checklist_kit.analysis.ledger import Ledger
from checklist_kit.analysis.seen import Seen
from checklist_kit.analysis.tables import Tables

FORMATS = ("csv", "parquet")

_SORTED = ["submission_id", "unit", "received_at"]  # where the least and the largest value of a part tell anything


@dataclass(frozen=True, slots=True)
class Summary:
    """What is printed of some responses: the ledger, the problems of each severity and code, and what was not read."""

    ledger: Ledger = field(default_factory=Ledger)
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tables: Tables) -> Summary:
        """Return what is to be said of tables."""
        problems = tables.problems
        kinds = Counter(zip(problems["severity"], problems["code"], strict=True))
        whole = (problems["submission_id"] == "") & (problems["place"] == "") & (problems["severity"] == "error")
        return cls(tables.ledger, kinds, problems["message"][whole].tolist())

    def add(self, other: Summary) -> None:
        """Add those of further responses."""
        self.ledger.add(other.ledger)
        self.problems.update(other.problems)
        self.unread.extend(other.unread)


@dataclass(frozen=True, slots=True)
class Piece:
    """The tables of some responses: the file that each would be by itself, and its rows, by name of the table.

    `seen` are the responses in them.
    """

    files: dict[str, bytes]
    rows: dict[str, int]
    summary: Summary
    seen: Seen


def piece_of(tables: Tables, seen: Seen, file_format: str) -> Piece:
    """Return tables as bytes. `seen` are the responses in them."""
    encode = as_csv if file_format == "csv" else as_parquet
    written = list(resources(tables, restricted=True))
    return Piece(
        {resource.name: encode(resource) for resource in written},
        {resource.name: len(resource.frame) for resource in written},
        Summary.of(tables),
        seen,
    )


def as_csv(resource: Resource) -> bytes:
    """Return a table as a file of CSV."""
    return b"".join(csv_parts(resource.frame, _types(resource)))


def as_parquet(resource: Resource) -> bytes:
    """Return a table as a Parquet file with one row group. Its schema is the same whatever is in the table."""
    file = io.BytesIO()
    table = arrow_table(resource)
    dictionaries = [name for name in table.column_names if not pa.types.is_floating(table.schema.field(name).type)]
    statistics = [name for name in _SORTED if name in table.column_names]
    with pq.ParquetWriter(
        file, table.schema, compression="zstd", use_dictionary=dictionaries, write_statistics=statistics
    ) as writer:
        writer.write_table(table, row_group_size=max(len(table), 1))
    return file.getvalue()


def arrow_table(resource: Resource) -> pa.Table:
    """Return a table as Arrow holds it: categories as dictionaries with positions of 32 bits."""
    types = _types(resource)
    columns = {name: _array(resource.frame[name], types[name]) for name in resource.frame.columns}
    return pa.table(columns).replace_schema_metadata(_metadata(resource))


def _array(column: pd.Series, kind: str) -> pa.Array:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy().astype("int32", copy=False)
        words = pa.array(column.cat.categories.tolist(), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)
    array = pa.array(column)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.date32()) if kind == "date" else array


def _metadata(resource: Resource) -> dict[bytes, bytes]:
    """What pandas notes of its own types, without what depends on the rows."""
    empty = resource.frame.iloc[:0].copy()
    for name in empty.columns:
        if isinstance(empty[name].dtype, pd.CategoricalDtype):
            empty[name] = empty[name].cat.set_categories([])
    return dict(pa.Table.from_pandas(empty, preserve_index=False).schema.metadata)


def _types(resource: Resource) -> dict[str, str]:
    return {field["name"]: field["type"] for field in resource.fields}
