"""Expressions mean the same in JavaRosa and in Enketo's evaluator as they do here, blanks and sentinels included."""

import datetime
import re
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.logic import Context, Kind, Scope, Symbol, analyse, evaluate, symbol_table
from checklist_kit.logic import tree as t
from checklist_kit.targets.xlsform.xpath import STRAIGHT, Expressions, full_match, quoted
from tests.engines.javarosa import OFFSET, JavaRosa, form
from tests.engines.openrosa import OpenRosa
from tests.strategies.expressions import DATES, TIMES, calculations, conditions, visible

TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=4))).date()
CODES = ("yes", "no", "10", "it's", 'a"b', "${x}", "Ə")
SYMBOLS = symbol_table(
    Symbol(order=order, **fields)
    for order, fields in enumerate(
        [
            {"name": "i", "kind": Kind.NUMBER},
            {"name": "j", "kind": Kind.NUMBER, "sentinels": (9998.0, -9.0)},
            {"name": "d", "kind": Kind.NUMBER, "exact": False, "sentinels": (-1.5,)},
            {"name": "c", "kind": Kind.CHOICE, "codes": CODES},
            {"name": "e", "kind": Kind.CHOICE, "codes": CODES},
            {"name": "m", "kind": Kind.CHOICES, "codes": CODES},
            {"name": "day", "kind": Kind.DATE},
            {"name": "computed_day", "kind": Kind.DATE},
            {"name": "hour", "kind": Kind.TIME},
            {"name": "later", "kind": Kind.TIME},
            {"name": "text", "kind": Kind.TEXT},
            {"name": "truth", "kind": Kind.BOOLEAN},
            {"name": "photo", "kind": Kind.OPAQUE},
            {"name": "rows", "kind": Kind.REPEAT},
            {"name": "n", "kind": Kind.NUMBER, "sentinels": (9998.0,), "repeats": ("rows",)},
            {"name": "w", "kind": Kind.NUMBER, "exact": False, "repeats": ("rows",)},
        ],
        1,
    )
)
TYPES = {"i": "int", "j": "int", "d": "decimal", "day": "date", "hour": "time", "later": "time", "photo": "binary"}
PATHS = {name: f"/data/{'rows/' if symbol.repeats else ''}{name}" for name, symbol in SYMBOLS.items()}
BINDS = {
    path: TYPES.get(name, "int" if name == "n" else "decimal" if name == "w" else "string")
    for name, path in PATHS.items()
    if name != "rows"
}
OWN = [
    name
    for name, symbol in SYMBOLS.items()
    if symbol.kind in (Kind.NUMBER, Kind.CHOICE, Kind.DATE, Kind.TIME) and not symbol.repeats
]


