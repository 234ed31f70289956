"""The numbers that turn ink into probability.

Fitted by `python -m benchmarks.fit_scan` on simulated pages, by logistic regression of "this mark was meant" on the ink
in it; the benchmark that reports errors uses other pages.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """The logit that a mark is meant is dark x (darkness - level) + covered x (covered share) + bias.

    The level is the darkness of empty marks of the same page: their quantile `empty_quantile`, at most `most_level`.
    An answer of which the probability is at least `accept` counts without review.
    """

    dark: float
    covered: float
    bias: float
    empty_quantile: float
    most_level: float
    accept: float


CALIBRATION = Calibration(
    dark=13.2,
    covered=26.2,
    bias=-9.6,
    empty_quantile=0.3,
    most_level=0.15,
    accept=0.95,
)
