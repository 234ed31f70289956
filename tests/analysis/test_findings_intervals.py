"""Intervals against published and independent figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.design.intervals import wilson

# Shares of 105 polling stations in percent, with the bounds of their 95% score intervals.
KNOWN = [
    (5, 2.1, 10.7),
    (25, 17.5, 33.8),
    (98, 93.3, 99.5),
    (91, 84.5, 95.4),
    (3, 1.0, 8.1),
    (14, 8.9, 22.2),
    (46, 36.5, 55.2),
    (42, 32.9, 51.5),
    (45, 35.6, 54.3),
    (31, 23.3, 40.8),
    (20, 13.5, 28.6),
    (12, 7.4, 20.0),
    (43, 33.8, 52.4),
]


def interval(count: int, base: int) -> tuple[float, float]:
    """The interval that findings have without a frame."""
    low, high = wilson(count / base, base)
    return float(low), float(high)


@pytest.mark.parametrize(("percent", "low", "high"), KNOWN)
def test_known_intervals(percent: int, low: float, high: float) -> None:
    found = interval(round(percent * 105 / 100), 105)
    assert tuple(round(100 * end, 1) for end in found) == (low, high)


def test_none_and_all() -> None:
    low, high = interval(0, 105)
    assert low == 0
    assert high == pytest.approx(1.959964**2 / (105 + 1.959964**2), rel=1e-6)
    assert interval(105, 105)[1] == 1


@given(st.integers(1, 5000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_the_bounds_solve_the_equation_of_the_score_test(case: tuple[int, int]) -> None:
    """Each bound p lies just z standard errors from the share, the errors taken at p: Wilson's definition."""
    count, base = case
    low, high = interval(count, base)
    assert 0 <= low <= count / base <= high <= 1
    for bound in {low, high} - {0.0, 1.0}:
        errors = (count / base - bound) / math.sqrt(bound * (1 - bound) / base)
        assert abs(errors) == pytest.approx(1.959964, rel=1e-4)
