"""Shares: by hand, at their ends, and for every design that there can be."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given

from checklist_kit.analysis.design import (
    Design,
    Estimate,
    Method,
    estimate_mean,
    estimate_median,
    estimate_ratio,
    estimate_share,
    estimate_shares,
    share_bounds,
)
from tests.analysis_design.designs import awkward, sample

Z = 1.959963984540054
# Percent of 105 stations, and the interval of a simple random sample from a large number of stations.
STATEMENT = {
    5: (2.1, 10.7),
    25: (17.5, 33.8),
    98: (93.3, 99.5),
    91: (84.5, 95.4),
    3: (1.0, 8.1),
    14: (8.9, 22.2),
    46: (36.5, 55.2),
    42: (32.9, 51.5),
    45: (35.6, 54.3),
    31: (23.3, 40.8),
    20: (13.5, 28.6),
    12: (7.4, 20.0),
    43: (33.8, 52.4),
}


def ones(rows: int) -> np.ndarray:
    return np.ones(rows, np.bool_)


@pytest.mark.parametrize("percent", STATEMENT)
def test_shares_of_105_stations(percent: int) -> None:
    count = round(percent * 105 / 100)
    found = estimate_share(np.arange(105) < count, ones(105), Design.simple(105))
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == STATEMENT[percent]
    assert (found.method, found.n, found.base, found.count) == (Method.WILSON, 105, 105, count)
    assert found.deff == pytest.approx(1)
    assert found.n_effective == pytest.approx(105)


def test_simple_random_sample_by_hand() -> None:
    """The variance of a share is (1 - f) p(1 - p)/(n - 1), and the sample is worth n / (1 - f) rows."""
    found = estimate_share(np.arange(50) < 10, ones(50), Design.simple(50, 200))
    assert found.value == pytest.approx(0.2)
    assert found.se == pytest.approx((0.75 * 0.2 * 0.8 / 49) ** 0.5)
    assert found.deff == pytest.approx(0.75)
    assert found.n_effective == pytest.approx(50 / 0.75)


def test_stratified_sample_by_hand() -> None:
    """The sum of W² (1 - f) p(1 - p)/(n - 1) over strata."""
    y = np.array([1, 0, 0, 0, 1, 1, 1, 0, 0, 1], np.bool_)
    design = Design.of(list("aaaabbbbbb"), {"a": 40.0, "b": 20.0})
    found = estimate_share(y, ones(10), design)
    assert found.value == pytest.approx(40 / 60 * 1 / 4 + 20 / 60 * 4 / 6)
    variance = (40 / 60) ** 2 * 0.9 * (1 / 4 * 3 / 4) / 3 + (20 / 60) ** 2 * 0.7 * (4 / 6 * 2 / 6) / 5
    assert found.se == pytest.approx(variance**0.5)


def test_rows_outside_of_the_base_stay_in_the_sample() -> None:
    """A domain of 20 out of 50 has the variance n/(n - 1) p(1 - p)/m, and not that of a sample of 20."""
    base, y = np.arange(50) < 20, np.arange(50) < 5
    found = estimate_share(y, base, Design.simple(50))
    assert (found.n, found.base, found.count) == (50, 20, 5)
    assert found.se == pytest.approx((50 / 49 * 0.25 * 0.75 / 20) ** 0.5)
    assert found.n_effective == pytest.approx(20)
    design = Design.of(["a"] * 25 + ["b"] * 25)
    stratified = estimate_share(y, base, design)
    z = np.where(base, (y - 0.25) / 20, 0)
    variance = sum(25 / 24 * ((part - part.mean()) ** 2).sum() for part in (z[:25], z[25:]))
    assert stratified.se == pytest.approx(variance**0.5)


@pytest.mark.parametrize("count", [0, 1, 104, 105])
def test_few_are_judged_by_exact_intervals(count: int) -> None:
    from scipy import stats

    found = estimate_share(np.arange(105) < count, ones(105), Design.simple(105))
    assert found.method is Method.KORN_GRAUBARD
    assert found.low == pytest.approx(stats.beta.ppf(0.025, count, 106 - count) if count else 0)
    assert found.high == pytest.approx(stats.beta.ppf(0.975, count + 1, 105 - count) if count < 105 else 1)


def test_unequal_weights_are_worth_fewer_rows() -> None:
    weights = np.where(np.arange(100) < 50, 1.0, 4.0)
    y = np.arange(100) % 4 == 0
    found = estimate_share(y, ones(100), Design.of(["a"] * 100, weights=weights))
    kish = weights.sum() ** 2 / (weights**2).sum()
    assert found.n_effective == pytest.approx(kish, rel=0.02)
    assert found.high - found.low > 2 * Z * (0.25 * 0.75 / 100) ** 0.5


def test_a_stratum_where_nobody_said_yes_is_not_certain() -> None:
    """The naive variance is 0, as all of one stratum and none of the other said yes; the interval is not empty."""
    found = estimate_share(np.arange(20) < 10, ones(20), Design.of(["a"] * 10 + ["b"] * 10))
    assert found.se == pytest.approx(0, abs=1e-9)
    assert found.high - found.low > 0.2


def test_a_census_has_no_interval() -> None:
    found = estimate_share(np.arange(30) < 7, ones(30), Design.simple(30, 30))
    assert (found.low, found.high, found.method) == (found.value, found.value, Method.CENSUS)
    assert found.n_effective == float("inf")


def test_nothing_is_known_of_an_empty_base() -> None:
    found = estimate_share(ones(9), ~ones(9), Design.simple(9))
    assert found == Estimate(value=None, low=0, high=1, se=None, method=Method.NONE, n=9, base=0, count=0)
    weightless = Design.of(["a"] * 9, weights=np.zeros(9))
    assert estimate_share(ones(9), ones(9), weightless).value is None


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    found = sample(11)
    ys = [found.y, ~found.y, found.y & (np.arange(120) % 2 == 0)]
    bases = [found.base, found.base, ones(120)]
    assert estimate_shares(ys, bases, found.design) == [
        estimate_share(y, base, found.design) for y, base in zip(ys, bases, strict=True)
    ]
    assert estimate_shares([], [], found.design) == []


def test_a_share_is_a_mean() -> None:
    for seed, weighted in ((1, False), (2, True)):
        found = sample(seed, weighted=weighted)
        share = estimate_share(found.y, found.base, found.design)
        mean = estimate_mean(found.y.astype(np.float64), found.base, found.design)
        assert (share.value, share.se, share.deff) == pytest.approx((mean.value, mean.se, mean.deff))


def numbers_of(found: Estimate) -> list[float]:
    return [x for x in (found.value, found.low, found.high, found.se, found.deff) if x is not None]


@given(awkward())
def test_every_design_gives_a_defined_result(case: tuple) -> None:
    design, y, base, number = case
    share = estimate_share(y, base, design)
    assert share.low is not None
    assert share.high is not None
    assert 0 <= share.low <= share.high <= 1
    assert share.value is None or share.low - 1e-9 <= share.value <= share.high + 1e-9
    least, greatest = share_bounds(y, base, ~base, design)
    assert 0 <= least <= greatest <= 1
    results = [
        share,
        estimate_mean(number, base, design),
        estimate_ratio(number, np.abs(number), base, design),
        estimate_median(number, base, design),
    ]
    for found in results:
        assert np.isfinite(numbers_of(found)).all()
        assert found.low is None or found.value is None or found.low <= found.high


def test_bounds_by_hand() -> None:
    """20 drawn: 8 yes, 7 no, 5 not reached. They could all be no, or all be yes."""
    y, unknown = np.arange(20) < 8, np.arange(20) >= 15
    assert share_bounds(y, ~unknown, unknown, Design.simple(20, 400)) == pytest.approx((8 / 20, 13 / 20))
    assert share_bounds(y, ~unknown, ~ones(20), Design.simple(20)) == pytest.approx((8 / 15, 8 / 15))
    assert share_bounds(y, ~ones(20), ~ones(20), Design.simple(20)) == (0, 1)
    heavy = Design.of(["a"] * 20, weights=np.where(unknown, 3.0, 1.0))
    assert share_bounds(y, ~unknown, unknown, heavy) == pytest.approx((8 / 30, 23 / 30))


def test_two_hundred_indicators_of_a_million_rows() -> None:
    """Within 10 CPU seconds, on the weights that cost most: all different."""
    rng = np.random.default_rng(0)
    rows = 1_000_000
    strata = rng.integers(0, 20, rows)
    design = Design(strata, rng.uniform(1, 5, rows), tuple(map(str, range(20))), np.full(20, 1e6))
    ys = [rng.random(rows) < share for share in (0.02, 0.3, 0.7)]
    bases = [rng.random(rows) < share for share in (0.5, 0.95)]
    before = time.process_time()
    found = estimate_shares((ys[i % 3] for i in range(200)), (bases[i % 2] for i in range(200)), design)
    assert time.process_time() - before < 10
    assert [one.value for one in found[:3]] == pytest.approx([0.02, 0.3, 0.7], abs=0.005)
