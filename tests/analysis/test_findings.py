"""Indicators: counts, bases, reasons, and units that were reported twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from checklist_kit.analysis import Tables
from checklist_kit.analysis.findings import COLUMNS, Findings, findings
from checklist_kit.analysis.rows import REASONS
from checklist_kit.analysis.write import write
from checklist_kit.model import Checklist
from checklist_kit.protocols import UnreadableFile
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
  - {name: delay, type: integer, relevant: "opened = 'no'", label: D, missing: {999: refused}}
  - {name: seals, type: select_multiple, choices: yn, label: M}
  - {name: hours, type: calculate, calculation: "delay / 60"}
  - {name: pay, type: integer, sensitive: true, label: P}
  - name: votes
    type: repeat
    over: yn
    label: V
    items: [{name: count, type: integer, label: C}]
  - name: visits
    type: repeat
    label: V
    relevant: "opened is answered"
    items: [{name: purpose, type: text, label: P}]
indicators:
  - {name: late, label: Late, when: "opened = 'no'", among: "opened in ('yes', 'no')"}
  - {name: late_by_default, label: Late, when: "opened = 'no'"}
  - {name: very_late, label: Very late, when: "delay > 60"}
  - {name: hours_late, label: Hours, when: "hours >= 2"}
  - {name: sealed, label: Sealed, when: "seals has 'yes'"}
  - {name: paid, label: Paid, when: "pay > 0"}
  - {name: many_votes, label: Votes, when: "sum(votes.count) > 10"}
  - {name: visited, label: Visited, when: "count(visits) > 0", among: "opened = 'yes'"}
  - {name: nobody, label: Nobody, when: "delay > 5", among: "delay > 1000"}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def of(checklist: Checklist, *data: dict[str, Any]) -> Tables:
    return tables(checklist, *(submission({"station": str(n), **row}, f"s{n}") for n, row in enumerate(data)))


def row(found: Findings, name: str) -> dict[str, Any]:
    (line,) = found.table[found.table["indicator"] == name].to_dict("records")
    return {key: value for key, value in line.items() if not (isinstance(value, int) and value == 0)}


def test_counts_and_reasons(checklist: Checklist) -> None:
    found = findings(
        checklist,
        of(
            checklist,
            {"opened": "no", "delay": 90},
            {"opened": "no", "delay": 999},
            {"opened": "no"},
            {"opened": "no", "delay": "soon"},
            {"opened": "yes"},
            {"opened": "unseen"},
            {},
        ),
    )
    assert list(found.table.columns) == list(COLUMNS)
    late = row(found, "late")
    assert (late["n"], late["base"], late["count"], late["not_observed"], late["not_answered"]) == (7, 5, 4, 1, 1)
    assert late["share"] == pytest.approx(0.8)
    assert late["method"] == "korn-graubard"  # a single no
    very_late = row(found, "very_late")
    reasons = {key: value for key, value in very_late.items() if key in REASONS}
    assert reasons == {"refused": 1, "not_answered": 1, "invalid": 1, "not_asked": 3}
    assert (very_late["base"], very_late["count"]) == (1, 1)


def test_without_among_all_questions_must_be_answered(checklist: Checklist) -> None:
    found = findings(checklist, of(checklist, {"opened": "no"}, {"opened": "yes"}, {"opened": "unseen"}))
    assert {**row(found, "late"), "indicator": ""} == {**row(found, "late_by_default"), "indicator": ""}


def test_a_calculation_has_the_reasons_of_what_it_is_made_of(checklist: Checklist) -> None:
    found = row(findings(checklist, of(checklist, {"opened": "no", "delay": 999}, {"opened": "yes"})), "hours_late")
    assert (found["refused"], found["not_asked"]) == (1, 1)


def test_units_that_are_not_in_question_stand_outside(checklist: Checklist) -> None:
    found = row(
        findings(checklist, of(checklist, {"opened": "yes", "visits": [{"purpose": "x"}]}, {"opened": "no"})), "visited"
    )
    assert (found["base"], found["outside"], found["count"]) == (1, 1, 1)


def test_an_empty_base_has_no_share(checklist: Checklist) -> None:
    found = row(findings(checklist, of(checklist, {"opened": "no", "delay": 5})), "nobody")
    assert found["method"] == "none"
    assert pd.isna(found["share"])
    assert found["outside"] == 1


def test_several_choices_sensitive_answers_and_repeats_count(checklist: Checklist) -> None:
    votes = [{"_instance": code, "count": count} for code, count in (("yes", 6), ("no", 7), ("unseen", 0))]
    found = findings(
        checklist, of(checklist, {"seals": ["yes"], "pay": 5, "votes": votes}, {"seals.yes": 0}, {"seals": ["unseen"]})
    )
    assert (row(found, "sealed")["count"], row(found, "sealed")["base"], row(found, "sealed")["not_observed"]) == (
        1,
        2,
        1,
    )
    assert (row(found, "paid")["count"], row(found, "paid")["not_answered"]) == (1, 2)
    many_votes = row(found, "many_votes")
    assert (many_votes["count"], many_votes["base"], many_votes["not_answered"]) == (1, 1, 2)


def test_a_sum_with_a_gap_is_no_base(checklist: Checklist) -> None:
    """What is blank would count as 0; `among` may say otherwise."""
    gap = {"votes": [{"_instance": "yes", "count": 60}, {"_instance": "no"}, {"_instance": "unseen", "count": "?"}]}
    many_votes = row(findings(checklist, of(checklist, gap)), "many_votes")
    assert {name: many_votes.get(name) for name in ("n", "base", "not_answered")} == {
        "n": 1,
        "base": None,
        "not_answered": 1,
    }


def test_the_first_report_of_a_unit_counts_and_the_others_are_listed(checklist: Checklist) -> None:
    found = findings(
        checklist,
        tables(
            checklist,
            submission({"station": "1", "opened": "yes"}, "no time"),
            submission({"station": "1", "opened": "yes"}, "late", received_at="2024-02-07T12:00:00+04:00"),
            submission({"station": "1", "opened": "no"}, "first", received_at="2024-02-07T07:59:00Z"),
            submission({"opened": "no"}, "nowhere"),
        ),
    )
    late = row(found, "late")
    assert (late["n"], late["count"]) == (1, 1)
    assert rows(found.unused) == [
        ("no time", "1", "the unit was reported before"),
        ("late", "1", "the unit was reported before"),
        ("nowhere", "", "the unit is not named"),
    ]


def test_without_a_unit_every_response_counts(tmp_path: Path) -> None:
    checklist = checklist_of(tmp_path, TEXT.replace("unit: station\n", ""))
    found = findings(checklist, of(checklist, {"station": "1", "opened": "no"}, {"station": "1", "opened": "no"}))
    assert row(found, "late")["count"] == 2
    assert len(found.unused) == 0


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "station": st.sampled_from(["1", "2", "3", "NA", "None", 'a"b,\nc']),
        "opened": st.sampled_from(["yes", "no", "unseen", "bogus"]),
        "delay": st.sampled_from([0, 30, 90, 120, 999, "x"]),
        "seals": st.lists(st.sampled_from(["yes", "no", "unseen"]), max_size=3),
        "seals.yes": st.sampled_from([0, 1, "?"]),
        "pay": st.integers(0, 2),
        "votes": st.just([{"_instance": "no", "count": 20}]),
        "visits": st.lists(st.just({"purpose": "x"}), min_size=1, max_size=2),
    },
)


@given(st.lists(st.tuples(ANSWERS, st.sampled_from(["", "2024-02-07T10:00", "2024-02-07"])), max_size=6))
@settings(max_examples=60)
def test_every_unit_is_counted_once_and_folders_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple[dict[str, Any], str]]
) -> None:
    folder = tmp_path_factory.mktemp("findings")
    checklist = checklist_of(folder, TEXT)
    stream = [submission(data, f"s{n}", received_at=time) for n, (data, time) in enumerate(reports)]
    parsed = tables(checklist, *stream)
    found = findings(checklist, parsed)
    note(found.table.T.to_string())
    parts = found.table[["base", *REASONS, "outside"]].sum(axis=1)
    assert (parts == found.table["n"]).all()
    assert (found.table["count"] <= found.table["base"]).all()
    for file_format in ("csv", "parquet"):
        write(parsed, folder / file_format, file_format)
        again = findings(checklist, folder / file_format)
        assert rows(again.table) == rows(found.table)
        assert rows(again.unused) == rows(found.unused)


def test_a_folder_without_tables_is_named(checklist: Checklist, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no table"):
        findings(checklist, tmp_path)
    (tmp_path / "answers.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="is no table"):
        findings(checklist, tmp_path)
    (tmp_path / "answers.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="is no table"):
        findings(checklist, tmp_path)
