"""The two-valued trees that every engine can compute: when is a condition certainly true, and when certainly false?

Engines disagree about blanks. So a condition with three values is derived into two conditions with two values, in
which every leaf that could be unknown stands beside a guard that says it is known. A backend then supplies leaves and
guards, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Condition, Symbol, Term


@dataclass(frozen=True, slots=True)
class All:
    """True when all parts are; true without parts."""

    parts: tuple[Certain, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when one part is; false without parts."""

    parts: tuple[Certain, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """A comparison of two terms that are known where this is asked."""

    op: str
    left: Exact
    right: Exact


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a known term is (or, negated, is none) of some literals."""

    operand: Exact
    options: tuple[t.Text | t.Number, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Ticked:
    """Whether a known select_multiple has (or, negated, lacks) a choice."""

    symbol: Symbol
    code: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether a question has (or, negated, lacks) an answer, a sentinel included."""

    symbol: Symbol
    negated: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a question has an answer that is no sentinel."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class IsTrue:
    """Whether a known calculation that is itself a condition came out true (or, negated, false)."""

    symbol: Symbol
    negated: bool


@dataclass(frozen=True, slots=True)
class NonZero:
    """Whether a known number is not zero."""

    operand: Exact


Certain = All | Any | Holds | OneOf | Ticked | Answered | Known | IsTrue | NonZero

ALWAYS = All(())
NEVER = Any(())


@dataclass(frozen=True, slots=True)
class Choose:
    """The first term where a two-valued condition holds, else the second."""

    when: Certain
    then: Exact
    otherwise: Exact


@dataclass(frozen=True, slots=True)
class Minus:
    """Minus a known number."""

    operand: Exact


@dataclass(frozen=True, slots=True)
class Compute:
    """`+ - * /` of two known numbers, the divisor not zero."""

    op: str
    left: Exact
    right: Exact


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Days from a known date to a known date."""

    start: Exact
    end: Exact


Exact = (
    t.Number
    | t.Text
    | t.Date
    | t.Time
    | t.Ref
    | t.CountChoices
    | t.CountRows
    | t.Sum
    | t.Today
    | Choose
    | Minus
    | Compute
    | DaysBetween
)

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@cache
def certainly(condition: Condition) -> Certain:
    """T: true exactly where the condition is true."""
    return _derive(condition, True)


@cache
def certainly_not(condition: Condition) -> Certain:
    """F: true exactly where the condition is false."""
    return _derive(condition, False)


def all_of(parts: Iterable[Certain]) -> Certain:
    """Join with and: flat, without repetitions, in order of first mention."""
    kept: dict[Certain, None] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, All) else (part,):
            if type(inner) is Any and not inner.parts:
                return NEVER
            kept.setdefault(inner)
    return next(iter(kept)) if len(kept) == 1 else All(tuple(kept))


def any_of(parts: Iterable[Certain]) -> Certain:
    """Join with or: flat, without repetitions, in order of first mention."""
    kept: dict[Certain, None] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, Any) else (part,):
            if type(inner) is All and not inner.parts:
                return ALWAYS
            kept.setdefault(inner)
    return next(iter(kept)) if len(kept) == 1 else Any(tuple(kept))


def _derive(condition: Condition, wanted: bool) -> Certain:
    match condition:
        case t.Not(operand):
            return _derive(operand, not wanted)
        case t.And(parts):
            return (all_of if wanted else any_of)(_derive(part, wanted) for part in parts)
        case t.Or(parts):
            return (any_of if wanted else all_of)(_derive(part, wanted) for part in parts)
        case t.Choice(test, then, otherwise):
            return any_of(
                (
                    all_of((certainly(test), _derive(then, wanted))),
                    all_of((certainly_not(test), _derive(otherwise, wanted))),
                )
            )
        case _:
            return _leaf(condition, wanted)


def _leaf(condition: t.Compare | t.In | t.HasChoice | t.IsAnswered | t.Truth, wanted: bool) -> Certain:
    match condition:
        case t.Compare(op, left, right):
            holds = Holds(op if wanted else _OPPOSITE[op], exact(left), exact(right))
            return all_of((known(left), known(right), holds))
        case t.In(operand, options):
            return all_of((known(operand), OneOf(exact(operand), options, not wanted)))
        case t.HasChoice(symbol, code):
            return all_of((Known(symbol), Ticked(symbol, code, not wanted)))
        case t.IsAnswered(symbol):
            return Answered(symbol, not wanted)
        case t.Truth(symbol):
            return all_of((Known(symbol), IsTrue(symbol, not wanted)))


@cache
def known(term: Term) -> Certain:
    """True exactly where a term has a value."""
    match term:
        case t.Ref(symbol) | t.CountChoices(symbol):
            return Known(symbol)
        case t.Negative(operand):
            return known(operand)
        case t.Arithmetic(op, left, right):
            guards = [known(left), known(right)]
            if op == "/" and not (isinstance(right, t.Number) and right.value != 0):
                guards.append(NonZero(exact(right)))
            return all_of(guards)
        case t.Days(start, end):
            return all_of((known(start), known(end)))
        case t.If(condition, then, otherwise):
            return any_of(
                (
                    all_of((certainly(condition), known(then))),
                    all_of((certainly_not(condition), known(otherwise))),
                )
            )
        case t.Coalesce(first, second):
            return any_of((known(first), known(second)))
        case _:
            return ALWAYS


@cache
def exact(term: Term) -> Exact:
    """The value of a term where it is known, for an engine with two truth values."""
    match term:
        case t.Negative(operand):
            return Minus(exact(operand))
        case t.Arithmetic(op, left, right):
            return Compute(op, exact(left), exact(right))
        case t.Days(start, end):
            return DaysBetween(exact(start), exact(end))
        case t.If(condition, then, otherwise):
            return Choose(certainly(condition), exact(then), exact(otherwise))
        case t.Coalesce(first, second):
            return Choose(known(first), exact(first), exact(second))
        case _:
            return term
