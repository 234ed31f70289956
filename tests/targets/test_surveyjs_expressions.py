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
    analyse,
    certainly,
    certainly_not,
    evaluate,
    is_exact,
    kind_of,
)
from checklist_kit.logic import tree as t
from checklist_kit.targets.surveyjs.expressions import Expressions, Inexpressible, Rows
from tests.engines.surveyjs import SurveyJS

CODES = ("yes", "no", "1", "01", "true", "it's", 'a"b', "back\\slash")
NUMBERS = [
    Symbol("i", Kind.NUMBER),
    Symbol("j", Kind.NUMBER, sentinels=(9998, 9999)),
    Symbol("d", Kind.NUMBER, exact=False, sentinels=(-1.5,)),
]
CHOICES = [Symbol("c", Kind.CHOICE, codes=CODES), Symbol("e", Kind.CHOICE, codes=CODES)]
MANY = [Symbol("m", Kind.CHOICES, codes=CODES)]
DATES = [Symbol("day", Kind.DATE), Symbol("night", Kind.DATE)]
TIMES = [Symbol("from", Kind.TIME), Symbol("till", Kind.TIME)]
TEXTS = [Symbol("t", Kind.TEXT)]
TRUTHS = [Symbol("b", Kind.BOOLEAN)]
REPEAT = Symbol("rep", Kind.REPEAT)
COLUMN = Symbol("f", Kind.NUMBER, sentinels=(9999,), repeats=("rep",))
TODAY = datetime.date.today()

numbers = st.integers(-12, 12)
quarters = st.integers(-20, 20).map(lambda n: n / 4)
days = st.one_of(st.dates(datetime.date(2023, 12, 25), datetime.date(2024, 3, 5)), st.just(TODAY))
hours = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def blank(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or None in 35 of 100."""
    return st.integers(0, 99).flatmap(lambda n: st.none() if n < 35 else values)


answers = st.fixed_dictionaries(
    {
        "i": blank(numbers),
        "j": blank(numbers | st.sampled_from([9998, 9999])),
        "d": blank(quarters | st.just(-1.5)),
        "c": blank(st.sampled_from(CODES)),
        "e": blank(st.sampled_from(CODES)),
        "m": blank(st.lists(st.sampled_from(CODES), min_size=1, unique=True)),
        "day": blank(days),
        "night": blank(days),
        "from": blank(hours),
        "till": blank(hours),
        "t": blank(st.text("ab ", min_size=1).map(str.strip).filter(bool)),
        "b": blank(st.booleans()),
    }
)
rows = st.lists(blank(numbers | st.just(9999)), max_size=4)

number_terms = st.deferred(
    lambda: st.one_of(
        numbers.map(t.Number),
        quarters.map(t.Number),
        st.sampled_from(NUMBERS).map(t.Ref),
        st.sampled_from(NUMBERS).map(t.Ref),
        st.sampled_from(MANY).map(t.CountChoices),
        st.just(t.CountRows(REPEAT)),
        st.just(t.Sum(REPEAT, COLUMN)),
        number_terms.map(t.Negative),
        st.builds(t.Arithmetic, st.sampled_from("+-*/"), number_terms, number_terms),
        st.builds(t.Days, day_terms, day_terms),
        st.builds(t.If, conditions, number_terms, number_terms),
        st.builds(t.Coalesce, number_terms, number_terms),
    )
)
day_terms = st.deferred(
    lambda: st.one_of(
        days.map(t.Date),
        st.sampled_from(DATES).map(t.Ref),
        st.sampled_from(DATES).map(t.Ref),
        st.just(t.Today()),
        st.builds(t.If, conditions, day_terms, day_terms),
        st.builds(t.Coalesce, day_terms, day_terms),
    )
)
time_terms = st.one_of(hours.map(t.Time), st.sampled_from(TIMES).map(t.Ref))
text_terms = st.deferred(
    lambda: st.one_of(
        st.text("ab'\"{}", min_size=1).map(t.Text),
        st.sampled_from(TEXTS).map(t.Ref),
        st.builds(t.If, conditions, text_terms, text_terms),
        st.builds(t.Coalesce, text_terms, text_terms),
    )
)
order = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def compare(terms: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(t.Compare, order, terms, terms)


leaves = st.one_of(
    compare(number_terms).filter(lambda c: c.op not in ("=", "!=") or (is_exact(c.left) and is_exact(c.right))),
    compare(day_terms),
    compare(time_terms),
    st.builds(
        t.Compare,
        st.sampled_from(["=", "!="]),
        st.sampled_from(CHOICES).map(t.Ref),
        st.sampled_from(CODES).map(t.Text) | st.sampled_from(CHOICES).map(t.Ref),
    ),
    st.builds(
        t.In,
        st.sampled_from(CHOICES).map(t.Ref),
        st.lists(st.sampled_from(CODES).map(t.Text), min_size=1, max_size=4).map(tuple),
    ),
    st.builds(t.In, number_terms.filter(is_exact), st.lists(numbers.map(t.Number), min_size=1, max_size=4).map(tuple)),
    st.builds(t.HasChoice, st.sampled_from(MANY), st.sampled_from(CODES)),
    st.sampled_from(NUMBERS + CHOICES + MANY + DATES + TEXTS + TRUTHS).map(t.IsAnswered),
    st.sampled_from(TRUTHS).map(t.Truth),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(t.Not),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(t.And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(t.Or),
        st.builds(t.Choice, inner, inner, inner),
    ),
    max_leaves=6,
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


@given(tree=conditions, values=answers, column=rows)
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


@given(tree=number_terms | day_terms | text_terms | conditions, values=answers, column=rows)
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


@given(own=st.sampled_from(NUMBERS + CHOICES + MANY + DATES), tree=conditions, values=answers, column=rows)
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
    expression = HERE.value(t.Days(t.Ref(DATES[0]), t.Ref(DATES[1])), None)
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
    symbols = {symbol.name: symbol for symbol in NUMBERS + CHOICES + MANY + DATES + TEXTS}
    analysis = analyse(text, Scope(symbols), condition=True)
    assert analysis.tree is not None, analysis.faults
    assert HERE.compile(certainly(analysis.tree)) == expression  # type: ignore[arg-type]


def test_says_what_it_cannot_express() -> None:
    inner = Symbol("q", Kind.NUMBER, repeats=("outer",))
    assert Expressions(("outer",), free).reference(inner) == "panel.q"
    assert Expressions(("outer", "inner"), free).reference(inner) == "parentPanel.q"
    with pytest.raises(Inexpressible, match="too many repeats away"):
        Expressions(("outer", "inner", "innermost"), free).reference(inner)
    with pytest.raises(Inexpressible, match="backslash"):
        HERE.compile(certainly_not(t.Compare("=", t.Ref(Symbol("c", Kind.CHOICE)), t.Text("a\\"))))
