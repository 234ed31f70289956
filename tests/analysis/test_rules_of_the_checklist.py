"""Rules that a checklist declares: for all questions, for one, by seniority, and reports sent in parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.model import Checklist, Resolve
from tests.analysis.helpers import checklist_of, rows, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
resolve: senior
seniority: role
choices:
  yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}
items:
  - {name: station, type: text, required: true, label: S}
  - {name: constituency, type: text, label: C}
  - {name: role, type: select_one, choices: {coordinator: Coordinator, observer: Observer}, label: R}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: stuffed, type: select_one, choices: yn, resolve: any_adverse, label: B}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
  - {name: stuffing, label: Stuffing, when: "stuffed = 'yes'"}
  - {name: places, label: Constituencies, when: "stuffed = 'yes'", unit: constituency}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def of(checklist: Checklist, *reports: dict[str, Any], **options: Any) -> Findings:
    stream = [
        submission(report, f"s{n}", received_at=f"2024-02-07T{8 + n:02}:00:00Z") for n, report in enumerate(reports)
    ]
    return findings(checklist, tables(checklist, *stream), **options)


def counts(found: Findings, name: str) -> tuple[int, int, int]:
    (row,) = [one for one in found.rows() if one["indicator"] == name]
    return row["n"], row["base"], row["count"]


def test_the_most_senior_report_counts_and_a_question_may_have_a_rule_of_its_own(checklist: Checklist) -> None:
    found = of(
        checklist,
        {"station": "1", "role": "observer", "opened": "no", "stuffed": "yes"},
        {"station": "1", "role": "coordinator", "opened": "yes", "stuffed": "no"},
        {"station": "1", "opened": "no", "stuffed": "no"},
    )
    assert counts(found, "late") == (1, 1, 0)
    assert counts(found, "stuffing") == (1, 1, 1)
    assert found.resolve is Resolve.SENIOR
    assert ("s2", "1", "a more senior observer reported the unit") in rows(found.unused)


def test_the_command_may_ask_for_another_rule(checklist: Checklist) -> None:
    reports = [
        {"station": "1", "role": "observer", "opened": "no"},
        {"station": "1", "role": "coordinator", "opened": "yes"},
    ]
    assert counts(of(checklist, *reports, resolve=Resolve.FIRST), "late") == (1, 1, 1)


def test_seniority_must_be_known(tmp_path: Path) -> None:
    checklist = checklist_of(tmp_path, TEXT.replace("resolve: senior\nseniority: role\n", ""))
    with pytest.raises(ValueError, match="seniority"):
        of(checklist, {"station": "1"}, resolve=Resolve.SENIOR)


@pytest.mark.parametrize("rule", [rule for rule in Resolve if rule is not Resolve.NONE])
def test_reports_sent_in_parts_are_one_record(checklist: Checklist, rule: Resolve) -> None:
    """A part that does not reach a question gives way to one that answers it, and contradicts nothing."""
    found = of(
        checklist,
        {"station": "1", "role": "observer", "opened": "no"},
        {"station": "1", "role": "observer", "stuffed": "yes"},
        resolve=rule,
    )
    assert counts(found, "late") == (1, 1, 1)
    assert counts(found, "stuffing") == (1, 1, 1)
    assert (len(found.unused), len(found.conflicts)) == (0, 0)


def test_another_unit_is_counted_by_itself(checklist: Checklist) -> None:
    found = of(
        checklist,
        {"station": "1", "constituency": "a", "stuffed": "no"},
        {"station": "2", "constituency": "a", "stuffed": "yes"},
        {"station": "3", "constituency": "b", "stuffed": "no"},
        {"station": "4", "stuffed": "yes"},
    )
    assert counts(found, "stuffing") == (4, 4, 2)
    assert counts(found, "places") == (2, 2, 1)
    conflicts = found.conflicts[found.conflicts["indicator"] == "places"]
    assert conflicts["unit"].tolist() == ["a", "a"]
