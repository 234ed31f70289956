"""What may be published: no small cell, none that follows from the others, nothing sensitive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.publish import SUPPRESSED, publishable
from checklist_kit.analysis.report import render
from checklist_kit.analysis.rows import COUNTS, FIGURES, REASONS
from checklist_kit.model import Checklist
from tests.analysis.helpers import checklist_of, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
choices:
  yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}
  towns: {a: A, b: B, c: C}
items:
  - {name: station, type: text, label: S}
  - {name: town, type: select_one, choices: towns, label: Town}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: secret, type: select_one, choices: yn, sensitive: true, label: X}
  - {name: twice, type: calculate, calculation: "if(secret = 'yes', 2, 0)"}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
  - {name: harmed, label: Voters were harmed, when: "secret = 'yes'"}
  - {name: harmed_twice, label: Harmed again, when: "twice >= 2"}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def of(checklist: Checklist, *kinds: tuple[int, str, str]) -> Findings:
    """Findings of so many stations of a town with an answer each."""
    answers = [(town, opened) for count, town, opened in kinds for _ in range(count)]
    stream = [
        submission({"station": str(n), "town": town, "opened": opened, "secret": "yes"}, f"s{n}")
        for n, (town, opened) in enumerate(answers)
    ]
    return findings(checklist, tables(checklist, *stream), groups=["town"])


def shown(found: Findings) -> dict[str, tuple[Any, ...]]:
    return {row["group"]: (row["base"], row["count"], row["method"]) for row in found.rows()}


def test_small_cells_and_what_they_follow_from_are_withheld(checklist: Checklist) -> None:
    found = of(
        checklist, (6, "a", "yes"), (6, "a", "no"), (9, "b", "yes"), (9, "b", "no"), (3, "c", "yes"), (7, "c", "no")
    )
    assert shown(publishable(checklist, found, 5)) == {
        "": (40, 22, "wilson"),
        "town: a": (None, None, SUPPRESSED),  # else town c would be all stations less towns a and b
        "town: b": (18, 9, "wilson"),
        "town: c": (None, None, SUPPRESSED),
    }
    assert shown(publishable(checklist, found, 3))["town: c"] == (10, 7, "wilson")


def test_nothing_found_is_no_small_cell(checklist: Checklist) -> None:
    assert shown(publishable(checklist, of(checklist, (8, "a", "yes"), (8, "b", "no")), 5))[""] == (16, 8, "wilson")
    assert shown(publishable(checklist, of(checklist, (8, "a", "yes")), 5))["town: a"] == (8, 0, "korn-graubard")


def test_missing_kinds_are_withheld_together(checklist: Checklist) -> None:
    (row, *_) = publishable(checklist, of(checklist, (8, "a", "yes"), (2, "a", "unseen")), 5).rows()
    assert (row["n"], row["base"]) == (10, 8)
    assert {row[name] for name in (*REASONS, "outside")} == {None}


def test_what_is_sensitive_is_not_published(checklist: Checklist) -> None:
    found = of(checklist, (8, "a", "yes"), (8, "b", "no"))
    assert set(found.table["indicator"]) == {"late", "harmed", "harmed_twice"}
    assert set(publishable(checklist, found, 5).table["indicator"]) == {"late"}
    page = render(checklist, found)
    assert "Late" in page
    assert "armed" not in page
    assert "left out: 2" in page


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.sampled_from(["yes", "no", "unseen"])), max_size=9
    ),
    st.integers(2, 6),
)
def test_no_small_figure_is_left(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[tuple[int, str, str]], minimum: int
) -> None:
    checklist = checklist_of(tmp_path_factory.mktemp("publish"), TEXT)
    found = publishable(checklist, of(checklist, *kinds), minimum)
    for row in found.rows():
        small = [row[name] for name in COUNTS if name != "n" and row[name] is not None and 0 < row[name] < minimum]
        assert not small
        if row["method"] == SUPPRESSED:
            assert {row[name] for name in FIGURES} == {None}
        elif row["base"]:
            assert row["count"] == 0 or row["count"] >= minimum
            assert row["base"] - row["count"] == 0 or row["base"] - row["count"] >= minimum
    methods = [row["method"] for row in found.rows() if row["group"]]
    assert methods.count(SUPPRESSED) != 1 or set(methods) <= {SUPPRESSED, "none"}
