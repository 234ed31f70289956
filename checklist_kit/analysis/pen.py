"""Writes the problems of one question: finds the place, the raw text, the instance and the choice of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from checklist_kit.analysis.columns import Cells, Mask
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.protocols import Raw, Submission


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes problems about the answers to one question."""

    log: ProblemLog
    submissions: Sequence[Submission]
    frame: Frame
    item: str

    def settle(self, cells: Cells, asked: Mask, applies: Mask) -> int:
        """Write what is wrong with each cell. Return how many of them became values."""
        if not cells.index.any():
            return 0
        elsewhere = "value-not-applicable", "this does not apply to the unit, by what the frame says of it"
        self._write_cells(cells, cells.given & asked & ~applies, elsewhere)
        self._write_cells(
            cells, cells.given & ~asked, ("value-not-asked", "this was not asked after the answers before")
        )
        used = asked & applies
        self._write_cells(cells, cells.given & used & cells.refused, cells.fault)
        rest = cells.given & used & ~cells.refused
        notes, aside = cells.store.notes, cells.store.aside[cells.index]
        for row in np.flatnonzero(rest & cells.store.noted[cells.index]).tolist():
            self._write(row, notes[cells.index[row]], [cells], aside=bool(aside[row]))
        return int((rest & ~aside).sum())

    def contradiction(self, rows: Mask, fault: tuple[str, str], cells: Sequence[Cells]) -> None:
        """Write that answers contradict the checklist; their cells are kept."""
        for row in np.flatnonzero(rows).tolist():
            self._write(row, fault, [group for group in cells if group.given[row]], aside=False)

    def _write_cells(self, cells: Cells, rows: Mask, fault: tuple[str, str]) -> None:
        for row in np.flatnonzero(rows).tolist():
            self._write(row, fault, [cells], aside=True)

    def _write(self, row: int, fault: tuple[str, str], cells: Sequence[Cells], *, aside: bool) -> None:
        record, instance = self.frame.records[row], self.frame.instances[row]
        choices = [self._choice(group) for group in cells]
        where = [*([f"instance {instance}"] if instance else []), *(f"choice {code}" for code in choices if code)]
        code, message = fault
        if where:
            message = f"{message} ({', '.join(where)})"
        key = cells[0].key if cells else self.item
        place = record.place(key) if key in record.values else ""
        submission = self.submissions[self.frame.submission[row]]
        raws: dict[str, object] = {group.key: record.values.get(group.key) for group in cells}
        raw: Raw = raws if len(cells) > 1 else record.values.get(key) if cells else None
        self.log.add(submission, (code, message), self.item, raw=raw, place=place, aside=aside)

    def _choice(self, cells: Cells) -> str:
        return cells.key.removeprefix(self.item).removeprefix(".")
