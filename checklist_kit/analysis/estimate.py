"""Shares and how far off they may be."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share and its interval, as fractions from 0 to 1; None where there is nothing to take a share of."""

    share: float | None
    low: float | None
    high: float | None
    method: str


def wilson(count: int, base: int) -> Estimate:
    """Return the share of `count` in `base` with its 95% score interval, which holds for small shares too.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927), 209-212. The base counts as a sample of an endless number of units.
    """
    if base == 0:
        return Estimate(None, None, None, "none")
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    share, weight = count / base, z * z / base
    centre = (share + weight / 2) / (1 + weight)
    margin = z * sqrt(share * (1 - share) / base + weight / (4 * base)) / (1 + weight)
    low = 0.0 if count == 0 else max(0.0, centre - margin)
    high = 1.0 if count == base else min(1.0, centre + margin)
    return Estimate(share, low, high, "wilson")
