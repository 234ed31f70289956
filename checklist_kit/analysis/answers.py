"""The long table: one row per submission x question x instance, and per choice of a select_multiple, in form order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist_kit.analysis.arrays import TEXT, category, distinct, numbers, shared, texts
from checklist_kit.analysis.coerce import format_number
from checklist_kit.analysis.columns import Column
from checklist_kit.analysis.frames import frame_of
from checklist_kit.analysis.status import ANSWERED, NOT_ASKED, STATUSES
from checklist_kit.analysis.whole import Rows, Whole
from checklist_kit.model import Checklist, Decimal, Entry, Integer, Item, SelectMultiple, SelectOne

_NEVER_BLANK = ("submission_id", "item", "status")
_AGAIN = 256  # submissions
Number = TypeVar("Number", bound=np.generic)

COLUMNS = ("submission_id", "unit", "item", "instance", "choice", "status", "value", "number", "label")


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


@dataclass(frozen=True, slots=True)
class Block:
    """The answers to one question, or to one choice of it: statuses, and positions of entries, one a row."""

    place: Place
    item: int
    choice: int
    status: NDArray[np.int8]
    entry: NDArray[np.int32]


@dataclass(slots=True)
class Entries:
    """What can stand in a row beside its status: a text, a number and the position of a label, -1 for none.

    A row that is blank has the position -1, which is that of the last entry once they are joined.
    """

    texts: list[pa.LargeStringArray] = field(default_factory=list)
    numbers: list[NDArray[np.float64]] = field(default_factory=list)
    labels: list[NDArray[np.int32]] = field(default_factory=list)
    count: int = 0

    def add(self, texts: pa.LargeStringArray, numbers: NDArray[np.float64], labels: NDArray[np.int32]) -> int:
        """Add entries; return the position of the first."""
        self.texts.append(texts)
        self.numbers.append(numbers)
        self.labels.append(labels)
        first, self.count = self.count, self.count + len(labels)
        return first


@dataclass(frozen=True, slots=True)
class Even:
    """The order of rows where nothing is repeated: in each submission one row of each block."""

    blocks: int
    submissions: int

    def spread(self, parts: Sequence[NDArray[Any]], kind: type[Number]) -> NDArray[Number]:
        """Return what blocks say of their rows, in the order of the table."""
        out = np.empty((self.submissions, self.blocks), kind)
        for number, part in enumerate(parts):
            out[:, number] = part
        return out.ravel()

    def same(self, index: Sequence[int], words: Sequence[str]) -> pa.ChunkedArray:
        """Return a category that is the same in all rows of a block: some submissions again and again."""
        once = category(words, np.tile(np.array(index, np.int32), min(_AGAIN, self.submissions)))
        times, rest = divmod(self.submissions, _AGAIN)
        return pa.chunked_array([once] * times + [once.slice(0, rest * self.blocks)], once.type)

    def instances(self, blocks: Sequence[Block], words: Sequence[str]) -> pa.ChunkedArray:
        """Return the instances of rows, of which there are none."""
        return self.same([-1] * len(blocks), words)


class Uneven:
    """The order of rows otherwise: those of a block stand after those of the blocks before it in a submission."""

    def __init__(self, blocks: Sequence[Block], sizes: NDArray[np.intp]) -> None:
        cursor = np.cumsum(sizes) - sizes
        self._total = int(sizes.sum())
        self._rows = []
        for place in (block.place for block in blocks):
            self._rows.append(cursor[place.submission] + place.rank)
            cursor += place.counts

    def spread(self, parts: Sequence[NDArray[Any] | int], kind: type[Number]) -> NDArray[Number]:
        """Return what blocks say of their rows, in the order of the table."""
        out = np.empty(self._total, kind)
        for rows, part in zip(self._rows, parts, strict=True):
            out[rows] = part
        return out

    def same(self, index: Sequence[int], words: Sequence[str]) -> pa.DictionaryArray:
        """Return a category that is the same in all rows of a block."""
        return category(words, self.spread(index, np.int32))

    def instances(self, blocks: Sequence[Block], words: Sequence[str]) -> pa.DictionaryArray:
        """Return the instances of rows."""
        return category(words, self.spread([block.place.instance for block in blocks], np.int32))


Layout = Even | Uneven


def answers_table(whole: Whole, entries: Sequence[Entry]) -> pa.Table:
    """Return the long table of some of the questions. Texts are categories, but for `value`, which is text."""
    return _Assembly(whole, entries).table()


class _Assembly:
    def __init__(self, whole: Whole, entries: Sequence[Entry]) -> None:
        self.whole = whole
        self.questions = entries
        self.labels, self.choices, self.instances = Words(), Words(), Words()
        self.count = len(whole.meta.ids)
        self.places = {name: Place.of(rows, self.count, self.instances) for name, rows in whole.rows.items()}
        self.entries = Entries()

    def table(self) -> pa.Table:
        """Make the blocks, and bring their rows into the order of submissions."""
        blocks = list(self._blocks())
        sizes = np.zeros(self.count, np.intp)
        for block in blocks:
            sizes += block.place.counts
        layout = self._layout(blocks, sizes)
        status = layout.spread([block.status for block in blocks], np.int32)
        entries = layout.spread([block.entry for block in blocks], np.int32)
        number = np.concatenate([*self.entries.numbers, [np.nan]])[entries]
        label = np.concatenate([*self.entries.labels, np.array([-1], np.int32)])[entries]
        submission = np.repeat(np.arange(self.count, dtype=np.int32), sizes)
        names = [entry.item.name for entry in self.questions]
        columns = {
            "submission_id": distinct(self.whole.meta.ids, submission),
            "unit": distinct(self.whole.unit_values().tolist(), submission),
            "item": layout.same([block.item for block in blocks], names),
            "instance": layout.instances(blocks, self.instances.texts),
            "choice": layout.same([block.choice for block in blocks], self.choices.texts),
            "status": category(STATUSES, status),
            "value": shared(pa.concat_arrays([pa.array([], TEXT), *self.entries.texts]), entries),
            "number": numbers(number, np.isnan(number)),
            "label": category(self.labels.texts, label),
        }
        fields = [pa.field(name, column.type, name not in _NEVER_BLANK) for name, column in columns.items()]
        return pa.table(list(columns.values()), schema=pa.schema(fields))

    def _layout(self, blocks: Sequence[Block], sizes: NDArray[np.intp]) -> Layout:
        if all(frame_of(entry) == "" for entry in self.questions):
            return Even(len(blocks), self.count)
        return Uneven(blocks, sizes)

    def _blocks(self) -> Iterator[Block]:
        for position, entry in enumerate(self.questions):
            column, place = self.whole.columns[entry.item.name], self.places[frame_of(entry)]
            if isinstance(entry.item, SelectMultiple):
                yield from self._tick_blocks(entry.item, position, column, place)
            else:
                yield self._block(entry.item, position, column, place)

    def _block(self, item: Item, position: int, column: Column, place: Place) -> Block:
        store, labels = column.store, labels_of(item, self.whole.checklist)
        label = np.full(len(store), -1, np.int32)
        for value, text in labels.items():
            same = pc.equal(store.texts, value).fill_null(False)
            label[same.to_numpy(zero_copy_only=False)] = self.labels.position(text)
        numbers = np.where(store.statuses == ANSWERED, store.numbers, np.nan)
        first = self.entries.add(store.texts, numbers, label)
        entry = np.where(column.filled, column.index + first, -1)
        return Block(place, position, -1, column.status, entry)

    def _tick_blocks(self, item: SelectMultiple, position: int, column: Column, place: Place) -> Iterator[Block]:
        """A tick that stands for a missing answer has a text, and no number."""
        assert column.ticks is not None
        labels = labels_of(item, self.whole.checklist)
        for number, code in enumerate(item.choices.codes):
            status, tick = column.status_of(number), column.ticks[:, number].astype(np.int32)
            label = np.full(4, self.labels.position(labels[code]), np.int32)
            first = self.entries.add(texts(["0", "1", "0", "1"]), np.array([0.0, 1.0, np.nan, np.nan]), label)
            shown = (tick >= 0) & (status != NOT_ASKED)
            entry = np.where(shown, first + tick + 2 * (status != ANSWERED), -1)
            yield Block(place, position, self.choices.position(code), status, entry)


def labels_of(item: Item, checklist: Checklist) -> dict[str, str]:
    """Return the label in the default language of each value that has one: choices, and sentinel numbers."""
    if isinstance(item, SelectOne | SelectMultiple):
        return {choice.code: checklist.text(choice.label) for choice in item.choices.choices}
    if isinstance(item, Integer | Decimal):
        return {format_number(sentinel.value): checklist.text(sentinel.label) for sentinel in item.missing}
    return {}
