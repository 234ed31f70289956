"""What an estimator returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How an interval was made."""

    WILSON = "wilson"
    KORN_GRAUBARD = "korn-graubard"
    T = "t"
    WOODRUFF = "woodruff"
    CENSUS = "census"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate with its 95% interval.

    `value` is the share (0 to 1), mean, ratio or median of the units that the sample stands for, `low` and `high` are
    the ends of its interval, `se` is its standard error, all in the same unit.

    `n` are the rows of the sample, `base` those among them that the estimate is about, `count` those of the base where
    the answer is yes (None where the estimate is no share). All three are counted, not weighted.

    `deff` is the variance over that of a simple random sample with replacement of as many rows as the base has, for a
    share p(1 - p)/(base - 1). `n_effective` is how many rows of such a sample the interval of a share was reckoned
    with; infinite for a census.

    Nothing is ever NaN. What the data do not tell is None: `value` where the base is empty or weighs nothing; `se` and
    `deff` where a variance cannot be estimated, as from one row, and `low` and `high` likewise, unless it is a share:
    one that nothing is known of lies between 0 and 1. A median has no `se`.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    method: Method
    n: int
    base: int
    count: int | None = None
    deff: float | None = None
    n_effective: float | None = None
