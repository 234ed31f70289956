"""What is printed reads as the same tree again, and printing it once more changes nothing."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.logic import Scope, parse, symbol_table, to_text
from checklist_kit.logic import syntax as s
from checklist_kit.logic.parser import _MAX_DEPTH
from checklist_kit.logic.tokens import KEYWORDS, LogicError
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.logic.typecheck import analyse
from tests.strategies.expressions import conditions, visible

HERE = s.Place(0, 0)
names = st.from_regex(r"[^\W\d]\w{0,5}", fullmatch=True).filter(lambda name: name.casefold() not in KEYWORDS)
literals = st.one_of(
    st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?|\.[0-9]{1,3}", fullmatch=True).map(
        lambda text: s.NumberLiteral(text, HERE)
    ),
    st.text(max_size=6).filter(lambda text: not {"'", '"'} <= set(text)).map(lambda text: s.StringLiteral(text, HERE)),
    st.builds(s.Name, names | st.just("."), st.just(HERE)),
    st.builds(s.Name, names, st.just(HERE), st.just(True)),
    st.builds(s.Path, names, names, st.just(HERE)),
    st.builds(s.Call, names, st.just(()), st.just(HERE)),
)
OPERATORS = ["and", "or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"]


def larger(inner: st.SearchStrategy[s.Syntax]) -> st.SearchStrategy[s.Syntax]:
    here, several = st.just(HERE), st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(s.Unary, st.sampled_from(["not", "-"]), inner, here),
        st.builds(s.Binary, st.sampled_from(OPERATORS), inner, inner, here),
        st.builds(s.Membership, inner, several, st.booleans(), here),
        st.builds(s.Has, inner, inner, here),
        st.builds(s.Answeredness, inner, st.booleans(), here),
        st.builds(s.Call, names, several, here),
    )


trees = st.recursive(literals, larger, max_leaves=25)


def nowhere(node: Any) -> Any:
    """A tree without its places."""
    if isinstance(node, tuple):
        return tuple(map(nowhere, node))
    if type(node).__module__ != s.__name__:
        return node
    if isinstance(node, s.Place):
        return HERE
    return replace(node, **{field.name: nowhere(getattr(node, field.name)) for field in fields(node)})


@given(trees)
@settings(max_examples=1000)
def test_what_is_printed_reads_as_the_same_tree(tree: s.Syntax) -> None:
    assert nowhere(parse(to_text(tree))) == tree


WORDS = visible(
    Scope(
        symbol_table(
            [
                Symbol("number", Kind.NUMBER),
                Symbol("choice", Kind.CHOICE, codes=("yes", "it's")),
                Symbol("many", Kind.CHOICES, codes=("a", "b")),
                Symbol("day", Kind.DATE),
                Symbol("truth", Kind.BOOLEAN),
            ]
        )
    )
)


@given(conditions(WORDS, 12))
def test_what_was_printed_once_stays(text: str) -> None:
    printed = to_text(parse(text))
    assert nowhere(parse(printed)) == nowhere(parse(text))
    assert to_text(parse(printed)) == printed
    assert len(printed) <= len(text)


def brackets(text: str) -> list[str]:
    """The text without one pair of brackets, for each pair that it has."""
    found, opened = [], []
    for place, char in enumerate(text):
        if char == "(":
            opened.append(place)
        elif char == ")":
            start = opened.pop()
            found.append(f"{text[:start]} {text[start + 1 : place]} {text[place + 1 :]}")
    return found


@given(trees.filter(lambda tree: not {"(", ")"} & set("".join(strings(tree)))))
@settings(max_examples=300)
def test_no_pair_of_brackets_is_needless(tree: s.Syntax) -> None:
    for text in brackets(to_text(tree)):
        try:
            other = nowhere(parse(text))
        except LogicError:  # it no longer reads at all
            continue
        assert other != tree, text


def strings(node: Any) -> list[str]:
    if isinstance(node, s.StringLiteral):
        return [node.text]
    parts = (
        node
        if isinstance(node, tuple)
        else [getattr(node, f.name) for f in fields(node)]
        if hasattr(node, "place")
        else []
    )
    return [text for part in parts for text in strings(part)]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((a  ==  'x')) AND (b)", "a = 'x' and b"),
        ("a or (b and c)", "a or b and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("a and (b and c)", "a and (b and c)"),
        ("not (not (a = 1))", "not not a = 1"),
        ("not ((a or b))", "not (a or b)"),
        ("(not a) = b", "(not a) = b"),
        ("1-(2-3)-(4*5)", "1 - (2 - 3) - 4 * 5"),
        ("-(a + 1) * -b", "-(a + 1) * -b"),
        ("(a = b) = c", "(a = b) = c"),
        ("a NOT IN (1,(2))", "a not in (1, 2)"),
        ("a has ('x')", "a has 'x'"),
        ("a is not blank", "a is answered"),
        ("a is not answered", "a is blank"),
        ("${ a } <= .5", "${a} <= .5"),
        ("if((a), (b), sum((rep.f)))", "if(a, b, sum(rep.f))"),
        ('a = "it\'s"', 'a = "it\'s"'),
        ('a = "x"', "a = 'x'"),
        ("today( )", "today()"),
    ],
)
def test_canonical(text: str, printed: str) -> None:
    assert to_text(parse(text)) == printed


def test_a_text_with_both_quotes_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="both kinds of quotes"):
        to_text(s.StringLiteral("'\"", HERE))


NUMBER = Scope(symbol_table([Symbol("a", Kind.NUMBER)]))


@pytest.mark.parametrize("join", ["and", "or"])
def test_a_long_chain_is_flat(join: str) -> None:
    text = f" {join} ".join(["a = 1"] * 400)
    assert to_text(parse(text)) == text
    assert len(analyse(text, NUMBER, condition=True).tree.parts) == 400  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["-" * 3000 + "a", "not " * 900 + "a = 1", "+".join(["a"] * 1900), "(" * 300 + "a" + ")" * 300]
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    (fault,) = analyse(text, NUMBER, condition=False).faults
    assert (fault.code, fault.message) == ("logic-syntax", "expression is nested too deeply")
    assert 0 <= fault.start < fault.end


def test_a_sum_of_many_terms_is_no_nesting() -> None:
    analysis = analyse(" + ".join(["a"] * _MAX_DEPTH), NUMBER, condition=False)
    assert analysis.tree is not None, analysis.faults
