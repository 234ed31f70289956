"""`checklist diff`: what it says in words, and whether its verdict holds when responses are really read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, event, given, note, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.changes import Comparison, Effect
from checklist_kit.cli import cli
from checklist_kit.diagnostics import DefinitionError
from checklist_kit.model import Checklist
from tests.changes.mutate import mutated
from tests.law import fill, odk
from tests.law.expected import Key, Row
from tests.law.test_law import rows_of
from tests.strategies.answers import TODAY
from tests.strategies.checklists import answers, checklist_texts, load_text

CASES = Path(__file__).parent / "cases"


CHANNELS: dict[str, tuple[Callable[[Checklist, list[Any]], bytes], str]] = {
    "web": (fill.web, "r.jsonl"),
    "workbook": (fill.workbook, "r.xlsx"),
    "central": (odk.central, "r.zip"),
    "odata": (odk.odata, "r.json"),
}


def parsed(checklist: Checklist, data: bytes, name: str = "r.jsonl") -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return ck.parse(checklist, [path], today=TODAY)


def renamed(found: Comparison, rows: dict[Key, Row]) -> Iterator[tuple[Key, Row]]:
    """The rows that the newer version must give: all answers, under its names and codes."""
    for (item, instance, choice), (status, value) in rows.items():
        if status in ("not_asked", "not_answered", "invalid"):
            continue
        repeats = found.old.by_name[item].repeats
        steps = instance.split("/") if instance else []
        path = "/".join(
            str(found.matching.code(repeat.name, step)) if repeat.over else step
            for repeat, step in zip(repeats, steps, strict=True)
        )
        new_value = value
        if found.old.by_name[item].item.type == "select_one":
            new_value = str(found.matching.code(item, value))
        new_choice = str(found.matching.code(item, choice)) if choice else ""
        yield (str(found.matching.name(item)), path, new_choice), (status, new_value)


@given(data=st.data())
@settings(max_examples=40)
def test_the_verdict_holds(data: st.DataObject) -> None:
    """Where it promises that nothing is lost, each answer is read as it was, and none is set aside."""
    text = data.draw(checklist_texts(3))
    changed = mutated(text, data)
    try:
        old, new = load_text(text), load_text(changed)
    except DefinitionError:
        assume(False)
    found = ck.diff(old, new)
    event(f"verdict {found.effect.name}")
    if found.effect is Effect.LOSS:
        return
    note(changed)
    note("\n".join(f"{change.effect.name} {change.message}" for change in found.changes))
    given_answers = data.draw(st.lists(answers(old), min_size=1, max_size=2))
    channel = data.draw(st.sampled_from(list(CHANNELS)))
    make, name = CHANNELS[channel]
    if make in (odk.central, odk.odata):
        given_answers = [odk.as_on_a_phone(old, each) for each in given_answers]
    responses = make(old, given_answers)
    before, after = parsed(old, responses, name), parsed(new, responses, name)
    note(after.problems.to_string())
    assert after.ledger.problems == before.ledger.problems == 0
    now = rows_of(after)
    for submission, rows in rows_of(before).items():
        for key, row in renamed(found, rows):
            assert now[submission].get(key) == row, key
    if found.effect is Effect.NONE:
        assert all(found.matching.name(entry.item.name) == entry.item.name for entry in old.questions)


@given(text=checklist_texts(3))
@settings(max_examples=15)
def test_nothing_differs_from_itself(text: str) -> None:
    assert ck.diff(load_text(text), load_text(text)).changes == ()


OLD = """\
checklist: visit
version: "1"
title: Visit
languages: {en: English}
default_language: en
choices:
  yes_no: {yes: "Yes", no: "No", na: {label: Not observed, missing: not_observed}}
  seen: {ink: Ink, list: List}
items:
  - {name: station, type: text, label: Station}
  - {name: opened, type: select_one, choices: yes_no, label: Opened?}
  - {name: why, type: text, label: Why?, relevant: "opened = 'no'"}
  - {name: problems, type: select_multiple, choices: seen, label: Problems}
  - {name: voted, type: integer, label: Voted, missing: {9999: refused}}
  - {name: twice, type: calculate, calculation: voted * 2}
  - {name: agents, type: repeat, over: seen, label: Agents, items: [{name: present, type: integer, label: Present}]}
