"""Submissions become tables: columns, order, statuses, repeats, problems."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import checklist_kit as ck
from checklist_kit.analysis import Tables
from checklist_kit.model import Missing
from checklist_kit.protocols import Problem
from tests.analysis.helpers import answer, checklist_of, codes, example, rows, submission, tables


def one(data: dict[str, Any], **fields: Any) -> Tables:
    return tables(example(), submission(data, **fields), today=datetime.date(2024, 2, 7))


def test_columns_are_those_of_the_contract() -> None:
    found = one({"station": "12"})
    assert list(found.answers.columns) == [
        *("submission_id", "unit", "item", "instance", "choice", "status", "value", "number", "label")
    ]
    assert list(found.problems.columns) == [
        *("severity", "code", "submission_id", "item", "raw", "source", "place", "message")
    ]
    assert list(found.submissions.columns[:7]) == [
        *("submission_id", "checklist", "version", "channel", "source", "unit", "received_at")
    ]
    assert list(found.submissions.columns[7:14]) == [
        *("station", "opened", "delay", "late_hours", "very_late", "problems.ink", "problems.list")
    ]
    assert list(found.restricted.columns) == list(found.answers.columns)


def test_columns_have_types() -> None:
    wide = one(
        {"station": "12", "opened": "no", "delay": 30, "day": "2024-02-01", "moment": "2024-02-01T08:05"}
    ).submissions
    assert {name: str(wide[name].dtype) for name in ("station", "opened", "delay", "share", "problems.ink", "day")} == {
        "station": "string",
        "opened": "category",
        "delay": "Int64",
        "share": "Float64",
        "problems.ink": "Int8",
        "day": "datetime64[s]",
    }
    assert wide.loc[0, "day"] == pd.Timestamp(2024, 2, 1)
    assert wide.loc[0, "moment"] == pd.Timestamp(2024, 2, 1, 8, 5)
    assert wide.loc[0, "late_hours"] == 0.5
    assert list(wide["opened"].cat.categories) == ["yes", "no", "not_observed"]


def test_rows_follow_submissions_then_the_form() -> None:
    found = tables(example(), submission({"opened": "yes"}, "b"), submission({"opened": "yes"}, "a"))
    order = list(dict.fromkeys(zip(found.answers["submission_id"], found.answers["item"], strict=True)))
    items = [entry.item.name for entry in example().questions if entry.item.name not in ("observer", "guest")]
    assert order == [(id_, item) for id_ in ("b", "a") for item in items]


def test_an_answer_to_what_was_not_asked_is_blank_downstream_and_kept_as_a_problem() -> None:
    found = one({"station": "12", "opened": "yes", "delay": 120})
    assert answer(found, "delay") == [("", "", "not_asked", "")]
    assert answer(found, "late_hours") == [("", "", "not_answered", "")]
    assert rows(found.problems, "code", "item", "raw", "place") == [("value-not-asked", "delay", "120", "/delay")]


def test_an_answer_that_breaks_its_constraint_counts() -> None:
    found = one({"station": "12", "opened": "no", "delay": 600})
    assert answer(found, "delay") == [("", "", "answered", "600")]
    assert answer(found, "late_hours") == [("", "", "answered", "10")]
    assert codes(found) == ["value-constraint"]


def test_a_sentinel_is_exempt_and_unknown() -> None:
    found = one({"station": "12", "opened": "no", "delay": 999})
    assert answer(found, "delay") == [("", "", "refused", "999")]
    assert answer(found, "late_hours") == [("", "", "not_answered", "")]
    assert found.answers.loc[found.answers["item"] == "delay", "number"].isna().all()
    assert found.submissions["delay"].isna().all()
    assert codes(found) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["not_answered:"] * 4),
        ({"problems": ["ink"]}, ["answered:1", "answered:0", "answered:0", "answered:0"]),
        ({"problems": "ink;list"}, ["answered:1", "answered:1", "answered:0", "answered:0"]),
        ({"problems": "ink roll"}, ["answered:1", "answered:1", "answered:0", "answered:0"]),
        ({"problems.ink": 1}, ["answered:1", "answered:0", "answered:0", "answered:0"]),
        ({"problems.ink": 0}, ["answered:0"] * 4),
        ({"problems.roll": 1}, ["answered:0", "answered:1", "answered:0", "answered:0"]),
        ({"problems": ["unseen"]}, ["not_observed:0", "not_observed:0", "not_observed:0", "not_observed:1"]),
        ({"problems.unseen": 1}, ["not_observed:0", "not_observed:0", "not_observed:0", "not_observed:1"]),
        ({"problems.ink": "?", "problems.list": 1}, ["invalid:", "answered:1", "answered:0", "answered:0"]),
        ({"problems": "ink;bogus"}, ["invalid:"] * 4),
        ({"problems": "ink", "problems.list": 1}, ["invalid:"] * 4),
        ({"problems": "ink", "problems.ink": 1, "problems.list": 0}, ["answered:1", *["answered:0"] * 3]),
        ({"problems": []}, ["not_answered:"] * 4),
    ],
)
def test_ticks(given: dict[str, Any], expected: list[str]) -> None:
    found = one({"station": "12", "opened": "yes", **given})
    assert [f"{status}:{value}" for _, _, status, value in answer(found, "problems")] == expected
    assert found.ledger.balanced


def test_what_a_channel_calls_unreadable_is_so() -> None:
    found = one({"station": "1", "opened": Missing.UNREADABLE, "problems.ink": Missing.UNREADABLE, "problems.list": 1})
    assert answer(found, "opened") == [("", "", "unreadable", "")]
    assert [row[2:] for row in answer(found, "problems")][:2] == [("unreadable", ""), ("answered", "1")]
    assert codes(found) == []
    assert found.ledger.balanced


def test_ticks_have_numbers_only_where_they_are_answers() -> None:
    found = one({"station": "12", "opened": "yes", "problems": ["unseen"]})
    numbers = found.answers.loc[found.answers["item"] == "problems", "number"]
    assert numbers.isna().all()
    assert found.submissions.loc[0, "problems.unseen"] == 1


def test_a_choice_that_is_unclear_makes_what_depends_on_it_unknown() -> None:
    found = one({"station": "12", "opened": "yes", "problems.ink": "?", "problems.list": 1, "other_note": "x"})
    assert answer(found, "other_note") == [("", "", "not_asked", "")]


def test_instances_over_a_list() -> None:
    found = one({"station": "12", "opened": "yes", "votes": [{"_instance": "Bob", "count": 11}]})
    assert answer(found, "count") == [("ann", "", "not_answered", ""), ("bob", "", "answered", "11")]
    assert answer(found, "contested") == [("ann", "", "not_asked", ""), ("bob", "", "not_answered", "")]
    assert answer(found, "total") == [("", "", "answered", "11")]
    assert rows(found.repeats["votes"], "submission_id", "instance", "count") == [("s1", "ann", ""), ("s1", "bob", 11)]
    assert codes(found) == ["value-label-for-code"]


def test_instances_without_names_are_in_order_when_there_are_as_many_as_choices() -> None:
    found = one({"station": "12", "opened": "yes", "votes": [{"count": 1}, {"count": 2}]})
    assert [row[3] for row in answer(found, "count")] == ["1", "2"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([{"count": 1}], "value-unnamed-instance"),
        ([{"_instance": "eve", "count": 1}], "value-unknown-instance"),
        ([{"_instance": "ann", "count": 1}, {"_instance": "ann", "count": 2}], "value-duplicate-instance"),
    ],
)
def test_instances_that_cannot_be_placed_are_set_aside(given: list[dict[str, Any]], code: str) -> None:
    found = one({"station": "12", "opened": "yes", "votes": given})
    assert codes(found) == [code, code]
    assert rows(found.problems, "item", "raw")[1] == ("count", str(given[-1]["count"]))
    assert found.ledger.balanced


def test_a_repeat_that_was_not_asked_has_no_rows_but_for_answers() -> None:
    assert answer(one({"station": "12"}), "count") == []
    found = one({"station": "12", "votes": [{"_instance": "ann", "count": 5}, {"_instance": "bob"}]})
    assert answer(found, "count") == [("ann", "", "not_asked", "")]
    assert answer(found, "total") == [("", "", "answered", "0")]
    assert found.ledger.balanced


def test_nested_instances_are_joined() -> None:
    found = one({"station": "1", "visits": [{"purpose": "a"}, {"guests": [{"guest": "x"}, {"guest": "y"}]}]})
    assert answer(found, "purpose") == [("1", "", "answered", "a"), ("2", "", "not_answered", "")]
    assert answer(found, "guest") == [("2/1", "", "answered", "x"), ("2/2", "", "answered", "y")]


def test_a_calculation_is_computed_and_compared() -> None:
    same = one({"station": "1", "opened": "no", "delay": 100, "late_hours": 1.6666666667, "very_late": "false"})
    assert codes(same) == []
    differs = one({"station": "1", "opened": "no", "delay": 120, "late_hours": "1", "very_late": 0})
    assert answer(differs, "late_hours") == [("", "", "answered", "2")]
    assert rows(differs.problems, "code", "item", "raw") == [
        ("value-calculation-differs", "late_hours", "1"),
        ("value-calculation-differs", "very_late", "0"),
    ]
    assert same.ledger.balanced
    assert differs.ledger.balanced


def test_today_is_the_day_of_receipt() -> None:
    received = one({"station": "1", "day": "2024-02-01"}, received_at="2024-02-05T10:00:00Z")
    assert answer(received, "before_today") == [("", "", "answered", "4")]
    assert answer(one({"station": "1", "day": "2024-02-01"}), "before_today") == [("", "", "answered", "6")]


def test_former_names_lead_to_the_present_ones() -> None:
    found = one({"station": "1", "open": "no", "problems": "roll"})
    assert answer(found, "opened") == [("", "", "answered", "no")]
    assert [row[3] for row in answer(found, "problems")] == ["0", "1", "0", "0"]
    both = one({"station": "1", "open": "no", "opened": "yes"})
    assert answer(both, "opened") == [("", "", "answered", "yes")]
    assert codes(both) == ["value-contradiction"]


def test_another_version_is_read_all_the_same() -> None:
    found = one({"station": "1", "opened": "yes"}, version="0.9")
    assert codes(found) == ["value-unknown-version"]
    assert rows(found.submissions, "submission_id", "version") == [("s1", "0.9")]


def test_the_same_response_twice_is_one_row() -> None:
    data = {"station": "1", "opened": "yes", "problems": ["ink"], "votes": [{"_instance": "ann", "count": 1}]}
    found = tables(example(), submission(data), submission(dict(reversed(data.items())), source="b.jsonl"))
    assert codes(found) == ["value-duplicate-submission"]
    assert list(found.ledger.lines()) == [
        "a.jsonl: 1 submissions in = 1 rows out + 0 rejected",
        "b.jsonl: 1 submissions in = 0 rows out + 1 rejected",
        "8 cells read = 8 values + 0 problems",
    ]


def test_the_second_of_two_responses_with_one_id_is_set_aside_whole() -> None:
    found = tables(
        example(), submission({"station": "1", "opened": "yes"}), submission({"station": "2", "opened": "yes"})
    )
    assert answer(found, "station") == [("", "", "answered", "1")]
    assert rows(found.problems, "code", "item", "raw") == [
        ("value-conflicting-submission", "station", "2"),
        ("value-conflicting-submission", "opened", "yes"),
        ("value-conflicting-submission", "", ""),
    ]
    assert found.ledger.balanced


def test_a_response_without_an_id_gets_one_of_its_place() -> None:
    found = tables(example(), submission({"station": "1"}, ""), submission({"station": "2"}, ""))
    assert list(found.submissions["submission_id"]) == ["a.jsonl#1", "a.jsonl#2"]


def test_what_readers_found_is_kept() -> None:
    strange = Problem.of("value-unknown-question", "no such column", "a.jsonl", item="x", raw="1", aside=True)
    rejected = submission({}, "s2", rejected=True, cells=1, problems=[strange])
    whole_file = Problem.of("file-unreadable", "cannot open b.jsonl", "b.jsonl")
    found = tables(example(), submission({"opened": "yes"}, problems=[strange], cells=2), rejected, whole_file)
    assert [row[:3] for row in rows(found.problems, "submission_id", "code", "raw")] == [
        ("s1", "value-unknown-question", "1"),
        ("s2", "value-unknown-question", "1"),
        ("", "file-unreadable", ""),
        ("s1", "value-required", ""),
    ]
    assert list(found.ledger.lines()) == [
        "a.jsonl: 2 submissions in = 1 rows out + 1 rejected",
        "b.jsonl: 0 submissions in = 0 rows out + 0 rejected",
        "3 cells read = 1 values + 2 problems",
    ]


def test_nothing_in_gives_empty_tables() -> None:
    found = tables(example())
    assert len(found.submissions) == len(found.answers) == len(found.problems) == 0
    assert str(found.submissions["delay"].dtype) == "Int64"
    assert found.ledger.balanced


def test_labels_are_in_the_default_language() -> None:
    found = one({"station": "1", "opened": "no", "problems": ["ink"]})
    assert rows(found.answers[found.answers["item"] == "opened"], "label") == [("No",)]
    assert rows(found.answers[found.answers["item"] == "problems"], "label") == [
        *(("Ink",), ("Voter list",), ("None of these",), ("Could not see",))
    ]


def test_questions_named_like_a_column_of_the_table_have_their_own(tmp_path: Path) -> None:
    checklist = checklist_of(
        tmp_path,
        "checklist: x\nversion: '1'\ntitle: x\nitems:\n"
        "  - {name: version, type: text, label: V}\n  - {name: source, type: integer, label: S}\n",
    )
    found = tables(checklist, submission({"version": "9", "source": 4}))
    assert rows(found.submissions, "version", "source", "version.answer", "source.answer") == [("", "a.jsonl", "9", 4)]


def test_large_whole_numbers_stay_exact() -> None:
    found = tables(example(), submission({"votes": [{"_instance": "ann", "count": 2**53 + 1}], "opened": "yes"}))
    assert found.repeats["votes"].loc[0, "count"] == 2**53 + 1
    assert answer(found, "count")[0] == ("ann", "", "answered", str(2**53 + 1))


def test_chunks_give_the_same_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [
        {"station": str(n), "opened": "no" if n % 2 else "yes", "delay": n, "problems": ["ink"], "share": "1,5",
         "votes": [{"_instance": "ann", "count": n}], "visits": [{"guests": [{"guest": "x"}] * n}]}
        for n in range(7)
    ]  # fmt: skip
    data.append(data[0])
    whole = tables(example(), *(submission(row, f"s{n % 7}") for n, row in enumerate(data)))
    monkeypatch.setattr("checklist_kit.analysis.tables._CHUNK", 2)
    seen: list[int] = []
    parts = tables(example(), *(submission(row, f"s{n % 7}") for n, row in enumerate(data)), progress=seen.append)
    assert seen[-1] == 7
    assert rows(parts.answers) == rows(whole.answers)
    assert rows(parts.submissions) == rows(whole.submissions)
    assert rows(parts.repeats["guests"]) == rows(whole.repeats["guests"])
    assert sorted(rows(parts.problems)) == sorted(rows(whole.problems))
    assert list(parts.ledger.lines()) == list(whole.ledger.lines())


def test_a_choice_that_says_not_answered_is_still_known_to_conditions(tmp_path: Path) -> None:
    """It was ticked, so that a question about another choice has an answer."""
    path = tmp_path / "form.yaml"
    path.write_text(
        "checklist: a\nversion: '1'\ntitle: a\nlanguages: {en: English}\ndefault_language: en\nitems:\n"
        "  - {name: seen, type: select_multiple, label: a, choices: {x: x, b: {label: b, missing: not_answered}}}\n"
        "  - {name: why, type: text, label: b, relevant: not (seen has 'x')}\n"
    )
    (tmp_path / "r.jsonl").write_text('{"id":"a","data":{"seen":["b"],"why":"z"}}\n')
    answers = ck.parse(ck.load(path), [tmp_path / "r.jsonl"]).answers
    assert answers[answers["item"] == "why"]["status"].tolist() == ["answered"]
