"""Calculations: computed from the answers, and compared with what the channel brought."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import (
    Coerced,
    Read,
    format_number,
    guarded,
    read_date,
    read_decimal,
    read_text,
    read_time,
    tick_reader,
)
from checklist_kit.analysis.columns import Cells, Column, Mask
from checklist_kit.analysis.store import Intern, Store
from checklist_kit.analysis.vector import Interner, Values, Vector, value_of
from checklist_kit.logic import Kind, kind_of
from checklist_kit.model import Calculate

_READERS: dict[Kind, Read] = {
    Kind.NUMBER: read_decimal,
    Kind.BOOLEAN: tick_reader(()),
    Kind.DATE: read_date,
    Kind.TIME: read_time,
}
_TOLERANCE = 1e-9  # relative; engines add up fractions in different orders


def brought_store(item: Calculate) -> Store:
    """Return a store that reads values of a calculation which come from elsewhere."""
    kind = kind_of(item.calculation.tree)
    return Store(guarded(_READERS.get(kind, read_text)), kind)


class Calculation:
    """Computes the columns of a calculation."""

    def __init__(self, item: Calculate) -> None:
        self.name = item.name
        self.tree = item.calculation.tree
        self.kind = kind_of(self.tree)
        self.brought = brought_store(item)
        self.store = Store(read_text, self.kind)
        self._positions: dict[float, int] = {}

    def stores(self) -> dict[str, Store]:
        """Return what reads the values that the channel brought, by their keys."""
        return {self.name: self.brought}

    def read(self, vector: Vector) -> tuple[Column, list[Cells]]:
        """Return the column of a frame, as if all was asked, and the cells that the channel brought."""
        known, values = value_of(vector, self.tree)
        index = self._index(known, values + 0.0, vector.data.intern)
        cells = Cells.gather(vector.frame, self.name, self.brought)
        cells.refused = self._differs(cells, known, values, vector.data.intern)
        cells.fault = "value-calculation-differs", "the answers give another value, which was kept in place of this one"
        return Column(self.store, index, self.store.statuses[index]), [cells]

    def _index(self, known: Mask, values: Values, intern: Interner) -> NDArray[np.int32]:
        index = np.zeros(len(values), np.int32)
        distinct, inverse = np.unique(values[known], return_inverse=True)
        positions = [self._position(value, intern) for value in distinct.tolist()]
        index[known] = np.array(positions, np.int32)[inverse]
        return index

    def _position(self, value: float, intern: Interner) -> int:
        position = self._positions.get(value)
        if position is None:
            number = value if self.kind in (Kind.NUMBER, Kind.BOOLEAN) else None
            coerced = Coerced("answered", _text(value, self.kind, intern), number)
            position = self._positions[value] = self.store.extend([coerced], [None])[0]
        return position

    def _differs(self, cells: Cells, known: Mask, values: Values, intern: Intern) -> Mask:
        if not cells.index.any():
            return cells.refused
        brought = self.brought.terms(intern)[cells.index]
        readable = cells.given & ~self.brought.aside[cells.index]
        with np.errstate(invalid="ignore"):
            same = known & (np.abs(brought - values) <= _TOLERANCE * np.maximum(1.0, np.abs(values)))
        differs: Mask = readable & ~same
        return differs


def _text(value: float, kind: Kind, intern: Interner) -> str:
    match kind:
        case Kind.NUMBER | Kind.BOOLEAN:
            return format_number(value)
        case Kind.DATE:
            return datetime.date.fromordinal(int(value)).isoformat()
        case Kind.TIME:
            clock = (datetime.datetime.min + datetime.timedelta(seconds=value)).time()
            return clock.strftime("%H:%M:%S" if clock.second else "%H:%M")
        case _:
            return intern.texts[int(value)]
