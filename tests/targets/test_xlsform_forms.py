"""Whole forms in the real engine: random ones that people fill in and change, and the checklists of this repository."""

import datetime
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Acknowledge, Checklist, Geopoint, Question
from checklist_kit.targets.xlsform.names import form_name
from tests.engines.javarosa import JavaRosa, paths
from tests.strategies.answers import _values
from tests.strategies.checklists import checklists
from tests.targets.collector import Collector

pytest.importorskip("pyxform")

ROOT = Path(__file__).parents[2]
CHECKLISTS = sorted(path for folder in ("checklists", "tests/targets") for path in (ROOT / folder).rglob("*.yaml"))


def xform_of(checklist: Checklist) -> str:
    (content,) = ck.build(checklist, "xform").files.values()
    return content.decode()


def in_form(checklist: Checklist, generic: dict[str, str], path: str) -> str:
    """A path such as `votes[2].count` as the form's: `/data/results/votes[3]/count`."""
    name = path.rpartition(".")[2]
    whole = generic[form_name(checklist, name)]
    indices = [int(found) for found in re.findall(r"\[(\d+)\]", path)]
    for repeat, index in reversed(list(zip(checklist.by_name[name].repeats, indices, strict=True))):
        if index:
            around = generic[form_name(checklist, repeat.name)]
            whole = f"{around}[{index + 1}]{whole[len(around) :]}"
    return whole


def raw(question: Question, value: Any) -> str:
    """An answer as a phone stores it."""
    match value:
        case True:
            return "OK"
        case tuple():
            return " ".join(value)
        case datetime.datetime():
            return f"{value:%Y-%m-%dT%H:%M}:00.000+00:00"
        case datetime.time():
            return f"{value:%H:%M}:00.000+00:00"
        case _:
            return f"{value} 0 0" if isinstance(question, Geopoint) else str(value)


def same(item: Any, found: str, expected: Any) -> bool:
    """Whether what is handed in is an answer, however it is written."""
    match expected:
        case bool():
            return found == ("OK" if isinstance(item, Acknowledge) else str(int(expected)))
        case int() | float():
            return math.isclose(float(found), expected, rel_tol=1e-9, abs_tol=1e-9)
        case tuple():
            return found.split() == list(expected)
        case datetime.datetime():
            return found.startswith(f"{expected:%Y-%m-%dT%H:%M}")
        case datetime.time():
            return found.startswith(f"{expected:%H:%M}")
        case str() if isinstance(item, Geopoint):
            return list(map(float, found.split()))[:2] == list(map(float, expected.split()))
    return found == str(expected)


def fill(draw: Any, person: Collector, most: int) -> list[tuple[str, Any]]:
    """Let a person answer, change and blank answers in any order."""
    steps = []
    for _ in range(draw(st.integers(0, most))):
        growing = [path for path, number in person.growing.items() if number < 3]
        path = draw(st.sampled_from([asked.path for asked in person.asked] + growing))
        if path in growing:
            path = person.add(path)
            if path is None:
                continue
        (asked,) = (asked for asked in person.asked if asked.path == path)
        value = None if draw(st.integers(1, 6)) == 1 else draw(_values(asked.question, asked.context))
        person.answer(path, value)
        steps.append((path, None if value is None else raw(asked.question, value)))
    return steps


@settings(max_examples=60)
@given(checklist=checklists(), data=st.data())
def test_a_form_behaves_as_the_checklist_says(javarosa: JavaRosa, checklist: Checklist, data: st.DataObject) -> None:
    """Accepted by converter and validator; then the same questions, answers and errors after each change."""
    xform = xform_of(checklist)
    verdict = javarosa.validate(xform)
    assert verdict == "", f"{verdict}\n{xform}"
    person = Collector(checklist, datetime.datetime.now(datetime.UTC).date())
    steps = fill(data.draw, person, 12)
    generic = paths(xform)

    def place(path: str) -> str:
        return in_form(checklist, generic, path)

    run = javarosa.run(xform, [(place(path), value) for path, value in steps])
    assert run.refused == [], f"{run.refused} {steps}"
    repeats = {form_name(checklist, entry.item.name) for entry in checklist.repeats}
    pages = [path for path in run.shown if re.sub(r"\[\d+\]$", "", path).rpartition("/")[2] not in repeats]
    assert pages == [place(path) for path in person.shown], f"{steps}\n{xform}"
    assert run.errors == {place(path): fault for path, fault in person.faults().items()}
    names = {form_name(checklist, name) for name in checklist.by_name}
    ours = {path: text for path, text in run.data.items() if path.rpartition("/")[2] in names}
    assert sorted(ours) == sorted(place(path) for path in person.data)
    for path, value in person.data.items():
        item = checklist.by_name[path.rpartition(".")[2]].item
        assert same(item, ours[place(path)], value), f"{path} is {ours[place(path)]!r}, not {value!r}"
