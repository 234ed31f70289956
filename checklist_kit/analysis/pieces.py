"""The tables of some responses as bytes that can be put behind those of others."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow as pa
import pyarrow.parquet as pq

from checklist_kit.analysis.arrays import declared, to_pandas
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
        {resource.name: len(resource.table) for resource in written},
        Summary.of(tables),
        seen,
    )


def as_csv(resource: Resource) -> bytes:
    """Return a table as a file of CSV."""
    return b"".join(csv_of(resource))


def csv_of(resource: Resource) -> Iterator[bytes]:
    """Yield the bytes of a table as a file of CSV, part by part."""
    return csv_parts(to_pandas(resource.table), {field["name"]: field["type"] for field in resource.fields})


def as_parquet(resource: Resource) -> bytes:
    """Return a table as a Parquet file with one row group. Its schema is the same whatever is in the table."""
    file, table = io.BytesIO(), resource.table
    dictionaries = [name for name in table.column_names if not pa.types.is_floating(table.schema.field(name).type)]
    statistics = [name for name in _SORTED if name in table.column_names]
    with pq.ParquetWriter(
        file,
        table.schema,
        compression="zstd",
        use_dictionary=dictionaries,
        write_statistics=statistics,
        store_schema=False,
        write_batch_size=1 << 16,
    ) as writer:
        writer.write_table(table, row_group_size=max(len(table), 1))
        writer.add_key_value_metadata(_notes(declared_schema(table)))
    return file.getvalue()


def declared_schema(table: pa.Table) -> pa.Schema:
    """Return the schema of a table as its readers see it."""
    return pa.schema([field.with_type(declared(field.type)) for field in table.schema])


@lru_cache(maxsize=32)
def _notes(schema: pa.Schema) -> dict[str, str]:
    """What Arrow and pandas note of their own types, of a table with a schema."""
    empty = pa.Table.from_pandas(to_pandas(schema.empty_table()), preserve_index=False)
    arrow = base64.b64encode(schema.serialize().to_pybytes())
    return {"ARROW:schema": arrow.decode(), "pandas": empty.schema.metadata[b"pandas"].decode()}
