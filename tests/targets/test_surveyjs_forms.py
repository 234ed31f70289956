"""Whole forms in the real engine: random ones that people fill in and change, and the checklists of this repository."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Checklist, Item, Question, Repeat, Section
from checklist_kit.targets import surveyjs as target
from tests.engines.surveyjs import Run, SurveyJS
from tests.law.expected import expected_rows
from tests.law.test_law import rows_of
from tests.strategies.answers import TODAY, Answers, _values, answers
from tests.strategies.checklists import checklists
from tests.targets.person import Person, held, held_answers


def shown(checklist: Checklist, run: Run) -> list[str]:
    """The questions on the page, by their paths; the engine calls what is inside a hidden repeat visible."""
    questions = {entry.item.name for entry in checklist.questions if entry.item.type != "calculate"}
    visible = set(run.visible)

    def around(path: str) -> list[str]:
        return [path[: place.start()] for place in re.finditer(r"\[", path)]

    return [path for path in run.visible if path.rpartition(".")[2] in questions and visible.issuperset(around(path))]


def steps_of(draw: Any, person: Person, most: int) -> list[tuple[str, Any]]:
    """Let a person answer, change and blank answers in any order; return the steps as the web form takes them."""
    steps: list[tuple[str, Any]] = []
    for _ in range(draw(st.integers(0, most))):
        growing = [path for path, rows in person.growing.items() if len(rows) < 3]
        path = draw(st.sampled_from([asked.path for asked in person.asked] + growing))
        if path in growing:
            inside = person.add(path)
            if not inside:
                continue
            path = inside[0]
        (asked,) = (asked for asked in person.asked if asked.path == path)
        value = None if draw(st.integers(1, 6)) == 1 else draw(_values(asked.question, asked.context))
        person.answer(path, value)
        steps.append((path, None if value is None else held(asked.question, value)))
    return steps


def unchecked(element: Any) -> Any:
    """A form that can be sent with faults in it."""
    if isinstance(element, dict):
        return {key: unchecked(value) for key, value in element.items() if key not in ("isRequired", "validators")}
    return list(map(unchecked, element)) if isinstance(element, list) else element


def close(left: Any, right: Any) -> bool:
    """Whether answers are the same, but for the last digits of what was computed."""
    match left, right:
        case dict(), dict():
            return left.keys() == right.keys() and all(close(left[key], right[key]) for key in left)
        case list(), list():
            return len(left) == len(right) and all(map(close, left, right))
        case float() | int(), float() | int():
            return (type(left) is type(right) is bool and left == right) or math.isclose(left, right, rel_tol=1e-9)
    return bool(left == right)


@given(checklist=checklists(), data=st.data())
@settings(max_examples=120)
def test_a_form_behaves_as_the_checklist_says(surveyjs: SurveyJS, checklist: Checklist, data: st.DataObject) -> None:
    artifact = target.build(checklist, (checklist.default_language,))
    form = json.loads(next(iter(artifact.files.values())))
    assert surveyjs.load(form).clean, surveyjs.load(form)
    assert not [loss for loss in artifact.losses if loss.code == "surveyjs-expression"]
    person = Person(checklist)
    steps = steps_of(data.draw, person, 12)
    run = surveyjs.run(form, steps)
    assert run.refused == []
    assert shown(checklist, run) == [asked.path for asked in person.asked]
    assert sorted({error["question"] for error in run.errors}) == sorted(person.faults())
    sent, expected = surveyjs.run(unchecked(form), steps).submitted, held_answers(checklist, person.answers)
    assert sent is not None
    assert close(sent, expected), (sent, expected)


def keyed(items: tuple[Item, ...], answers: Answers, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The steps that fill a form with given answers, top to bottom."""
    for item in items:
        if isinstance(item, Section):
            yield from keyed(item.items, answers, prefix)
        elif isinstance(item, Repeat):
            for index, instance in enumerate(answers[item.name].values()):
                yield from keyed(item.items, instance, f"{prefix}{item.name}[{index}].")
        elif isinstance(item, Question) and answers[item.name] is not None:
            yield prefix + item.name, held(item, answers[item.name])


def speaks_of_today(checklist: Checklist) -> bool:
    """Whether the day on which the form is filled in matters: the engine knows today only."""
    items = [entry.item for entry in checklist.entries]
    keys = ("relevant", "constraint", "calculation")
    expressions = [expression for item in items for key in keys if (expression := getattr(item, key, None))]
    return any("today()" in expression.source for expression in expressions)


@given(data=st.data())
@settings(max_examples=40)
def test_what_is_typed_into_the_form_comes_back(surveyjs: SurveyJS, data: st.DataObject) -> None:
    """read(fill(compile(c), a)) == a, where the engine itself fills the form in and hands the answers over."""
    checklist = data.draw(checklists())
    assume(not speaks_of_today(checklist))
    given_answers = data.draw(answers(checklist))
    (content,) = target.build(checklist, (checklist.default_language,)).files.values()
    run = surveyjs.run(unchecked(json.loads(content)), list(keyed(checklist.items, given_answers)))
    assert run.refused == []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.json"
        path.write_text(json.dumps([{"id": "s0", "data": run.submitted}]), encoding="utf-8")
        tables = ck.parse(checklist, [path], today=TODAY)
    grown = {
        item.name for item in (entry.item for entry in checklist.repeats) if not item.over and not item.repeat_count
    }
    wanted = expected_rows(checklist, given_answers)
    got = rows_of(tables)["s0"]
    assume(got.keys() == wanted.keys() or not grown)  # nobody adds an instance and leaves it blank
    assert got == wanted
