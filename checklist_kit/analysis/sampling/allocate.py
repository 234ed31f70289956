"""Sharing out a sample among strata."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def allocate(total: int, measures: Sequence[Fraction], at_least: Sequence[int], at_most: Sequence[int]) -> list[int]:
    """Return whole numbers that sum to `total`, as near to proportional to `measures` as the bounds allow.

    `measures` are none below 0 and not all 0; `at_least` and `at_most` hold a bound for each of them, with
    sum(at_least) <= total <= sum(at_most). First comes the exact proportional division within the bounds (Cochran 1977,
    5.8), then each part is rounded down and what remains goes to the largest remainders, to the first where they are
    equal (Hamilton's method).
    """
    exact = _within_bounds(total, measures, at_least, at_most)
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return whole


def _within_bounds(
    total: int, measures: Sequence[Fraction], at_least: Sequence[int], at_most: Sequence[int]
) -> list[Fraction]:
    """Divide in proportion; where that breaks bounds, hold those parts at them and divide the rest anew.

    Of the two kinds of breaches the one that counts for more is held first: the others may then heal by themselves.
    """
    parts: dict[int, Fraction] = {}
    free = list(range(len(measures)))
    while free:
        rest = total - sum(parts.values(), Fraction())
        share = _shares(rest, measures, free)
        below = [index for index in free if share[index] < at_least[index]]
        above = [index for index in free if share[index] > at_most[index]]
        missing = sum((at_least[index] - share[index] for index in below), Fraction())
        excess = sum((share[index] - at_most[index] for index in above), Fraction())
        if not below and not above:
            parts |= share
            break
        if missing >= excess:
            parts |= {index: Fraction(at_least[index]) for index in below}
        if excess >= missing:
            parts |= {index: Fraction(at_most[index]) for index in above}
        free = [index for index in free if index not in parts]
    return [parts[index] for index in range(len(measures))]


def _shares(rest: Fraction, measures: Sequence[Fraction], free: Sequence[int]) -> dict[int, Fraction]:
    """Divide what is left in proportion to the measures, or equally where those that are left are all 0."""
    whole = sum((measures[index] for index in free), Fraction())
    if whole == 0:
        return {index: rest / len(free) for index in free}
    return {index: rest * measures[index] / whole for index in free}
