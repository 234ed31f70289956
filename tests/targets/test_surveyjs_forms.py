"""Whole forms in the real engine: random ones that people fill in and change, and the checklists of this repository."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist_kit.model import Checklist
from checklist_kit.source.load import load
from checklist_kit.targets import surveyjs as target
from tests.engines.surveyjs import Run, SurveyJS
from tests.targets.person import Person, held
from tests.targets.random_forms import answer_at_random, compiled, definitions

ROOT = Path(__file__).parents[2]


def form_of(checklist: Checklist, *languages: str) -> dict[str, Any]:
    (content,) = target.build(checklist, languages or (checklist.default_language,)).files.values()
    form: dict[str, Any] = json.loads(content)
    return form


def shown(checklist: Checklist, run: Run) -> list[str]:
    """The questions on the page, by their paths; the engine calls what is inside a hidden repeat visible."""
    questions = {entry.item.name for entry in checklist.questions if entry.item.type != "calculate"}
    visible = set(run.visible)

    def around(path: str) -> list[str]:
        return [path[: place.start()] for place in re.finditer(r"\[", path)]

    return [path for path in run.visible if path.rpartition(".")[2] in questions and visible.issuperset(around(path))]


@given(definition=definitions(), data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_form_behaves_as_the_checklist_says(
    surveyjs: SurveyJS, tmp_path_factory: pytest.TempPathFactory, definition: dict[str, Any], data: st.DataObject
) -> None:
    checklist = compiled(definition, tmp_path_factory.mktemp("form"))
    form = form_of(checklist)
    assert surveyjs.load(form).clean, surveyjs.load(form)
    person = Person(checklist)
    steps = answer_at_random(data.draw, person, 12)
    run = surveyjs.run(form, steps)
    assert run.refused == []
    assert shown(checklist, run) == [asked.path for asked in person.asked]
    assert sorted({error["question"] for error in run.errors}) == sorted(person.faults())
    if not person.faults():
        assert run.submitted == held(person.answers)
