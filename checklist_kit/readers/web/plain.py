"""Blocks of JSON lines that hold nothing unusual, read as columns by Arrow.

The checklist compiles to an Arrow schema. A block that does not fit it in every cell is no plain block: it is read line
by line, by what loses nothing. So this part may refuse whatever it likes, but what it takes must be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from checklist_kit.logic import Kind, kind_of
from checklist_kit.model import Acknowledge, Calculate, Checklist, Decimal, Integer, Item, SelectMultiple
from checklist_kit.protocols import Batch, Submission
from checklist_kit.readers.web.responses import CHANNEL, ENVELOPE

_EXACT_FLOATS = 2.0**53  # a larger whole number may have been rounded


@dataclass(frozen=True, slots=True)
class Plain:
    """Reads plain blocks of responses to one checklist.

    `enveloped` is the schema of a response in its envelope, `bare` that of one without; None where there is none.
    `boxes` are the keys of acknowledgements.
    """

    enveloped: pa.Schema | None
    bare: pa.Schema | None
    boxes: frozenset[str]

    @classmethod
    def of(cls, checklist: Checklist) -> Plain:
        """Compile a checklist. One with repeats has no plain responses."""
        if checklist.repeats:
            return cls(None, None, frozenset())
        types = {entry.item.name: _type(entry.item) for entry in checklist.questions}
        envelope = [("id", pa.string()), ("received_at", pa.string()), ("version", pa.string())]
        return cls(
            pa.schema([*envelope, ("data", pa.struct(types.items()))]),
            None if types.keys() & set(ENVELOPE) else pa.schema(types.items()),
            frozenset(entry.item.name for entry in checklist.questions if isinstance(entry.item, Acknowledge)),
        )

    def batch(self, block: bytes, source: str, submission: Callable[[int], Submission]) -> Batch | None:
        """Return the responses of a block of whole lines, if it is a plain one.

        `submission` reads one of its lines, counted from 0.
        """
        count = _objects(block)
        if not count or not _is_utf8(block):
            return None
        enveloped = _is_enveloped(block)
        schema = self.enveloped if enveloped else self.bare
        table = None if schema is None else _read(block, schema)
        if table is None or len(table) != count:
            return None
        columns = self._columns(table, enveloped)
        if columns is None:
            return None
        ids, versions, received = ([""] * count,) * 3
        if enveloped:
            ids, versions, received = (_texts(table.column(key)) for key in ("id", "version", "received_at"))
        ids = [id_ or submission(row).id for row, id_ in enumerate(ids)]
        cells = sum(len(column) - column.null_count - _empty(column) for column in columns.values())
        return Batch(CHANNEL, source, ids, versions, received, columns, cells, submission)

    def _columns(self, table: pa.Table, enveloped: bool) -> dict[str, pa.Array] | None:
        """Return the columns of answers that hold any, if there is nothing odd in them."""
        answers = table.combine_chunks()
        if enveloped:
            data = answers.column("data").chunk(0)
            if data.null_count:
                return None
            names, found = [field.name for field in data.type], data.flatten()
        else:
            names, found = answers.column_names, [column.chunk(0) for column in answers.columns]
        columns = {name: column for name, column in zip(names, found, strict=True) if column.null_count < len(column)}
        if not all(map(_is_plain, columns.values())):
            return None
        for key in self.boxes & columns.keys():
            if not pc.all(pc.equal(pc.list_value_length(columns[key]), 1)).as_py():
                return None
            columns[key] = pc.list_element(columns[key], 0)
        return columns


def _type(item: Item) -> pa.DataType:
    """The type of the answers in the results of a web form."""
    match item:
        case Integer():
            return pa.int64()
        case Decimal():
            return pa.float64()
        case SelectMultiple() | Acknowledge():
            return pa.list_(pa.string())
        case Calculate():
            kind = kind_of(item.calculation.tree)
            return {Kind.NUMBER: pa.float64(), Kind.BOOLEAN: pa.bool_()}.get(kind, pa.string())
        case _:
            return pa.string()


def _objects(block: bytes) -> int:
    """Return how many lines a block has, if each of them begins and ends as an object does; else 0."""
    letters = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    whole = len(ends) and ends[-1] == len(block) - 1 and block.startswith(b"{")
    if not whole or (letters[ends[:-1] + 1] != ord("{")).any():
        return 0
    last = letters[ends - 1]
    closed = np.where(last == ord("\r"), letters[ends - 2], last) == ord("}")
    return len(ends) if closed.all() else 0


def _is_enveloped(block: bytes) -> bool:
    try:
        first = orjson.loads(block[: block.index(b"\n")])
    except orjson.JSONDecodeError:
        return False
    return isinstance(first, dict) and isinstance(first.get("data"), dict)


def _is_utf8(block: bytes) -> bool:
    try:
        return block.isascii() or bool(block.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _read(block: bytes, schema: pa.Schema) -> pa.Table | None:
    """Read a block, if all of it has the types of a schema, and no key comes twice."""
    read = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    parse = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    try:
        return pj.read_json(pa.BufferReader(block), read, parse)
    except pa.ArrowInvalid:
        return None


def _is_plain(column: pa.Array) -> bool:
    """Whether Arrow certainly kept all of a column: no number was rounded, no list holds a null."""
    if pa.types.is_floating(column.type):
        return bool((np.abs(column.drop_null().to_numpy()) < _EXACT_FLOATS).all())
    return not pa.types.is_list(column.type) or not column.flatten().null_count


def _texts(column: pa.ChunkedArray) -> list[str]:
    return column.fill_null("").to_pylist()  # type: ignore[no-any-return]


def _empty(column: pa.Array) -> int:
    """How many texts are empty."""
    if not pa.types.is_string(column.type):
        return 0
    return int(pc.sum(pc.equal(column, "")).as_py() or 0)
