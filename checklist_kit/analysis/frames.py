"""Records as rows: a frame for the submissions themselves, and one for the instances of each repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from checklist_kit.model import Entry
from checklist_kit.protocols import Raw, Record, Submission

Index = NDArray[np.intp]


@dataclass(slots=True)
class Frame:
    """Rows of answers.

    `submission` is the position of each row's submission, `owner` that of the row of `parent` which it belongs to (both
    intp). `instances` are the paths of instances, empty at the top level. `asked` says which rows count as rows of the
    repeat in expressions: those of a repeat that was asked. `raws` are the raw values by key, one a row.
    """

    name: str
    parent: Frame | None
    records: Sequence[Record]
    instances: Sequence[str]
    owner: Index
    submission: Index
    asked: NDArray[np.bool_] = field(init=False)
    raws: dict[str, Sequence[Raw]] = field(init=False)

    def __post_init__(self) -> None:
        self.asked = np.ones(len(self), np.bool_)
        values = [record.values for record in self.records]
        keys = set[str]().union(*values)
        rows = [
            list(map(answers.get, keys)) for answers in values
        ]  # row by row, so that each is looked up while at hand
        self.raws = dict(zip(keys, zip(*rows, strict=True), strict=False))

    def __len__(self) -> int:
        return len(self.instances)

    def rows_in(self, outer: Frame) -> Index | None:
        """Return the row of an outer frame that each row lies in; None where the two frames are one."""
        if outer is self:
            return None
        assert self.parent is not None
        above = self.parent.rows_in(outer)
        return self.owner if above is None else above[self.owner]


def frame_of(entry: Entry) -> str:
    """Return the name of the frame that an item stands in: its innermost repeat's, empty at the top level."""
    return entry.repeats[-1].name if entry.repeats else ""


def top_frame(submissions: Sequence[Submission]) -> Frame:
    """Return the frame of the submissions themselves."""
    numbers = np.arange(len(submissions))
    return Frame("", None, [s.record for s in submissions], [""] * len(submissions), numbers, numbers)
