"""Means, ratios and medians: by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from checklist_kit.analysis.design import Design, Method, estimate_mean, estimate_median, estimate_ratio
from tests.analysis_design.designs import sample

ALL = np.ones(6, np.bool_)


def test_mean_of_a_simple_random_sample() -> None:
    y = np.array([3.0, 5, 6, 8, 8, 12])
    found = estimate_mean(y, ALL, Design.simple(6, 24))
    se = (0.75 * y.var(ddof=1) / 6) ** 0.5
    assert (found.value, found.se) == pytest.approx((7, se))
    assert (found.low, found.high) == pytest.approx((7 - stats.t.ppf(0.975, 5) * se, 7 + stats.t.ppf(0.975, 5) * se))
    assert (found.deff, found.method) == (pytest.approx(0.75), Method.T)


def test_ratio_by_hand() -> None:
    y, x = np.array([100.0, 250, 90, 400, 120, 60]), np.array([200.0, 400, 300, 500, 150, 100])
    found = estimate_ratio(y, x, ALL, Design.simple(6, 60))
    ratio = y.sum() / x.sum()
    variance = 0.9 * ((y - ratio * x) ** 2).sum() / 5 / 6 / x.mean() ** 2
    assert (found.value, found.se) == pytest.approx((ratio, variance**0.5))


def test_values_that_are_not_finite_are_outside_of_the_base() -> None:
    y = np.array([1.0, np.nan, 3, np.inf, 5, 7])
    found = estimate_mean(y, ALL, Design.simple(6))
    assert (found.value, found.n, found.base) == (4, 6, 4)


def test_median_of_many_rows() -> None:
    """With n rows of equal weight, Woodruff's limits are order statistics near n/2 ± t √n / 2."""
    y = np.random.default_rng(3).permutation(201).astype(np.float64)
    found = estimate_median(y, np.ones(201, np.bool_), Design.simple(201))
    reach = stats.t.ppf(0.975, 200) * 201**0.5 / 2
    assert found.value == 100
    assert found.low == pytest.approx(100 - reach, abs=1)
    assert found.high == pytest.approx(100 + reach, abs=1)
    assert found.method is Method.WOODRUFF


def test_median_of_weights() -> None:
    """A row that weighs more than all others together is the median; a tie at one half lies between two rows."""
    y = np.array([1.0, 2, 3, 4, 5, 100])
    assert estimate_median(y, ALL, Design.of(["a"] * 6, weights=[1, 1, 1, 1, 1, 9])).value == 100
    assert estimate_median(y, ALL, Design.simple(6)).value == 3.5


def test_too_few_rows_have_no_interval() -> None:
    one = ALL & (np.arange(6) == 2)
    for found in (
        estimate_mean(np.arange(6.0), one, Design.simple(6)),
        estimate_median(np.arange(6.0), one, Design.simple(6)),
        estimate_median(np.arange(6.0), ALL & (np.arange(6) < 3), Design.simple(6)),
    ):
        assert (found.low, found.high, found.method) == (None, None, Method.NONE)
        assert found.value is not None
    assert estimate_ratio(np.ones(6), np.zeros(6), ALL, Design.simple(6)).value is None


def test_equal_values_have_no_spread() -> None:
    found = estimate_mean(np.full(6, 0.1), ALL, Design.of(["a"] * 6, weights=[1, 2, 3, 4, 5, 7]))
    assert (found.se, found.low, found.high) == (0, found.value, found.value)
    assert found.deff is None


def test_ratio_does_not_depend_on_the_unit_of_weights() -> None:
    found = sample(5)
    scaled = Design(found.design.strata, found.design.weights * 1000, found.design.names, found.design.population)
    before, after = (estimate_ratio(found.number, found.size, found.base, d) for d in (found.design, scaled))
    assert (before.value, before.se, before.deff) == pytest.approx((after.value, after.se, after.deff))
