"""The long table: one row per submission x question x instance, and per choice of a select_multiple, in form order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.arrays import category, floats, texts
from checklist_kit.analysis.coerce import format_number
from checklist_kit.analysis.columns import Column
from checklist_kit.analysis.frames import frame_of
from checklist_kit.analysis.status import ANSWERED, NOT_ASKED, STATUSES
from checklist_kit.analysis.whole import Rows, Whole
from checklist_kit.model import Checklist, Decimal, Entry, Integer, Item, SelectMultiple, SelectOne

COLUMNS = ("submission_id", "unit", "item", "instance", "choice", "status", "value", "number", "label")

_KINDS = {
    "item": np.int16,
    "instance": np.int32,
    "choice": np.int32,
    "status": np.int8,
    "value": np.int32,
    "number": np.float64,
    "label": np.int32,
}


@dataclass(slots=True)
class Words:
    """Texts that many rows share, each held once; rows hold positions."""

    texts: list[str] = field(default_factory=list)
    _positions: dict[str, int] = field(default_factory=dict)

    def position(self, text: str) -> int:
        """Return where a text stands, -1 for the empty one."""
        if not text:
            return -1
        if text not in self._positions:
            self._positions[text] = len(self.texts)
            self.texts.append(text)
        return self._positions[text]


@dataclass(slots=True)
class Place:
    """Where the rows of a frame go: `counts` of them in each submission, `rank` is a row's place among them."""

    submission: NDArray[np.intp]
    instance: NDArray[np.int32]
    counts: NDArray[np.intp]
    rank: NDArray[np.intp]

    @classmethod
    def of(cls, rows: Rows, submissions: int, instances: Words) -> Place:
        """Return the place of a frame's rows, which are in the order of their submissions."""
        counts = np.bincount(rows.submission, minlength=submissions)
        starts = np.cumsum(counts) - counts
        rank = np.arange(len(rows.submission)) - starts[rows.submission]
        return cls(rows.submission, np.array([instances.position(i) for i in rows.instances], np.int32), counts, rank)


@dataclass(slots=True)
class Block:
    """The answers to one question, or to one choice of it: positions of texts, statuses and numbers, one a row."""

    place: Place
    item: int
    choice: int
    status: NDArray[np.int8]
    value: NDArray[np.int32]
    number: NDArray[np.float64]
    label: NDArray[np.int32]


def answers_table(whole: Whole, entries: Sequence[Entry]) -> pd.DataFrame:
    """Return the long table of some of the questions. Texts are categories, but for `value`, which is text."""
    return _Assembly(whole, entries).table()


class _Assembly:
    def __init__(self, whole: Whole, entries: Sequence[Entry]) -> None:
        self.whole = whole
        self.entries = entries
        self.values: list[str] = ["0", "1"]
        self.labels, self.choices, self.instances = Words(), Words(), Words()
        count = len(whole.meta.ids)
        self.places = {name: Place.of(rows, count, self.instances) for name, rows in whole.rows.items()}

    def table(self) -> pd.DataFrame:
        """Each block is written to its rows, after those of the blocks before it in the same submission."""
        sizes = np.zeros(len(self.whole.meta.ids), np.intp)
        for entry in self.entries:
            sizes += self.places[frame_of(entry)].counts * _width(entry.item)
        total = int(sizes.sum())
        out = {name: np.empty(total, kind) for name, kind in _KINDS.items()}
        cursor = np.cumsum(sizes) - sizes
        for block in self._blocks():
            place = block.place
            rows = cursor[place.submission] + place.rank
            cursor += place.counts
            out["item"][rows], out["choice"][rows], out["instance"][rows] = block.item, block.choice, place.instance
            out["status"][rows], out["value"][rows] = block.status, block.value
            out["number"][rows], out["label"][rows] = block.number, block.label
        submission = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        return self._frame(out, submission)

    def _frame(self, out: dict[str, NDArray[Any]], submission: NDArray[np.int32]) -> pd.DataFrame:
        meta = self.whole.meta
        return pd.DataFrame(
            {
                "submission_id": category(meta.ids, submission),
                "unit": category(self.whole.unit_values().tolist(), submission),
                "item": category([entry.item.name for entry in self.entries], out.pop("item")),
                "instance": category(self.instances.texts, out.pop("instance")),
                "choice": category(self.choices.texts, out.pop("choice")),
                "status": category(STATUSES, out.pop("status")),
                "value": texts(self.values, out.pop("value")),
                "number": floats(out.pop("number")),
                "label": category(self.labels.texts, out.pop("label")),
            },
            copy=False,
        )

    def _blocks(self) -> Iterator[Block]:
        for position, entry in enumerate(self.entries):
            column, place = self.whole.columns[entry.item.name], self.places[frame_of(entry)]
            if isinstance(entry.item, SelectMultiple):
                yield from self._tick_blocks(entry.item, position, column, place)
            else:
                yield self._block(entry.item, position, column, place)

    def _block(self, item: Item, position: int, column: Column, place: Place) -> Block:
        store, status, filled = column.store, column.status, column.filled
        first = len(self.values)
        self.values += store.values
        labels = labels_of(item, self.whole.checklist)
        label = np.full(len(store.values), -1, np.int32)
        if labels:
            label[:] = [self.labels.position(labels.get(value, "")) for value in store.values]
        number = np.where(status == ANSWERED, store.numbers[column.index], np.nan)
        value = np.where(filled, column.index + first, -1).astype(np.int32)
        return Block(place, position, -1, status, value, number, np.where(filled, label[column.index], -1))

    def _tick_blocks(self, item: SelectMultiple, position: int, column: Column, place: Place) -> Iterator[Block]:
        assert column.ticks is not None
        labels = labels_of(item, self.whole.checklist)
        for number, code in enumerate(item.choices.codes):
            status, tick = column.status_of(number), column.ticks[:, number]
            shown = (tick >= 0) & (status != NOT_ASKED)
            value = np.where(shown, tick, -1).astype(np.int32)
            numbers = np.where(shown & (status == ANSWERED), tick, np.nan)
            label = np.where(shown, self.labels.position(labels[code]), -1).astype(np.int32)
            yield Block(place, position, self.choices.position(code), status, value, numbers, label)


def _width(item: Item) -> int:
    return len(item.choices.choices) if isinstance(item, SelectMultiple) else 1


def labels_of(item: Item, checklist: Checklist) -> dict[str, str]:
    """Return the label in the default language of each value that has one: choices, and sentinel numbers."""
    if isinstance(item, SelectOne | SelectMultiple):
        return {choice.code: checklist.text(choice.label) for choice in item.choices.choices}
    if isinstance(item, Integer | Decimal):
        return {format_number(sentinel.value): checklist.text(sentinel.label) for sentinel in item.missing}
    return {}
