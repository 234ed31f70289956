"""The meaning of expressions, for one submission: the reference that every engine is compared with."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Condition, Symbol, Term, Tree

Value = str | int | float | bool | datetime.date | datetime.time | Collection[str]
Answers = Mapping[str, Value | None]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is evaluated on.

    `answers` holds the answers by question, those of outer instances included; a question that is missing or None is
    blank, and the caller leaves out what was not asked. `rows` holds the instances of each repeat. `today` is the day
    of the observation.
    """

    answers: Answers
    rows: Mapping[str, Sequence[Answers]] = field(default_factory=dict)
    today: datetime.date | None = None


def evaluate(tree: Tree, context: Context) -> Value | None:
    """Return the value of a tree: True, False or None (unknown) for a condition, a value or None for a term."""
    return condition(tree, context) if isinstance(tree, t.CONDITIONS) else term(tree, context)


def condition(tree: Condition, context: Context) -> bool | None:
    """Return True, False or None by Kleene's tables."""
    match tree:
        case t.And(parts):
            return _and([condition(part, context) for part in parts])
        case t.Or(parts):
            return _negated(_and([_negated(condition(part, context)) for part in parts]))
        case t.Not(operand):
            return _negated(condition(operand, context))
        case t.Choice(test, then, otherwise):
            chosen = condition(test, context)
            return None if chosen is None else condition(then if chosen else otherwise, context)
        case t.IsAnswered(symbol):
            return _answer(symbol, context) is not None
        case t.HasChoice(symbol, code):
            ticked = _known(symbol, context)
            return None if ticked is None else code in ticked
        case t.Truth(symbol):
            truth: bool | None = _known(symbol, context)
            return truth
        case t.Compare(op, left, right):
            first, second = term(left, context), term(right, context)
            return None if first is None or second is None else _COMPARE[op](first, second)
        case t.In(operand, options):
            value = term(operand, context)
            return None if value is None else any(value == option.value for option in options)


def term(tree: Term, context: Context) -> Any:
    """Return the value of a term, or None where it is unknown."""
    match tree:
        case t.Number(value) | t.Text(value) | t.Date(value) | t.Time(value):
            return value
        case t.Ref(symbol):
            return _known(symbol, context)
        case t.Today():
            return context.today
        case t.CountChoices() | t.CountRows() | t.Sum():
            return _aggregate(tree, context)
        case t.If(test, then, otherwise):
            chosen = condition(test, context)
            return None if chosen is None else term(then if chosen else otherwise, context)
        case t.Coalesce(first, second):
            value = term(first, context)
            return term(second, context) if value is None else value
        case t.Negative(operand):
            value = term(operand, context)
            return None if value is None else -value
        case t.Arithmetic(op, left, right):
            return _compute(op, term(left, context), term(right, context))
        case t.Days(start, end):
            first_day, last_day = term(start, context), term(end, context)
            return None if first_day is None or last_day is None else (last_day - first_day).days


def _aggregate(tree: t.CountChoices | t.CountRows | t.Sum, context: Context) -> int | float | None:
    match tree:
        case t.CountChoices(symbol):
            ticked = _known(symbol, context)
            return None if ticked is None else len(ticked)
        case t.CountRows(repeat):
            return len(context.rows.get(repeat.name, ()))
        case t.Sum(repeat, column):
            values = [_known(column, Context(row)) for row in context.rows.get(repeat.name, ())]
            total: int | float = sum(value for value in values if value is not None)
            return total


def _compute(op: str, left: Any, right: Any) -> Any:
    if left is None or right is None or (op == "/" and right == 0):
        return None
    try:
        return _COMPUTE[op](left, right)
    except OverflowError:  # whole numbers have no limit here, fractions have
        return None


def _answer(symbol: Symbol, context: Context) -> Any:
    return context.answers.get(symbol.name)


def _known(symbol: Symbol, context: Context) -> Any:
    value = _answer(symbol, context)
    return None if symbol.sentinels and value in symbol.sentinels else value


def _and(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value
