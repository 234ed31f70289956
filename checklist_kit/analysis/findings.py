"""Indicators: in how many units something was found, among how many, and why the others do not count."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.design import Design, Estimate, Method, estimate_shares
from checklist_kit.analysis.design.intervals import wilson
from checklist_kit.analysis.grouping import Group, Parts, parts_of_frame, parts_of_question, questions_among
from checklist_kit.analysis.placing import NOT_IN_FRAME, Placed, Sample, place
from checklist_kit.analysis.reload import source_of
from checklist_kit.analysis.replay import replay
from checklist_kit.analysis.resolve import Reports, Resolve, as_table, unused
from checklist_kit.analysis.states import NO, OUTSIDE, YES, States, names_in, rests_on_sensitive, state_of
from checklist_kit.analysis.status import STATUSES
from checklist_kit.analysis.tables import Tables
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist, Indicator

REASONS = STATUSES[1:]
FIGURES = ("share", "low", "high", "deff")
COUNTS = ("n", "base", *REASONS, "outside", "count")
COLUMNS = ("indicator", "label", "group", *COUNTS, "share", "low", "high", "method", "deff")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    `table` has one row an indicator, and below it one for each group. `n` units were reported, and n = base + the
    missing kinds + outside: a unit that is not in the base is counted under the status of the first question that keeps
    it out, or under `outside` when all was answered and `among` is not true. `count` of the base were found to be so;
    all these are counted, not weighted. `share` with its 95% interval from `low` to `high` are fractions from 0 to 1 of
    the units that the sample stands for; `method` is how the interval was made, and `deff` the variance over that of a
    simple random sample. They are NA where the base is empty. `group` is empty for all units together.

    `unused` lists the submissions that were not counted, with the reason. `conflicts` lists the reports of units whose
    reports do not agree on an indicator: what each says, and what was counted. `groups` are those of the table, and
    `notes` say what is odd about frame, sample and figures. `resolve` is the rule for units reported more than once,
    `sampled` says whether there is a frame, and `minimum` is that below which figures were withheld, if they were.
    """

    table: pd.DataFrame
    unused: pd.DataFrame
    conflicts: pd.DataFrame
    groups: tuple[Group, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    resolve: Resolve = Resolve.FIRST
    sampled: bool = False
    minimum: int | None = None

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table; what is NA there is None."""
        cells = self.table.astype("object").mask(self.table.isna(), None)
        return [dict(zip(COLUMNS, row, strict=True)) for row in cells.itertuples(index=False)]


def findings(
    checklist: Checklist,
    tables: Tables | Path,
    *,
    sample: Sample | None = None,
    groups: Sequence[str] = (),
    resolve: Resolve = Resolve.FIRST,
    today: datetime.date | None = None,
) -> Findings:
    """Return the findings of tables, or of a folder that they were written to.

    Without a `sample` the units count as a simple random sample of an endless number of units. `groups` are columns of
    its frame or select_one questions. Where a unit was reported more than once, `resolve` says what counts. `today` is
    the day that `today()` means where a submission does not say when it was received; the present one, if None.

    Raises UnreadableFile for a folder without tables, FrameError for a frame that does not hold what is asked of it,
    and ValueError for a sample where the checklist names no unit, and for a polarity that is not known.
    """
    if sample is not None and checklist.unit is None:
        raise ValueError("the checklist names no `unit`, so reports cannot be found in a frame")
    source = source_of(tables)
    asked = questions_among(checklist, groups, sample.frame if sample is not None else None)
    wanted = [name for indicator in checklist.indicators for name in names_in(checklist, indicator)]
    every = Reports.of(source.submissions, resolve, named=checklist.unit is not None)
    placed = _place(sample, every.names)
    reports = every.only(placed.kept)
    data = replay(checklist, source, [*wanted, *asked], today or datetime.date.today())
    parts = [
        parts_of_question(checklist, name, data, reports.chosen)
        if name in asked or sample is None
        else parts_of_frame(sample.frame, name, placed.rows)
        for name in dict.fromkeys(groups)
    ]
    rows: list[dict[str, Any]] = []
    conflicts: list[tuple[str, bool, tuple[int, str, str]]] = []
    for indicator in checklist.indicators:
        states = state_of(checklist, indicator, data)
        settled = reports.settle(states, favourable=_is_favourable(indicator))
        rows += _rows(checklist, indicator, settled, parts, placed.design, known=sample is not None)
        sensitive = rests_on_sensitive(checklist, indicator)
        conflicts += [(indicator.name, sensitive, one) for one in reports.conflicts(states, settled)]
    return Findings(
        table=_table(rows),
        unused=unused(source.submissions, every, ~placed.kept, placed.reason),
        conflicts=as_table(source.submissions, conflicts),
        groups=tuple(group for part in parts for group in part.groups),
        notes=(*placed.notes, *(note for part in parts for note in part.notes), *_empty(rows)),
        resolve=resolve,
        sampled=sample is not None,
    )


def _place(sample: Sample | None, names: tuple[str, ...]) -> Placed:
    if sample is not None:
        return place(sample, names)
    size = len(names)
    return Placed(np.ones(size, np.bool_), NOT_IN_FRAME, Design.simple(size), np.zeros(size, np.intp), ())


def _is_favourable(indicator: Indicator) -> bool:
    """Whether a yes is good news, so that a no is the adverse finding: `extra: {polarity: favourable}`."""
    polarity = indicator.extra.get("polarity", "adverse")
    if polarity not in ("adverse", "favourable"):
        raise ValueError(f"`{indicator.name}` has the polarity `{polarity}`: write `adverse` or `favourable`")
    return polarity == "favourable"


def _rows(
    checklist: Checklist, indicator: Indicator, states: States, parts: Sequence[Parts], design: Design, *, known: bool
) -> Iterator[dict[str, Any]]:
    """The rows of one indicator: all units, then the groups. `known` says whether the design is that of a sample."""
    everyone: tuple[str, Mask] = ("", np.ones(len(states), np.bool_))
    units = [everyone, *((group.name, mask) for part in parts for group, mask in part.masks())]
    yes, base = states == YES, states <= NO
    estimates = estimate_shares([yes] * len(units), [base & mask for _, mask in units], design)
    for (group, mask), estimate in zip(units, estimates, strict=True):
        missing = states[mask & ~base]
        counts = np.bincount(missing, minlength=len(STATUSES))
        yield {
            "indicator": indicator.name,
            "label": checklist.text(indicator.label),
            "group": group,
            "n": int(mask.sum()),
            **{reason: int(number) for reason, number in zip(REASONS, counts[1:], strict=True)},
            "outside": int(counts[OUTSIDE]),
            **_figures(estimate if known else _of_endless(estimate)),
        }


def _of_endless(estimate: Estimate) -> Estimate:
    """Give a share the interval of a simple random sample of an endless number of units, also for small counts."""
    if estimate.value is None:
        return estimate
    low, high = wilson(estimate.value, estimate.base)
    return replace(estimate, low=float(low), high=float(high), method=Method.WILSON, deff=1.0)


def _figures(estimate: Estimate) -> dict[str, Any]:
    empty = estimate.value is None
    return {
        "base": estimate.base,
        "count": estimate.count,
        "share": estimate.value,
        "low": None if empty else estimate.low,
        "high": None if empty else estimate.high,
        "method": str(estimate.method),
        "deff": estimate.deff,
    }


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    types = dict.fromkeys(("indicator", "label", "group", "method"), "string")
    types |= dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(FIGURES, "Float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(types)


def _empty(rows: list[dict[str, Any]]) -> Iterator[Diagnostic]:
    """Notes on indicators that nothing is known of; empty groups show in the table."""
    for row in rows:
        if row["base"] == 0 and not row["group"]:
            yield Diagnostic.of(
                "frame-base-empty",
                f"the base of `{row['indicator']}` is empty, so it has no share",
                help="look at the columns beside the base for what kept the units out of it",
            )
