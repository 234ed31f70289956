"""Quantiles and intervals beside scipy's, and beside the shares of a sample of 105."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from checklist_kit.analysis.design.intervals import clopper_pearson, wilson
from checklist_kit.analysis.design.quantiles import Z, beta_quantile, t_quantile


def test_normal() -> None:
    assert stats.norm.ppf(0.975) == pytest.approx(Z, rel=1e-12)


def test_student() -> None:
    df = np.array([0.5, 1, 1.7, 2, 3, 10, 30, 49.9, 50, 51, 104, 1e3, 1e6])
    np.testing.assert_allclose(t_quantile(df), stats.t.ppf(0.975, df), rtol=2e-9)
    assert float(t_quantile(4)) == pytest.approx(2.7764451, abs=1e-6)


@pytest.mark.parametrize("q", [0.025, 0.975])
def test_beta(q: float) -> None:
    a, b = (grid.ravel() for grid in np.meshgrid([0.3, 1, 2, 7.5, 50, 900], [0.3, 1, 2, 7.5, 50, 900]))
    np.testing.assert_allclose(beta_quantile(q, a, b), stats.beta.ppf(q, a, b), rtol=1e-8, atol=1e-14)


def test_wilson_solves_its_equation() -> None:
    """At both ends the share differs by z standard errors, taken at that end."""
    p, n = np.array([0.001, 0.2, 0.5, 0.97]), np.array([40, 7.3, 105, 1e6])
    for end in wilson(p, n):
        np.testing.assert_allclose(np.abs(p - end), Z * np.sqrt(end * (1 - end) / n), rtol=1e-9)


def test_clopper_pearson_leaves_tails_of_one_fortieth() -> None:
    low, high = clopper_pearson(np.array([3 / 105, 50 / 105]), 105)
    np.testing.assert_allclose(stats.binom.sf([2, 49], 105, low), 0.025, rtol=1e-8)
    np.testing.assert_allclose(stats.binom.cdf([3, 50], 105, high), 0.025, rtol=1e-8)


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_ends(interval: type[object]) -> None:
    """None and all have closed intervals on one side, and a census has none."""
    low, high = interval(np.array([0.0, 1.0, 0.3]), np.array([20, 20, np.inf]))  # type: ignore[call-arg, misc]
    assert low[0] == 0
    assert 0 < high[0] < 1
    assert 0 < low[1] < 1
    assert high[1] == 1
    assert (low[2], high[2]) == (0.3, 0.3)
