"""Expressions over whole columns: the backend that settles relevance, calculations, constraints and indicators.

Every value is a float64 here: numbers and ticks are themselves, dates ordinals, times seconds, codes and texts numbers
that are given out as they come. A value that is not known is NaN, and guarded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Column, Mask
from checklist_kit.analysis.frames import Frame
from checklist_kit.logic import Backend, Symbol
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t

Values = NDArray[np.float64]
Array = TypeVar("Array", bound=NDArray[Any])

_COMPARE: dict[str, Callable[[Values, Values], Mask]] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_COMPUTE: dict[str, Callable[[Values, Values], Values]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


_LITERALS = (t.Number, t.Text, t.Date, t.Time)


class Interner:
    """Numbers texts as they come, so that they can be compared as numbers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, float] = {}

    def __call__(self, text: str) -> float:
        """Return the number of a text."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = float(len(self.texts))
            self.texts.append(text)
        return number


@dataclass(slots=True)
class Data:
    """What expressions are about: columns by question with their frames, and each submission's day (an ordinal)."""

    frames: dict[str, Frame]
    today: Values
    columns: dict[str, tuple[Frame, Column]] = field(default_factory=dict)
    intern: Interner = field(default_factory=Interner)


class Vector(Backend[Mask]):
    """Evaluates two-valued trees on all rows of a frame at once. Parts that come again are evaluated once."""

    def __init__(self, data: Data, frame: Frame) -> None:
        self.data = data
        self.frame = frame
        self._done: dict[c.Certain, Mask] = {}

    def compile(self, certain: c.Certain) -> Mask:
        """Return where a two-valued condition holds (bool, one element a row)."""
        found = self._done.get(certain)
        if found is None:
            with np.errstate(all="ignore"):
                found = self._done[certain] = super().compile(certain)
        return found

    def all(self, parts: list[Mask]) -> Mask:
        """True when all parts are; true without parts."""
        return np.logical_and.reduce(parts) if parts else np.ones(len(self.frame), np.bool_)

    def any(self, parts: list[Mask]) -> Mask:
        """True when one part is; false without parts."""
        return np.logical_or.reduce(parts) if parts else np.zeros(len(self.frame), np.bool_)

    def negate(self, part: Mask) -> Mask:
        """The opposite of a two-valued condition."""
        return ~part

    def holds(self, op: str, left: c.Exact, right: c.Exact) -> Mask:
        """A comparison of known terms."""
        if isinstance(left, t.Ref) and isinstance(right, _LITERALS):
            literal = np.array([self._literal(right)])
            return self._by_value(left.symbol, lambda values: _COMPARE[op](values, literal))
        return _COMPARE[op](self.term(left), self.term(right))

    def one_of(self, operand: c.Exact, options: tuple[t.Text | t.Number, ...], negated: bool) -> Mask:
        """Whether a known term is one of some literals."""
        values = [self._literal(option) for option in options]
        if isinstance(operand, t.Ref):
            return self._by_value(operand.symbol, lambda terms: np.isin(terms, values, invert=negated))
        return np.isin(self.term(operand), values, invert=negated)

    def _by_value(self, symbol: Symbol, test: Callable[[Values], Mask]) -> Mask:
        """Return a test of an answer on each row, made once for each distinct answer."""
        frame, column = self.data.columns[symbol.name]
        return self.lift(test(column.store.terms(self.data.intern))[column.index], frame)

    def ticked(self, symbol: Symbol, code: str, negated: bool) -> Mask:
        """Whether a known select_multiple has a choice ticked."""
        frame, column = self.data.columns[symbol.name]
        assert column.ticks is not None
        return self.lift(column.ticks[:, symbol.codes.index(code)] == (0 if negated else 1), frame)

    def answered(self, symbol: Symbol, negated: bool) -> Mask:
        """Whether a question has an answer, a sentinel included."""
        frame, column = self.data.columns[symbol.name]
        return self.lift(column.filled != negated, frame)

    def known(self, symbol: Symbol) -> Mask:
        """Whether a question has an answer that is no sentinel."""
        frame, column = self.data.columns[symbol.name]
        return self.lift(column.known, frame)

    def term(self, exact: c.Exact) -> Values:
        """Return the value of a term on each row (float64); anything where it is not known."""
        match exact:
            case t.Number() | t.Text() | t.Date() | t.Time():
                return np.full(len(self.frame), self._literal(exact))
            case t.Ref(symbol):
                frame, column = self.data.columns[symbol.name]
                return self.lift(column.store.terms(self.data.intern)[column.index], frame)
            case t.CountChoices(symbol):
                frame, column = self.data.columns[symbol.name]
                assert column.ticks is not None
                return self.lift((column.ticks == 1).sum(axis=1).astype(np.float64), frame)
            case t.CountRows(repeat):
                rows = self.data.frames[repeat.name]
                return self._total(rows, rows.asked.astype(np.float64))
            case t.Sum(repeat, column_symbol):
                return self._total(self.data.frames[repeat.name], self._summands(column_symbol))
            case t.Today():
                return self.data.today[self.frame.submission]
            case _:
                return self._compound(exact)

    def _compound(self, exact: c.Choose | c.Minus | c.Compute | c.DaysBetween) -> Values:
        match exact:
            case c.Choose(when, then, otherwise):
                return np.where(self.compile(when), self.term(then), self.term(otherwise))
            case c.Minus(operand):
                return -self.term(operand)
            case c.Compute(op, left, right):
                return _COMPUTE[op](self.term(left), self.term(right))
            case c.DaysBetween(start, end):
                return self.term(end) - self.term(start)

    def _literal(self, literal: t.Number | t.Text | t.Date | t.Time) -> float:
        match literal:
            case t.Number(number):
                return float(number)
            case t.Text(text):
                return self.data.intern(text)
            case t.Date(day):
                return float(day.toordinal())
            case t.Time(clock):
                return float(clock.hour * 3600 + clock.minute * 60 + clock.second)

    def lift(self, values: Array, frame: Frame) -> Array:
        """Spread the values (one a row) of an outer frame over the rows that lie in it."""
        rows = self.frame.rows_in(frame)
        return values if rows is None else values[rows]  # type: ignore[return-value]

    def _summands(self, symbol: Symbol) -> Values:
        _, column = self.data.columns[symbol.name]
        return np.where(column.known, column.store.terms(self.data.intern)[column.index], 0.0)

    def _total(self, rows: Frame, weights: Values) -> Values:
        """Add up the rows of a repeat, for each row that they belong to."""
        assert rows.parent is not None
        return self.lift(_add_up(rows.owner, weights, len(rows.parent)), rows.parent)


def _add_up(owner: NDArray[np.intp], weights: Values, size: int) -> Values:
    return np.bincount(owner, weights, minlength=size).astype(np.float64)


def value_of(vector: Vector, tree: t.Tree) -> tuple[Mask, Values]:
    """Return where a calculation is known, and its values there: 1 and 0 where it is a condition."""
    if isinstance(tree, t.CONDITIONS):
        true, false = vector.compile(c.certainly(tree)), vector.compile(c.certainly_not(tree))
        return true | false, true.astype(np.float64)
    with np.errstate(all="ignore"):
        known, values = vector.compile(c.known(tree)), vector.term(c.exact(tree))
    return known & np.isfinite(values), values
