"""Blocks of JSON lines that hold little unusual, read as columns by Arrow.

The checklist compiles to an Arrow schema. A line that does not fit it in every cell is odd: it is read by itself, by
what loses nothing; so is every line of a block in which many are odd. So this part may refuse whatever it likes, but
what it takes must be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checklist_kit.logic import Kind, kind_of
from checklist_kit.model import Acknowledge, Calculate, Checklist, Decimal, Integer, Item, SelectMultiple
from checklist_kit.protocols import Batch, Submission
from checklist_kit.readers.web.block import Mask, ends_of, is_enveloped, is_rare, is_utf8, read_around
from checklist_kit.readers.web.responses import CHANNEL, ENVELOPE

_EXACT_FLOATS = 2.0**53  # a larger whole number may have been rounded


@dataclass(frozen=True, slots=True)
class Plain:
    """Reads plain blocks of responses to one checklist.

    `types` are those of answers by their keys, `whole` the keys of integers, `boxes` those of acknowledgements. A
    checklist with repeats has no types.
    """

    types: dict[str, pa.DataType]
    whole: frozenset[str]
    boxes: frozenset[str]

    @classmethod
    def of(cls, checklist: Checklist) -> Plain:
        """Compile a checklist. One with repeats has no plain responses."""
        items = [entry.item for entry in checklist.questions if not checklist.repeats]
        return cls(
            {item.name: _type(item) for item in items},
            frozenset(item.name for item in items if isinstance(item, Integer)),
            frozenset(item.name for item in items if isinstance(item, Acknowledge)),
        )

    def batch(self, block: bytes, source: str, submission: Callable[[int], Submission]) -> Batch | None:
        """Return the responses of a block of whole lines, if it is a plain one.

        `submission` reads one of its lines, counted from 0.
        """
        ends = ends_of(block)
        if not len(ends) or not self.types or not is_utf8(block):
            return None
        enveloped = is_enveloped(block)
        if not enveloped and self.types.keys() & set(ENVELOPE):
            return None
        read = read_around(block, ends, self._schema(enveloped))
        if read is None or len(read[0]) != len(ends):
            return None
        table, odd = read
        columns = self._columns(table, enveloped, odd)
        if not is_rare(odd):
            return None
        found = {row: submission(row) for row in np.flatnonzero(odd).tolist()}
        if any(one.rejected for one in found.values()):
            return None
        ids, versions, received = ([""] * len(ends) for _ in range(3))
        if enveloped:
            ids, versions, received = (_texts(table.column(key)) for key in ("id", "version", "received_at"))
        for row, one in found.items():
            ids[row], versions[row], received[row] = one.id, one.version, one.received_at
        ids = [id_ or submission(row).id for row, id_ in enumerate(ids)]
        columns = {name: _without(column, odd) for name, column in columns.items()}
        cells = sum(len(column) - column.null_count - _empty(column) for column in columns.values())
        cells += sum(one.cells for one in found.values())
        return Batch(CHANNEL, source, ids, versions, received, columns, cells, submission, found)

    def _schema(self, enveloped: bool) -> pa.Schema:
        if not enveloped:
            return pa.schema(self.types)
        beside = [(key, pa.string()) for key in ("id", "received_at", "version")]
        return pa.schema([*beside, ("data", pa.struct(self.types.items()))])

    def _columns(self, table: pa.Table, enveloped: bool, odd: Mask) -> dict[str, pa.Array]:
        """Return the columns of answers that hold any, and mark the lines that hold something odd."""
        found = {name: table.column(name).combine_chunks() for name in table.column_names}
        known = set(self.types)
        if enveloped:
            data = found.pop("data")
            _mark(odd, data.is_null())
            strange = [column for name, column in found.items() if name not in ENVELOPE]
            found = {field.name: column for field, column in zip(data.type, data.flatten(), strict=True)}
        else:
            strange = []
        for column in [*strange, *(column for name, column in found.items() if name not in known)]:
            _mark(odd, column.is_valid())
        return {
            name: self._plain(name, column, odd)
            for name, column in found.items()
            if name in known and column.null_count < len(column)
        }

    def _plain(self, name: str, column: pa.Array, odd: Mask) -> pa.Array:
        """Return a column, and mark the lines in which Arrow may not have kept all: a long number, a null in a list."""
        if pa.types.is_floating(column.type):
            return self._numbers(column, odd, whole=name in self.whole)
        if not pa.types.is_list(column.type):
            return column
        if column.flatten().null_count:
            odd[column.value_parent_indices().filter(column.flatten().is_null()).to_numpy()] = True
        if name not in self.boxes:
            return column
        _mark(odd, pc.not_equal(pc.list_value_length(column), 1))
        return pc.list_element(_without(column, odd), 0)

    @staticmethod
    def _numbers(column: pa.Array, odd: Mask, *, whole: bool) -> pa.Array:
        values = column.to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            strange = np.abs(values) >= _EXACT_FLOATS
            if whole:
                strange |= (np.floor(values) != values) & ~np.isnan(values) | (values == 0) & np.signbit(values)
        odd |= strange
        if not whole:
            return column
        blank = np.isnan(values) | strange
        return pa.array(np.where(blank, 0, values).astype(np.int64), mask=blank)


def _type(item: Item) -> pa.DataType:
    """The type of the answers in the results of a web form."""
    match item:
        case Integer() | Decimal():
            return pa.float64()
        case SelectMultiple() | Acknowledge():
            return pa.list_(pa.string())
        case Calculate():
            kind = kind_of(item.calculation.tree)
            return {Kind.NUMBER: pa.float64(), Kind.BOOLEAN: pa.bool_()}.get(kind, pa.string())
        case _:
            return pa.string()


def _mark(odd: Mask, found: pa.Array) -> None:
    """Mark the lines where an Arrow array is true."""
    odd |= found.fill_null(False).to_numpy(zero_copy_only=False)


def _without(column: pa.Array, odd: Mask) -> pa.Array:
    """A column that is null in odd lines."""
    return column.take(pa.array(np.arange(len(odd)), mask=odd)) if odd.any() else column


def _texts(column: pa.ChunkedArray) -> list[str]:
    return column.fill_null("").to_pylist()  # type: ignore[no-any-return]


def _empty(column: pa.Array) -> int:
    """How many texts are empty."""
    if not pa.types.is_string(column.type):
        return 0
    return int(pc.sum(pc.equal(column, "")).as_py() or 0)
