"""Intervals against published and independent figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.estimate import wilson

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


@pytest.mark.parametrize(("percent", "low", "high"), KNOWN)
def test_known_intervals(percent: int, low: float, high: float) -> None:
    found = wilson(round(percent * 105 / 100), 105)
    assert found.low is not None
    assert found.high is not None
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (low, high)
    assert found.method == "wilson"


def test_an_empty_base_has_no_share() -> None:
    found = wilson(0, 0)
    assert (found.share, found.low, found.high, found.method) == (None, None, None, "none")


def test_none_and_all() -> None:
    assert wilson(0, 105).low == 0
    assert wilson(105, 105).high == 1
    assert wilson(0, 105).high == pytest.approx(1.959964**2 / (105 + 1.959964**2), rel=1e-6)


@given(st.integers(1, 5000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_the_bounds_solve_the_equation_of_the_score_test(case: tuple[int, int]) -> None:
    """Each bound p lies just z standard errors from the share, the errors taken at p: Wilson's definition."""
    count, base = case
    found = wilson(count, base)
    assert found.low is not None
    assert found.high is not None
    assert found.share is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
    for bound in {found.low, found.high} - {0.0, 1.0}:
        errors = (found.share - bound) / math.sqrt(bound * (1 - bound) / base)
        assert abs(errors) == pytest.approx(1.959964, rel=1e-4)
