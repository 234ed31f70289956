"""Which XPath becomes our language, and that what stays XPath means here what engines of XPath make of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklist_kit.importers import import_form
from checklist_kit.logic import Context, Kind, Scope, Symbol, analyse, evaluate, symbol_table
from checklist_kit.logic.xpath import NotCovered, Use, meant, tokens
from checklist_kit.model import Text
from tests.engines.javarosa import JavaRosa, form
from tests.engines.openrosa import OpenRosa
from tests.importers.forms import loaded, write_xlsx

LISTS = ("list_name | name | label | zone", *(f"yn | {code} | {code} | z" for code in ("yes", "no", "1")))
ROWS = ("select_one yn | a | A", "select_multiple yn | m | M", "integer | i | I", "decimal | d | D", "date | t | T")
KEPT = None


def translated(tmp_path: Path, column: str, kind: str, xpath: str) -> object:
    """What an expression of a question `q` becomes; None where it stays XPath."""
    rows = [[cell.strip() for cell in row.split("|")] for row in (f"type | name | label | {column}", *ROWS)]
    lists = [[cell.strip() for cell in row.split("|")] for row in LISTS]
    path = write_xlsx(tmp_path / "form.xlsx", {"survey": [*rows, [kind, "q", "Q", xpath]], "choices": lists})
    item = loaded(import_form(path)).by_name["q"].item
    if isinstance(item, Text) and item.matches:
        return f"matches {item.matches}"
    return KEPT if column in item.xpath else getattr(item, column).source


@pytest.mark.parametrize(
    ("xpath", "ours"),
    [
        ("${a} = 'yes'", "a = 'yes'"),
        ("${a}='yes'", "a = 'yes'"),
        ("${a} != 'yes'", "a != 'yes' or a is blank"),
        ("${a} != 'yes' and ${a} != ''", "a != 'yes' and a is answered"),
        ("${a} = ''", "a is blank"),
        ("${i} != ''", "i is answered"),
        ("${i} > 3 and ${i} <= 10", "i > 3 and i <= 10"),
        ("${a} = 'yes' or ${i} > 3", "a = 'yes' or i > 3"),
        ("(${a} = 'yes' and ${i} > 3) or ${i} = 1", "a = 'yes' and i > 3 or i = 1"),
        ("selected(${m}, 'yes')", "m has 'yes'"),
        ("not(selected(${m}, 'yes'))", "not m has 'yes' or m is blank"),
        ("count-selected(${m}) > 1", "count(m) > 1"),
        ("count-selected(${m}) < 2", "count(m) < 2 or m is blank"),
        ("${i} + 1 > ${i} * 2", "i + 1 > i * 2"),
        ("${i} div 2 >= 1", "i / 2 >= 1"),
        ("${t} > date('2024-02-07')", "t > '2024-02-07'"),
        ("${t} <= today()", "t <= today()"),
        # The same meaning, and other words
        ("(${a} = 'yes')", KEPT),
        ("${a} = \"yes\"", KEPT),
        ("not(${a} = 'yes')", KEPT),
        ("'yes' = ${a}", "'yes' = a"),
        ("selected(${a}, 'yes')", KEPT),
        ("${a} = 1", KEPT),
        ("${a} = 'yes' and ${i} > 3 or ${i} = 1", KEPT),
        # No meaning here
        ("${a} = 'never'", KEPT),
        ("string-length(${a}) > 2", KEPT),
        ("true()", KEPT),
        ("${i} mod 2 = 1", KEPT),
        ("${nowhere} = 1", KEPT),
        ("${a} =", KEPT),
    ],
)  # fmt: skip
def test_relevances(xpath: str, ours: str | None, tmp_path: Path) -> None:
    if "nowhere" in xpath or xpath.endswith("="):  # no form has these; a draft may
        with pytest.raises(NotCovered):
            meant(xpath, SCOPE, NAMES, Use.RELEVANT)
    else:
        assert translated(tmp_path, "relevant", "text", xpath) == ours


@pytest.mark.parametrize(
    ("kind", "xpath", "ours"),
    [
        ("integer", ". >= 0 and . <= 3000", ". >= 0 and . <= 3000"),
        ("integer", ". <= ${i}", ". <= i and i is answered"),
        ("integer", ". != 3", ". != 3"),
        ("integer", ". >= 0 and . <= ${i}", ". >= 0 and (. <= i and i is answered)"),
        ("select_multiple yn", "count-selected(.) <= 2", "count(.) <= 2"),
        ("select_one yn", ". != 'no'", ". != 'no'"),
        ("date", ". <= today()", ". <= today()"),
        ("text", "regex(., '^[0-9]{3}$')", "matches [0-9]{3}"),
        ("text", "regex(., '^(?:a|b)$')", "matches a|b"),
        ("text", "regex(., '[0-9]')", KEPT),
        ("text", "regex(., '^[0-9$')", KEPT),
        ("text", "string-length(.) < 5", KEPT),
        ("integer", "not(. > 5)", KEPT),
    ],
)
def test_constraints(kind: str, xpath: str, ours: str | None, tmp_path: Path) -> None:
    assert translated(tmp_path, "constraint", kind, xpath) == ours


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("${a}='x'", "${ a } = 'x'", True),
        ("a and b", "a  and\n b", True),
        ("a-b", "a - b", False),
        ("'a b'", "'a  b'", False),
        ("1.0", "1", False),
        ("‘x’", "'x'", True),
    ],
)
def test_words_of_an_xpath(first: str, second: str, same: bool) -> None:
    assert (tokens(first) == tokens(second)) is same


# Meaning

CODES = ("yes", "no", "1")
SYMBOLS = symbol_table(
    Symbol(order=order, **fields)
    for order, fields in enumerate(
        [
            {"name": "a", "kind": Kind.CHOICE, "codes": CODES},
            {"name": "m", "kind": Kind.CHOICES, "codes": CODES},
            {"name": "i", "kind": Kind.NUMBER},
            {"name": "j", "kind": Kind.NUMBER},
        ],
        1,
    )
)
NAMES = {name: name for name in SYMBOLS}
SCOPE = Scope(SYMBOLS)
BINDS = {"/data/a": "string", "/data/m": "string", "/data/i": "int", "/data/j": "int"}

code, number = st.sampled_from(CODES), st.integers(-3, 12)
compared = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
terms = st.sampled_from(
    ("${i}", "${j}", "${i} + ${j}", "${i} * 2", "${i} - 3", "${i} div 2", "coalesce(${i}, 4)",
     "if(${a} = 'yes', 1, 5)", "if(${i} > 2 and not(${a} = 'no'), 7, 2)")
)  # fmt: skip
leaves = st.one_of(
    st.builds("${{a}} {} '{}'".format, st.sampled_from(("=", "!=")), code),
    st.builds("{} {} {}".format, terms, st.sampled_from(("<", "<=", ">", ">=")), number),
    st.builds("${{i}} {} {}".format, compared, number),
    st.builds("selected(${{{}}}, '{}')".format, st.sampled_from("am"), code),
    st.builds("count-selected(${{m}}) {} {}".format, compared, st.integers(0, 3)),
    st.builds("${{{}}} {} ''".format, st.sampled_from("amij"), st.sampled_from(("=", "!="))),
)
xpaths = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("not({})".format, inner),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(("and", "or")), inner),
    ),
    max_leaves=6,
)
given_answers = st.fixed_dictionaries(
    {
        "a": st.none() | code,
        "m": st.none() | st.lists(code, min_size=1, unique=True),
        "i": st.none() | number,
        "j": st.none() | number,
    }
)


def raw(value: Any) -> str:
    return "" if value is None else " ".join(value) if isinstance(value, list) else str(value)


@settings(max_examples=30)
@given(xpath=xpaths, answers=given_answers)
def test_what_stays_xpath_means_the_same_here(
    javarosa: JavaRosa, openrosa: OpenRosa, xpath: str, answers: dict[str, Any]
) -> None:
    """A relevance asks where it is true for both engines, a constraint refuses where it is false for both."""
    data = "".join(f"<{name}>{raw(value)}</{name}>" for name, value in answers.items())
    instance = f'<data id="x" xmlns="">{data}</data>'
    text = xpath
    for name in SYMBOLS:
        text = text.replace(f"${{{name}}}", f" /data/{name} ")
    first = javarosa.evaluate(form(BINDS, instance), [(text, "/data/i")])[0]
    second = openrosa.evaluate(instance, [(text, "/data/i", "boolean")])[0]
    assume(first == second)  # Enketo's evaluator stumbles over some nested functions
    context = Context({name: value for name, value in answers.items() if value is not None})
    for use, unknown in ((Use.RELEVANT, False), (Use.CONSTRAINT, True), (Use.TEST, None)):
        ours = meant(xpath, SCOPE, NAMES, use)
        tree = analyse(ours, SCOPE, condition=True).tree
        assert tree is not None, ours
        value = evaluate(tree, context)
        assert (unknown if value is None else value) is bool(first), f"{ours} as a {use.name.casefold()}"