def blank(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or None in 35 of 100."""
    return st.integers(0, 99).flatmap(lambda n: st.none() if n < 35 else values)


numbers = st.integers(-12, 12)
quarters = st.integers(-20, 20).map(lambda n: n / 4)
answers = st.fixed_dictionaries(
    {
        "i": blank(numbers),
        "j": blank(numbers | st.sampled_from([9998, -9])),
        "d": blank(quarters | st.just(-1.5)),
        "c": blank(st.sampled_from(CODES)),
        "e": blank(st.sampled_from(CODES)),
        "m": blank(st.lists(st.sampled_from(CODES), min_size=1, unique=True)),
        "day": blank(DATES | st.just(TODAY)),
        "computed_day": blank(DATES),
        "hour": blank(TIMES),
        "later": blank(TIMES),
        "text": blank(st.sampled_from(["a", "long text", "<b>&amp;", "2024-02-07", "5"])),
        "truth": blank(st.booleans()),
        "photo": blank(st.just("photo.jpg")),
    }
)
rows = st.lists(st.fixed_dictionaries({"n": blank(numbers | st.just(9998)), "w": blank(quarters)}), max_size=3)

BLANK = dict.fromkeys(name for name, symbol in SYMBOLS.items() if symbol.kind is not Kind.REPEAT and not symbol.repeats)
SCOPE = Scope(SYMBOLS)
WORDS = visible(SCOPE)
HERE = Expressions(named=str, computed=lambda symbol: symbol.name == "computed_day", asked=lambda _: None)


def raw(value: Any) -> str:
    """An answer as the engines hold it."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case list():
            return " ".join(value)
        case datetime.time():
            return f"{value:%H:%M}:00.000{OFFSET}"
        case _:
            return str(value)


def instance(values: dict[str, Any], column: list[dict[str, Any]]) -> str:
    flat = "".join(f"<{name}>{escape(raw(value))}</{name}>" for name, value in values.items())
    nested = "".join(f"<rows><n>{raw(row['n'])}</n><w>{raw(row['w'])}</w></rows>" for row in column)
    return f'<data id="x" xmlns="">{flat}{nested}</data>'


def with_template(data: str) -> str:
    """JavaRosa makes new instances of a repeat from a template, and asks for one where there is no instance."""
    before, mark, after = data.partition("<rows>" if "<rows>" in data else "</data>")
    return f'{before}<rows jr:template=""><n/><w/></rows>{mark}{after}'


def with_paths(xpath: str) -> str:
    """What a converter makes of an expression."""
    return re.sub(r"\$\{(\w+)\}", lambda name: f" {PATHS[name[1]]} ", xpath)


def parsed(text: str, *, condition: bool = True, own: Symbol | None = None) -> t.Tree:
    analysis = analyse(text, SCOPE if own is None else Scope(SYMBOLS, own, own_answer=True), condition=condition)
    assert analysis.tree is not None, analysis.faults
    return analysis.tree


def asked(
    javarosa: JavaRosa, openrosa: OpenRosa, data: str, cases: list[tuple[str, str, str]]
) -> list[tuple[Any, Any]]:
    """The values of (expression, node, type) in the two engines."""
    cases = [(with_paths(text), node, kind) for text, node, kind in cases]
    first = javarosa.evaluate(form(BINDS, with_template(data)), [(text, node) for text, node, _ in cases])
    return list(zip(first, openrosa.evaluate(data, cases), strict=True))


@settings(max_examples=50)
@given(data=st.data(), values=answers, column=rows)
def test_conditions_agree(
    javarosa: JavaRosa, openrosa: OpenRosa, data: st.DataObject, values: dict[str, Any], column: list[dict[str, Any]]
) -> None:
    """T as a relevance, F as the relevance of the opposite, and "not F" as a constraint."""
    texts = data.draw(st.lists(conditions(WORDS), min_size=8, max_size=8))
    trees = [parsed(text) for text in texts]
    context = Context(values, {"rows": column}, TODAY)
    truths = [evaluate(tree, context) for tree in trees]
    cases, expected = [], []
    for tree, truth in zip(trees, truths, strict=True):
        cases += [HERE.relevant(tree), HERE.relevant(t.Not(tree)), HERE.constraint(tree)]  # type: ignore[arg-type]
        expected += [truth is True, truth is False, truth is not False]
    found = asked(javarosa, openrosa, instance(values, column), [(str(case), "/data", "boolean") for case in cases])
    for number, (pair, want) in enumerate(zip(found, expected, strict=True)):
        assert pair == (want, want), f"{texts[number // 3]}\n{cases[number]}"


@settings(max_examples=30)
@given(data=st.data(), values=answers, column=rows, name=st.sampled_from(OWN))
def test_constraints_of_an_answer_agree(
    javarosa: JavaRosa,
    openrosa: OpenRosa,
    data: st.DataObject,
    values: dict[str, Any],
    column: list[dict[str, Any]],
    name: str,
) -> None:
    """An engine asks a constraint only about an answer; a sentinel keeps every constraint."""
    own = SYMBOLS[name]
    if values[name] is None:
        return
    earlier = {other: symbol for other, symbol in SYMBOLS.items() if symbol.order <= own.order}
    inside = visible(Scope(earlier, own, own_answer=True))
    texts = data.draw(st.lists(conditions(inside), min_size=8, max_size=8))
    context = Context(values, {"rows": column}, TODAY)
    here = replace(HERE, own=own)
    cases, expected = [], []
    for text in texts:
        tree = parsed(text, own=own)
        cases.append(str(here.constraint(tree)))  # type: ignore[arg-type]
        expected.append(values[name] in own.sentinels or evaluate(tree, context) is not False)
    found = asked(javarosa, openrosa, instance(values, column), [(case, PATHS[name], "boolean") for case in cases])
    for text, case, pair, want in zip(texts, cases, found, expected, strict=True):
        assert pair == (want, want), f"{text}\n{case}"


@settings(max_examples=30)
@given(data=st.data(), values=answers, column=rows)
def test_calculations_agree(
    javarosa: JavaRosa, openrosa: OpenRosa, data: st.DataObject, values: dict[str, Any], column: list[dict[str, Any]]
) -> None:
    texts = [text for text, *_ in data.draw(st.lists(calculations(WORDS), min_size=8, max_size=8))]
    context = Context(values, {"rows": column}, TODAY)
    cases = [str(HERE.value(parsed(text, condition=False))) for text in texts]
    found = asked(javarosa, openrosa, instance(values, column), [(case, "/data", "string") for case in cases])
    for text, case, pair in zip(texts, cases, found, strict=True):
        want = raw(evaluate(parsed(text, condition=False), context))
        for value in pair:
            assert same(value, want), f"{text}\n{case}\n{pair}, not {want}"


def same(value: Any, want: str) -> bool:
    if isinstance(value, dict):
        return False
    try:
        return float(value) == float(want)
    except (TypeError, ValueError):
        return value == want


# our language, XPath
NATURAL = [
    ("c = 'no'", "${c} = 'no'"),
    ("c != 'no' or c is blank", "${c} != 'no'"),
    ("c is blank or c != 'no'", "${c} = '' or ${c} != 'no'"),
    ("c != 'no'", "${c} != '' and ${c} != 'no'"),
    ("c is answered", "${c} != ''"),
    ("c in ('yes', 'no')", "${c} = 'yes' or ${c} = 'no'"),
    ("m has 'yes'", "selected(${m}, 'yes')"),
    ("not (m has 'yes')", "${m} != '' and not(selected(${m}, 'yes'))"),
    ("not (m has 'yes') or m is blank", "not(selected(${m}, 'yes'))"),
    ("count(m) > 2", "count-selected(${m}) > 2"),
    ("i > 5 and c = 'no'", "${i} > 5 and ${c} = 'no'"),
    ("i > 5 and (c = 'no' or e = 'yes')", "${i} > 5 and (${c} = 'no' or ${e} = 'yes')"),
    ("i > 5 and c = 'no' or e = 'yes'", "(${i} > 5 and ${c} = 'no') or ${e} = 'yes'"),
    ("i + 1 > 5", "${i} + 1 > 5"),
    ("i < j", "${j} != 9998 and ${j} != -9 and ${i} < ${j}"),
    ("j < 5", "${j} != -9 and ${j} < 5"),
    ("j > 5", "${j} != 9998 and ${j} > 5"),
    ("j in (1, 2)", "${j} = 1 or ${j} = 2"),
    ("i / j > 2", "${j} != 9998 and ${j} != -9 and ${j} != 0 and ${i} div ${j} > 2"),
    ("day >= '2024-02-07'", "${day} >= date('2024-02-07')"),
    ("day <= today()", "${day} <= today()"),
    ("days(day, today()) > 3", "round(decimal-date-time(today()) - decimal-date-time(${day})) > 3"),
    ("hour < '08:00'", "round(decimal-time(${hour}) * 86400) < 28800"),
    ("sum(rows.n) > 3", "sum(${n}[. != '' and . != 9998]) > 3"),
    ("count(rows) = 2", "count(${rows}) = 2"),
    ("truth", "${truth} = 1"),
]
OWN_ANSWERS = [
    ("i", ". <= 3000", ". <= 3000"),
    ("i", "i >= 0 and i <= 3000", ". >= 0 and . <= 3000"),
    ("j", ". <= 3000", ". <= 3000 or . = 9998"),
    ("j", ". >= 0 and . <= i", "(. >= 0 and (${i} = '' or . <= ${i})) or . = 9998 or . = -9"),
    ("d", ". <= i", "${i} = '' or . <= ${i} or . = -1.5"),
    ("day", ". <= today()", ". <= today()"),
    ("m", "count(.) <= 2", "count-selected(.) <= 2"),
    ("e", ". != c", "${c} = '' or . != ${c}"),
]
VALUES = [
    ("i", "${i}"),
    ("i + d", "if(${i} != '' and ${d} != '' and ${d} != -1.5, ${i} + ${d}, '')"),
    ("coalesce(i, 0)", "coalesce(${i}, 0)"),
    ("sum(rows.w)", "sum(${w}[. != ''])"),
    ("c = 'no'", "if(${c} = 'no', 1, if(${c} != '' and ${c} != 'no', 0, ''))"),
    ("2 - (i - 1)", "if(${i} != '', 2 - (${i} - 1), '')"),
    ("-i * 2", "if(${i} != '', -1 * ${i} * 2, '')"),
]


@pytest.mark.parametrize(("text", "xpath"), NATURAL)
def test_guards_stand_only_where_the_engines_need_them(text: str, xpath: str) -> None:
    assert str(HERE.relevant(parsed(text))) == xpath  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "text", "xpath"), OWN_ANSWERS)
