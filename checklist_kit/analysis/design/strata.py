"""Strata for variances: one with a single row is joined with another, because one row shows no variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Groups:
    """Strata, some of them joined.

    `of_stratum` (intp, one a stratum) is the group of each; `rows` (float64, one a group) the rows it has, and
    `unsampled` (float64, one a group) the share of its units that is not in the sample, 1 - f, which is the finite
    population correction. `joined` lists the strata of each group that was made of several.
    """

    of_stratum: Codes
    rows: Floats
    unsampled: Floats
    joined: tuple[tuple[int, ...], ...]


def collapse(rows: NDArray[np.integer], population: Floats, size: Floats) -> Groups:
    """Join each stratum with a single row with the nearest in `size`, the smallest first (Cochran 1977, 5A.12).

    A stratum whose only unit was taken adds no variance and is left alone, as is one without rows. The arrays have one
    element a stratum.
    """
    members = [[stratum] for stratum in range(len(rows))]
    counts, units, sizes = (np.array(array, np.float64) for array in (rows, population, size))
    whole = counts >= units  # a census of the stratum
    while True:
        single = np.flatnonzero((counts == 1) & ~whole)
        others = np.flatnonzero((counts > 0) & ~whole)
        if not single.size or others.size < 2:
            break
        one = single[np.argmin(sizes[single])]
        others = others[others != one]
        other = others[np.argmin(np.abs(sizes[others] - sizes[one]))]
        members[other] += members[one]
        members[one] = []
        for array in (counts, units, sizes):
            array[other] += array[one]
        counts[one] = 0
    of_stratum = np.zeros(len(rows), np.intp)
    kept = [index for index, strata in enumerate(members) if strata]
    for group, index in enumerate(kept):
        of_stratum[members[index]] = group
    unsampled = np.clip(1 - np.divide(counts[kept], units[kept], where=units[kept] > 0, out=np.ones(len(kept))), 0, 1)
    joined = tuple(tuple(sorted(strata)) for strata in members if len(strata) > 1)
    return Groups(of_stratum, counts[kept], unsampled, joined)
