"""The text of expressions: tokens, grammar, names and kinds. Nothing but faults comes out, each inside the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.diagnostics import CODES
from checklist_kit.logic import Fault, Kind, Scope, Symbol, analyse, symbol_table, symbols_in
from checklist_kit.logic import tree as t
from checklist_kit.logic.parser import parse
from checklist_kit.logic.syntax import Name
from checklist_kit.logic.tokens import LogicError, tokenize
from tests.strategies.expressions import calculations, conditions, visible

SYMBOLS = symbol_table(
    [
        Symbol("opened", Kind.CHOICE, codes=("yes", "no", "don't"), order=1),
        Symbol("seen", Kind.CHOICES, codes=("ink", "none"), order=2),
        Symbol("voted", Kind.NUMBER, sentinels=(9999,), order=3),
        Symbol("share", Kind.NUMBER, exact=False, order=4),
        Symbol("day", Kind.DATE, order=5),
        Symbol("hour", Kind.TIME, order=6),
        Symbol("remark", Kind.TEXT, order=7),
        Symbol("photo", Kind.OPAQUE, order=8),
        Symbol("late", Kind.BOOLEAN, order=9),
        Symbol("parties", Kind.REPEAT, order=10),
        Symbol("votes", Kind.NUMBER, repeats=("parties",), order=11),
        Symbol("heading", Kind.NOTHING, order=12),
        Symbol("broken", Kind.BROKEN, order=13),
        Symbol("here", Kind.NUMBER, order=14),
        Symbol("later", Kind.NUMBER, order=15),
        Symbol("other", Kind.CHOICE, codes=("no", "maybe"), order=1),
    ]
)
SCOPE = Scope(SYMBOLS, SYMBOLS["here"], own_answer=True)
WORDS = [*SYMBOLS, "and", "or", "not", "in", "has", "is", "blank", "answered", "if", "sum", "count", "days", "coalesce"]
SIGNS = [
    "(",
    ")",
    ",",
    "=",
    "!=",
    "<=",
    "==",
    "<",
    "+",
    "-",
    "*",
    "/",
    ".",
    "'no'",
    "'2024-02-07'",
    '"08:00"',
    "7",
    "0.5",
    "today()",
]
CONDITIONS = conditions(visible(SCOPE))
CALCULATIONS = calculations(visible(SCOPE))
pieces = st.lists(st.sampled_from([*WORDS, *SIGNS, "parties.votes", "${opened}", " ", "“", "&", "\n"]), max_size=14)
texts = st.one_of(st.text(max_size=30), pieces.map(" ".join), pieces.map("".join))


@given(texts)
@settings(max_examples=500)
def test_tokens_cover_the_text_or_a_fault_says_where_not(text: str) -> None:
    fault, tokens = None, []
    try:
        tokens = tokenize(text)
    except LogicError as error:
        fault = error.fault
    if fault is not None:
        assert 0 <= fault.start < fault.end <= len(text)
        return
    ends = [0, *(token.end for token in tokens)]
    assert all(text[end : token.start].strip() == "" for end, token in zip(ends, tokens, strict=False))
    assert tokens[-1].kind == "end"


@given(texts)
@settings(max_examples=500)
def test_any_text_is_analysed(text: str) -> None:
    for condition in (True, False):
        result = analyse(text, SCOPE, condition=condition)
        for fault in result.faults:
            assert 0 <= fault.start < fault.end <= len(text) + 1
            assert fault.code in CODES
        assert not (result.tree is not None and result.faults)
        if result.tree is not None and condition:
            assert isinstance(result.tree, t.CONDITIONS)


@given(st.data())
@settings(max_examples=300)
def test_a_mutation_of_a_good_expression_is_good_or_has_faults(data: st.DataObject) -> None:
    text = data.draw(CONDITIONS)
    at = data.draw(st.integers(0, len(text)))
    mutated = text[:at] + data.draw(st.sampled_from(["", "(", ")", "'", " and ", "x", "1", ","])) + text[at + 1 :]
    result = analyse(mutated, SCOPE, condition=True)
    assert result.tree is not None or result.faults or "broken" in mutated


@given(st.data())
@settings(max_examples=300)
def test_random_expressions_are_well_typed(data: st.DataObject) -> None:
    text = data.draw(CONDITIONS)
    assert analyse(text, SCOPE, condition=True).faults == ()
    source, kind, exact = data.draw(CALCULATIONS)
    result = analyse(source, SCOPE, condition=False)
    assert result.faults == ()
    assert result.tree is not None
    if kind is Kind.NUMBER:
        assert t.is_exact(result.tree) >= exact  # type: ignore[arg-type]


@given(st.data())
def test_white_space_and_pasted_names_mean_nothing(data: st.DataObject) -> None:
    text = data.draw(CONDITIONS)
    tokens = [token for token in tokenize(text) if token.kind != "end"]
    spaced = "\n ".join(
        f"${{ {token.text} }}" if token.kind == "name" and token.text in SYMBOLS else text[token.start : token.end]
        for token in tokens
    )
    assert analyse(spaced, SCOPE, condition=True).tree == analyse(text, SCOPE, condition=True).tree


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("opened == 'no'", "opened = 'no'"),
        ('opened = "no"', "opened = 'no'"),
        ("selected(seen, 'ink')", "seen has 'ink'"),
        ("not opened = 'no'", "not (opened = 'no')"),
        ("opened not in ('no')", "not (opened in ('no'))"),
        ("voted is not blank", "voted is answered"),
        ("voted > 1 and opened = 'no' or late", "((voted > 1) and (opened = 'no')) or late"),
        ("NOT voted > 1 AND late", "not (voted > 1) and late"),
        ("1 + 2 * 3 - 4 > voted", "((1 + (2 * 3)) - 4) > voted"),
        ("- voted * 2 < 1", "((-voted) * 2) < 1"),
        (".5 < share", "0.5 < share"),
        (". > 3", "here > 3"),
        ("${voted}>1", "voted > 1"),
    ],
)
def test_two_ways_to_write_one_thing(text: str, same: str) -> None:
    first, second = (analyse(one, SCOPE, condition=True) for one in (text, same))
    assert first.faults == second.faults == ()
    assert first.tree == second.tree


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("", "logic-syntax", ""),
        ("opened =", "logic-syntax", ""),
        ("opened = 'no' voted", "logic-syntax", "voted"),
        ("(opened = 'no'", "logic-syntax", ""),
        ("1 < voted < 3", "logic-syntax", "<"),
        ("opened = “no”", "logic-syntax", "“"),
        ("voted ≤ 3", "logic-syntax", "≤"),
        ("voted in 3", "logic-syntax", "3"),
        ("voted is", "logic-syntax", ""),
        ("openend = 'no'", "logic-unknown-name", "openend"),
        ("opened = no", "logic-unknown-name", "no"),
        ("later > 3", "logic-forward-reference", "later"),
        ("votes > 3", "logic-repeat-reference", "votes"),
        ("parties.votes > 3", "logic-repeat-reference", "parties.votes"),
        ("sum(parties.voted) > 3", "logic-repeat-reference", "parties.voted"),
        ("sum(opened.votes) > 3", "logic-repeat-reference", "opened.votes"),
        ("sum(voted) > 3", "logic-type", "voted"),
        ("heading is answered", "logic-type", "heading"),
        ("voted", "logic-type", "voted"),
        ("opened", "logic-type", "opened"),
        ("opened > 'no'", "logic-type", "opened > 'no'"),
        ("opened = 3", "logic-type", "3"),
        ("3 = opened", "logic-type", "3"),
        ("opened has 'no'", "logic-type", "opened"),
        ("seen = 'ink'", "logic-type", "seen"),
        ("photo = 'x'", "logic-type", "photo"),
        ("late = 1", "logic-type", "late"),
        ("opened and late", "logic-type", "opened"),
        ("voted + day > 1", "logic-type", "day"),
        ("day > voted", "logic-type", "day > voted"),
        ("count(voted) > 1", "logic-type", "count(voted)"),
        ("parties is answered", "logic-type", "parties"),
        ("share in (1)", "logic-type", "share"),
        ("voted in (1.5)", "logic-type", "1.5"),
        ("opened in (no)", "logic-type", "no"),
        ("if(late, 1, 'x') > 1", "logic-type", "if(late, 1, 'x')"),
        ("coalesce(voted, day) > 1", "logic-type", "coalesce(voted, day)"),
        ("remark = 'x'", "logic-text-comparison", "remark = 'x'"),
        ("share = 1", "logic-inexact-equality", "share = 1"),
        ("voted / 2 != 1", "logic-inexact-equality", "voted / 2 != 1"),
        ("day > '7 February'", "logic-literal", "'7 February'"),
        ("day > '2024-02-30'", "logic-literal", "'2024-02-30'"),
        ("hour > '8:00'", "logic-literal", "'8:00'"),
        ("hour > '25:00'", "logic-literal", "'25:00'"),
        ("opened = 'On'", "logic-unknown-choice", "'On'"),
        ("opened in ('no', 'never')", "logic-unknown-choice", "'never'"),
        ("seen has 'inks'", "logic-unknown-choice", "'inks'"),
        ("round(voted) > 1", "logic-unknown-function", "round(voted)"),
        ("days(day) > 1", "logic-arguments", "days(day)"),
        ("today(1) > day", "logic-arguments", "today(1)"),
    ],
)
def test_faults_and_their_places(text: str, code: str, marked: str) -> None:
    (fault,) = analyse(text, SCOPE, condition=True).faults
    assert (fault.code, text[fault.start : fault.end]) == (code, marked)


def test_several_faults_at_once() -> None:
    result = analyse("opend = 'no' or voted > day and remark = 'x'", SCOPE, condition=True)
    assert [fault.code for fault in result.faults] == ["logic-unknown-name", "logic-type", "logic-text-comparison"]


def test_a_broken_question_is_not_complained_about_twice() -> None:
    result = analyse("broken > 3 and voted > 3", SCOPE, condition=True)
    assert (result.tree, result.faults) == (None, ())


def test_own_answer_only_where_there_is_one() -> None:
    outside = Scope(SYMBOLS, SYMBOLS["here"])
    for text in (". > 3", "here > 3"):
        assert [fault.code for fault in analyse(text, outside, condition=True).faults] == ["logic-self-reference"]
    indicator = Scope(SYMBOLS)
    assert analyse("later > 3 and here > 1", indicator, condition=True).faults == ()
    assert analyse(". > 3", indicator, condition=True).faults[0].code == "logic-self-reference"


def test_inside_a_repeat_its_questions_have_one_answer() -> None:
    inside = Scope(SYMBOLS, Symbol("inner", Kind.NUMBER, repeats=("parties",), order=12))
    assert analyse("votes > 3 and voted > 3", inside, condition=True).faults == ()
    assert analyse("count(parties) > 3", inside, condition=True).faults[0].code == "logic-forward-reference"


def test_columns_of_a_list_come_before_questions() -> None:
    columns = {"opened": Symbol("opened", Kind.CHOICE, codes=("north", "south"))}
    scope = Scope(SYMBOLS, SYMBOLS["here"], columns=columns)
    assert analyse("opened = 'north'", scope, condition=True).faults == ()
    assert analyse("${opened} = 'no'", scope, condition=True).faults == ()


@pytest.mark.parametrize(
    "text", ["(" * 500 + "late" + ")" * 500, "not " * 900 + "late", "-" * 3000 + "1 > 1", "late or " * 450 + "late"]
)
def test_no_depth_breaks_the_parser(text: str) -> None:
    result = analyse(text, SCOPE, condition=True)
    assert result.tree is not None or result.faults[0].code == "logic-syntax"
    if result.tree is not None:
        symbols_in(result.tree)


def test_a_text_that_is_too_long() -> None:
    assert analyse("late and " * 1000 + "late", SCOPE, condition=True).faults[0].code == "logic-syntax"


def test_help_for_frequent_mistakes() -> None:
    def help_of(text: str) -> str:
        return str(analyse(text, SCOPE, condition=True).faults[0].help)

    assert help_of("opend = 'no'") == 'did you mean "opened"?'
    assert help_of("opened = no") == "a choice stands in quotes: 'no'"
    assert "cyrillic small letter o" in help_of("оpened = 'no'")
    assert help_of("late && late") == "write `and`"
    assert "sum(parties.votes)" in help_of("votes > 1")


def test_parsing_alone_knows_no_names() -> None:
    tree = parse("whatever")
    assert isinstance(tree, Name)
    assert isinstance(Scope({}).find(tree), Fault)
