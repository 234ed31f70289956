"""How many digits a number can have, read off its constraint."""

from __future__ import annotations

import math

from checklist_kit.logic import Condition
from checklist_kit.logic import tree as t
from checklist_kit.model import Integer

_DEFAULT = 4  # digits where the constraint names no bound
_MOST = 12  # digits that fit beside each other

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def positions(item: Integer) -> int:
    """Return how many digit columns a whole number needs: as many as its constraint's upper bound, else four."""
    bound = upper_bound(item.constraint.condition, item.name) if item.constraint else math.inf
    return _DEFAULT if math.isinf(bound) else min(len(str(max(0, math.floor(bound)))), _MOST)


def upper_bound(condition: Condition, name: str, wanted: bool = True) -> float:
    """Return the largest number that a condition allows for a question, infinity where it names none."""
    match condition:
        case t.Not(operand):
            return upper_bound(operand, name, not wanted)
        case t.And(parts) | t.Or(parts):
            bounds = [upper_bound(part, name, wanted) for part in parts]
            return min(bounds) if isinstance(condition, t.And) == wanted else max(bounds)
        case t.In(t.Ref(symbol), options) if wanted and symbol.name == name:
            return max((option.value for option in options if isinstance(option, t.Number)), default=math.inf)
        case t.Compare(op, t.Ref(symbol), t.Number(value)) if symbol.name == name:
            return _bound(op if wanted else _OPPOSITE[op], value)
        case t.Compare(op, t.Number(value), t.Ref(symbol)) if symbol.name == name:
            return _bound(_MIRRORED[op if wanted else _OPPOSITE[op]], value)
        case _:
            return math.inf


def _bound(op: str, value: float) -> float:
    if op == "<":
        return math.ceil(value) - 1
    return value if op in ("<=", "=") else math.inf
