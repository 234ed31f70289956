"""Indicators: in how many units something was found, among how many, and why the others do not count."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.counting import Counter, Counting
from checklist_kit.analysis.crosscheck import Checked, run_checks
from checklist_kit.analysis.deployment import Deployment
from checklist_kit.analysis.frame import Frame
from checklist_kit.analysis.grouping import Group, questions_among
from checklist_kit.analysis.otherforms import read_forms
from checklist_kit.analysis.placing import Sample
from checklist_kit.analysis.reload import Source, source_of
from checklist_kit.analysis.replay import replay
from checklist_kit.analysis.resolve import as_table, unused
from checklist_kit.analysis.response import Response, respond
from checklist_kit.analysis.rows import COLUMNS, COUNTS, FIGURES, rows_of
from checklist_kit.analysis.spread import BEYOND, DISTRIBUTION, beyond_of, distribution_of
from checklist_kit.analysis.states import Told, names_in, operands, rests_on_sensitive, told_of_each
from checklist_kit.analysis.tables import Tables
from checklist_kit.analysis.vector import Data
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist, Figure, Indicator, Resolve


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    `table` has one row an indicator, and below it one for each group; see `rows.COLUMNS`. `n` units were reported, and
    n = base + the missing kinds + outside: a unit that is not in the base is counted under the status of the first
    question that keeps it out, or under `outside` when all was answered and `among` is not true. `count` of the base
    were found to be so; all these are counted, not weighted. `share` with its 95% interval from `low` to `high` are
    fractions from 0 to 1 of the units that the sample stands for; `method` is how the interval was made, and `deff` the
    variance over that of a simple random sample. They are NA where the base is empty. `group` is empty for all units
    together. `kind` is `share`, or how a number was made, whose estimate is the `value`, in its own unit as `low` and
    `high` then are. `worst_low` and `worst_high` are the least and the greatest share that there could be, whatever
    the units would have said that were not reached or did not answer; a group of answers to a question has
    none, because nobody knows which of these units are in it. `small_base` is 1 where the base is so small that the
    figure should not stand alone.

    `distribution` counts the numbers of units in classes, and `beyond` lists the units whose number is beyond the
    threshold. `response` says who reported, where it is known who was deployed, and `checked` what the checks came to,
    if the checklist has any. `unused` lists the submissions that were not counted, with the reason. `conflicts` lists
    the reports of units whose reports do not agree on an indicator: what each says, and what was counted. `groups` are
    those of the table, and `notes` say what is odd about frame, sample and figures. `resolve` is the rule for units
    reported more than once, `sampled` says whether there is a frame, and `minimum` is that below which figures were
    withheld, if they were.
    """

    table: pd.DataFrame
    unused: pd.DataFrame
    conflicts: pd.DataFrame
    distribution: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DISTRIBUTION)))
    beyond: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BEYOND)))
    checked: Checked | None = None
    response: Response | None = None
    groups: tuple[Group, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    resolve: Resolve = Resolve.FIRST
    sampled: bool = False
    minimum: int | None = None

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table; what is NA there is None."""
        cells = self.table.astype("object").mask(self.table.isna(), None)
        return [dict(zip(COLUMNS, row, strict=True)) for row in cells.itertuples(index=False)]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the reports: who was deployed, and the tables of other forms that checks look into.

    `at` is the time (with its zone) at which reports are or are not due yet.
    """

    deployment: Deployment | None = None
    forms: Mapping[str, Tables | Path] = field(default_factory=dict)
    at: datetime.datetime | None = None

    @property
    def expected(self) -> tuple[str, ...]:
        """The units that were to be observed, as far as is known."""
        return self.deployment.expected if self.deployment is not None else ()


_NOTHING = Beside()


def findings(
    checklist: Checklist,
    tables: Tables | Path,
    *,
    sample: Sample | None = None,
    groups: Sequence[str] = (),
    resolve: Resolve | None = None,
    beside: Beside = _NOTHING,
    today: datetime.date | None = None,
) -> Findings:
    """Return the findings of tables, or of a folder that they were written to.

    Without a `sample` the units count as a simple random sample of an endless number of units. `groups` are columns of
    its frame or select_one questions. Where a unit was reported more than once, `resolve` says what counts, in the
    place of the checklist's rule. `beside` is what else is known. `today` is the day that `today()` means where a
    submission does not say when it was received; the present one, if None.

    Raises UnreadableFile for a folder without tables, FrameError for a frame that does not hold what is asked of it,
    and ValueError for a sample where the checklist names no unit, or seniority where it has none.
    """
    if sample is not None and checklist.unit is None:
        raise ValueError("the checklist names no `unit`, so reports cannot be found in a frame")
    rule = Resolve(resolve or checklist.resolve)
    if rule is Resolve.SENIOR and checklist.seniority is None:
        raise ValueError("the checklist does not say how senior observers are: add `seniority`, or choose another rule")
    source = source_of(tables)
    asked = questions_among(checklist, groups, sample.frame if sample is not None else None)
    day = today or datetime.date.today()
    data = replay(checklist, source, [*_needed(checklist), *asked], day)
    counter = Counter(checklist, source, data, sample, groups, asked, rule, beside.expected)
    of_units: dict[str | None, Counting] = {unit: counter.count(unit) for unit in _units(checklist)}
    made = _Made.of(checklist, data, of_units)
    usual = of_units[None]
    frame = sample.frame if sample is not None else None
    checked = run_checks(checklist, source, data, frame, read_forms(checklist, beside.forms, day))
    response = _response(checklist, source, beside, frame, _columns_among(groups, sample))
    return Findings(
        table=_table(made.rows),
        unused=unused(source.submissions, usual.reports, made.used, ~usual.placed.kept, usual.placed.reason),
        conflicts=as_table(source.submissions, made.conflicts),
        distribution=pd.DataFrame(made.distribution, columns=list(DISTRIBUTION)),
        beyond=pd.DataFrame(made.beyond, columns=list(BEYOND)),
        response=response,
        checked=checked if checklist.checks else None,
        groups=tuple(group for part in usual.parts for group in part.groups),
        notes=(*_notes(checklist, usual, made), *checked.notes, *(response.notes if response is not None else ())),
        resolve=rule,
        sampled=sample is not None,
    )


def _response(
    checklist: Checklist, source: Source, beside: Beside, frame: Frame | None, columns: Sequence[str]
) -> Response | None:
    """Who has reported, where it is known who was sent."""
    if beside.deployment is None:
        return None
    at = beside.at or datetime.datetime.now(datetime.UTC)
    return respond(checklist, source, beside.deployment, at, frame, columns)


def _columns_among(groups: Sequence[str], sample: Sample | None) -> list[str]:
    """The columns of the frame that response is told by: those of groups and of strata."""
    if sample is None:
        return []
    strata = sample.by if sample.record is None else sample.record.request.by
    return list(dict.fromkeys([*strata, *(name for name in groups if name in sample.frame.columns)]))


def _notes(checklist: Checklist, counting: Counting, made: _Made) -> Iterator[Diagnostic]:
    """What there is to say about places in the frame, groups and empty bases."""
    yield from counting.placed.notes
    for part in counting.parts:
        yield from part.notes
    asked = ", ".join(f"`{part.by}`" for part in counting.parts if part.planned is None)
    if asked and checklist.shares:  # which could have bounds
        yield Diagnostic.of(
            "frame-group-bounds",
            f"groups by {asked} have no bounds at worst: which group a unit is in is not known where nobody answered",
            help="make groups of a column of the frame, which says it of each unit",
        )
    yield from _empty(made.rows)


def _needed(checklist: Checklist) -> Iterator[str]:
    """The questions that must be read."""
    for indicator in checklist.indicators:
        yield from names_in(checklist, indicator)
    for check in checklist.checks:
        yield from operands(checklist, check.that.tree)
    yield from (unit for unit in _units(checklist) if unit is not None)
    if checklist.seniority is not None:
        yield checklist.seniority


def _units(checklist: Checklist) -> list[str | None]:
    """What indicators count by; None is the checklist's unit."""
    return list(dict.fromkeys([None, *(_unit(checklist, one) for one in checklist.indicators)]))


def _unit(checklist: Checklist, indicator: Indicator) -> str | None:
    return None if indicator.unit == checklist.unit else indicator.unit


@dataclass(slots=True)
class _Made:
    """The rows of all tables, indicator by indicator; `used` (bool, one a submission) are those that count for one."""

    used: Mask
    rows: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[tuple[str, str, bool, tuple[int, str, str]]] = field(default_factory=list)
    distribution: list[dict[str, Any]] = field(default_factory=list)
    beyond: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, checklist: Checklist, data: Data, of_units: Mapping[str | None, Counting]) -> _Made:
        """Make the rows of all indicators; `of_units` counts for each unit."""
        made = cls(np.zeros(len(data.frames[""]), np.bool_))
        for indicator in checklist.indicators:
            counting = of_units[_unit(checklist, indicator)]
            for one, told in told_of_each(checklist, indicator, data):
                made.add(checklist, one, told, counting)
        return made

    def add(self, checklist: Checklist, indicator: Indicator, told: Told, counting: Counting) -> None:
        reports, kept = counting.reports, counting.placed.kept
        picked = counting.pick(indicator, told)
        of_records = told.at(picked[kept])
        self.used[picked[kept]] = True
        self.rows += rows_of(checklist, indicator, of_records, counting)
        sensitive = rests_on_sensitive(checklist, indicator)
        record = dict(zip(reports.rows.tolist(), reports.record.tolist(), strict=True))
        for one in reports.conflicts(told, picked):
            if kept[record[one[0]]]:
                self.conflicts.append((reports.names[record[one[0]]], indicator.name, sensitive, one))
        if isinstance(indicator, Figure) and not sensitive:
            names = [name for name, keep in zip(reports.names, kept, strict=True) if keep]
            self.distribution += distribution_of(indicator, of_records, counting.placed.design)
            self.beyond += beyond_of(indicator, of_records, names)


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    types = dict.fromkeys(("indicator", "label", "group", "method", "kind"), "string")
    types |= dict.fromkeys((*COUNTS, "small_base"), "Int64") | dict.fromkeys(FIGURES, "Float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(types)


def _empty(rows: list[dict[str, Any]]) -> Iterator[Diagnostic]:
    """Notes on indicators that nothing is known of; empty groups show in the table."""
    for row in rows:
        if row["base"] == 0 and not row["group"]:
            figure = "share" if row["kind"] == "share" else row["kind"]
            yield Diagnostic.of(
                "frame-base-empty",
                f"the base of `{row['indicator']}` is empty, so it has no {figure}",
                help="look at the columns beside the base for what kept the units out of it",
            )
