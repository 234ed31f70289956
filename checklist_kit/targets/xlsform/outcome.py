"""What the engines make of a condition when one question is blank, or has a sentinel: true, false, or that depends."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.logic.certain import Certain
from checklist_kit.logic.tree import Kind, Symbol

_ORDERED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class _Value(Enum):
    """What is known of a value that is no certain number."""

    BLANK = "the empty text, which is no number"
    NAN = "no number"
    TEXT = "a text or a date, not empty"
    NUMBER = "a number"
    OPEN = "anything"


_Operand = float | _Value


@dataclass(frozen=True, slots=True)
class Column(t.Text):
    """A column of a choice list, as its filter reads it; `filled` says that no choice has an empty cell there."""

    filled: bool


def outcome(certain: Certain, symbol: Symbol, value: float | None) -> bool | None:
    """Return what a condition is where a question has a value (None: blank), or None where that depends on more."""
    match certain:
        case c.All(parts):
            return _all(outcome(part, symbol, value) for part in parts)
        case c.Any(parts):
            return _any(outcome(part, symbol, value) for part in parts)
        case c.Answered(asked, negated) if asked == symbol:
            return (value is None) is negated
        case c.Ticked(asked, _, negated) if asked == symbol and value is None:
            return negated
        case c.Holds(op, left, right):
            return _compared(op, _operand(left, symbol, value), _operand(right, symbol, value))
        case c.OneOf(operand, options, negated):
            found = _operand(operand, symbol, value)
            among = _any(_compared("=", found, _operand(option, symbol, value)) for option in options)
            return _not(among) if negated else among
    return None


def _operand(term: c.Exact, symbol: Symbol, value: float | None) -> _Operand:
    match term:
        case t.Number(number):
            return float(number)
        case Column(_, filled):
            return _Value.TEXT if filled else _Value.OPEN
        case t.Text() | t.Date() | t.Today():
            return _Value.TEXT
        case t.Ref(asked) if asked == symbol:
            if value is not None:
                return float(value)
            return _Value.NAN if asked.kind is Kind.TIME else _Value.BLANK  # times are compared as numbers
        case t.CountChoices(asked) if asked == symbol and value is None:
            return 0.0
        case t.CountChoices() | t.CountRows() | t.Sum() | t.Time():
            return _Value.NUMBER
        case c.Minus(operand):
            return _computed(operand, symbol=symbol, value=value)
        case c.Compute(_, left, right) | c.DaysBetween(left, right):
            return _computed(left, right, symbol=symbol, value=value)
        case _:
            return _Value.OPEN


def _computed(*operands: c.Exact, symbol: Symbol, value: float | None) -> _Operand:
    found = {_operand(operand, symbol, value) for operand in operands}
    return _Value.NAN if found & {_Value.BLANK, _Value.NAN} else _Value.OPEN


def _compared(op: str, left: _Operand, right: _Operand) -> bool | None:
    if op == "!=":
        return _not(_compared("=", left, right))
    if op == "=":
        return _equal(left, right)
    if {left, right} & {_Value.BLANK, _Value.NAN}:
        return False
    return _ORDERED[op](left, right) if isinstance(left, float) and isinstance(right, float) else None


def _equal(left: _Operand, right: _Operand) -> bool | None:
    if _Value.NAN in (left, right):
        return False
    if _Value.BLANK in (left, right):
        other = right if left is _Value.BLANK else left
        return None if other in (_Value.OPEN, _Value.BLANK) else False  # engines differ in two blank dates
    return left == right if isinstance(left, float) and isinstance(right, float) else None


def _all(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return False if False in found else None if None in found else True


def _any(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return True if True in found else None if None in found else False


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
