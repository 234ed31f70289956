"""Expressions mean the same in survey-core as they do here, blanks and sentinels included."""

import datetime
import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklist_kit.logic import (
    Context,
    Kind,
    Scope,
    Symbol,
    Tree,
    analyse,
    certainly,
    certainly_not,
    evaluate,
    kind_of,
    symbol_table,
)
from checklist_kit.logic import tree as t
from checklist_kit.targets.surveyjs.expressions import Expressions, Inexpressible, Rows
from tests.engines.surveyjs import SurveyJS
from tests.strategies.expressions import DATES, TIMES, calculations, conditions, visible

CODES = ("yes", "no", "1", "01", "true", "it's", 'a"b', "back\\slash", "{c}", "Ə")
SYMBOLS = symbol_table(
    Symbol(order=order, **fields)
    for order, fields in enumerate(
        [
            {"name": "i", "kind": Kind.NUMBER},
            {"name": "j", "kind": Kind.NUMBER, "sentinels": (9998, 9999)},
            {"name": "d", "kind": Kind.NUMBER, "exact": False, "sentinels": (-1.5,)},
            {"name": "c", "kind": Kind.CHOICE, "codes": CODES},
            {"name": "e", "kind": Kind.CHOICE, "codes": CODES},
            {"name": "m", "kind": Kind.CHOICES, "codes": CODES},
            {"name": "day", "kind": Kind.DATE},
            {"name": "night", "kind": Kind.DATE},
            {"name": "from", "kind": Kind.TIME},
            {"name": "till", "kind": Kind.TIME},
            {"name": "t", "kind": Kind.TEXT},
            {"name": "b", "kind": Kind.BOOLEAN},
            {"name": "rep", "kind": Kind.REPEAT},
            {"name": "f", "kind": Kind.NUMBER, "sentinels": (9999,), "repeats": ("rep",)},
        ],
        1,
    )
)
OWN = [symbol for symbol in SYMBOLS.values() if symbol.kind in (Kind.NUMBER, Kind.CHOICE, Kind.CHOICES, Kind.DATE)][:-1]
TODAY = datetime.date.today()


def typed(text: str, *, condition: bool = True) -> Tree:
    analysis = analyse(text, Scope(SYMBOLS), condition=condition)
    assert analysis.tree is not None, (text, analysis.faults)
    return analysis.tree


