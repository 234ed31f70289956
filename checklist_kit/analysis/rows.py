"""The rows of the table of findings: of one indicator, for all units and for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.counting import Counting
from checklist_kit.analysis.design import (
    Design,
    Estimate,
    Method,
    estimate_mean,
    estimate_median,
    estimate_ratio,
    estimate_shares,
    share_bounds,
)
from checklist_kit.analysis.design.intervals import clopper_pearson, wilson
from checklist_kit.analysis.spread import is_beyond
from checklist_kit.analysis.states import NO, OUTSIDE, YES, Told
from checklist_kit.analysis.status import CODE, NOT_ANSWERED, STATUSES
from checklist_kit.model import Checklist, Figure, Indicator, Measure, Share

REASONS = STATUSES[1:]
FIGURES = ("share", "low", "high", "deff", "value", "worst_low", "worst_high")
COUNTS = ("n", "base", *REASONS, "outside", "count")
COLUMNS = (
    *("indicator", "label", "group", *COUNTS, "share", "low", "high", "method", "deff"),
    *("kind", "value", "worst_low", "worst_high", "small_base"),
)
SMALL_BASE = 30
"""A base below this is small: its interval is so wide that the figure should not stand alone."""

# A unit with one of these is in no doubt: it is not in question. Of all others that are missing nobody knows.
_SETTLED = (YES, NO, OUTSIDE, CODE["not_asked"], CODE["not_applicable"])
# By state, which may be negative: so are positions in an array.
_OPEN = np.array([state not in _SETTLED for state in (*range(len(STATUSES)), YES, NO)])

Row = dict[str, Any]


def rows_of(checklist: Checklist, indicator: Indicator, told: Told, counting: Counting) -> Iterator[Row]:
    """Return the rows of one indicator: all units, then the groups. `told` has one element a record that is placed."""
    design, groups = counting.placed.design, counting.groups()
    bases = [told.base & mask for _, mask, _ in groups]
    estimates = _estimates(indicator, told, bases, design)
    for (group, mask, planned), base, estimate in zip(groups, bases, estimates, strict=True):
        counts = np.bincount(told.states[mask & ~told.base], minlength=len(STATUSES))
        given = estimate if counting.known or not isinstance(indicator, Share) else _of_endless(estimate)
        yield {
            "indicator": indicator.name,
            "label": checklist.text(indicator.label),
            "group": "" if group is None else group.name,
            "n": int(mask.sum()),
            **{reason: int(number) for reason, number in zip(REASONS, counts[1:], strict=True)},
            "outside": int(counts[OUTSIDE]),
            **_figures(indicator, given),
            **(_bounds(told, planned, counting) if isinstance(indicator, Share) and planned is not None else {}),
            **({"count": _beyond(indicator, told, base)} if isinstance(indicator, Figure) else {}),
            "small_base": int(0 < given.base < SMALL_BASE),
        }


def _estimates(indicator: Indicator, told: Told, bases: Sequence[Mask], design: Design) -> list[Estimate]:
    if not isinstance(indicator, Figure):
        return estimate_shares([told.states == YES] * len(bases), bases, design)
    values = told.values
    assert values is not None
    match indicator.measure:
        case Measure.MEAN:
            return [estimate_mean(values, base, design) for base in bases]
        case Measure.MEDIAN:
            return [estimate_median(values, base, design) for base in bases]
        case Measure.RATIO:
            assert told.sizes is not None
            return [estimate_ratio(values, told.sizes, base, design) for base in bases]


def _of_endless(estimate: Estimate) -> Estimate:
    """Give a share the interval of a simple random sample of an endless number of units, as large as its base.

    The sample's own interval would reckon with the chance that a unit is in the base, which without a frame is unknown.
    """
    if estimate.value is None:
        return estimate
    exact = estimate.method is Method.KORN_GRAUBARD
    low, high = (clopper_pearson if exact else wilson)(estimate.value, estimate.base)
    return replace(estimate, low=float(low), high=float(high), deff=1.0)


def _figures(indicator: Indicator, estimate: Estimate) -> Row:
    empty = estimate.value is None
    return {
        "base": estimate.base,
        "count": estimate.count,
        "share": estimate.value if isinstance(indicator, Share) else None,
        "low": None if empty else estimate.low,
        "high": None if empty else estimate.high,
        "method": str(estimate.method),
        "deff": estimate.deff,
        "kind": str(indicator.measure) if isinstance(indicator, Figure) else "share",
        "value": estimate.value,
    }


def _bounds(told: Told, among: Mask, counting: Counting) -> Row:
    """The least and the greatest share that there could be among some of the units to be observed, whatever is unknown.

    There are none where nothing is in question.
    """
    planned = counting.placed.planned
    silent = np.full(planned.rows - len(told.states), NOT_ANSWERED, np.int8)
    states = np.concatenate([told.states, silent]) if len(silent) else told.states
    base, open_ = (states <= NO) & among, _OPEN[states] & among
    if not (base.any() or open_.any()):
        return {}
    low, high = share_bounds(states == YES, base, open_, planned)
    return {"worst_low": low, "worst_high": high}


def _beyond(indicator: Figure, told: Told, base: Mask) -> int | None:
    return None if indicator.beyond is None else int((is_beyond(indicator, told) & base).sum())
