"""What each report says of an indicator: yes, no, or a number; or why it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Column, Mask
from checklist_kit.analysis.each import each
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.status import ANSWERED, NOT_APPLICABLE, NOT_ASKED, STATUSES
from checklist_kit.analysis.vector import Data, Values, Vector, value_of
from checklist_kit.logic import Tree, certainly, certainly_not, outside_sums, sums_in, symbols_in
from checklist_kit.model import Calculate, Checklist, Figure, Indicator, Share

States = NDArray[np.int8]

YES, NO, OUTSIDE = -2, -1, ANSWERED
"""States of a report. Those above `OUTSIDE` are positions in STATUSES: what keeps it out of the base."""

_WORTHWHILE = 4  # times as many submissions as ways to answer

# An instance with one of these leaves no gap in a sum.
_NO_LACK = (ANSWERED, NOT_ASKED, NOT_APPLICABLE)

WORDS = {YES: "yes", NO: "no", OUTSIDE: "outside"} | dict(enumerate(STATUSES[1:], 1))


@dataclass(frozen=True, eq=False)
class Told:
    """What reports tell of an indicator, one element a report, or an instance of the repeat that it is made for.

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

    def and_not_asked(self) -> Told:
        """Return the same with one more report at the end, that was not asked."""
        values, sizes = (None if part is None else np.append(part, np.nan) for part in (self.values, self.sizes))
        return Told(np.append(self.states, np.int8(NOT_ASKED)), values, sizes)

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
    if indicator.for_each is not None:
        yield indicator.for_each


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


def told_of_each(checklist: Checklist, indicator: Indicator, data: Data) -> Iterator[tuple[Indicator, Told]]:
    """Yield the findings of an indicator, and what each submission tells of each: one, or one a choice of its repeat.

    A submission that lacks an instance was not asked about it.
    """
    if indicator.for_each is None:
        yield indicator, told_by(checklist, indicator, data)
        return
    frame = data.frames[indicator.for_each]
    told = _told_by_rows(checklist, indicator, data).and_not_asked()
    instances = np.array(frame.instances, object)
    for one in each(checklist, indicator):
        assert one.choice is not None
        rows = np.flatnonzero(instances == one.choice.code)
        row_of = np.full(len(data.frames[""]), len(frame), np.intp)
        row_of[frame.submission[rows]] = rows
        yield one, told.at(row_of)


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
    vector = Vector(data, data.frames[indicator.for_each or ""])
    if isinstance(indicator, Share):
        when = indicator.when.condition
        true, false = vector.compile(certainly(when)), vector.compile(certainly_not(when))
        base = (true | false) & _among(indicator, vector)
        states = _missing(checklist, indicator, vector)
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
    states = _missing(checklist, indicator, vector)
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
    for part in indicator.parts:
        names = (symbol.name for symbol in outside_sums(part.tree))
        for status in (*_statuses(names, vector), *_statuses_of_sums(part.tree, vector)):
            among &= status == ANSWERED
    return among


def _missing(checklist: Checklist, indicator: Indicator, vector: Vector) -> States:
    """The first status that is not `answered` among the questions of an indicator, row by row."""
    missing = np.zeros(len(vector.frame), np.int8)
    sums = (status for part in indicator.parts for status in _statuses_of_sums(part.tree, vector))
    for status in (*_statuses(names_in(checklist, indicator), vector), *sums):
        np.copyto(missing, status, where=missing == ANSWERED)
    return missing


def _statuses(names: Iterable[str], vector: Vector) -> Iterator[States]:
    """The statuses of questions that have one answer a row; those inside of other repeats have many."""
    top = vector.data.frames[""]
    for name in names:
        frame, column = vector.data.columns.get(name, (None, None))
        if column is not None and (frame is vector.frame or frame is top):
            yield vector.lift(column.status, frame)


def _statuses_of_sums(tree: Tree, vector: Vector) -> Iterator[States]:
    """The first status, of the instances that a sum goes over, by which it lacks a number that it should hold."""
    for symbol in sums_in(tree):
        frame, column = vector.data.columns[symbol.name]
        assert frame.parent is not None
        lacking = np.flatnonzero(~np.isin(column.status, _NO_LACK))[::-1]
        status = np.zeros(len(frame.parent), np.int8)
        status[frame.owner[lacking]] = column.status[lacking]
        yield vector.lift(status, frame.parent)