def blank(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or None in 35 of 100."""
    return st.integers(0, 99).flatmap(lambda n: st.none() if n < 35 else values)


numbers = st.integers(-12, 12)
answers = st.fixed_dictionaries(
    {
        "i": blank(numbers),
        "j": blank(numbers | st.sampled_from([9998, 9999])),
        "d": blank(st.integers(-20, 20).map(lambda n: n / 4)),
        "c": blank(st.sampled_from(CODES)),
        "e": blank(st.sampled_from(CODES)),
        "m": blank(st.lists(st.sampled_from(CODES), min_size=1, unique=True)),
        "day": blank(DATES | st.just(TODAY)),
        "night": blank(DATES),
        "from": blank(TIMES),
        "till": blank(TIMES),
        "t": blank(st.sampled_from(["a", "long text", "<b>&amp;", "2024-02-07", "5"])),
        "b": blank(st.booleans()),
    }
)
rows = st.lists(blank(numbers | st.just(9999)), max_size=4)
WORDS = visible(Scope(SYMBOLS))
TEXTS = ["t", 'coalesce(t, "it\'s {i}")', "if(b, t, 'no')", "coalesce(if(c = 'yes', t, 'b'), 'c')"]
some_condition = conditions(WORDS).map(typed)
some_calculation = (calculations(WORDS).map(lambda made: made[0]) | st.sampled_from(TEXTS)).map(
    lambda text: typed(text, condition=False)
)


def raw(value: Any) -> Any:
    """An answer as the engine holds it."""
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, datetime.date) else value


def close(left: Any, right: Any) -> bool:
    if isinstance(left, float | int) and isinstance(right, float | int) and not isinstance(left, bool):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return bool(left == right) and type(left) is type(right)


def free(_: str) -> Rows:
    """All repeats grow, and are always asked."""
    return Rows()


HERE = Expressions((), free)


def context_of(values: dict[str, Any], column: list[int | None]) -> tuple[Context, dict[str, Any]]:
    """The same answers for our evaluation and for the engine."""
    held = {name: raw(value) for name, value in values.items() if value is not None}
    held["rep"] = [{} if value is None else {"f": value} for value in column]
    return Context(values, {"rep": [{"f": value} for value in column]}, TODAY), held


def at_the_edge(tree: t.Tree, context: Context) -> bool:
    """Whether a comparison hangs on the last digit of a fraction: engines round each in their own way."""
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, t.Compare) and kind_of(node.left) is Kind.NUMBER:
            left, right = evaluate(node.left, context), evaluate(node.right, context)
            if left != right and left is not None and right is not None and close(left, right):
                return True
            if left == right and left is not None and left != round(left * 4) / 4:  # type: ignore[operator]
                return True
        if isinstance(node, tuple):
            pending.extend(node)
        elif not isinstance(node, t.Symbol) and type(node).__module__ == t.__name__:
            pending.extend(getattr(node, name) for name in node.__slots__)
    return False


@given(tree=some_condition, values=answers, column=rows)
@settings(max_examples=400)
def test_conditions_agree(
    surveyjs: SurveyJS, tree: t.Condition, values: dict[str, Any], column: list[int | None]
) -> None:
    context, held = context_of(values, column)
    assume(not at_the_edge(tree, context))
    asked, refused = HERE.relevant(tree), HERE.negate(HERE.constraint(tree))
    yes, no = surveyjs.evaluate([(asked, held), (refused, held)])
    assert (yes.parsed, no.parsed) == (True, True), (asked, refused)
    assert (yes.truth, no.truth) == {True: (True, False), False: (False, True), None: (False, False)}[
        evaluate(tree, context)
    ], (asked, refused)


@given(tree=some_calculation, values=answers, column=rows)
@settings(max_examples=400)
def test_calculations_agree(surveyjs: SurveyJS, tree: t.Tree, values: dict[str, Any], column: list[int | None]) -> None:
    context, held = context_of(values, column)
    assume(not at_the_edge(tree, context))
    expression, expected = HERE.value(tree, None), raw(evaluate(tree, context))
    if expression is None:
        assert expected is None
        return
    (got,) = surveyjs.evaluate([(expression, held)])
    assert got.parsed, expression
    assert close(got.value, expected), (expression, got.value, expected)


@given(own=st.sampled_from(OWN), tree=some_condition, values=answers, column=rows)
def test_a_constraint_spares_blanks_and_sentinels(
    surveyjs: SurveyJS, own: Symbol, tree: t.Condition, values: dict[str, Any], column: list[int | None]
) -> None:
    context, held = context_of(values, column)
    assume(not at_the_edge(tree, context))
    answer = values[own.name]
    known = answer is not None and answer not in own.sentinels if not isinstance(answer, list) else True
    (passed,) = surveyjs.evaluate([(HERE.check(own, tree), held)])
    assert passed.truth is not (known and evaluate(tree, context) is False)


@pytest.mark.parametrize("zone", ["Asia/Baku", "America/New_York", "Pacific/Apia"])
def test_days_do_not_depend_on_the_clock(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    begin, ends = (
        datetime.date(2024, 3, 1),
        [datetime.date(2023, 10, 20) + datetime.timedelta(step) for step in range(0, 400, 3)],
    )
    expression = HERE.value(typed("days(day, night)", condition=False), None)
    assert expression
    with SurveyJS() as engine:
        got = engine.evaluate([(expression, {"day": begin.isoformat(), "night": end.isoformat()}) for end in ends])
    assert [evaluation.value for evaluation in got] == [(end - begin).days for end in ends]


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("c = 'yes'", "{#c} = 'yes'"),
        ("c in ('yes', 'no')", "{#c} anyof ['yes', 'no']"),
        ("not (c = 'yes')", "({c} notempty and {#c} != 'yes')"),
        ("m has 'no'", "{m} anyof ['no']"),
        ("i > 5", "({i} notempty and {i} > 5)"),
        ("j > 5", "(({j} notempty and {j} noneof [9998, 9999]) and {j} > 5)"),
        ("t is answered", "{#t} != ''"),
        ("1 < 2 and c = 'no'", "{#c} = 'no'"),
        ("i >= i", "{i} notempty"),
        ("1 > 2 or 0 = 1", "false"),
    ],
)
def test_reads_well(text: str, expression: str) -> None:
    assert HERE.compile(certainly(typed(text))) == expression  # type: ignore[arg-type]


def test_says_what_it_cannot_express() -> None:
    inner = Symbol("q", Kind.NUMBER, repeats=("outer",))
    assert Expressions(("outer",), free).reference(inner) == "panel.q"
    assert Expressions(("outer", "inner"), free).reference(inner) == "parentPanel.q"
    with pytest.raises(Inexpressible, match="too many repeats away"):
        Expressions(("outer", "inner", "innermost"), free).reference(inner)
    with pytest.raises(Inexpressible, match="backslash"):
        HERE.compile(certainly_not(t.Compare("=", t.Ref(Symbol("c", Kind.CHOICE)), t.Text("a\\"))))
    long = " or ".join(f"c = 'yes' and i > {number}" for number in range(40))
    for _ in range(8):
        long = f"if({long}, e = 'yes', e = 'no')"
    with pytest.raises(Inexpressible, match="far too long"):
        HERE.relevant(typed(long))  # type: ignore[arg-type]
