"""Which guards XPath needs: a comparison that is false of a blank answer by itself needs none.

The two-valued tree guards every leaf. Here each guard becomes a node of its own, "the answer is not blank" or "it is
not this sentinel", and goes wherever the engines come to the same without it: beside a part that is false of that
value anyway, or inside an alternative to a part that is true of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.logic.certain import ALWAYS, NEVER, Certain
from checklist_kit.logic.tree import Symbol
from checklist_kit.targets.xlsform.outcome import outcome

Fact = tuple[Symbol, float | None]
"""A question and a value that is no substantive answer: None for blank, else a sentinel."""

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class BlankGuard(c.Answered):
    """An `is answered` (or, negated, `is blank`) that nobody wrote."""


@dataclass(frozen=True, slots=True)
class SentinelGuard(c.Holds):
    """A comparison with a sentinel that nobody wrote."""


def facts(symbol: Symbol) -> tuple[Fact, ...]:
    """Return a question with each of its values that are no substantive answer."""
    numbers = (int(value) if float(value).is_integer() else value for value in symbol.sentinels)
    return ((symbol, None), *((symbol, number) for number in numbers))


def guard(fact: Fact, *, equal: bool) -> Certain:
    """Return the condition that a question has (`equal`) or has not the value of a fact."""
    symbol, value = fact
    if value is None:
        return BlankGuard(symbol, equal)
    return SentinelGuard("=" if equal else "!=", t.Ref(symbol), t.Number(value))


def guarded(certain: Certain) -> Certain:
    """Write out what "known" means, and as a comparison what is one in XPath."""
    match certain:
        case c.All(parts):
            return c.all_of(map(guarded, parts))
        case c.Any(parts):
            return c.any_of(map(guarded, parts))
        case c.Known(symbol):
            return c.all_of(guard(fact, equal=False) for fact in facts(symbol))
        case c.IsTrue(symbol, negated):
            return c.Holds("=", t.Ref(symbol), t.Number(0 if negated else 1))
        case c.NonZero(operand):
            return c.Holds("!=", operand, t.Number(0))
        case _:
            return certain


def opposite(certain: Certain) -> Certain:
    """Return the negation of a guarded condition, every `not` drawn into the leaves."""
    match certain:
        case c.All(parts):
            return c.any_of(map(opposite, parts))
        case c.Any(parts):
            return c.all_of(map(opposite, parts))
        case c.Holds(op, left, right):
            return type(certain)(_OPPOSITE[op], left, right)
        case c.OneOf(operand, options, negated):
            return c.OneOf(operand, options, not negated)
        case c.Ticked(symbol, code, negated):
            return c.Ticked(symbol, code, not negated)
        case c.Answered(symbol, negated):
            return type(certain)(symbol, not negated)
        case _:
            raise TypeError(f"not a guarded condition: {certain}")


def without(certain: Certain, known: Collection[Fact]) -> Certain:
    """Return what is left of a condition where no question has the value of one of these facts."""
    match certain:
        case c.All(parts):
            return c.all_of(without(part, known) for part in parts)
        case c.Any(parts):
            return c.any_of(without(part, known) for part in parts)
        case BlankGuard() | SentinelGuard():
            return (
                NEVER
                if says(certain, equal=True) in known
                else ALWAYS
                if says(certain, equal=False) in known
                else certain
            )
        case _:
            return certain


def simplify(certain: Certain) -> Certain:
    """Leave out the guards that the engines do not need."""
    if not isinstance(certain, c.All | c.Any):
        return certain
    equal = isinstance(certain, c.Any)
    join = c.any_of if equal else c.all_of
    said = {fact for part in certain.parts if (fact := says(part, equal=equal))}
    inner = (part if says(part, equal=equal) else simplify(without(part, said)) for part in certain.parts)
    whole = join(inner)
    return join(_needed(list(whole.parts), equal)) if isinstance(whole, type(certain)) else whole


def _needed(parts: list[Certain], equal: bool) -> Iterable[Certain]:
    """Leave out each part that says a fact where another part settles the whole in that case.

    Of what an author wrote, only what stands after that which makes it needless goes: `a != 'x' or a is blank`, and
    `a < 5 and a is answered`.
    """
    for part in tuple(parts):
        fact = says(part, equal=equal)
        ours = isinstance(part, BlankGuard | SentinelGuard)
        if fact:
            others = parts if ours else parts[: parts.index(part)]
            if any(outcome(other, *fact) is equal for other in others if other is not part):
                parts.remove(part)
    return parts


def says(part: Certain, *, equal: bool) -> Fact | None:
    """Return the fact that a part says is so (`equal`) or is not so; None where it says neither."""
    match part:
        case c.Answered(symbol, negated) if negated is equal:
            return symbol, None
        case SentinelGuard(op, t.Ref(symbol), t.Number(value)) if (op == "=") is equal:
            return symbol, value
    return None
