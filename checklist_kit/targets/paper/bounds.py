"""How many digits a number can have, read off its constraint."""

from __future__ import annotations

import math

from checklist_kit.logic import Condition, Term
from checklist_kit.logic import tree as t
from checklist_kit.model import Integer

_DEFAULT = 4  # digits where the constraint names no bound
_MOST = 12  # digits that fit beside each other

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def positions(item: Integer) -> int:
    """Return how many digit columns a whole number needs: as many as its constraint's upper bound, else four."""
    bound = upper_bound(item)
    return _DEFAULT if math.isinf(bound) else min(len(str(max(0, math.floor(bound)))), _MOST)


def upper_bound(item: Integer) -> float:
    """Return the largest number that a constraint allows, infinity where it names none."""
    return _limit(item.constraint.condition, item.name, True, 1) if item.constraint else math.inf


def lower_bound(item: Integer) -> float:
    """Return the smallest number that a constraint allows, minus infinity where it names none."""
    return -_limit(item.constraint.condition, item.name, True, -1) if item.constraint else -math.inf


def _limit(condition: Condition, name: str, wanted: bool, side: int) -> float:
    """Return the upper bound of a number (`side` 1) or its negative (-1) if a condition is true, or false."""
    match condition:
        case t.Not(operand):
            return _limit(operand, name, not wanted, side)
        case t.And(parts) | t.Or(parts):
            limits = [_limit(part, name, wanted, side) for part in parts]
            return min(limits) if isinstance(condition, t.And) == wanted else max(limits)
        case t.In(t.Ref(symbol), options) if wanted and symbol.name == name:
            return max((side * option.value for option in options if isinstance(option, t.Number)), default=math.inf)
        case t.Compare(op, t.Ref(symbol), number) if symbol.name == name:
            return _bound(op if wanted else _OPPOSITE[op], _constant(number), side)
        case t.Compare(op, number, t.Ref(symbol)) if symbol.name == name:
            return _bound(_MIRRORED[op if wanted else _OPPOSITE[op]], _constant(number), side)
        case _:
            return math.inf


def _constant(term: Term) -> float | None:
    match term:
        case t.Number(value):
            return value
        case t.Negative(t.Number(value)):
            return -value
        case _:
            return None


def _bound(op: str, value: float | None, side: int) -> float:
    if value is None:
        return math.inf
    if (op if side == 1 else _MIRRORED[op]) == "<":
        return math.ceil(side * value) - 1
    return side * value if op == "=" or op == ("<=" if side == 1 else ">=") else math.inf
