"""What each report says of an indicator: yes, no, or a number; or why it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Column, Mask
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.status import ANSWERED, STATUSES
from checklist_kit.analysis.vector import Data, Values, Vector, value_of
from checklist_kit.logic import Tree, certainly, certainly_not, symbols_in
from checklist_kit.model import Calculate, Checklist, Expression, Figure, Indicator, Share

States = NDArray[np.int8]

YES, NO, OUTSIDE = -2, -1, ANSWERED
"""States of a report. Those above `OUTSIDE` are positions in STATUSES: what keeps it out of the base."""

_WORTHWHILE = 4  # times as many submissions as ways to answer

WORDS = {YES: "yes", NO: "no", OUTSIDE: "outside"} | dict(enumerate(STATUSES[1:], 1))


@dataclass(frozen=True, eq=False)
class Told:
    """What reports tell of an indicator, one element a report.

    `states` (int8) are YES or NO in the base, else OUTSIDE or a status; a number in the base is a YES. `values`
    (float64, for figures) are the numbers in the base, and `sizes` what they are a ratio to.
    """

    states: States
    values: Values | None = None
    sizes: Values | None = None

    def at(self, rows: NDArray[np.intp]) -> Told:
        """Return what some reports tell."""
        values, sizes = (None if part is None else part[rows] for part in (self.values, self.sizes))
        return Told(self.states[rows], values, sizes)

    @property
    def base(self) -> Mask:
        """Which reports are in the base."""
        base: Mask = self.states <= NO
        return base

    @property
    def numbers(self) -> Values:
        """The number of each report in the base: itself, or for a ratio the ratio within the unit; NaN elsewhere."""
        assert self.values is not None
        with np.errstate(all="ignore"):
            numbers = self.values if self.sizes is None else self.values / self.sizes
        return np.where(self.base & np.isfinite(numbers), numbers, np.nan)

    def words(self, row: int) -> str:
        """Return what a report says, as text."""
        state = int(self.states[row])
        if self.values is None or state > NO:
            return WORDS[state]
        told = f"{self.values[row]:.10g}"
        return told if self.sizes is None else f"{told}/{self.sizes[row]:.10g}"


def names_in(checklist: Checklist, indicator: Indicator) -> Iterator[str]:
    """The items that an indicator depends on: those of `among` first, and before a calculation what it is made of."""
    for expression in (indicator.among, *indicator.parts):
        if expression is not None:
            yield from operands(checklist, expression.tree)


def rests_on_sensitive(checklist: Checklist, indicator: Indicator) -> bool:
    """Whether an answer that an indicator is made of is sensitive."""
    return any(is_sensitive(checklist.by_name[name].item) for name in names_in(checklist, indicator))


def told_by(checklist: Checklist, indicator: Indicator, data: Data) -> Told:
    """Return what each submission tells of an indicator."""
    names = list(dict.fromkeys(names_in(checklist, indicator)))
    distinct = _distinct(names[0], data) if len(names) == 1 else None
    if distinct is None:
        return _told_by_rows(checklist, indicator, data)
    every, rows = distinct
    return _told_by_rows(checklist, indicator, every).at(rows)


def _distinct(name: str, data: Data) -> tuple[Data, NDArray[np.intp]] | None:
    """Return each way in which one question can have been answered, and which of them each submission is.

    An indicator about one question need only be looked at so often, however many submissions there are. None where
    there are not many more submissions than ways, and where days matter.
    """
    frame, column = data.columns.get(name, (None, None))
    if column is None or frame is not data.frames[""] or column.ticks is not None or len(np.unique(data.today)) > 1:
        return None
    ways = len(column.store.values) * len(STATUSES)
    if ways * _WORTHWHILE > len(frame):
        return None
    index, status = np.divmod(np.arange(ways), len(STATUSES))
    every = np.arange(ways)
    small = Frame("", None, [], [""] * ways, every, every)
    answers = Column(column.store, index.astype(np.int32), status.astype(np.int8))
    found = Data({"": small}, np.full(ways, data.today[0]), {name: (small, answers)}, data.intern)
    return found, column.index.astype(np.intp) * len(STATUSES) + column.status


def _told_by_rows(checklist: Checklist, indicator: Indicator, data: Data) -> Told:
    vector = Vector(data, data.frames[""])
    if isinstance(indicator, Share):
        when = indicator.when.condition
        true, false = vector.compile(certainly(when)), vector.compile(certainly_not(when))
        base = (true | false) & _among(indicator, vector)
        states = _missing(checklist, indicator, data)
        states[base] = NO
        states[base & true] = YES
        return Told(states)
    assert isinstance(indicator, Figure)
    known, values = value_of(vector, indicator.of.tree)
    base = known & _among(indicator, vector)
    sizes = None
    if indicator.per is not None:
        known, sizes = value_of(vector, indicator.per.tree)
        base &= known
    states = _missing(checklist, indicator, data)
    states[base] = YES
    return Told(states, values, sizes)


def operands(checklist: Checklist, tree: Tree) -> Iterator[str]:
    """The items that an expression depends on, those that a calculation is made of before the calculation."""
    for symbol in symbols_in(tree):
        entry = checklist.by_name.get(symbol.name)
        if entry is None:
            continue  # on another form, or in the frame
        if isinstance(entry.item, Calculate):
            yield from operands(checklist, entry.item.calculation.tree)
        yield symbol.name


def _among(indicator: Indicator, vector: Vector) -> Mask:
    """Where a unit is in question: where `among` is true, or by default where all that is asked for was answered."""
    if indicator.among is not None:
        return vector.compile(certainly(indicator.among.condition))
    among = np.ones(len(vector.frame), np.bool_)
    for status in _statuses(_symbols(indicator.parts), vector.data):
        among &= status == ANSWERED
    return among


def _symbols(parts: Iterable[Expression]) -> Iterator[str]:
    for part in parts:
        yield from (symbol.name for symbol in part.symbols)


def _missing(checklist: Checklist, indicator: Indicator, data: Data) -> States:
    """The first status that is not `answered` among the questions of an indicator, row by row."""
    missing = np.zeros(len(data.frames[""]), np.int8)
    for status in _statuses(names_in(checklist, indicator), data):
        np.copyto(missing, status, where=missing == ANSWERED)
    return missing


def _statuses(names: Iterable[str], data: Data) -> Iterator[States]:
    """The statuses of questions outside of repeats; a sum or a count over a repeat is always known."""
    top = data.frames[""]
    for name in names:
        frame, column = data.columns.get(name, (None, None))
        if frame is top and column is not None:
            yield column.status
