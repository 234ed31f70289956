"""Indicators that are numbers: means, medians, ratios, how they are spread, and units beyond a threshold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.design import Design, estimate_mean, estimate_ratio
from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.frame import read_frame
from checklist_kit.analysis.placing import Sample
from checklist_kit.analysis.publish import publishable
from checklist_kit.analysis.spread import _edges
from checklist_kit.model import Checklist, Resolve
from tests.analysis.helpers import checklist_of, rows, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
items:
  - {name: station, type: text, required: true, label: S}
  - {name: registered, type: integer, label: R, missing: {9999: not_permitted}}
  - {name: voted, type: integer, label: V}
  - {name: posted, type: integer, label: P}
  - {name: pay, type: decimal, sensitive: true, label: Pay}
  - {name: gap, type: calculate, calculation: "100 * (posted - voted) / registered"}
indicators:
  - {name: turnout, label: Turnout, ratio: voted, per: registered}
  - {name: gap_mean, label: Gap, mean: gap, beyond: 20, phrase: "{value} ({interval}), beyond {beyond}: {count}"}
  - {name: gap_median, label: Gap, median: gap, polarity: adverse}
  - {name: large, label: Large, mean: voted, among: "registered > 500"}
  - {name: paid, label: Paid, mean: pay, beyond: 1}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def of(checklist: Checklist, *data: dict[str, Any], **options: Any) -> Findings:
    stream = [submission({"station": str(n), **row}, f"s{n}") for n, row in enumerate(data, 1)]
    return findings(checklist, tables(checklist, *stream), **options)


def row(found: Findings, name: str, group: str = "") -> dict[str, Any]:
    (line,) = [one for one in found.rows() if one["indicator"] == name and one["group"] == group]
    return line


STATIONS = [
    {"registered": 1000, "voted": 500, "posted": 520, "pay": 7},
    {"registered": 400, "voted": 100, "posted": 300, "pay": 0},
    {"registered": 800, "voted": 400, "posted": 200},
    {"registered": 9999, "voted": 50},
    {},
]


def test_figures_are_those_of_the_estimators(checklist: Checklist) -> None:
    found = of(checklist, *STATIONS)
    turnout = row(found, "turnout")
    y, x = np.array([500.0, 100, 400, 0, 0]), np.array([1000.0, 400, 800, 0, 0])
    known = np.array([True, True, True, False, False])
    expected = estimate_ratio(y, x, known, Design.simple(5))
    assert (turnout["value"], turnout["low"], turnout["high"]) == (expected.value, expected.low, expected.high)
    assert (turnout["kind"], turnout["share"], turnout["method"]) == ("ratio", None, "t")
    assert (turnout["n"], turnout["base"], turnout["not_permitted"], turnout["not_answered"]) == (5, 3, 1, 1)
    mean = estimate_mean(np.array([2.0, 50, -25, 0, 0]), known, Design.simple(5))
    gap = row(found, "gap_mean")
    assert (gap["value"], gap["low"], gap["count"]) == (mean.value, mean.low, 2)
    assert (row(found, "gap_median")["value"], row(found, "gap_median")["kind"]) == (2, "median")
    assert (row(found, "large")["base"], row(found, "large")["value"], row(found, "large")["outside"]) == (2, 450, 1)


def test_units_beyond_the_threshold_are_listed_the_farthest_first(checklist: Checklist) -> None:
    found = of(checklist, *STATIONS)
    assert rows(found.beyond) == [("gap_mean", "2", 50.0), ("gap_mean", "3", -25.0)]


def test_classes_hold_each_unit_once(checklist: Checklist) -> None:
    classes = [line for line in rows(of(checklist, *STATIONS).distribution) if line[0] == "gap_mean"]
    assert sum(count for *_, count, _ in classes) == 3
    assert [low for _, low, *_ in classes[1:]] == [high for _, _, high, *_ in classes[:-1]]
    assert sum(share for *_, share in classes) == pytest.approx(1)
    (around,) = [count for _, low, high, count, _ in classes if low <= -25 < high]
    assert around == 1


def test_what_is_sensitive_is_told_of_no_unit(checklist: Checklist) -> None:
    found = of(checklist, *STATIONS)
    assert set(found.beyond["indicator"]) == {"gap_mean"}
    assert "paid" not in set(found.distribution["indicator"])
    assert "paid" in set(found.table["indicator"])
    assert "paid" not in set(publishable(checklist, found, 2).table["indicator"])


def test_publication_withholds_few_and_lists_nobody(checklist: Checklist) -> None:
    found = publishable(checklist, of(checklist, *STATIONS), 5)
    assert row(found, "turnout")["method"] == "suppressed"
    assert (row(found, "turnout")["value"], row(found, "turnout")["low"]) == (None, None)
    assert (len(found.beyond), len(found.distribution)) == (0, 0)


def test_strata_weigh(checklist: Checklist, tmp_path: Path) -> None:
    path = tmp_path / "frame.csv"
    lines = "".join(f"{n},{'North' if n <= 3 else 'South'}\n" for n in range(1, 104))
    path.write_text("station,region\n" + lines, encoding="utf-8")
    data = [{"registered": 100, "voted": 10}] * 3 + [{"registered": 100, "voted": 60}, {"registered": 100, "voted": 40}]
    found = of(checklist, *data, sample=Sample(read_frame(path), ("region",)), groups=["region"])
    assert row(found, "turnout")["value"] == pytest.approx((3 * 0.1 + 100 * 0.5) / 103)
    assert row(found, "turnout", "region: North")["value"] == pytest.approx(0.1)
    assert row(found, "turnout", "region: North")["method"] == "census"


def test_rules_take_a_whole_unit(checklist: Checklist) -> None:
    """Of numbers the adverse one is the largest; one that is neither good nor bad is that received first."""
    stream = [
        submission({"station": "1", "registered": 100, "voted": 10, "posted": posted}, f"s{n}")
        for n, posted in enumerate((20, 60, 40, 60))
    ]
    adverse, majority = (
        findings(checklist, tables(checklist, *stream), resolve=rule)
        for rule in (Resolve.ANY_ADVERSE, Resolve.MAJORITY)
    )
    assert row(adverse, "gap_median")["value"] == 50
    assert row(adverse, "gap_mean")["value"] == 10
    assert row(majority, "gap_mean")["value"] == 50
    conflicts = majority.conflicts[majority.conflicts["indicator"] == "gap_mean"]
    assert ("s0", "10", "50") in rows(conflicts, "submission_id", "finding", "counted")


NUMBER = st.none() | st.integers(0, 10**6)


@given(st.lists(st.fixed_dictionaries({"registered": NUMBER, "voted": NUMBER, "posted": NUMBER}), max_size=6))
def test_figures_are_defined_whatever_was_reported(
    tmp_path_factory: pytest.TempPathFactory, data: list[dict[str, Any]]
) -> None:
    """Never NaN or infinite, in the figures, the classes and the list."""
    checklist = checklist_of(tmp_path_factory.mktemp("numbers"), TEXT)
    answers = [{name: value for name, value in one.items() if value is not None} for one in data]
    found = of(checklist, *answers, resolve=Resolve.FIRST)
    for line in found.rows():
        numbers = [value for value in line.values() if isinstance(value, float)]
        assert all(map(math.isfinite, numbers))
        assert (line["value"] is None) >= (line["base"] == 0 and line["kind"] != "share")
    for table in (found.distribution, found.beyond):
        for values in rows(table):
            assert all(math.isfinite(value) for value in values if isinstance(value, float))
    for name, group in found.distribution.groupby("indicator"):
        assert group["count"].sum() <= row(found, str(name))["base"]
        assert len(group) <= 12


@given(st.lists(st.floats(-1e306, 1e306), min_size=1, max_size=9))
def test_classes_hold_any_numbers(values: list[float]) -> None:
    numbers = np.array(values)
    edges = _edges(float(numbers.min()), float(numbers.max()))
    assert 2 <= len(edges) <= 14
    rounding = 1e-12 * float(np.abs(numbers).max()) + 1e-12
    assert edges[0] <= numbers.min() + rounding
    assert numbers.max() <= edges[-1] + rounding
    assert np.isfinite(edges).all()
