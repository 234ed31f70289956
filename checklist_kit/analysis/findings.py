"""Indicators: in how many units something was found, among how many, and why the others do not count."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.estimate import wilson
from checklist_kit.analysis.reload import source_of
from checklist_kit.analysis.replay import replay
from checklist_kit.analysis.status import ANSWERED, STATUSES
from checklist_kit.analysis.tables import Tables
from checklist_kit.analysis.vector import Data, Vector
from checklist_kit.logic import Tree, certainly, certainly_not, symbols_in
from checklist_kit.model import Calculate, Checklist, Indicator

REASONS = STATUSES[1:]
COLUMNS = ("indicator", "label", "group", "n", "base", *REASONS, "outside", "count", "share", "low", "high", "method")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    `table` has one row an indicator. `n` units were reported, and n = base + the missing kinds + outside: a unit that
    is not in the base is counted under the status of the first question that keeps it out, or under `outside` when all
    was answered and `among` is not true. `count` of the base were found to be so; `share` with its 95% interval from
    `low` to `high` are fractions from 0 to 1, NA where the base is empty. `group` is empty for all units together.

    `unused` lists the submissions that were not counted, with the reason: a unit was reported before, or is not named.
    """

    table: pd.DataFrame
    unused: pd.DataFrame


def findings(checklist: Checklist, tables: Tables | Path, *, today: datetime.date | None = None) -> Findings:
    """Return the findings of tables, or of a folder that they were written to. Raises UnreadableFile.

    Where a unit was reported more than once the report that was received first counts; reports without a time come
    last, in their order. `today` is the day that `today()` means where a submission does not say when it was received;
    the present one, if None.
    """
    source = source_of(tables)
    counted, unused = _units(checklist, source.submissions)
    wanted = [name for indicator in checklist.indicators for name in _names(checklist, indicator)]
    data = replay(checklist, source, wanted, today or datetime.date.today())
    rows = [_row(checklist, indicator, data, counted) for indicator in checklist.indicators]
    types = {"share": "Float64", "low": "Float64", "high": "Float64"}
    types |= dict.fromkeys(("indicator", "label", "group", "method"), "string")
    types |= dict.fromkeys(("n", "base", *REASONS, "outside", "count"), "Int64")
    return Findings(pd.DataFrame(rows, columns=list(COLUMNS)).astype(types), unused)


def _units(checklist: Checklist, submissions: pd.DataFrame) -> tuple[Mask, pd.DataFrame]:
    """Return which submissions count, and those that do not."""
    if checklist.unit is None:
        return np.ones(len(submissions), np.bool_), _unused(submissions, {})
    received = pd.to_datetime(submissions["received_at"].astype("str"), format="ISO8601", utc=True, errors="coerce")
    unit = submissions["unit"].reset_index(drop=True)
    in_order = unit[received.reset_index(drop=True).sort_values(kind="stable", na_position="last").index]
    again = in_order.duplicated().sort_index().to_numpy()
    unnamed = unit.isna().to_numpy()
    reasons = {"the unit was reported before": again & ~unnamed, "the unit is not named": unnamed}
    return ~(again | unnamed), _unused(submissions, reasons)


def _unused(submissions: pd.DataFrame, reasons: dict[str, Mask]) -> pd.DataFrame:
    parts = [submissions.loc[mask, ["submission_id", "unit"]].assign(reason=reason) for reason, mask in reasons.items()]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=["submission_id", "unit", "reason"])
    return frame.astype("string").reset_index(drop=True)


def _names(checklist: Checklist, indicator: Indicator) -> Iterator[str]:
    """The items that an indicator depends on: those of `among` first, and before a calculation what it is made of."""
    for expression in (indicator.among, indicator.when):
        if expression is not None:
            yield from _operands(checklist, expression.tree)


def _operands(checklist: Checklist, tree: Tree) -> Iterator[str]:
    for symbol in symbols_in(tree):
        item = checklist.by_name[symbol.name].item
        if isinstance(item, Calculate):
            yield from _operands(checklist, item.calculation.tree)
        yield symbol.name


def _row(checklist: Checklist, indicator: Indicator, data: Data, counted: Mask) -> dict[str, Any]:
    vector = Vector(data, data.frames[""])
    when = indicator.when.condition
    true, false = vector.compile(certainly(when)), vector.compile(certainly_not(when))
    base = counted & (true | false) & _among(indicator, vector)
    missing = _missing(checklist, indicator, data)[counted & ~base]
    counts = np.bincount(missing, minlength=len(STATUSES))
    count, size = int((base & true).sum()), int(base.sum())
    estimate = wilson(count, size)
    return {
        "indicator": indicator.name,
        "label": checklist.text(indicator.label),
        "group": "",
        "n": int(counted.sum()),
        "base": size,
        **{reason: int(number) for reason, number in zip(REASONS, counts[1:], strict=True)},
        "outside": int(counts[ANSWERED]),
        "count": count,
        "share": estimate.share,
        "low": estimate.low,
        "high": estimate.high,
        "method": estimate.method,
    }


def _among(indicator: Indicator, vector: Vector) -> Mask:
    """Where a unit is in question: where `among` is true, or by default where all that `when` asks for was answered."""
    if indicator.among is not None:
        return vector.compile(certainly(indicator.among.condition))
    among = np.ones(len(vector.frame), np.bool_)
    for status in _statuses([symbol.name for symbol in symbols_in(indicator.when.tree)], vector.data):
        among &= status == ANSWERED
    return among


def _missing(checklist: Checklist, indicator: Indicator, data: Data) -> NDArray[np.int8]:
    """The first status that is not `answered` among the questions of an indicator, row by row."""
    missing = np.zeros(len(data.frames[""]), np.int8)
    for status in _statuses(_names(checklist, indicator), data):
        missing = np.where(missing == ANSWERED, status, missing)
    return missing


def _statuses(names: Iterable[str], data: Data) -> Iterator[NDArray[np.int8]]:
    """The statuses of questions outside of repeats; a sum or a count over a repeat is always known."""
    top = data.frames[""]
    for name in names:
        frame, column = data.columns.get(name, (None, None))
        if frame is top and column is not None:
            yield column.status
