"""The distinct raw answers of one question, each read once: a column then holds positions in this store."""

from __future__ import annotations

import datetime
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import BLANK, Coerced, Read
from checklist_kit.analysis.status import CODE
from checklist_kit.logic import Kind
from checklist_kit.model import Missing
from checklist_kit.protocols import Raw

NAN = float("nan")

Intern = Callable[[str], float]


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
        self._positions: dict[type, dict[Any, int]] = defaultdict(lambda: {None: 0, "": 0})
        self._statuses = array("b")
        self._numbers = array("d")
        self._aside = array("b")
        self.extend([BLANK])

    def extend(self, answers: Sequence[Coerced]) -> range:
        """Add what some raw values are; return their positions."""
        first = len(self.values)
        if answers:
            statuses, values, numbers, problems, ticked = zip(*answers, strict=True)
            self.values += values
            self.ticked += ticked
            self._statuses.extend(map(CODE.__getitem__, statuses))
            self._numbers.extend(NAN if number is None else number for number in numbers)
            self._aside.frombytes(bytes(len(answers)))
            for row, problem in enumerate(problems):
                if problem is not None:
                    self.notes[first + row] = problem
                    self._aside[first + row] = answers[row].aside
        return range(first, len(self.values))

    def encode(self, raws: Sequence[Raw]) -> NDArray[np.int32]:
        """Return the position of each raw value, reading those that were never seen.

        Values of different types are different, even 1, 1.0 and True.
        """
        kinds = set(map(type, raws)) - {type(None), str}
        if len(kinds) <= 1 and Missing not in kinds:  # then equal values are the same, for no text equals a number
            return self._encode(raws, self._positions[kinds.pop() if kinds else str])
        index = np.zeros(len(raws), np.int32)
        for kind in {*kinds, str}:
            rows = [row for row, raw in enumerate(raws) if type(raw) is kind]
            index[rows] = self._encode([raws[row] for row in rows], self._positions[kind])
        return index

    def _encode(self, raws: Sequence[Raw], positions: dict[Any, int]) -> NDArray[np.int32]:
        """Encode raw values of which no two are equal that are not the same."""
        keys: Sequence[Any] = raws
        try:
            fresh = {key: key for key in keys if key not in positions}
        except TypeError:  # lists and objects
            keys = [raw if raw is None or type(raw) is str else (type(raw), repr(raw)) for raw in raws]
            fresh = {key: raw for key, raw in zip(keys, raws, strict=True) if key not in positions}
        positions.update(zip(fresh, self.extend([self._read(raw) for raw in fresh.values()]), strict=True))
        return np.fromiter(map(positions.__getitem__, keys), np.int32, len(keys))

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
        noted = np.zeros(len(self.values), np.bool_)
        noted[list(self.notes)] = True
        return noted

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Whether each position has a value."""
        return np.fromiter(map(bool, self.values), np.bool_, len(self.values))

    def terms(self, intern: Intern) -> NDArray[np.float64]:
        """Return each value as the number by which expressions see it.

        Numbers are themselves, dates ordinals, times seconds; `intern` numbers codes and texts.
        """
        if self.kind in (Kind.NUMBER, Kind.BOOLEAN):
            return self.numbers
        convert = {Kind.DATE: _ordinal, Kind.TIME: _seconds}.get(self.kind, intern)
        return np.fromiter((convert(value) if value else NAN for value in self.values), np.float64, len(self.values))


def _ordinal(value: str) -> float:
    return float(datetime.date.fromisoformat(value).toordinal())


def _seconds(value: str) -> float:
    clock = datetime.time.fromisoformat(value)
    return float(clock.hour * 3600 + clock.minute * 60 + clock.second)
