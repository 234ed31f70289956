"""The answers to a select_multiple, which come as one value, as one value a choice, or as both."""

from __future__ import annotations

import numpy as np

from checklist_kit.analysis.coerce import guarded, reader, spellings_of, tick_reader
from checklist_kit.analysis.columns import Cells, Column, Mask, Ticks, no_tick
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.status import ANSWERED, CODE, INVALID, NOT_ANSWERED
from checklist_kit.analysis.store import Store
from checklist_kit.logic import Kind
from checklist_kit.model import SelectMultiple

_NO_CELL = no_tick(NOT_ANSWERED)


class TicksReading:
    """Reads the columns of a select_multiple."""

    def __init__(self, question: SelectMultiple) -> None:
        choices = question.choices.choices
        self.name = question.name
        self.codes = question.choices.codes
        self.whole = Store(reader(question), question.kind)
        self.parts = [Store(guarded(tick_reader(spellings_of(choice))), Kind.BOOLEAN) for choice in choices]
        self.kinds = np.array([CODE[choice.missing or "answered"] for choice in choices], np.int8)
        self._table: list[list[int]] = []

    def stores(self) -> dict[str, Store]:
        """Return what reads the raw values, by their keys."""
        parts = zip(self.codes, self.parts, strict=True)
        return {self.name: self.whole} | {f"{self.name}.{code}": store for code, store in parts}

    def read(self, frame: Frame) -> tuple[Column, list[Cells]]:
        """Return the column of a frame, as if all was asked, and the cells that it was made of.

        A blank cell beside one that is not blank says that its choice is not ticked.
        """
        whole = Cells.gather(frame, self.name, self.whole)
        parts = [
            Cells.gather(frame, f"{self.name}.{code}", store)
            for code, store in zip(self.codes, self.parts, strict=True)
        ]
        as_whole, as_parts = self._whole_ticks(whole), _part_ticks(parts, len(frame))
        by_whole = (as_whole >= 0).all(axis=1)
        by_parts = (as_parts != _NO_CELL).any(axis=1) & ~by_whole
        clash = by_whole & ((as_parts >= 0) & (as_parts != as_whole)).any(axis=1)
        for cells in (whole, *parts):
            cells.refused = clash
            cells.fault = "value-contradiction", f"the two ways in which `{self.name}` is answered differ"
        ticks = np.where(by_parts[:, None], np.where(as_parts == _NO_CELL, 0, as_parts), as_whole)
        ticks[clash] = no_tick(INVALID)
        status = np.where(by_parts | by_whole, self._status(ticks), self.whole.statuses[whole.index])
        status[clash] = INVALID
        return Column(self.whole, whole.index, status.astype(np.int8), ticks.astype(np.int8)), [whole, *parts]

    def _whole_ticks(self, cells: Cells) -> Ticks:
        for position in range(len(self._table), len(self.whole.values)):
            ticked = self.whole.ticked[position]
            mark = no_tick(int(self.whole.statuses[position]))
            self._table.append([mark if ticked is None else int(code in ticked) for code in self.codes])
        return np.array(self._table, np.int8)[cells.index]

    def _status(self, ticks: Ticks) -> Ticks:
        """Answered; but where only choices that stand for a missing answer are ticked, the kind of the first."""
        silent = (ticks == 1) & (self.kinds != ANSWERED)
        spoken = (ticks < 0).any(axis=1) | ((ticks == 1) & (self.kinds == ANSWERED)).any(axis=1)
        return np.where(silent.any(axis=1) & ~spoken, self.kinds[silent.argmax(axis=1)], ANSWERED).astype(np.int8)


def _part_ticks(parts: list[Cells], rows: int) -> Ticks:
    ticks = np.empty((rows, len(parts)), np.int8)
    for column, cells in enumerate(parts):
        numbers = cells.store.numbers
        table = np.where(np.isnan(numbers), no_tick(cells.store.statuses), np.nan_to_num(numbers))
        ticks[:, column] = table[cells.index]
    return ticks


def exclusive_clash(question: SelectMultiple, ticks: Ticks) -> Mask:
    """Where a choice that excludes all others, or says that there is no answer, stands beside another."""
    alone = np.array([choice.exclusive or choice.missing is not None for choice in question.choices.choices], np.bool_)
    ticked = ticks == 1
    clash: Mask = (ticked & alone).any(axis=1) & (ticked.sum(axis=1) > 1)
    return clash
