"""The limits of a number that its constraint names as literals, and nothing that depends on other answers."""

from __future__ import annotations

from typing import Any

from checklist_kit.logic import Condition, Term
from checklist_kit.logic import tree as t
from checklist_kit.model import Decimal, Integer

_KEYWORDS = {"<=": "maximum", "<": "exclusiveMaximum", ">=": "minimum", ">": "exclusiveMinimum"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def bounds(question: Integer | Decimal) -> dict[str, Any]:
    """Return JSON Schema's keywords for the limits that every answer must keep, whatever the other answers are."""
    if question.constraint is None:
        return {}
    limits: dict[str, Any] = {}
    for part in _joined(question.constraint.condition):
        keyword, value = _limit(part, question.name)
        if keyword:
            tighter = min if keyword.endswith("aximum") else max
            limits[keyword] = tighter(limits.get(keyword, value), value)
    return limits


def _joined(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, t.And) else (condition,)


def _limit(condition: Condition, name: str) -> tuple[str, int | float]:
    match condition:
        case t.Compare(op, t.Ref(symbol), other) if symbol.name == name and op in _KEYWORDS:
            value = _constant(other)
        case t.Compare(op, other, t.Ref(symbol)) if symbol.name == name and op in _KEYWORDS:
            op, value = _MIRRORED[op], _constant(other)
        case _:
            return "", 0
    return ("", 0) if value is None else (_KEYWORDS[op], value)


def _constant(term: Term) -> int | float | None:
    match term:
        case t.Number(value):
            return value
        case t.Negative(t.Number(value)):
            return -value
        case _:
            return None
