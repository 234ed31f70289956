"""The design of a sample: which stratum each row is from, what it weighs, and how many units there are in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from checklist_kit.analysis.design.strata import Groups, collapse
from checklist_kit.diagnostics import Diagnostic

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_WEIGHTS_SUM_WITHIN = 0.01
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Design:
    """A stratified sample of units without replacement, one row a unit.

    `strata` (intp, one a row) are positions in `names` and `population`; `weights` (float64, one a row, finite, none
    below 0) say how many units a row stands for; `population` (float64, one a stratum) are the units there are in a
    stratum, infinite where that is unknown, and then the finite population correction is left out. `notes` say what is
    odd about it all, in findings without a place.

    A sample drawn with unequal probabilities has infinite `population`s: its variance is then that of a sample with
    replacement, which is a little too large (Särndal, Swensson & Wretman 1992, 2.9 and 3.6).
    """

    strata: Codes
    weights: Floats
    names: tuple[str, ...]
    population: Floats
    notes: tuple[Diagnostic, ...] = field(default=())

    @classmethod
    def simple(cls, rows: int, population: float = np.inf) -> Design:
        """Return the design of a simple random sample of some `rows` from a population."""
        weight = population / rows if rows and np.isfinite(population) else 1.0
        return cls(np.zeros(rows, np.intp), np.full(rows, weight), ("all",), np.array([population], np.float64))

    @classmethod
    def of(
        cls,
        strata: Sequence[str] | NDArray[Any],
        population: Mapping[str, float] | None = None,
        weights: ArrayLike | None = None,
    ) -> Design:
        """Return the design of rows from strata.

        `strata` names the stratum of each row; `population` counts the units of each stratum. Without `weights` each
        row stands for its stratum's units shared out among the stratum's rows, or for itself where there is no
        `population`. Raises ValueError for weights that are negative or not finite, or not as many as there are rows.
        """
        labels, codes = np.unique(np.asarray(strata, dtype=object).astype(str), return_inverse=True)
        names = tuple(map(str, labels))
        known = population or {}
        units = np.array([known.get(name, np.inf) for name in names], np.float64)
        rows = np.bincount(codes, minlength=len(names))
        if weights is None:
            each = np.where(np.isfinite(units), units, rows) / np.maximum(rows, 1)
            heavy: Floats = each[codes] if len(names) else np.zeros(0)
        else:
            heavy = _checked(weights, len(codes))
        sums = np.bincount(codes, heavy, len(names)).astype(np.float64)
        notes = tuple(_oddities(names, units, rows, known, sums))
        return cls(codes.astype(np.intp), heavy, names, units, notes)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.strata)

    @cached_property
    def groups(self) -> Groups:
        """The strata as the variance sees them: one with a single row is joined with the nearest in size."""
        rows = np.bincount(self.strata, minlength=len(self.names))
        sums = np.bincount(self.strata, self.weights, len(self.names))
        return collapse(rows, self.population, np.where(np.isfinite(self.population), self.population, sums))

    @property
    def collapsed(self) -> tuple[Diagnostic, ...]:
        """What there is to say about strata with a single row."""
        joined = (
            f"the strata {', '.join(f'`{self.names[stratum]}`' for stratum in strata)} were joined, "
            "because one row of a stratum shows no variance"
            for strata in self.groups.joined
        )
        alone = np.flatnonzero((self.groups.rows == 1) & (self.groups.unsampled > 0))
        left = (
            f"the stratum `{self.names[stratum]}` has one row and no other to be joined with, so it shows no variance"
            for stratum, group in enumerate(self.groups.of_stratum)
            if group in alone and np.count_nonzero(self.strata == stratum)
        )
        help_ = "draw at least two units of each stratum"
        return tuple(Diagnostic.of("frame-single-unit", message, help=help_) for message in (*joined, *left))

    @cached_property
    def row_groups(self) -> Codes:
        """The variance group of each row."""
        return self.groups.of_stratum[self.strata]

    @cached_property
    def squares(self) -> Floats:
        """The square of each row's weight."""
        return self.weights**2


def _checked(weights: ArrayLike, rows: int) -> Floats:
    values = np.asarray(weights, np.float64)
    if values.shape != (rows,):
        raise ValueError(f"there are {rows} rows and weights of shape {values.shape}")
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("weights must be finite, and none below 0")
    return values


def _oddities(
    names: tuple[str, ...], units: Floats, rows: NDArray[np.integer], known: Mapping[str, float], sums: Floats
) -> Iterable[Diagnostic]:
    absent = [name for name, count in known.items() if count > 0 and name not in set(names)]
    if absent:
        yield Diagnostic.of(
            "frame-stratum-silent",
            f"no row is from {_listed(absent)}, so the estimates speak of the other strata only",
            help="say so beside the figures, or count these strata as not reached",
        )
    strange = [name for name in names if name not in known] if known else []
    if strange:
        yield Diagnostic.of(
            "frame-stratum-unknown",
            f"the frame has no stratum {_listed(strange)}",
            help="compare the spelling of the strata in the frame and in the data",
        )
    full = [name for name, all_, count in zip(names, units, rows, strict=True) if count > all_]
    if full:
        yield Diagnostic.of(
            "frame-stratum-overfull",
            f"there are more rows than units in {_listed(full)}",
            help="look for units that were reported twice",
        )
    wrong = [
        name
        for name, all_, total in zip(names, units, sums, strict=True)
        if np.isfinite(all_) and abs(total - all_) > _WEIGHTS_SUM_WITHIN * all_
    ]
    if wrong:
        yield Diagnostic.of(
            "frame-weights-sum",
            f"the weights do not sum to the number of units in {_listed(wrong)}",
            help="give each row the units of its stratum divided by the rows of its stratum",
        )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
