"""Chance that anyone can redo: numbers from SHA-256, and systematic draws in the order of these numbers."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

METHOD = "sha256-order-1"
"""The name of what this module does; a record holds it, and another way of drawing gets another name."""

_ORDER = "the units of a stratum in the order of the SHA-256 of `seed:stratum:unit` in UTF-8, as hexadecimal text"
HOW = f"{_ORDER}: the first are the sample, the next the reserves"
HOW_BY_SIZE = (
    f"{_ORDER}; from them a systematic sample with chances proportional to size, which begins at the SHA-256 of "
    "`seed:stratum:` / 2^256 of its step; the reserves likewise from the others, beginning at that of "
    "`seed:stratum::reserves`"
)


def digest(seed: int, stratum: str, unit: str) -> str:
    """Return the number of a unit, as 64 hexadecimal digits: the SHA-256 of `seed:stratum:unit` in UTF-8.

    As texts these numbers have the same order as numbers.
    """
    return hashlib.sha256(f"{seed}:{stratum}:{unit}".encode()).hexdigest()


def fraction(seed: int, stratum: str, unit: str) -> Fraction:
    """Return the number of a unit as a fraction from 0 to below 1."""
    return Fraction(int(digest(seed, stratum, unit), 16), 2**256)


def systematic(sizes: Sequence[Fraction], count: int, start: Fraction) -> tuple[list[int], dict[int, Fraction]]:
    """Draw `count` positions with chances proportional to `sizes`, and return them with the chance of each.

    A unit so large that its chance would be 1 or more is certain: it is taken, and the rest is drawn from the others,
    as often as it takes. The others are laid side by side in the given order, each as long as its size, and cut at
    `start` (from 0 to below 1) of the first of `count` equal steps and a step further each time (Madow 1949; Särndal,
    Swensson & Wretman 1992, 3.6). All is reckoned in fractions, so nothing depends on rounding. Sizes are above 0, and
    there are at least `count`.
    """
    chances: dict[int, Fraction] = {}
    free = list(range(len(sizes)))
    while len(chances) < count:
        left = count - len(chances)
        whole = sum((sizes[index] for index in free), Fraction())
        certain = [index for index in free if sizes[index] * left >= whole]
        if not certain:
            break
        chances |= dict.fromkeys(certain, Fraction(1))
        free = [index for index in free if index not in chances]
    left = count - len(chances)
    if left:
        ends = list(accumulate(sizes[index] for index in free))
        step = ends[-1] / left
        for cut in range(left):
            index = free[bisect_right(ends, (start + cut) * step)]
            chances[index] = sizes[index] / step
    return sorted(chances), chances
