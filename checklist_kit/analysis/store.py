"""The distinct raw answers of one question, each read once: a column then holds positions in this store."""

from __future__ import annotations

import datetime
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist_kit.analysis.arrays import TEXT, distinct_raws, hashed, texts
from checklist_kit.analysis.coerce import BLANK, Coerced, Read, raw_text
from checklist_kit.analysis.status import CODE
from checklist_kit.logic import Kind
from checklist_kit.model import Missing
from checklist_kit.protocols import Raw

NAN = float("nan")

Intern = Callable[[str], float]


Raws: TypeAlias = Sequence[Raw] | pa.Array
"""A column of raw values. In an Arrow array, of texts, numbers, truth values or lists of texts, null is the blank."""


class _Positions(dict[Any, int]):
    """Gives out a position to each key that is new, and remembers it in `fresh`."""

    def __init__(self, fresh: list[Any], taken: Sequence[str]) -> None:
        super().__init__({None: 0, "": 0})
        self._fresh = fresh
        self._taken = taken

    def __missing__(self, key: Any) -> int:
        position = self[key] = len(self._taken) + len(self._fresh)
        self._fresh.append(key)
        return position


class Store:
    """Grows as columns are read. Position 0 is the blank.

    `values` holds canonical texts. `kind` says how expressions see them.
    """

    def __init__(self, read: Read, kind: Kind) -> None:
        self.kind = kind
        self.values: list[str] = []
        self.notes: dict[int, tuple[str, str]] = {}
        self.ticked: list[tuple[str, ...] | None] = []
        self._read = read
        self._fresh: list[Any] = []
        self._positions: dict[type, _Positions] = defaultdict(lambda: _Positions(self._fresh, self.values))
        self._statuses = array("b")
        self._numbers = array("d")
        self._aside = array("b")
        self._filled = array("b")
        self._noted = array("b")
        self._texts = pa.array([], TEXT)
        self._refused: dict[int, Raw] = {}
        self._contents = np.zeros(0, np.uint64)
        self.extend([BLANK], [None])

    def __len__(self) -> int:
        return len(self.values)

    def extend(self, answers: Sequence[Coerced], raws: Sequence[Raw]) -> range:
        """Add what some raw values are; return their positions."""
        first = len(self.values)
        if answers:
            statuses, values, numbers, problems, ticked = zip(*answers, strict=True)
            self._filled.extend(map(bool, values))
            self._noted.extend(problem is not None for problem in problems)
            self.values += values
            self.ticked += ticked
            self._statuses.extend(map(CODE.__getitem__, statuses))
            self._numbers.extend(NAN if number is None else number for number in numbers)
            self._aside.frombytes(bytes(len(answers)))
            for row, problem in enumerate(problems):
                if problem is not None:
                    self.notes[first + row] = problem
                    if answers[row].aside:
                        self._aside[first + row] = True
                        self._refused[first + row] = raws[row]
        return range(first, len(self.values))

    def encode(self, raws: Raws) -> NDArray[np.int32]:
        """Return the position of each raw value, reading those that were never seen.

        Values of different types are different, even 1, 1.0 and True.
        """
        if isinstance(raws, pa.Array):
            distinct, place = distinct_raws(raws)
            return self.encode([*distinct, None])[place]  # a place of -1 is that of the last one
        kinds = set(map(type, raws)) - {type(None), str}
        if len(kinds) <= 1 and Missing not in kinds:  # then equal values are the same, for no text equals a number
            return self._encode(raws, self._positions[kinds.pop() if kinds else str])
        index = np.zeros(len(raws), np.int32)
        for kind in {*kinds, str}:
            rows = [row for row, raw in enumerate(raws) if type(raw) is kind]
            index[rows] = self._encode([raws[row] for row in rows], self._positions[kind])
        return index

    def _encode(self, raws: Sequence[Raw], positions: _Positions) -> NDArray[np.int32]:
        """Encode raw values of which no two are equal that are not the same."""
        try:
            index = np.fromiter(map(positions.__getitem__, raws), np.int32, len(raws))
            fresh = list(self._fresh)
        except TypeError:  # lists and objects
            self._forget(positions)
            by_key = {_hashable(raw): raw for raw in raws}
            index = np.fromiter((positions[_hashable(raw)] for raw in raws), np.int32, len(raws))
            fresh = [by_key[key] for key in self._fresh]
        self._fresh.clear()
        self.extend([self._read(raw) for raw in fresh], fresh)
        return index

    def _forget(self, positions: _Positions) -> None:
        for key in self._fresh:
            del positions[key]
        self._fresh.clear()

    @property
    def contents(self) -> NDArray[np.uint64]:
        """A number for what stands at each position, the same in every run; 0 for the blank.

        Raw values that are the same answer have the same number.
        """
        first = len(self._contents)
        if first < len(self.values):
            texts = [
                value or f"{raw_text(self._refused.get(first + row))}\0{self._statuses[first + row]}"
                for row, value in enumerate(self.values[first:])
            ]
            self._contents = np.append(self._contents, hashed(texts))
            self._contents[0] = 0
        return self._contents

    @property
    def statuses(self) -> NDArray[np.int8]:
        """The status (int8) of each position."""
        return np.array(self._statuses, np.int8)

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The number of each position, NaN where there is none."""
        return np.array(self._numbers, np.float64)

    @property
    def aside(self) -> NDArray[np.bool_]:
        """Whether the raw value of each position was set aside."""
        return np.array(self._aside, np.bool_)

    @property
    def noted(self) -> NDArray[np.bool_]:
        """Whether there is something to say about each position."""
        return np.array(self._noted, np.bool_)

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Whether each position has a value."""
        return np.array(self._filled, np.bool_)

    @property
    def texts(self) -> pa.LargeStringArray:
        """The text of each position, null where there is none."""
        if len(self._texts) < len(self.values):
            self._texts = pa.concat_arrays([self._texts, texts(self.values[len(self._texts) :])])
        return self._texts

    def terms(self, intern: Intern) -> NDArray[np.float64]:
        """Return each value as the number by which expressions see it.

        Numbers are themselves, dates ordinals, times seconds; `intern` numbers codes and texts.
        """
        if self.kind in (Kind.NUMBER, Kind.BOOLEAN):
            return self.numbers
        convert = {Kind.DATE: _ordinal, Kind.TIME: _seconds}.get(self.kind, intern)
        return np.fromiter((convert(value) if value else NAN for value in self.values), np.float64, len(self.values))


def _hashable(raw: Raw) -> object:
    return raw if raw is None or type(raw) is str else (type(raw), repr(raw))


def _ordinal(value: str) -> float:
    return float(datetime.date.fromisoformat(value).toordinal())


def _seconds(value: str) -> float:
    clock = datetime.time.fromisoformat(value)
    return float(clock.hour * 3600 + clock.minute * 60 + clock.second)
