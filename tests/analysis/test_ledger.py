"""Whatever is thrown at it, nothing is lost and nothing is counted twice."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.analysis.helpers import example, submission, tables
from tests.analysis.test_coerce import HOSTILE

NAMES = [entry.item.name for entry in example().questions if not entry.repeats]
KEYS = [*NAMES, "open", "roll", "weather", "opening", *(f"problems.{c}" for c in ("ink", "list", "roll", "none", "x"))]
SENSIBLE = st.sampled_from(
    ["yes", "no", "north", "southport", 5, "5", 0.5, "2024-02-01", "ink;list", ["none", "ink"], 1, 0]
)
VALUES = st.one_of(SENSIBLE, HOSTILE)


def instances(keys: list[str], deeper: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    names = st.sampled_from([None, "", "ann", "bob", "Ann", "eve", 1, datetime.date(2024, 1, 1)])
    row = st.dictionaries(st.sampled_from(keys), VALUES, max_size=3)
    named = st.builds(lambda data, name: {**data, "_instance": name}, row, names)
    return st.lists(st.builds(lambda data, more: {**data, **more}, named, deeper), min_size=1, max_size=4)


nothing = st.just({})
guests = st.builds(lambda found: {"guests": found}, instances(["guest", "x"], nothing))
data = st.builds(
    lambda *parts: {key: value for part in parts for key, value in part.items()},
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8),
    st.one_of(nothing, st.builds(lambda found: {"votes": found}, instances(["count", "contested"], nothing))),
    st.one_of(nothing, st.builds(lambda found: {"visits": found}, instances(["purpose"], st.one_of(nothing, guests)))),
    st.one_of(nothing, st.builds(lambda found: {"elsewhere": found}, instances(["count"], nothing))),
)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", ""]), data), max_size=4))
@settings(max_examples=300)
def test_every_cell_ends_as_a_value_or_as_a_problem(given_data: list[tuple[str, dict[str, Any]]]) -> None:
    found = tables(example(), *(submission(each, id_) for id_, each in given_data))
    note(found.problems.to_string())
    assert found.ledger.balanced, list(found.ledger.lines())
    assert found.ledger.cells == sum(submission(each).cells for _, each in given_data)
    file = found.ledger.files.get("a.jsonl")
    assert (file.submissions if file else 0) == len(given_data)
    assert (file.rows if file else 0) == len(found.submissions)
    if file:
        assert file.submissions == file.rows + file.rejected


@given(data)
@settings(max_examples=200)
def test_the_rows_are_complete(given_data: dict[str, Any]) -> None:
    """Every question has its row, or one a choice; values stand where the status allows them."""
    answers = tables(example(), submission(given_data)).answers
    assert not answers.duplicated(["submission_id", "item", "instance", "choice"]).any()
    outside = answers[answers["instance"].isna()]
    choices = example().by_name["problems"].item.choices.codes  # type: ignore[attr-defined]
    keys = [
        (name, choice) for name in NAMES if name != "observer" for choice in (choices if name == "problems" else [""])
    ]
    assert [
        (item, "" if choice is None or choice != choice else choice)
        for item, choice in zip(outside["item"], outside["choice"], strict=True)
    ] == keys
    blank = answers["status"].isin(["not_asked", "not_answered", "invalid"])
    assert answers["value"].isna()[blank].all()
    assert answers["value"].notna()[~blank].all()
    assert answers["number"].isna()[answers["status"] != "answered"].all()
