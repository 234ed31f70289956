"""All submissions as columns, once the last of them is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Column
from checklist_kit.analysis.meta import Meta
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.settle import Settled
from checklist_kit.model import Checklist


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a frame without their raw values: the position of each one's submission, and its instance."""

    submission: NDArray[np.intp]
    instances: Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """Some submissions as columns, without their raw values."""

    rows: dict[str, Rows]
    columns: dict[str, Column]

    @classmethod
    def of(cls, settled: Settled) -> Part:
        """Keep what tables need."""
        data = settled.data
        rows = {name: Rows(frame.submission, frame.instances) for name, frame in data.frames.items()}
        return cls(rows, {name: column for name, (_, column) in data.columns.items()})


@dataclass(frozen=True, slots=True)
class Whole:
    """All answers. `rows` are the rows of each frame, `columns` those of each question."""

    checklist: Checklist
    meta: Meta
    rows: dict[str, Rows]
    columns: dict[str, Column]

    @classmethod
    def joined(cls, checklist: Checklist, meta: Meta, parts: Sequence[Part]) -> Whole:
        """Put parts together, in their order."""
        offsets = np.cumsum([0, *(len(part.rows[""].submission) for part in parts)])
        rows = {
            name: Rows(
                np.concatenate(
                    [part.rows[name].submission + offset for part, offset in zip(parts, offsets, strict=False)]
                ),
                [instance for part in parts for instance in part.rows[name].instances],
            )
            for name in parts[0].rows
        }
        columns = {name: _column([part.columns[name] for part in parts]) for name in parts[0].columns}
        return cls(checklist, meta, rows, columns)

    def unit_values(self) -> NDArray[np.object_]:
        """Return each submission's unit as text, empty where it has none or is sensitive."""
        entry = self.checklist.by_name.get(self.checklist.unit or "")
        if entry is None or entry.repeats or is_sensitive(entry.item):
            return np.array([""] * len(self.meta.ids), object)
        column = self.columns[entry.item.name]
        return np.where(column.filled, np.array(column.store.values, object)[column.index], "")


def _column(parts: Sequence[Column]) -> Column:
    ticks = [part.ticks for part in parts if part.ticks is not None]
    return Column(
        parts[0].store,
        np.concatenate([part.index for part in parts]),
        np.concatenate([part.status for part in parts]),
        np.concatenate(ticks) if ticks else None,
    )
