"""Intervals of a share, from the share and the number of rows that it is worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from checklist_kit.analysis.design.quantiles import TAIL, Z, beta_quantile

Floats = NDArray[np.float64]


def wilson(share: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return the score interval of shares (0 to 1) of `n` rows, at 95% (Wilson 1927).

    It holds the shares P that a normal test of the observed share would not reject, whose variance is P(1 - P)/n. `n`
    is above 0, need not be whole, and may be infinite.
    """
    p, one = np.broadcast_arrays(np.asarray(share, np.float64), 1 / np.asarray(n, np.float64))
    scale = 1 + Z * Z * one
    middle = (p + Z * Z * one / 2) / scale
    half = Z / scale * np.sqrt(p * (1 - p) * one + (Z * one / 2) ** 2)
    return np.where(p <= 0, 0.0, np.maximum(middle - half, 0)), np.where(p >= 1, 1.0, np.minimum(middle + half, 1))


def clopper_pearson(share: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return the exact binomial interval of shares (0 to 1) of `n` rows, at 95% (Clopper & Pearson 1934).

    With an effective number of rows, which need not be whole, it is that of Korn & Graubard 1998. `n` is above 0 and
    may be infinite.
    """
    p, rows = np.broadcast_arrays(np.asarray(share, np.float64), np.asarray(n, np.float64))
    known = np.isfinite(rows)
    yes, no = p[known] * rows[known], (1 - p[known]) * rows[known]
    low, high = p.copy(), p.copy()
    low[known] = np.where(yes > 0, beta_quantile(TAIL, np.where(yes > 0, yes, 1), no + 1), 0)
    high[known] = np.where(no > 0, beta_quantile(1 - TAIL, yes + 1, np.where(no > 0, no, 1)), 1)
    return low, high
