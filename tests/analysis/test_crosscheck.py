"""Checks across questions, the frame and other forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import checklist_kit as ck
from checklist_kit.analysis.findings import Beside, Findings, findings
from checklist_kit.analysis.frame import FrameError, read_frame
from checklist_kit.analysis.placing import Sample
from checklist_kit.model import Checklist
from tests.analysis.helpers import load, rows, submission, tables

FORM = """
checklist: f
version: "1"
title: F
unit: station
choices: {yn: {yes: Yes, no: No}}
items:
  - {name: station, type: text, required: true, label: S}
  - {name: at_ten, type: integer, label: A}
  - {name: at_noon, type: integer, label: B}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: seals, type: select_multiple, choices: yn, label: M}
  - {name: secret, type: integer, sensitive: true, label: X}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
checks:
  - {name: falls, label: Never falls, that: at_noon >= at_ten}
  - {name: within, label: Within the list, that: at_noon <= frame.voters, level: soft}
  - {name: same, label: Same answer, that: opened = opening.opened, level: soft}
  - {name: told, label: Incident told, that: "not (seals has 'no') or count(incident) > 0", level: soft}
  - {name: people, label: People told, that: at_noon >= sum(incident.people), level: soft}
  - {name: hidden, label: Hidden, that: secret < 10}
forms:
  opening: opening.yaml
  incident: {file: incident.yaml, unit: place}
"""
OPENING = """
checklist: opening
unit: station
resolve: latest
choices: {yn: {yes: Yes, no: No}}
items:
  - {name: station, type: text, required: true, label: S}
  - {name: opened, type: select_one, choices: yn, label: O}
"""
INCIDENT = """
checklist: incident
items:
  - {name: place, type: text, required: true, label: S}
  - {name: people, type: integer, label: P}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    for name, text in {"f.yaml": FORM, "opening.yaml": OPENING, "incident.yaml": INCIDENT}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load(tmp_path / "f.yaml")


def stream(*data: dict[str, Any]) -> list[Any]:
    return [submission(row, f"s{n}", received_at=f"2024-02-07T{8 + n:02}:00:00Z") for n, row in enumerate(data)]


def of(checklist: Checklist, *data: dict[str, Any], frame: Path | None = None, **forms: list[Any]) -> Findings:
    others = {name: tables(checklist.forms[name].checklist, *stream(*rows)) for name, rows in forms.items()}
    sample = Sample(read_frame(frame)) if frame is not None else None
    return findings(checklist, tables(checklist, *stream(*data)), sample=sample, beside=Beside(forms=others))


def failures(found: Findings, check: str) -> list[tuple[Any, ...]]:
    assert found.checked is not None
    table = found.checked.failures
    return rows(table[table["check"] == check], "level", "unit", "submission_id", "answers")


def test_a_check_fails_where_it_is_false_and_says_what_it_saw(checklist: Checklist) -> None:
    """A blank leaves it open, as a constraint is."""
    found = of(
        checklist, {"station": "1", "at_ten": 20, "at_noon": 10}, {"station": "2", "at_ten": 5, "at_noon": 5}, {}
    )
    assert failures(found, "falls") == [("hard", "1", "s0", "at_noon = 10, at_ten = 20")]
    assert found.checked is not None
    assert rows(found.checked.table, "check", "checked", "failed")[0] == ("falls", 2, 1)
    assert found.checked.hard == 1


def test_the_frame(checklist: Checklist, tmp_path: Path) -> None:
    path = tmp_path / "frame.csv"
    path.write_text("station,voters\n1,100\n2,\n3,300\n", encoding="utf-8")
    data = [{"station": str(n), "at_noon": 200} for n in (1, 2, 3, 4)]
    found = of(checklist, *data, frame=path)
    assert failures(found, "within") == [("soft", "1", "s0", "at_noon = 200, frame.voters = 100")]
    path.write_text("station,registered\n1,100\n", encoding="utf-8")
    with pytest.raises(FrameError, match="no column `voters`"):
        of(checklist, *data, frame=path)
    path.write_text('station,voters\n1,"1,200"\n', encoding="utf-8")
    with pytest.raises(FrameError, match="`1,200` is no number"):
        of(checklist, *data, frame=path)


def test_other_forms(checklist: Checklist) -> None:
    """One report of the unit by that form's rule, how many there are, and a total over them."""
    found = of(
        checklist,
        {"station": "1", "opened": "yes", "seals": ["no"], "at_noon": 9},
        {"station": "2", "opened": "yes", "seals": ["no"]},
        {"station": "3", "opened": "yes", "seals": ["yes"]},
        opening=[
            {"station": "1", "opened": "yes"},
            {"station": "1", "opened": "no"},
            {"station": "2", "opened": "yes"},
        ],
        incident=[{"place": "1", "people": 4}, {"place": "1", "people": 6}, {"place": "9", "people": 1}],
    )
    assert failures(found, "same") == [("soft", "1", "s0", "opened = yes, opening.opened = no")]
    assert failures(found, "told") == [("soft", "2", "s1", "seals = no, count(incident) = 0")]
    assert [unit for _, unit, *_ in failures(found, "people")] == ["1"]


def test_a_form_without_reports(checklist: Checklist) -> None:
    found = of(checklist, {"station": "1", "seals": ["no"], "opened": "yes"}, opening=[], incident=[])
    assert [unit for _, unit, *_ in failures(found, "told")] == ["1"]
    assert failures(found, "same") == []


def test_what_was_not_given_is_said(checklist: Checklist) -> None:
    """A check that could not be made did not pass: it is not in the table."""
    found = of(checklist, {"station": "1"})
    assert [note.code for note in found.notes if note.code == "check-not-made"] == ["check-not-made"] * 4
    assert found.checked is not None
    assert found.checked.table["check"].tolist() == ["falls", "hidden"]


def test_sensitive_answers_are_withheld(checklist: Checklist) -> None:
    found = of(checklist, {"station": "1", "secret": 50})
    assert failures(found, "hidden") == [("hard", "1", "s0", "secret = withheld")]


@pytest.mark.parametrize(
    ("that", "code"),
    [
        ("at_noon > opening.nothing", "logic-unknown-name"),
        ("at_noon > other.opened", "logic-repeat-reference"),
        ("at_noon > opening.opened", "logic-type"),
        ("frame.region = 'North'", "logic-type"),
        ("opening.opened = 'perhaps'", "logic-unknown-choice"),
    ],
)
def test_what_is_wrong_with_a_check_is_found_at_its_place(
    checklist: Checklist, tmp_path: Path, that: str, code: str
) -> None:
    (tmp_path / "f.yaml").write_text(FORM.replace("at_noon >= at_ten", f'"{that}"'), encoding="utf-8")
    (found,) = [one for one in ck.check(tmp_path / "f.yaml") if one.is_error]
    assert found.code == code
    assert found.span is not None
    assert found.span.line == 17


def test_only_checks_see_other_forms(checklist: Checklist, tmp_path: Path) -> None:
    """Forms are filled in alone, so a question cannot depend on another form."""
    (tmp_path / "f.yaml").write_text(
        FORM.replace("label: B}", "label: B, relevant: \"opening.opened = 'yes'\"}"), encoding="utf-8"
    )
    assert [one.code for one in ck.check(tmp_path / "f.yaml") if one.is_error] == ["logic-repeat-reference"]
