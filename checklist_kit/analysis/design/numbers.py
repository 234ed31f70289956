"""Means, ratios and medians of numeric answers."""

from __future__ import annotations

from functools import cache

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
    base = base & np.isfinite(y) & np.isfinite(x)
    weights = np.where(base, design.weights, 0)
    y, x = np.where(base, y, 0), np.where(base, x, 0)
    whole = float(weights @ x)
    if whole == 0:
        return _unknown(base, design)
    ratio = float(weights @ y) / whole
    errors = (y - ratio * x) / whole
    errors[np.abs(errors) <= _ROUNDING * np.abs(y / whole)] = 0
    variance = _variance(weights * errors, base, design)
    simple = float(weights @ errors**2) * float(weights.sum()) / max(int(base.sum()) - 1, 1)
    known = _freedom(base, design) > 0 and variance is not None
    se = variance**0.5 if variance is not None else None
    reach = _t(_freedom(base, design)) * se if known and se is not None else None
    return Estimate(
        value=ratio,
        low=None if reach is None else ratio - reach,
        high=None if reach is None else ratio + reach,
        se=se,
        method=_method(reach, base, design, Method.T),
        n=design.rows,
        base=int(base.sum()),
        deff=variance / simple if variance is not None and simple > 0 else None,
    )


def estimate_median(y: Floats, base: Mask, design: Design) -> Estimate:
    """Return the median of `y` (float64, one a row) over the units of `base` (bool), in the unit of `y`.

    Half of the weight lies below it and half above; where a row ends exactly at one half, it is midway to the next. A
    row whose `y` is not finite is outside of the base. The interval holds the values at which the estimated
    distribution passes 1/2 ± t se, where se is that of the share of units up to the median (Woodruff 1952; Särndal,
    Swensson & Wretman 1992, 5.11); where that is beyond the smallest or the largest of them, there is none.
    """
    base = base & np.isfinite(y) & (design.weights > 0)
    if not base.any():
        return _unknown(base, design)
    order = np.argsort(y[base], kind="stable")
    values, weights = y[base][order], design.weights[base][order]
    passed = np.cumsum(weights) / weights.sum()
    median = _quantile(values, passed, 0.5)
    below = estimate_mean((y <= median).astype(np.float64), base, design)
    limits = None
    if below.se is not None and _freedom(base, design) > 0:
        reach = _t(_freedom(base, design)) * below.se
        if reach < 0.5:
            limits = _quantile(values, passed, 0.5 - reach), _quantile(values, passed, 0.5 + reach)
    low, high = limits or (None, None)
    return Estimate(
        value=median,
        low=low,
        high=high,
        se=None,
        method=_method(low, base, design, Method.WOODRUFF),
        n=design.rows,
        base=int(base.sum()),
        deff=below.deff,
    )


def _quantile(values: Floats, passed: Floats, part: float) -> float:
    """Return the value at which a share of the weight is passed."""
    at = min(int(np.searchsorted(passed, part - _ROUNDING)), len(values) - 1)
    if abs(passed[at] - part) <= _ROUNDING and at + 1 < len(values):
        return float((values[at] + values[at + 1]) / 2)
    return float(values[at])


def _variance(z: Floats, base: Mask, design: Design) -> float | None:
    """Return the variance of Σz: (1 - f) n/(n - 1) Σ(z - mean z)² over strata; None where one row is all there is."""
    groups = design.groups
    count = len(groups.rows)
    sums = np.bincount(design.row_groups, z, count)
    means = sums / np.maximum(groups.rows, 1)
    squares = np.bincount(design.row_groups, (z - means[design.row_groups]) ** 2, count)
    alone = (groups.rows == 1) & (groups.unsampled > 0)
    if (alone & (np.bincount(design.row_groups, base, count) > 0)).any():
        return None
    return float((groups.unsampled * groups.rows / np.maximum(groups.rows - 1, 1) * squares).sum())


def _freedom(base: Mask, design: Design) -> int:
    return int(base.sum()) - len(np.unique(design.row_groups[base]))


@cache
def _t(df: int) -> float:
    return float(t_quantile(df))


def _method(limit: float | None, base: Mask, design: Design, usual: Method) -> Method:
    if limit is None:
        return Method.NONE
    census = not design.groups.unsampled[design.row_groups[base]].any()
    return Method.CENSUS if census else usual


def _unknown(base: Mask, design: Design) -> Estimate:
    return Estimate(value=None, low=None, high=None, se=None, method=Method.NONE, n=design.rows, base=int(base.sum()))
