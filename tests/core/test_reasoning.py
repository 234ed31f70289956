"""Proofs that nothing makes a condition true, against trying all answers there are."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings

from checklist_kit.checks.reasoning import GaveUp, Solver, opposite
from checklist_kit.checks.view import View
from checklist_kit.diagnostics import DefinitionError
from checklist_kit.logic import Context, Scope, analyse, certainly, certainly_not, evaluate
from checklist_kit.model import Checklist
from tests.strategies.checklists import load_text
from tests.strategies.expressions import Words, conditions, visible

TEXT = """\
checklist: small
items:
  - {name: a, type: select_one, label: A, choices: {x: X, y: Y, z: Z}}
  - {name: b, type: select_one, label: B, choices: {x: X, no: No}, relevant: a = 'x' or a = 'z'}
  - {name: m, type: select_multiple, label: M, choices: {p: P, q: Q, none: {label: None, exclusive: true}}}
  - {name: n, type: integer, label: N, constraint: n >= 0 and n <= 3, missing: {9: not_observed}}
  - {name: k, type: integer, label: K, constraint: . >= 0 and k <= n, relevant: m is answered}
  - {name: many, type: calculate, calculation: n > 1}
  - {name: twice, type: calculate, calculation: 2 * n + 1}
"""


@cache
def small() -> Checklist:
    return load_text(TEXT)


@cache
def all_answers() -> list[Context]:
    """All answers that an observer could give: blank where not asked, and within the constraints."""
    ticks = [None, ("p",), ("q",), ("p", "q"), ("none",)]
    found = []
    for a, b, m, n, k in product([None, *"xyz"], [None, "x", "no"], ticks, [None, 0, 1, 2, 3, 9], [None, 0, 1, 2, 3]):
        if (b and a not in ("x", "z")) or (k is not None and (m is None or (n not in (None, 9) and k > n))):
            continue
        answers: dict[str, Any] = {"a": a, "b": b, "m": m, "n": n, "k": k}
        for name in ("many", "twice"):
            answers[name] = evaluate(small().by_name[name].item.calculation.tree, Context(answers))  # type: ignore[attr-defined]
        found.append(Context(answers))
    return found


def condition_of(text: str) -> Any:
    result = analyse(text, Scope(small().symbols), condition=True)
    assert result.faults == ()
    return result.tree


WORDS = visible(Scope(small().symbols))
CHOICES = Words([(name, symbol) for name, symbol in WORDS.questions if name in ("a", "b", "m")])


@given(conditions(WORDS, 6))
@settings(max_examples=250)
def test_what_some_answers_make_true_is_never_called_impossible(text: str) -> None:
    condition = condition_of(text)
    solver = Solver(small().by_name)
    for goal, meaning in ((certainly(condition), True), (certainly_not(condition), False)):
        if any(evaluate(condition, context) is meaning for context in all_answers()):
            assert solver.possible(goal)
        if any(evaluate(condition, context) is not meaning for context in all_answers()):
            assert solver.possible(opposite(goal))


def only_choices(text: str) -> bool:
    return not any(word in text for word in ("<", ">", "count", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"))


@given(conditions(CHOICES, 6).filter(only_choices))
@settings(max_examples=250)
def test_over_choices_all_that_is_impossible_is_found(text: str) -> None:
    condition = condition_of(text)
    solver = Solver(small().by_name)
    possible = any(evaluate(condition, context) is True for context in all_answers())
    assert solver.possible(certainly(condition)) == possible
    answers = solver.example(certainly(condition))
    if possible and not answers:  # nothing need be answered
        assert evaluate(condition, Context({})) is True
    elif possible:
        assert evaluate(condition, Context(answers)) is True


@pytest.mark.parametrize(
    "text",
    [
        "a = 'x' and a = 'y'",
        "a = 'y' and b = 'x'",  # b is not asked then
        "a = b and a != 'x'",
        "m has 'none' and m has 'p'",
        "m has 'p' and count(m) < 1",
        "count(m) > 3",
        "not (m has 'p') and not (m has 'q') and not (m has 'none') and m is answered",
        "n > 3",
        "n > 2 and n < 3",
        "n in (5, 6)",
        "n in (1, 2) and n not in (1, 2, 3)",
        "n != 0 and n != 1 and n != 2 and n != 3",
        "k > n",
        "k >= n + 1",
        "k - n > 0",
        "n + k > 6",
        "2 * n > 7",
        "n / 2 > 1.6",
        "100 * n / 4 > 80",
        "-n > 0",
        "k is answered and m is blank",
        "many and n < 2",
        "not many and n = 2",
        "twice > 7",
        "twice < 1",
        "n is answered and n is blank",
        "1 > 2",
        "(a = 'x' or a = 'y') and (a = 'z' or b = 'no') and b is blank and a != 'z'",
        "if(a = 'x', n > 3, n < 0)",
    ],
)
def test_impossible(text: str) -> None:
    assert not any(evaluate(condition_of(text), context) is True for context in all_answers())
    assert not Solver(small().by_name).possible(certainly(condition_of(text)))


@pytest.mark.parametrize(
    ("text", "relevances", "constraints"),
    [("a = 'y' and b = 'x'", False, True), ("n > 3", True, False), ("k > n", True, False)],
)
def test_what_is_looked_at_can_be_chosen(text: str, relevances: bool, constraints: bool) -> None:
    goal = certainly(condition_of(text))
    assert Solver(small().by_name).possible(goal, relevances=relevances, constraints=constraints)
    assert Solver(small().by_name).possible(goal, ignored=("a", "b", "n", "k"))


@pytest.mark.parametrize(
    "text",
    [
        "n > 1 and k > 0 and k < n",
        "b = 'no' and many",
        "m has 'p' and count(m) = 2",
        "n in (2, 3) and n != 2",
        "twice = 5",
    ],
)
def test_examples_are_answers_that_do_it(text: str) -> None:
    answers = Solver(small().by_name).example(certainly(condition_of(text)))
    answers |= {"many": evaluate(condition_of("n > 1"), Context(answers)), "twice": 2 * answers.get("n", 0) + 1}
    assert evaluate(condition_of(text), Context(answers)) is True


DATED = """\
checklist: dated
items:
  - {name: first, type: date, label: First, constraint: . >= '2024-02-01' and . <= '2024-02-29'}
  - {name: last, type: date, label: Last, constraint: . >= first}
  - {name: at, type: time, label: At}
  - {name: share, type: decimal, label: Share, constraint: . >= 0 and . <= 1}
  - {name: x, type: integer, label: X}
  - {name: y, type: integer, label: Y}
  - {name: z, type: integer, label: Z}
