"""Means, ratios and medians of numeric answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.design.design import Design
from checklist_kit.analysis.design.estimate import Estimate, Method
from checklist_kit.analysis.design.quantiles import t_quantile

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_ROUNDING = 1e-12


def estimate_mean(y: Floats, base: Mask, design: Design) -> Estimate:
    """Return the mean of `y` (float64, one a row) over the units of `base` (bool), in the unit of `y`.

    A row whose `y` is not finite is outside of the base. See `estimate_ratio`, of which this is the case x = 1.
    """
    return estimate_ratio(y, np.ones(len(y)), base, design)


def estimate_ratio(y: Floats, x: Floats, base: Mask, design: Design) -> Estimate:
    """Return the total of `y` over the total of `x` (float64, one a row) among the units of `base` (bool).

    Such is turnout: all votes over all registered voters, where each station counts by its size. A row whose `y` or `x`
    is not finite is outside of the base. The variance is that of the total of z = w (y - R x) / Σ w x, which is 0
    outside of the base (Cochran 1977, 6.5 and 6.11; Särndal, Swensson & Wretman 1992, 5.6); the interval is the
    estimate ± t se with as many degrees of freedom as the base has rows, less its strata. Undefined where Σ w x is 0.
    """
    rows = np.flatnonzero(base & np.isfinite(y) & np.isfinite(x))
    part = _Part(design, design.row_groups[rows])
    weights, y, x = design.weights[rows], y[rows], x[rows]
    whole = float(weights @ x)
    if whole == 0:
        return part.unknown
    ratio = float(weights @ y) / whole
    errors = (y - ratio * x) / whole
    errors[np.abs(errors) <= _ROUNDING * np.abs(y / whole)] = 0
    variance = part.variance(weights * errors)
    simple = float(weights @ errors**2) * float(weights.sum()) / max(len(rows) - 1, 1)
    se = variance**0.5 if variance is not None else None
    reach = _t(part.freedom) * se if part.freedom > 0 and se is not None else None
    return Estimate(
        value=ratio,
        low=None if reach is None else ratio - reach,
        high=None if reach is None else ratio + reach,
        se=se,
        method=part.method(Method.T) if reach is not None else Method.NONE,
        n=design.rows,
        base=len(rows),
        deff=variance / simple if variance is not None and simple > 0 else None,
    )


def estimate_median(y: Floats, base: Mask, design: Design) -> Estimate:
    """Return the median of `y` (float64, one a row) over the units of `base` (bool), in the unit of `y`.

    Half of the weight lies below it and half above; where a row ends exactly at one half, it is midway to the next. A
    row whose `y` is not finite is outside of the base. The interval holds the values at which the estimated
    distribution passes 1/2 ± t se, where se is that of the share of units up to the median (Woodruff 1952; Särndal,
    Swensson & Wretman 1992, 5.11); where that is beyond the smallest or the largest of them, there is none.
    """
    rows = np.flatnonzero(base & np.isfinite(y) & (design.weights > 0))
    part = _Part(design, design.row_groups[rows])
    if not len(rows):
        return part.unknown
    rows = rows[np.argsort(y[rows], kind="stable")]
    values, weights = y[rows], design.weights[rows]
    passed = np.cumsum(weights) / weights.sum()
    median = _quantile(values, passed, 0.5)
    inside = np.zeros(design.rows, np.bool_)
    inside[rows] = True
    below = estimate_mean((y <= median).astype(np.float64), inside, design)
    reach = _t(part.freedom) * below.se if part.freedom > 0 and below.se is not None else np.inf
    limits = [_quantile(values, passed, 0.5 + side * reach) for side in (-1, 1)] if reach < 0.5 else [None, None]
    return Estimate(
        value=median,
        low=limits[0],
        high=limits[1],
        se=None,
        method=part.method(Method.WOODRUFF) if reach < 0.5 else Method.NONE,
        n=design.rows,
        base=len(rows),
        deff=below.deff,
    )


def _quantile(values: Floats, passed: Floats, part: float) -> float:
    """Return the value at which a share of the weight is passed."""
    at = min(int(np.searchsorted(passed, part - _ROUNDING)), len(values) - 1)
    if abs(passed[at] - part) <= _ROUNDING and at + 1 < len(values):
        return float((values[at] + values[at + 1]) / 2)
    return float(values[at])


@dataclass(frozen=True, eq=False)
class _Part:
    """The rows of a base in their design; `groups` (intp) is the variance group of each of them."""

    design: Design
    groups: NDArray[np.intp]

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """How many rows of the base each group has."""
        return np.bincount(self.groups, minlength=len(self.design.groups.rows)).astype(np.intp)

    @property
    def freedom(self) -> int:
        """The degrees of freedom: rows less groups."""
        return len(self.groups) - int((self.rows > 0).sum())

    def variance(self, z: Floats) -> float | None:
        """Return the variance of Σz: (1 - f) n/(n - 1) Σ(z - mean z)² over strata, where z is 0 outside of the base.

        None where a single row is all that there is of a stratum.
        """
        whole = self.design.groups
        if ((whole.rows == 1) & (whole.unsampled > 0) & (self.rows > 0)).any():
            return None
        n = np.maximum(whole.rows, 1)
        means = np.bincount(self.groups, z, len(n)) / n
        squares = np.bincount(self.groups, (z - means[self.groups]) ** 2, len(n)) + (n - self.rows) * means**2
        return float((whole.unsampled * n / np.maximum(n - 1, 1) * squares).sum())

    def method(self, usual: Method) -> Method:
        """Return the usual method of an interval, but where all units are in the sample."""
        return usual if self.design.groups.unsampled[self.rows > 0].any() else Method.CENSUS

    @property
    def unknown(self) -> Estimate:
        """What is known where the base is empty or weighs nothing."""
        n, base = self.design.rows, len(self.groups)
        return Estimate(value=None, low=None, high=None, se=None, method=Method.NONE, n=n, base=base)


@cache
def _t(df: int) -> float:
    return float(t_quantile(df))
