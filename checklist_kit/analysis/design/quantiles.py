"""Quantiles that intervals need: of the normal, Student's t and the beta distribution."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
"""The confidence level of every interval."""

TAIL = (1 - CONFIDENCE) / 2
Z = NormalDist().inv_cdf(1 - TAIL)

_TINY = 1e-300
_ENOUGH = 1e-15
_CLOSE = 1e-12  # of a quantile, relative
_MANY_DEGREES = 50  # where the expansion below is exact to 9 digits


def t_quantile(df: ArrayLike) -> Floats:
    """Return the t that Student's distribution stays under, both ways, with the confidence level.

    `df` are the degrees of freedom, above 0. With few of them t follows from the beta distribution, because
    df / (df + t²) is Beta(df/2, 1/2) distributed; with many from the expansion about the normal distribution
    (Abramowitz & Stegun 1964, 26.7.5).
    """
    degrees = np.array(df, np.float64)
    few = degrees < _MANY_DEGREES
    many = np.where(few, _MANY_DEGREES, degrees)
    z2 = Z * Z
    terms = (
        (z2 + 1) / 4,
        (5 * z2**2 + 16 * z2 + 3) / 96,
        (3 * z2**3 + 19 * z2**2 + 17 * z2 - 15) / 384,
        (79 * z2**4 + 776 * z2**3 + 1482 * z2**2 - 1920 * z2 - 945) / 92160,
    )
    t = np.array(Z + Z * sum(term / many**power for power, term in enumerate(terms, 1)))
    if few.any():
        x = beta_quantile(2 * TAIL, degrees[few] / 2, 0.5)
        t[few] = np.sqrt(degrees[few] * (1 - x) / x)
    return t


def beta_quantile(q: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """Return x with P(X < x) = q for X ~ Beta(a, b), by Newton's steps kept inside a shrinking bracket.

    `q` lies strictly between 0 and 1; `a` and `b` are above 0. The three are broadcast against each other.
    """
    target, a, b = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in (q, a, b)))
    log_beta = _log_beta(a, b)
    low, high = np.zeros(target.shape), np.ones(target.shape)
    x: Floats = a / (a + b)
    for _ in range(200):
        excess = _beta_cdf(x, a, b, log_beta) - target
        low, high = np.where(excess < 0, x, low), np.where(excess < 0, high, x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = x - excess / np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - log_beta)
        following: Floats = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        if np.all(np.abs(following - x) <= _CLOSE * following):
            break
        x = following
    return x


def _beta_cdf(x: Floats, a: Floats, b: Floats, log_beta: Floats) -> Floats:
    """Return the regularised incomplete beta function I_x(a, b); the fraction converges fast on one side only."""
    swap = x > (a + 1) / (a + b + 2)
    near = np.clip(np.where(swap, 1 - x, x), _TINY, None)
    c, d = np.where(swap, b, a), np.where(swap, a, b)
    front = np.exp(c * np.log(near) + d * np.log1p(-np.minimum(near, 1 - _ENOUGH)) - log_beta) / c
    part = front * _continued_fraction(near, c, d)
    cdf: Floats = np.where(swap, 1 - part, part)
    return cdf


def _continued_fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """Return the continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    c = np.ones(x.shape)
    d = 1 / _away_from_0(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, 10_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_0(1 + term * d)
            c = _away_from_0(1 + term / c)
            result = result * c * d
        if np.all(np.abs(c * d - 1) < _ENOUGH):
            break
    return result


def _away_from_0(values: Floats) -> Floats:
    return np.where(np.abs(values) < _TINY, _TINY, values)


def _log_beta(a: Floats, b: Floats) -> Floats:
    values = [
        math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)
        for one, other in zip(a.flat, b.flat, strict=True)
    ]
    return np.array(values, np.float64).reshape(a.shape)
