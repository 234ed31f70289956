"""Records as rows: a frame for the submissions themselves, and one for the instances of each repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.store import Raws, Store
from checklist_kit.model import Entry
from checklist_kit.protocols import Raw, Record

Index = NDArray[np.intp]
Thing = TypeVar("Thing")


class Lazy(Sequence[Thing]):
    """Things that are only made where somebody looks at them."""

    def __init__(self, make: Callable[[int], Thing], rows: Sequence[int]) -> None:
        self._make = make
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, position: int) -> Thing: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Thing]: ...

    def __getitem__(self, position: int | slice) -> Thing | Sequence[Thing]:
        if isinstance(position, slice):
            return Lazy(self._make, self._rows[position])
        return self._make(self._rows[position])


@dataclass(slots=True)
class Frame:
    """Rows of answers.

    `submission` is the position of each row's submission, `owner` that of the row of `parent` which it belongs to (both
    intp). `instances` are the paths of instances, empty at the top level. `asked` says which rows count as rows of the
    repeat in expressions: those of a repeat that was asked. `raws` are the raw values by key, one a row; those of the
    records, if None. `odd` are the records of some rows that hold their values in place of `raws`.
    """

    name: str
    parent: Frame | None
    records: Sequence[Record]
    instances: Sequence[str]
    owner: Index
    submission: Index
    raws: Mapping[str, Raws] | None = None
    odd: Mapping[int, Record] = field(default_factory=dict)
    asked: NDArray[np.bool_] = field(init=False)
    _encoded: dict[str, NDArray[np.int32]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.asked = np.ones(len(self), np.bool_)
        if self.raws is None:
            self.raws = _columns([record.values for record in self.records])

    def __len__(self) -> int:
        return len(self.instances)

    def encode(self, key: str, store: Store) -> NDArray[np.int32]:
        """Return the position in a store (int32) of each raw value under a key; 0 where there is none."""
        assert self.raws is not None
        index = self._encoded.get(key)
        if index is None:
            raws = self.raws.get(key)
            index = np.zeros(len(self), np.int32) if raws is None else store.encode(raws)
            if self.odd:
                index[list(self.odd)] = store.encode([record.values.get(key) for record in self.odd.values()])
            self._encoded[key] = index
        return index

    def keys(self) -> set[str]:
        """Return the keys under which any row may have a value."""
        return set(self.raws or ()).union(*(record.values for record in self.odd.values()))

    def read_again(self) -> None:
        """Forget what was read, because odd records have changed."""
        self._encoded.clear()

    def take(self, rows: Sequence[int]) -> Frame:
        """Return some rows of the top frame, whose answers have been encoded."""
        taken = top_frame(Lazy(self.records.__getitem__, rows), {})
        taken._encoded = {key: index[rows] for key, index in self._encoded.items()}
        return taken

    def rows_in(self, outer: Frame) -> Index | None:
        """Return the row of an outer frame that each row lies in; None where the two frames are one."""
        if outer is self:
            return None
        assert self.parent is not None
        above = self.parent.rows_in(outer)
        return self.owner if above is None else above[self.owner]


def _columns(rows: Sequence[Mapping[str, Raw]]) -> dict[str, Raws]:
    keys = list(set[str]().union(*rows))
    # Row by row, so that each is looked up while at hand.
    return dict(zip(keys, zip(*[list(map(answers.get, keys)) for answers in rows], strict=True), strict=False))


def frame_of(entry: Entry) -> str:
    """Return the name of the frame that an item stands in: its innermost repeat's, empty at the top level."""
    return entry.repeats[-1].name if entry.repeats else ""


def top_frame(
    records: Sequence[Record], raws: Mapping[str, Raws] | None = None, odd: Mapping[int, Record] | None = None
) -> Frame:
    """Return the frame of the submissions themselves."""
    numbers = np.arange(len(records))
    return Frame("", None, records, [""] * len(records), numbers, numbers, raws, odd or {})
