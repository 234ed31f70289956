"""Answers out of their table -> the columns that expressions are evaluated on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.calculations import brought_store
from checklist_kit.analysis.coerce import reader
from checklist_kit.analysis.columns import Column, no_tick
from checklist_kit.analysis.frames import Frame, frame_of
from checklist_kit.analysis.reload import Source
from checklist_kit.analysis.settle import day_of
from checklist_kit.analysis.status import CODE, INVALID, NOT_ANSWERED, NOT_ASKED
from checklist_kit.analysis.store import Store
from checklist_kit.analysis.vector import Data
from checklist_kit.model import Calculate, Checklist, Item, Question, Repeat, SelectMultiple

Array = NDArray[Any]


def replay(checklist: Checklist, source: Source, names: Iterable[str], today: datetime.date) -> Data:
    """Return the columns of some questions, with one row a submission or an instance of a repeat.

    Relevance is not applied again: the tables say what was asked. `today` is the day where a submission does not say
    when it was received.
    """
    received = source.submissions["received_at"].astype("object")
    days = [day_of(text if isinstance(text, str) else "", today).toordinal() for text in received]
    return _Replay(checklist, source).data(names, np.array(days, np.float64))


class _Replay:
    def __init__(self, checklist: Checklist, source: Source) -> None:
        self.checklist = checklist
        answers = source.answers
        self.count = len(source.submissions)
        ids = pd.Index(source.submissions["submission_id"].astype("str"))
        found = ids.get_indexer(pd.Index(answers["submission_id"].cat.categories.astype("str")))
        self.submission = _taken(found, answers["submission_id"], -1)
        statuses = [CODE.get(status, INVALID) for status in answers["status"].cat.categories]
        self.status = _taken(np.array(statuses, np.int8), answers["status"], INVALID)
        self.columns = {name: answers[name].cat.codes.to_numpy() for name in answers.columns}
        self.words = {name: answers[name].cat.categories.astype("str").tolist() for name in answers.columns}

    def data(self, names: Iterable[str], days: NDArray[np.float64]) -> Data:
        every = np.arange(self.count)
        frames = {"": Frame("", None, [], [""] * self.count, every, every)}
        data = Data(frames, days)
        for name in dict.fromkeys(names):
            entry = self.checklist.by_name[name]
            frame = name if isinstance(entry.item, Repeat) else frame_of(entry)
            if frame not in frames:
                frames[frame] = self._repeat(frame, frames[""])
            if not isinstance(entry.item, Repeat):
                data.columns[name] = frames[frame], self._column(entry.item, frames[frame])
        return data

    def _rows(self, items: Sequence[str]) -> Array:
        """The rows of the table that belong to some items."""
        wanted = [code for code, name in enumerate(self.words["item"]) if name in set(items)]
        return np.flatnonzero(np.isin(self.columns["item"], wanted) & (self.submission >= 0))

    def _repeat(self, name: str, top: Frame) -> Frame:
        """The instances of a repeat, whatever question of it they are answers to."""
        rows = self._rows([entry.item.name for entry in self.checklist.questions if frame_of(entry) == name])
        keys, position = np.unique(self._key(rows), return_inverse=True)
        owner = keys // self._instances
        instances = [self.words["instance"][code] if code >= 0 else "" for code in keys % self._instances - 1]
        frame = Frame(name, top, [], instances, owner, owner)
        asked = np.bincount(position, self.status[rows] != NOT_ASKED, minlength=len(keys))
        frame.asked = asked > 0
        return frame

    @property
    def _instances(self) -> int:
        return len(self.words["instance"]) + 1

    def _key(self, rows: Array) -> Array:
        """A number for each submission and instance, in the order of submissions."""
        return self.submission[rows].astype(np.int64) * self._instances + self.columns["instance"][rows] + 1

    def _column(self, item: Item, frame: Frame) -> Column:
        rows = self._rows([item.name])
        if frame.parent is None:
            place = self.submission[rows]
        else:
            every = self._rows([entry.item.name for entry in self.checklist.questions if frame_of(entry) == frame.name])
            place = np.searchsorted(np.unique(self._key(every)), self._key(rows))
        if isinstance(item, SelectMultiple):
            return self._ticks(item, rows, place, len(frame))
        assert isinstance(item, Question | Calculate)
        store = brought_store(item) if isinstance(item, Calculate) else Store(reader(item), item.kind)
        index, status = np.zeros(len(frame), np.int32), np.full(len(frame), NOT_ANSWERED, np.int8)
        encoded = store.encode([*self.words["value"], None])
        index[place], status[place] = encoded[self.columns["value"][rows]], self.status[rows]
        status[store.aside[index]] = INVALID
        return Column(store, index, status)

    def _ticks(self, item: SelectMultiple, rows: Array, place: Array, size: int) -> Column:
        """The status of a row is that of a choice which has a tick, if any has."""
        ticks = np.full((size, len(item.choices.choices)), no_tick(NOT_ANSWERED), np.int8)
        status = np.full(size, NOT_ANSWERED, np.int8)
        values = [{"1": 1, "0": 0}.get(value, no_tick(INVALID)) for value in self.words["value"]]
        tick = np.array([*values, no_tick(NOT_ANSWERED)], np.int8)[self.columns["value"][rows]]
        tick = np.where(tick == no_tick(NOT_ANSWERED), no_tick(self.status[rows]), tick)
        codes = {code: column for column, code in enumerate(item.choices.codes)}
        column = np.array([*(codes.get(word, -1) for word in self.words["choice"]), -1])[self.columns["choice"][rows]]
        for ticked in (False, True):
            chosen = (column >= 0) & ((tick >= 0) == ticked)
            ticks[place[chosen], column[chosen]] = tick[chosen]
            status[place[chosen]] = self.status[rows][chosen]
        return Column(Store(reader(item), item.kind), np.zeros(size, np.int32), status, ticks)


def _taken(table: Array, column: pd.Series, blank: int) -> Array:
    """Return what a table says of each element of a categorical column."""
    codes = column.cat.codes.to_numpy()
    return np.where(codes < 0, blank, np.append(table, blank)[codes])
