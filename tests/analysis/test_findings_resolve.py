"""Several reports of one unit: what each rule counts, and that no conflict is silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.model import Checklist, Resolve
from tests.analysis.helpers import checklist_of, rows, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
choices:
  yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}
items:
  - {name: station, type: text, label: S}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: secret, type: select_one, choices: yn, sensitive: true, label: X}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
  - {name: on_time, label: On time, when: "opened = 'yes'", polarity: favourable}
  - {name: harmed, label: Harmed, when: "secret = 'yes'"}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def found_of(checklist: Checklist, reports: list[tuple[Any, ...]], rule: Resolve) -> Findings:
    """Findings of reports: the station, whether it opened on time, and the hour."""
    stream = [
        submission(
            {key: value for key, value in {"station": station, "opened": opened}.items() if value is not None},
            f"s{number}",
            received_at=f"2024-02-07T{hour:02}:00:00Z" if hour is not None else "",
        )
        for number, (station, opened, hour) in enumerate(reports)
    ]
    return findings(checklist, tables(checklist, *stream), resolve=rule)


def counted(found: Findings, name: str) -> tuple[int, int, int]:
    (row,) = found.table[found.table["indicator"] == name].to_dict("records")
    return row["n"], row["base"], row["count"]


TWICE = [("1", "yes", 9), ("1", "no", 8), ("1", "yes", 10), ("1", "unseen", 7), ("2", "no", 9)]


@pytest.mark.parametrize(
    ("rule", "late", "on_time"),
    [
        (Resolve.FIRST, (2, 1, 1), (2, 1, 0)),
        (Resolve.LATEST, (2, 2, 1), (2, 2, 1)),
        (Resolve.ANY_ADVERSE, (2, 2, 2), (2, 2, 0)),
        (Resolve.MAJORITY, (2, 2, 1), (2, 2, 1)),
        (Resolve.NONE, (5, 4, 2), (5, 4, 2)),
    ],
)
def test_each_rule(checklist: Checklist, rule: Resolve, late: Any, on_time: Any) -> None:
    found = found_of(checklist, TWICE, rule)
    assert counted(found, "late") == late
    assert counted(found, "on_time") == on_time
    assert found.conflicts["unit"].unique().tolist() == ["1"]


def test_a_tie_goes_to_what_was_received_first(checklist: Checklist) -> None:
    reports = [("1", "yes", 9), ("1", "no", 8), ("1", "unseen", 7)]
    assert counted(found_of(checklist, reports, Resolve.MAJORITY), "late") == (1, 1, 1)


def test_without_times_the_order_of_reports_decides(checklist: Checklist) -> None:
    reports = [("1", "no", None), ("1", "yes", None)]
    assert counted(found_of(checklist, reports, Resolve.FIRST), "late") == (1, 1, 1)
    assert counted(found_of(checklist, reports, Resolve.LATEST), "late") == (1, 1, 0)
    timed = [("1", "no", 8), ("1", "yes", None)]
    assert counted(found_of(checklist, timed, Resolve.LATEST), "late") == (1, 1, 1)


def test_conflicts_show_what_each_report_says_and_what_counts(checklist: Checklist) -> None:
    found = found_of(checklist, [("1", "yes", 9), ("1", "no", 8), ("2", "no", 9), ("2", "no", 10)], Resolve.FIRST)
    late = found.conflicts[found.conflicts["indicator"] == "late"]
    assert rows(late, "unit", "submission_id", "finding", "counted") == [
        ("1", "s1", "yes", "yes"),
        ("1", "s0", "no", "yes"),
    ]
    assert found.unused["reason"].tolist() == ["the unit was reported before"] * 2


def test_what_is_sensitive_is_withheld_from_the_conflicts(checklist: Checklist) -> None:
    stream = [submission({"station": "1", "secret": answer}, answer) for answer in ("yes", "no")]
    found = findings(checklist, tables(checklist, *stream)).conflicts
    assert rows(found, "indicator", "finding", "counted") == [("harmed", "withheld", "withheld")] * 2


REPORT = st.tuples(
    st.sampled_from([None, "1", "2", "3"]),
    st.sampled_from([None, "yes", "no", "unseen"]),
    st.none() | st.integers(0, 23),
)


@given(st.lists(REPORT, max_size=9), st.sampled_from([rule for rule in Resolve if rule is not Resolve.SENIOR]))
def test_rules_hold_and_conflicts_are_listed(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple[Any, ...]], rule: Resolve
) -> None:
    checklist = checklist_of(tmp_path_factory.mktemp("rules"), TEXT)
    found = found_of(checklist, reports, rule)
    by_station = defaultdict(list)
    for station, opened, _ in reports:
        if station is not None:
            by_station[station].append({"yes": "no", "no": "yes"}.get(opened, opened))
    n, base, count = counted(found, "late")
    named = sum(map(len, by_station.values()))
    assert n == (named if rule is Resolve.NONE else len(by_station))
    votes = [Counter(says) for says in by_station.values()]
    if rule is Resolve.ANY_ADVERSE:
        assert count == sum(vote["yes"] > 0 for vote in votes)
        assert base == sum(vote["yes"] + vote["no"] > 0 for vote in votes)
    if rule is Resolve.MAJORITY:
        sure = sum(vote["yes"] > vote["no"] for vote in votes)
        assert sure <= count <= sure + sum(vote["yes"] == vote["no"] > 0 for vote in votes)
    late = found.conflicts[found.conflicts["indicator"] == "late"]
    assert set(late["unit"]) == {station for station, says in by_station.items() if len(set(says) - {None}) > 1}
    whole = rule in (Resolve.FIRST, Resolve.LATEST)
    assert len(reports) - named <= len(found.unused) <= len(reports) - (len(by_station) if whole else named)