"""

RESPONSE = {
    "station": "12",
    "opened": "no",
    "why": "locked",
    "problems": ["ink", "list"],
    "voted": 9999,
    "agents": [{"_instance": "ink", "present": 1}, {"_instance": "list", "present": 2}],
}

# A change of the text, and what the verdict is. Every loss is shown by a response of the older version.
EDITS: dict[str, tuple[tuple[str, str], Effect]] = {
    "a label": (("Opened?", "Was it opened?"), Effect.NONE),
    "a demand": (("label: Station}", "label: Station, required: true}"), Effect.NONE),
    "a constraint": (("label: Present}", 'label: Present, constraint: ". < 1"}'), Effect.NONE),
    "a wider type": (("name: present, type: integer", "name: present, type: decimal"), Effect.NONE),
    "a new choice": (("ink: Ink", "ink: Ink, box: Box"), Effect.NONE),
    "a condition less": ((", relevant: \"opened = 'no'\"", ""), Effect.NONE),
    "a question renamed": (("name: station,", "name: place, was: [station],"), Effect.MAPPING),
    "a choice renamed": (('no: "No"', 'never: {label: "No", was: [no]}'), Effect.MAPPING),
    "a repeat renamed": (("name: agents,", "name: people, was: [agents],"), Effect.MAPPING),
    "renamed without a word": (("name: station,", "name: place,"), Effect.LOSS),
    "a choice gone": (("ink: Ink, ", ""), Effect.LOSS),
    "a type": (("name: station, type: text", "name: station, type: date"), Effect.LOSS),
    "another condition": (("opened = 'no'", "opened = 'yes'"), Effect.LOSS),
    "another kind of missing": (("9999: refused", "9999: dont_know"), Effect.LOSS),
    "a sentinel less": ((", missing: {9999: refused}", ""), Effect.LOSS),
    "a repeat gone": (("name: agents,", "name: others,"), Effect.LOSS),
    "a free repeat": (("over: seen, label: Agents", "label: Agents"), Effect.LOSS),
    "choices merged": (("ink: Ink, list: List", "ink: {label: Ink, was: [list]}, box: Box"), Effect.LOSS),
    "another checklist": (("checklist: visit", "checklist: other"), Effect.LOSS),
    "another formula": (("voted * 2", "voted * 3"), Effect.LOSS),
}


def edited(edit: tuple[str, str]) -> Checklist:
    assert edit[0] in OLD
    text = OLD.replace(*edit).replace('version: "1"', 'version: "2"')
    if "never:" in text:
        text = text.replace("opened = 'no'", "opened = 'never'")
    return load_text(text)


@pytest.mark.parametrize("name", EDITS)
def test_verdicts(name: str) -> None:
    edit, effect = EDITS[name]
    assert ck.diff(load_text(OLD), edited(edit)).effect is effect


XML = (
    '<data id="visit" version="1"><station>12</station><voted>4</voted><twice>8</twice>'
    "<meta><instanceID>uuid:1</instanceID></meta></data>"
)
IN_XML = ("another checklist", "another formula")


@pytest.mark.parametrize("name", IN_XML)
def test_losses_are_real_where_a_channel_tells_more(name: str, tmp_path: Path) -> None:
    """Phones name the checklist and bring what they computed."""
    path = tmp_path / "a.xml"
    path.write_text(XML)
    assert ck.parse(load_text(OLD), [path]).ledger.problems == 0
    assert ck.parse(edited(EDITS[name][0]), [path]).ledger.problems > 0


LOSSES = [name for name, (_, effect) in EDITS.items() if effect is Effect.LOSS and name not in IN_XML]


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_real(name: str) -> None:
    """A response of the older version is not read as it was: something is set aside, or means another thing."""
    old, new = load_text(OLD), edited(EDITS[name][0])
    found = ck.diff(old, new)
    data = json.dumps({"id": "a", "version": "1", "data": RESPONSE}).encode()
    before, after = parsed(old, data), parsed(new, data)
    assert before.ledger.problems == 0
    now = rows_of(after)["a"]
    lost = [key for key, row in renamed(found, rows_of(before)["a"]) if now.get(key) != row]
    assert lost or after.ledger.problems


# Words


def test_words(golden: Callable[[Path, str], None]) -> None:
    files = [str(CASES / "visit_1.yaml"), str(CASES / "visit_2.yaml")]
    result = CliRunner().invoke(cli, ["diff", *files])
    golden(CASES / "visit.txt", result.output)
    assert result.exit_code == 1


def test_json() -> None:
    files = [str(CASES / "visit_1.yaml"), str(CASES / "visit_2.yaml")]
    told = json.loads(CliRunner().invoke(cli, ["diff", *files, "--format", "json"]).output)
    assert told["verdict"] == "loss"
    assert told["old"]["version"] == "1"
    assert {change["effect"] for change in told["changes"]} == {"none", "mapping", "loss"}
    assert all(change["line"] >= 1 and Path(change["file"]).exists() for change in told["changes"])


def test_exit_codes(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(OLD)
    for name, code in (("a label", 0), ("a question renamed", 0), ("a choice gone", 1)):
        new.write_text(OLD.replace(*EDITS[name][0]).replace('version: "1"', 'version: "2"'))
        assert CliRunner().invoke(cli, ["diff", str(old), str(new)]).exit_code == code, name
    new.write_text("checklist: 3")
    assert CliRunner().invoke(cli, ["diff", str(old), str(new)]).exit_code == 1
    assert CliRunner().invoke(cli, ["diff", str(old)]).exit_code == 2