def test_a_constraint_takes_its_own_answer_as_given(name: str, text: str, xpath: str) -> None:
    tree = parsed(text, own=SYMBOLS[name])
    assert str(replace(HERE, own=SYMBOLS[name]).constraint(tree)) == xpath  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "xpath"), VALUES)
def test_a_calculation_is_blank_where_it_is_unknown(text: str, xpath: str) -> None:
    assert str(HERE.value(parsed(text, condition=False))) == xpath


@pytest.mark.parametrize(
    "text", ["plain", "it's", 'a"b', """it's "b" """, "${x}", 'it\'s ${x} "y"', "'", '"', "$", "{}", "‘a”"]
)
def test_a_text_is_a_literal(javarosa: JavaRosa, openrosa: OpenRosa, text: str) -> None:
    assert "${" not in quoted(text)
    want = text.translate(STRAIGHT)
    assert asked(javarosa, openrosa, instance(BLANK, []), [(quoted(text), "/data", "string")]) == [(want, want)]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("[0-9]+", "12", True),
        ("[0-9]+", "12a", False),
        ("[0-9]+", "a12", False),
        ("a|b", "b", True),
        ("a|b", "ab", False),
    ],
)
def test_a_pattern_matches_the_whole_answer(
    javarosa: JavaRosa, openrosa: OpenRosa, pattern: str, text: str, matches: bool
) -> None:
    case = (str(full_match(pattern)), PATHS["text"], "boolean")
    assert asked(javarosa, openrosa, instance({**BLANK, "text": text}, []), [case]) == [(matches, matches)]
