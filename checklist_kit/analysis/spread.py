"""How the numbers of units are spread: in classes, and those beyond a threshold one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.design import Design
from checklist_kit.analysis.states import Told
from checklist_kit.model import Figure

DISTRIBUTION = ("indicator", "from", "to", "count", "share")
BEYOND = ("indicator", "unit", "value")

_MOST_CLASSES = 12
_LARGEST = 1e300
_STEPS = (1.0, 2.0, 5.0)

Floats = NDArray[np.float64]


def distribution_of(indicator: Figure, told: Told, design: Design) -> Iterator[dict[str, Any]]:
    """Count the units of the base in classes of round numbers: `from` belongs to a class, `to` to the next one.

    `count` is of units, `share` (0 to 1) of the units that they stand for.
    """
    numbers = told.numbers
    known = np.isfinite(numbers)
    if not known.any():
        return
    edges = _edges(float(numbers[known].min()), float(numbers[known].max()))
    place = np.clip(np.searchsorted(edges, numbers[known], side="right") - 1, 0, len(edges) - 2)
    size = len(edges) - 1
    weights = np.bincount(place, design.weights[known], size)
    whole = weights.sum()
    for at, count in enumerate(np.bincount(place, minlength=size)):
        share = float(weights[at] / whole) if whole > 0 else None
        ends = {"from": float(edges[at]), "to": float(edges[at + 1])}
        yield {"indicator": indicator.name, **ends, "count": int(count), "share": share}


def _edges(least: float, most: float) -> Floats:
    """Return round numbers, the least below all and the last above: at most a dozen classes between them."""
    if max(abs(least), abs(most)) > _LARGEST:  # too large to count with: one class holds them all
        return np.array([least, most])
    span = max(most - least, abs(most) * 1e-9, 1e-9)
    power = 10.0 ** np.floor(np.log10(span / _MOST_CLASSES))
    step = next(power * one for one in (*_STEPS, 10.0, 20.0) if span / (power * one) <= _MOST_CLASSES - 1)
    first, last = np.floor(least / step), np.floor(most / step) + 1
    edges: Floats = np.arange(first, last + 1) * step
    return edges


def is_beyond(indicator: Figure, told: Told) -> Mask:
    """Return which units have a number that is farther from 0 than the threshold."""
    assert indicator.beyond is not None
    with np.errstate(invalid="ignore"):
        beyond: Mask = np.abs(told.numbers) > indicator.beyond
    return beyond


def beyond_of(indicator: Figure, told: Told, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """List the units beyond the threshold, the farthest first. Nothing where the indicator has none."""
    if indicator.beyond is None:
        return
    numbers = told.numbers
    rows = np.flatnonzero(is_beyond(indicator, told))
    for row in rows[np.argsort(-np.abs(numbers[rows]), kind="stable")]:
        yield {"indicator": indicator.name, "unit": names[row], "value": float(numbers[row])}
