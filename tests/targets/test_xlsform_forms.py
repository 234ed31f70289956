"""Whole forms in the real engine: random ones that people fill in and change, and the checklists of this repository."""

import datetime
import math
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Acknowledge, Checklist, Geopoint, Question, SelectMultiple, SelectOne
from checklist_kit.model.formnames import form_name
from tests.engines.javarosa import OFFSET, JavaRosa, Run, binds, filled_repeats, nodes, paths
from tests.engines.openrosa import OpenRosa
from tests.strategies.answers import _values
from tests.strategies.checklists import checklists
from tests.strategies.files import checklists_with_files
from tests.targets.collector import Collector

pytest.importorskip("pyxform")

BAKU = datetime.timezone(datetime.timedelta(hours=4))


def xform_of(checklist: Checklist) -> tuple[str, dict[str, bytes]]:
    """The form, and the files beside it."""
    files = dict(ck.build(checklist, "xform").files)
    return files.pop(f"{checklist.id}.xform.xml").decode(), files


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
            return f"{value:%Y-%m-%dT%H:%M}:00.000{OFFSET}"
        case datetime.time():
            return f"{value:%H:%M}:00.000{OFFSET}"
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


@settings(max_examples=40)
@given(checklist=checklists(), data=st.data())
def test_a_form_behaves_as_the_checklist_says(
    javarosa: JavaRosa, openrosa: OpenRosa, checklist: Checklist, data: st.DataObject
) -> None:
    """Accepted by converter and validator; then the same questions, answers and errors after each change."""
    assert_behaves(javarosa, openrosa, checklist, data)


@settings(max_examples=10)
@given(checklist=checklists_with_files(), data=st.data())
def test_a_form_behaves_so_with_its_choices_in_files(
    javarosa: JavaRosa, openrosa: OpenRosa, checklist: Checklist, data: st.DataObject
) -> None:
    _, files = xform_of(checklist)
    asked = {id(question.choices): question.choices for question in selects(checklist)}
    assert len(files) == sum(choices.file is not None for choices in asked.values())
    assert_behaves(javarosa, openrosa, checklist, data)


def selects(checklist: Checklist) -> list[SelectOne | SelectMultiple]:
    return [entry.item for entry in checklist.entries if isinstance(entry.item, SelectOne | SelectMultiple)]


def assert_behaves(javarosa: JavaRosa, openrosa: OpenRosa, checklist: Checklist, data: st.DataObject) -> None:
    xform, files = xform_of(checklist)
    verdict = javarosa.validate(xform)
    assert verdict == "", f"{verdict}\n{xform}"
    person = Collector(checklist, datetime.datetime.now(BAKU).date(), filled_repeats(xform))
    steps = fill(data.draw, person, 12)
    generic = paths(xform)

    def place(path: str) -> str:
        return in_form(checklist, generic, path)

    run = javarosa.run(xform, [(place(path), value) for path, value in steps], files)
    assert run.refused == [], f"{run.refused} {steps}"
    repeats = {form_name(checklist, entry.item.name) for entry in checklist.repeats}
    pages = [path for path in run.shown if re.sub(r"\[\d+\]$", "", path).rpartition("/")[2] not in repeats]
    expected = [place(path) for path in person.shown]
    assert pages == expected, f"{steps}\nthe form shows {pages}\n{xform}"
    assert run.errors == {place(path): fault for path, fault in person.faults().items()}
    names = {form_name(checklist, name) for name in checklist.by_name}
    ours = {path: text for path, text in run.data.items() if path.rpartition("/")[2] in names}
    assert sorted(ours) == sorted(place(path) for path in person.data)
    for path, value in person.data.items():
        item = checklist.by_name[path.rpartition(".")[2]].item
        assert same(item, ours[place(path)], value), f"{path} is {ours[place(path)]!r}, not {value!r}"
    assert_enketo_agrees(openrosa, xform, run)


def assert_enketo_agrees(openrosa: OpenRosa, xform: str, run: Run) -> None:
    """The evaluator of Enketo sees each relevance, constraint and calculation of the filled form as JavaRosa does."""
    found = binds(xform)
    cases, expected = [], []
    for path, node in nodes(ET.fromstring(run.instance)):
        bind = found.get(re.sub(r"\[\d+\]", "", path), {})
        above = path.rpartition("/")[0]
        if "relevant" in bind and above in run.relevant:
            cases.append((bind["relevant"], path, "boolean"))
            expected.append(path in run.relevant)
        if "constraint" in bind and node.text:
            cases.append((bind["constraint"], path, "boolean"))
            expected.append(run.errors.get(path) != "constraint")
        if "calculate" in bind and path in run.relevant:
            cases.append((bind["calculate"], path, "string"))
            expected.append(node.text or "")
    for case, value, want in zip(cases, openrosa.evaluate(run.instance, cases), expected, strict=True):
        assert value == want or alike(value, want), f"{case} is {value!r}, not {want!r}, in\n{run.instance}"


def alike(value: Any, want: Any) -> bool:
    """Whether two texts are the same number, the last digits aside."""
    try:
        return math.isclose(float(value), float(want), rel_tol=1e-9, abs_tol=1e-9)
    except (TypeError, ValueError):
        return False
