"""What expressions mean: Kleene's three values, and the two-valued trees that every engine computes instead."""

from __future__ import annotations

import datetime
import operator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.checks.reasoning import opposite
from checklist_kit.checks.reasoning.solver import Unknown
from checklist_kit.logic import Context, Kind, Scope, analyse, certainly, certainly_not, evaluate, exact, known
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from tests.core.test_logic_text import SCOPE, SYMBOLS
from tests.strategies.expressions import DATES, TIMES, calculations, conditions, visible

OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
WORDS = visible(SCOPE)
CONDITIONS = conditions(WORDS, 8)
CALCULATIONS = calculations(WORDS)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.sampled_from(["x", "12"]),
    Kind.DATE: DATES,
    Kind.TIME: TIMES,
    Kind.OPAQUE: st.just("photo.jpg"),
    Kind.BOOLEAN: st.booleans(),
}


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Answers to the questions of `SYMBOLS`, about a third of them blank and some of them sentinels."""

    def answer(symbol: t.Symbol) -> Any:
        if draw(st.integers(1, 100)) <= 35:
            return None
        if symbol.sentinels and draw(st.integers(1, 4)) == 1:
            return symbol.sentinels[0]
        if symbol.kind is Kind.CHOICE:
            return draw(st.sampled_from(symbol.codes))
        if symbol.kind is Kind.CHOICES:
            return draw(st.sets(st.sampled_from(symbol.codes), min_size=1))
        if symbol.kind is Kind.NUMBER:
            return draw(st.integers(-3, 12)) if symbol.exact else draw(st.sampled_from([0.0, 0.5, 2.25, -1.5, 7.0]))
        return draw(VALUES[symbol.kind])

    asked = [
        symbol
        for symbol in SYMBOLS.values()
        if symbol.kind in VALUES or symbol.kind in (Kind.CHOICE, Kind.CHOICES, Kind.NUMBER)
    ]
    answers = {symbol.name: answer(symbol) for symbol in asked if not symbol.repeats}
    rows = [{"votes": answer(SYMBOLS["votes"])} for _ in range(draw(st.integers(0, 3)))]
    return Context(answers, {"parties": rows}, datetime.date(2024, 2, 7))


class TwoValued:
    """An engine that has no unknown: where an operand is unknown, a leaf comes out as `garbage`, as engines do."""

    def __init__(self, context: Context, garbage: bool) -> None:
        self.context, self.garbage = context, garbage

    def holds(self, goal: Any) -> bool:
        match goal:
            case c.All(parts):
                return all(self.holds(part) for part in parts)
            case c.Any(parts):
                return any(self.holds(part) for part in parts)
            case c.Answered(symbol, negated):
                return (self.context.answers.get(symbol.name) is not None) != negated
            case c.Known(symbol):
                return self.value(t.Ref(symbol)) is not None
            case Unknown(symbol):
                return self.value(t.Ref(symbol)) is None
            case _:
                return self.leaf(goal)

    def leaf(self, goal: Any) -> bool:
        match goal:
            case c.Holds(op, left, right):
                first, second = self.value(left), self.value(right)
                return self.garbage if first is None or second is None else bool(OPERATORS[op](first, second))
            case c.OneOf(operand, options, negated):
                value = self.value(operand)
                return self.garbage if value is None else (value in [option.value for option in options]) != negated
            case c.Ticked(symbol, code, negated):
                ticked = self.value(t.Ref(symbol))
                return self.garbage if ticked is None else (code in ticked) != negated
            case c.IsTrue(symbol, negated):
                value = self.value(t.Ref(symbol))
                return self.garbage if value is None else value != negated
            case c.NonZero(operand):
                value = self.value(operand)
                return self.garbage if value is None else value != 0
        raise AssertionError(goal)

    def value(self, term: Any) -> Any:
        match term:
            case c.Choose(when, then, otherwise):
                return self.value(then if self.holds(when) else otherwise)
            case c.Minus(operand):
                value = self.value(operand)
                return None if value is None else -value
            case c.Compute(op, left, right):
                return evaluate(t.Arithmetic(op, self.number(left), self.number(right)), self.context)
            case c.DaysBetween(start, end):
                first, last = self.value(start), self.value(end)
                return None if first is None or last is None else (last - first).days
            case _:
                return evaluate(term, self.context)

    def number(self, term: Any) -> t.Term:
        """A literal of a term's value; a division by zero where it has none."""
        value = self.value(term)
        return t.Arithmetic("/", t.Number(1), t.Number(0)) if value is None else t.Number(value)


