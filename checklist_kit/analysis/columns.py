"""The answers to one question as arrays, one element a row of its frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import reader
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.status import ANSWERED, INVALID, NOT_ASKED
from checklist_kit.analysis.store import Store
from checklist_kit.logic import Kind
from checklist_kit.model import Question

Mask = NDArray[np.bool_]
Ticks = NDArray[np.int8]


@dataclass(slots=True)
class Column:
    """The answers to one question or calculation.

    `index` (int32) holds positions in `store`, `status` (int8) positions in STATUSES. A select_multiple has `ticks`
    (int8, rows x choices) beside it: 1 ticked, 0 not, and `no_tick(s)` where it is neither and the status is s.
    """

    store: Store
    index: NDArray[np.int32]
    status: NDArray[np.int8]
    ticks: Ticks | None = None

    @property
    def filled(self) -> Mask:
        """Where there is an answer, one that stands for a missing answer included."""
        if self.ticks is not None:
            whole: Mask = np.all(self.ticks >= 0, axis=1)
            return whole & ~np.isin(self.status, (NOT_ASKED, INVALID))
        filled: Mask = self.store.filled[self.index] & (self.status != NOT_ASKED)
        return filled

    @property
    def known(self) -> Mask:
        """Where there is an answer that expressions can use: no sentinel number."""
        return self.filled & (self.status == ANSWERED) if self.store.kind is Kind.NUMBER else self.filled

    def without(self, rows: Mask, status: int) -> Column:
        """Return the column with blanks of a status in some rows."""
        ticks = None if self.ticks is None else np.where(rows[:, None], no_tick(status), self.ticks).astype(np.int8)
        index = np.where(rows, 0, self.index).astype(np.int32)
        return Column(self.store, index, np.where(rows, status, self.status).astype(np.int8), ticks)

    def status_of(self, choice: int) -> NDArray[np.int8]:
        """Return the status of one choice of a select_multiple."""
        assert self.ticks is not None
        tick = self.ticks[:, choice]
        return np.where((tick < 0) & (self.status != NOT_ASKED), no_tick(tick), self.status).astype(np.int8)


def no_tick(status: Any) -> Any:
    """Return the mark of a choice that is neither ticked nor not, because of a status; and the status of a mark."""
    return -1 - status


@dataclass(slots=True)
class Cells:
    """The raw values under one key of a frame's records. Those in `refused` are set aside for `fault` in any case."""

    key: str
    store: Store
    index: NDArray[np.int32]
    refused: Mask
    fault: tuple[str, str] = ("", "")

    @classmethod
    def gather(cls, frame: Frame, key: str, store: Store) -> Cells:
        """Read the values under a key."""
        return cls(key, store, frame.encode(key, store), np.zeros(len(frame), np.bool_))

    @property
    def given(self) -> Mask:
        """Where there is a cell at all."""
        given: Mask = self.index != 0
        return given


class Reading:
    """Reads the columns of a question of any type but select_multiple."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.store = Store(reader(question), question.kind)

    def stores(self) -> dict[str, Store]:
        """Return what reads the raw values, by their keys."""
        return {self.question.name: self.store}

    def read(self, frame: Frame) -> tuple[Column, list[Cells]]:
        """Return the column of a frame, as if all was asked, and the cells that it was made of."""
        cells = Cells.gather(frame, self.question.name, self.store)
        return Column(self.store, cells.index, self.store.statuses[cells.index]), [cells]