"""


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("last < '2024-02-01' and first is answered", False),
        ("last < '2024-02-01'", True),  # where the first one is blank, nothing can be said against the last
        ("last = '2024-02-01'", True),
        ("days(first, last) < 0", False),
        ("days(last, first) = 0", True),
        ("first > '2024-02-28' and first < '2024-03-01'", True),
        ("first > '2024-02-28' and first < '2024-02-29'", False),
        ("at > '23:59'", False),
        ("at >= '23:59'", True),
        ("share > 1", False),
        ("share > 0.5 and share < 0.51", True),
        ("share > 0.5 and share < 0.5", False),
        ("share * 3 > 2.9", True),
        ("share * 3 > 3.1", False),
        ("x < y and y < z and z < x", False),
        ("x < y and y < z and z < x + 3", True),
        ("x < y and y < z and z < x + 2", False),
        ("x <= y and y <= x and x != y", True),  # which only looks possible: nothing wrong is ever claimed
        ("x > 1000000000000 and x < 1000000000002", True),
        ("x * y > 5 and x = 0", True),
    ],
)
def test_numbers_dates_and_times(text: str, possible: bool) -> None:
    checklist = load_text(DATED)
    condition: Any = analyse(text, Scope(checklist.symbols), condition=True).tree
    assert Solver(checklist.by_name).possible(certainly(condition)) is possible


def pigeons(count: int) -> str:
    """A checklist with a condition that needs all ways of putting pigeons into one hole less."""
    holes = [chr(ord("a") + hole) for hole in range(count - 1)]
    names = [f"q{number}" for number in range(count)]
    pairs = [(one, other) for index, one in enumerate(names) for other in names[:index]]
    clauses = [f"not ({one} = '{hole}' and {other} = '{hole}')" for one, other in pairs for hole in holes]
    clauses += [f"{name} is answered" for name in names]
    listed = ", ".join(f"{hole}: {hole.upper()}" for hole in holes)
    questions = "".join(f"  - {{name: {name}, type: select_one, choices: holes, label: Hole}}\n" for name in names)
    relevant = " and ".join(clauses)
    last = f'  - {{name: last, type: text, label: Why, relevant: "{relevant}"}}\n'
    return f"checklist: pigeons\nchoices: {{holes: {{{listed}}}}}\nitems:\n{questions}{last}"


def test_it_gives_up_in_time_and_says_so() -> None:
    checklist = load_text(pigeons(6))
    with pytest.raises(GaveUp):
        Solver(checklist.by_name).possible(certainly(checklist.by_name["last"].relevance))  # type: ignore[arg-type]
    assert len(View(checklist).relevances.undecided) == 1


def test_a_small_case_of_it_is_decided() -> None:
    with pytest.raises(DefinitionError, match="logic-never-relevant"):
        load_text(pigeons(3))