@given(st.data(), st.booleans())
@settings(max_examples=1000)
def test_certain_trees_agree_with_kleene(data: st.DataObject, garbage: bool) -> None:
    text, context = data.draw(CONDITIONS), data.draw(contexts())
    condition: Any = analyse(text, SCOPE, condition=True).tree
    meaning, engine = evaluate(condition, context), TwoValued(context, garbage)
    assert engine.holds(certainly(condition)) == (meaning is True)
    assert engine.holds(certainly_not(condition)) == (meaning is False)


@given(st.data(), st.booleans())
@settings(max_examples=300)
def test_exact_terms_are_right_where_they_are_known(data: st.DataObject, garbage: bool) -> None:
    (text, kind, _), context = data.draw(CALCULATIONS), data.draw(contexts())
    tree: Any = analyse(text, SCOPE, condition=False).tree
    if kind is Kind.BOOLEAN or isinstance(tree, t.CONDITIONS):
        return
    meaning, engine = evaluate(tree, context), TwoValued(context, garbage)
    assert engine.holds(known(tree)) == (meaning is not None)
    if meaning is not None:
        assert engine.value(exact(tree)) == pytest.approx(meaning) if kind is Kind.NUMBER else meaning


@given(st.data(), st.booleans())
@settings(max_examples=300)
def test_the_opposite_is_the_opposite(data: st.DataObject, garbage: bool) -> None:
    text, context = data.draw(CONDITIONS), data.draw(contexts())
    condition: Any = analyse(text, SCOPE, condition=True).tree
    engine = TwoValued(context, garbage)
    for goal in (certainly(condition), certainly_not(condition)):
        assert engine.holds(opposite(goal)) != engine.holds(goal)


ANSWERS = {
    "opened": "no",
    "seen": {"ink"},
    "voted": 5,
    "share": 0.5,
    "day": datetime.date(2024, 2, 7),
    "late": True,
    "other": "no",
}


@pytest.mark.parametrize(
    ("text", "blank", "meaning"),
    [
        ("opened = 'no'", "", True),
        ("opened = 'no'", "opened", None),
        ("opened != 'yes'", "opened", None),
        ("not (opened = 'no')", "opened", None),
        ("opened in ('yes', 'no')", "opened", None),
        ("opened = other", "", True),
        ("opened is blank", "opened", True),
        ("opened is answered", "", True),
        ("seen has 'ink'", "", True),
        ("seen has 'none'", "", False),
        ("seen has 'none'", "seen", None),
        ("count(seen) = 1", "", True),
        ("count(seen) = 0", "seen", None),
        ("voted > 3 or opened = 'no'", "voted", True),
        ("voted > 3 and opened = 'yes'", "voted", False),
        ("voted > 3 and opened = 'no'", "voted", None),
        ("voted / 0 > 1", "", None),
        ("voted / (voted - 5) > 1", "", None),
        ("coalesce(voted, 0) = 0", "voted", True),
        ("if(late, voted, 0) = 5", "", True),
        ("if(late, voted, 0) = 0", "late", None),
        ("if(late, opened = 'no', opened = 'yes')", "", True),
        ("days('2024-02-01', day) = 6", "", True),
        ("days(day, '2024-02-01') = -6", "", True),
        ("day < today()", "", None),
        ("late", "late", None),
        ("count(parties) = 0", "", True),
        ("sum(parties.votes) = 0", "", True),
    ],
)
def test_meaning(text: str, blank: str, meaning: bool | None) -> None:
    tree = analyse(text, SCOPE, condition=True).tree
    assert tree is not None
    answers = {name: value for name, value in ANSWERS.items() if name != blank}
    assert evaluate(tree, Context(answers)) is meaning


def test_sentinels_are_answered_and_unknown() -> None:
    context = Context({"voted": 9999}, {"parties": [{"votes": None}, {"votes": 4}]})

    def meaning(text: str) -> object:
        tree = analyse(text, SCOPE, condition=True).tree
        assert tree is not None
        return evaluate(tree, context)

    assert meaning("voted is answered") is True
    assert meaning("voted > 3") is None
    assert meaning("voted = 9999") is None
    assert meaning("sum(parties.votes) = 4 and count(parties) = 2") is True


def test_derived_trees_of_one_checklist_do_not_serve_another() -> None:
    def first_option(codes: tuple[str, ...]) -> object:
        symbol = t.Symbol("q", Kind.CHOICE, codes=codes)
        tree = analyse("q in ('a', 'b')", Scope({"q": symbol}), condition=True).tree
        goal: Any = certainly(tree)  # type: ignore[arg-type]
        return goal.parts[0].symbol.codes

    assert first_option(("a", "b")) == ("a", "b")
    assert first_option(("a", "b", "c")) == ("a", "b", "c")
