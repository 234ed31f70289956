"""The schema of a web response lets pass what the form hands over, and stops what it never would."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Checklist
from tests.engines.surveyjs import SurveyJS
from tests.law import fill
from tests.library import EXAMPLES, LIBRARY, name_of
from tests.strategies.checklists import answers, checklists

HERE = Path(__file__).parent
CHECKLISTS = [*sorted((HERE / "surveyjs").glob("*.yaml")), *LIBRARY, *EXAMPLES]
EVERY_TYPE = ck.load(HERE / "surveyjs" / "every_type.yaml")


def schema_of(checklist: Checklist) -> dict[str, Any]:
    (content,) = ck.build(checklist, "jsonschema").files.values()
    schema: dict[str, Any] = json.loads(content)
    return schema


def test_schema(golden: Callable[[Path, str], None]) -> None:
    artifact = ck.build(EVERY_TYPE, "jsonschema")
    golden(HERE / "surveyjs" / "every_type.schema.json", artifact.files["every_type.schema.json"].decode())


@pytest.mark.parametrize("path", CHECKLISTS, ids=name_of)
def test_it_is_a_schema(path: Path) -> None:
    schema = schema_of(ck.load(path))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema_rs.meta.is_valid(schema)


@given(data=st.data())
@settings(max_examples=60)
def test_what_is_filled_in_is_valid(data: st.DataObject) -> None:
    checklist = data.draw(checklists())
    given_answers = data.draw(st.lists(answers(checklist), min_size=1, max_size=2))
    schema = schema_of(checklist)
    ours, theirs = jsonschema.Draft202012Validator(schema), jsonschema_rs.validator_for(schema)
    for line in fill.web(checklist, given_answers).splitlines():
        envelope = json.loads(line)
        for response in (envelope, envelope["data"]):
            assert [error.message for error in ours.iter_errors(response)] == []
            assert theirs.is_valid(response)


def test_what_the_engine_sends_is_valid(surveyjs: SurveyJS) -> None:
    (content,) = ck.build(EVERY_TYPE, "surveyjs").files.values()
    picture = [{"name": "a.jpg", "type": "image/jpeg", "content": "data:,"}]
    steps = [
        ("station", " 12/3"), ("remarks", "two\nlines"), ("opened", "no"), ("reasons", ["ink", "box"]),
        ("delay", 9999), ("region", "south"), ("town", "astara"), ("day", "2024-02-07"), ("sure", [True]),
        ("moment", "2024-02-07T08:30"), ("picture", picture), ("place", "40.4 49.87"), ("opened", "yes"),
        ("votes[1].count", 9999), ("incidents[0].what", "noise"), ("boxes[1].seal", "whole"),
    ]  # fmt: skip
    run = surveyjs.run(json.loads(content), steps)
    assert run.submitted is not None
    assert run.submitted.keys() >= {"votes", "incidents", "boxes", "total", "many", "hour", "share"}
    jsonschema.validate(run.submitted, schema_of(EVERY_TYPE))


@pytest.mark.parametrize(
    "data",
    [
        {"statoin": "12/3"},
        {"station": "12"},
        {"station": 12},
        {"opened": "maybe"},
        {"opened": ["yes"]},
        {"reasons": "ink"},
        {"reasons": ["ink", "ink"]},
        {"reasons": ["ash"]},
        {"delay": 601},
        {"delay": 1.5},
        {"delay": "12"},
        {"share": 1.01},
        {"day": "7 February"},
        {"hour": "8:15"},
        {"moment": "2024-02-07"},
        {"place": "here"},
        {"sure": False},
        {"picture": 1},
        {"votes": {"ann": 1}},
        {"votes": [{"_instance": "cid"}]},
        {"votes": [{"_instance": "ann", "count": "many"}]},
        {"votes": [{"_instance": "ann"}, {"_instance": "bob"}, {"_instance": "ann"}]},
        {"incidents": [{"who": "x"}]},
    ],
    ids=json.dumps,
)
def test_what_the_form_never_sends_is_not_valid(data: dict[str, Any]) -> None:
    schema = schema_of(EVERY_TYPE)
    for response in (data, {"id": "a1", "version": "1", "data": data}):
        assert not jsonschema.Draft202012Validator(schema).is_valid(response)
        assert not jsonschema_rs.is_valid(schema, response)


@pytest.mark.parametrize("envelope", [{"id": "a1"}, {"data": {}, "more": 1}, {"data": []}, [], "text", None])
def test_envelopes_are_closed(envelope: object) -> None:
    assert not jsonschema.Draft202012Validator(schema_of(EVERY_TYPE)).is_valid(envelope)
