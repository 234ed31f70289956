"""The columns agree with the meaning of expressions, row by row."""

from __future__ import annotations

import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st

from checklist_kit.analysis.intake import Block
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.analysis.settle import Settled, readers, settle
from checklist_kit.analysis.vector import Vector, value_of
from checklist_kit.logic import Context, Kind, Scope, Symbol, analyse, certainly, certainly_not, evaluate, kind_of
from checklist_kit.model import Checklist
from tests.analysis.helpers import load, submission
from tests.strategies.expressions import calculations, conditions, visible

TODAY = datetime.date(2024, 6, 1)
TEXT = """
checklist: logic
version: "1"
title: Logic
choices:
  abc: {a: A, b: B, c: {label: C, missing: refused}}
items:
  - {name: one, type: select_one, choices: abc, label: Q}
  - {name: two, type: select_one, choices: abc, label: Q}
  - {name: many, type: select_multiple, choices: abc, label: Q}
  - {name: small, type: integer, label: Q, missing: {9: refused}}
  - {name: large, type: integer, label: Q}
  - {name: part, type: decimal, label: Q, missing: {-1: dont_know}}
  - {name: day, type: date, label: Q}
  - {name: night, type: date, label: Q}
  - {name: clock, type: time, label: Q}
  - {name: words, type: text, label: Q}
  - name: rep
    type: repeat
    label: R
    items:
      - {name: votes, type: integer, label: Q, missing: {9: refused}}
      - {name: half, type: decimal, label: Q}
      - name: inner
        type: repeat
        label: R
        items: [{name: deep, type: integer, label: Q}]
  - {name: truth, type: calculate, calculation: "small > large"}
  - {name: ratio, type: calculate, calculation: "small / large"}
"""


def _checklist() -> Checklist:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "logic.yaml"
        path.write_text(TEXT, encoding="utf-8")
        return load(path)


CHECKLIST = _checklist()
SYMBOLS = CHECKLIST.symbols


def or_blank(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """35 of 100 answers are blank."""
    return st.integers(1, 100).flatmap(lambda dice: st.none() if dice <= 35 else values)


small = st.integers(-3, 12)
cents = st.sampled_from([-1.0, 0.0, 0.5, 2.25, 3.0, 100.0])
days = st.dates(datetime.date(2024, 5, 28), datetime.date(2024, 6, 4))
answers = st.fixed_dictionaries(
    {
        "one": or_blank(st.sampled_from("abc")),
        "two": or_blank(st.sampled_from("abc")),
        "many": or_blank(st.sets(st.sampled_from("abc"), min_size=1)),
        "small": or_blank(small),
        "large": or_blank(small),
        "part": or_blank(cents),
        "day": or_blank(days),
        "night": or_blank(days),
        "clock": or_blank(st.builds(datetime.time, st.integers(0, 23), st.sampled_from([0, 30]))),
        "words": or_blank(st.sampled_from(["x", "y"])),
        "rep": st.lists(
            st.fixed_dictionaries(
                {
                    "votes": or_blank(small),
                    "half": or_blank(cents),
                    "inner": st.lists(st.fixed_dictionaries({"deep": or_blank(small)}), max_size=2),
                }
            ),
            max_size=3,
        ),
    }
)


def raw(value: Any) -> Any:
    if isinstance(value, set):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def filled(given_answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as raw values: a blank instance is an empty object."""
    repeats = {key: [filled(row) for row in value] for key, value in given_answers.items() if isinstance(value, list)}
    plain = {key: raw(value) for key, value in given_answers.items() if not isinstance(value, list)}
    return {key: value for key, value in plain.items() if value is not None} | repeats


def settled(rows: list[dict[str, Any]]) -> Settled:
    submissions = [submission(filled(row), f"s{number}") for number, row in enumerate(rows)]
    return settle(CHECKLIST, readers(CHECKLIST), Block.of(submissions), TODAY, ProblemLog(CHECKLIST))


def contexts(row: dict[str, Any], frame: str) -> list[Context]:
    """What the reference evaluates on: the submission, or each instance of a repeat with what is around it."""
    known = {key: value for key, value in row.items() if not isinstance(value, list)}
    outer = Context(known, {"rep": row["rep"]}, TODAY)
    for name in ("truth", "ratio"):
        known[name] = evaluate(CHECKLIST.by_name[name].item.calculation.tree, outer)  # type: ignore[attr-defined]
    if frame == "":
        return [outer]
    return [Context({**known, **inner}, {"rep": row["rep"], "inner": inner["inner"]}, TODAY) for inner in row["rep"]]


def scope(frame: str) -> Scope:
    here = Symbol("here", Kind.BROKEN, repeats=(frame,) if frame else (), order=10_000)
    symbols = dict(SYMBOLS)
    if frame:
        symbols = {name: symbol for name, symbol in symbols.items() if name != frame}
    return Scope(symbols, here)


@given(st.data())
@settings(max_examples=300)
def test_conditions(data: st.DataObject) -> None:
    frame = data.draw(st.sampled_from(["", "rep"]))
    text = data.draw(conditions(visible(scope(frame)), 6))
    tree: Any = analyse(text, scope(frame), condition=True).tree
    rows = data.draw(st.lists(answers, min_size=1, max_size=6))
    state = settled(rows)
    vector = Vector(state.data, state.data.frames[frame])
    true, false = vector.compile(certainly(tree)), vector.compile(certainly_not(tree))
    expected = [evaluate(tree, context) for row in rows for context in contexts(row, frame)]
    note(text)
    assert [value is True for value in expected] == true.tolist()
    assert [value is False for value in expected] == false.tolist()


@given(st.data())
@settings(max_examples=200)
def test_calculations(data: st.DataObject) -> None:
    frame = data.draw(st.sampled_from(["", "rep"]))
    text, _, _ = data.draw(calculations(visible(scope(frame))))
    tree: Any = analyse(text, scope(frame), condition=False).tree
    rows = data.draw(st.lists(answers, min_size=1, max_size=6))
    state = settled(rows)
    known, values = value_of(Vector(state.data, state.data.frames[frame]), tree)
    expected = [evaluate(tree, context) for row in rows for context in contexts(row, frame)]
    note(text)
    assert [value is not None for value in expected] == known.tolist()
    numbers = [_number(value) for value in expected if value is not None]
    if kind_of(tree) not in (Kind.CHOICE, Kind.TEXT):
        np.testing.assert_allclose(values[known], numbers, rtol=1e-12)


def _number(value: Any) -> float:
    if isinstance(value, datetime.date):
        return value.toordinal()
    if isinstance(value, datetime.time):
        return value.hour * 3600 + value.minute * 60 + value.second
    return float(value)
