"""Several reports of one unit become one record, by a rule that is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.states import NO, WORDS, YES, States

Rows = NDArray[np.intp]

CONFLICTS = ("unit", "indicator", "submission_id", "received_at", "finding", "counted")
_WITHHELD = "withheld"


class Resolve(StrEnum):
    """Which of several reports of a unit counts.

    FIRST and LATEST take a whole report, by the time it was received, or by their order where none has a time; where
    some have one, those without it do not count. ANY_ADVERSE and MAJORITY look at each indicator by itself. The former
    takes the adverse finding where one report has it: yes, or no where the indicator is favourable. The latter takes
    what more reports say, and where as many say yes as no, what that of them says which was received first. Where no
    report is in the base, the one received first tells why.
    NONE lets each report count as a unit of its own.
    """

    FIRST = "first"
    LATEST = "latest"
    ANY_ADVERSE = "any_adverse"
    MAJORITY = "majority"
    NONE = "none"


@dataclass(frozen=True, eq=False)
class Reports:
    """The reports that count, and the records that they become.

    `rows` (intp) are their rows in the table of submissions, in the order in which the rule prefers them; `unit` (intp)
    is the unit of each, `record` (intp) the record that it belongs to, and `chosen` (intp, one a record) the row of the
    report that stands for the record. `names` (one a record) are the units.
    """

    rule: Resolve
    rows: Rows
    unit: Rows
    record: Rows
    chosen: Rows
    names: tuple[str, ...]

    @classmethod
    def of(cls, submissions: pd.DataFrame, rule: Resolve, *, named: bool) -> Reports:
        """Return the reports of a table of submissions; those that name no unit are left out.

        Where the checklist knows no units (not `named`) each report is one of its own.
        """
        if not named:
            every = np.arange(len(submissions))
            return cls(rule, every, every, every, every, ("",) * len(submissions))
        rows = _in_order(submissions["received_at"], rule)
        rows = rows[~submissions["unit"].isna().to_numpy()[rows]]
        unit, names = pd.factorize(submissions["unit"].astype("object").to_numpy()[rows])
        if rule is Resolve.NONE:
            return cls(rule, rows, unit, np.arange(len(rows)), rows, tuple(map(str, names[unit])))
        return cls(rule, rows, unit, unit, rows[_firsts(unit)], tuple(map(str, names)))

    def only(self, kept: Mask) -> Reports:
        """Leave records out; `kept` (bool) has one element a record."""
        if kept.all():
            return self
        stays = kept[self.record]
        return replace(
            self,
            rows=self.rows[stays],
            unit=self.unit[stays],
            record=(np.cumsum(kept) - 1)[self.record[stays]],
            chosen=self.chosen[kept],
            names=tuple(name for name, keep in zip(self.names, kept, strict=True) if keep),
        )

    def settle(self, states: States, *, favourable: bool) -> States:
        """Return the state (int8) of each record, from that of each submission."""
        chosen = states[self.chosen]
        if self.rule not in (Resolve.ANY_ADVERSE, Resolve.MAJORITY):
            return chosen
        each, size = states[self.rows], len(self.chosen)
        yes, no = (np.bincount(self.record[each == state], minlength=size) for state in (YES, NO))
        if self.rule is Resolve.ANY_ADVERSE:
            adverse, good, bad, other = (NO, YES, no, yes) if favourable else (YES, NO, yes, no)
            found = np.where(bad > 0, adverse, np.where(other > 0, good, chosen))
        else:
            among = np.flatnonzero(each < 0)
            first = chosen.copy()
            firsts = among[_firsts(self.record[among])]
            first[self.record[firsts]] = each[firsts]
            found = np.where(yes > no, YES, np.where(no > yes, NO, first))
        return found.astype(np.int8)

    def conflicts(self, states: States, settled: States) -> Iterator[tuple[int, str, str]]:
        """The rows of reports whose unit has a report that says something else, with what they say and what counts."""
        often = np.flatnonzero((np.bincount(self.unit) > 1)[self.unit]) if len(self.unit) else self.unit
        units, each = self.unit[often], states[self.rows[often]]
        size = int(units.max(initial=-1)) + 1
        least, most = np.full(size, 127, np.int8), np.full(size, -128, np.int8)
        np.minimum.at(least, units, each)
        np.maximum.at(most, units, each)
        for at in often[(least != most)[units]]:
            yield int(self.rows[at]), WORDS[int(states[self.rows[at]])], WORDS[int(settled[self.record[at]])]


def unused(submissions: pd.DataFrame, reports: Reports, refused: Mask, reason: str) -> pd.DataFrame:
    """Return the submissions that do not count at all, with the reason.

    `reports` are those before any was left out; `refused` (bool, one a record) are those that were, for `reason`.
    """
    size = len(submissions)
    unnamed, outside, passed = np.ones(size, np.bool_), np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    unnamed[reports.rows] = False
    outside[reports.rows] = refused[reports.record]
    if reports.rule in (Resolve.FIRST, Resolve.LATEST):
        passed[reports.rows] = True
        passed[reports.chosen] = False
    again = "was reported before" if reports.rule is Resolve.FIRST else "was reported again later"
    reasons = {f"the unit {again}": passed & ~outside, "the unit is not named": unnamed, reason: outside}
    parts = [submissions.loc[mask, ["submission_id", "unit"]].assign(reason=why) for why, mask in reasons.items()]
    return pd.concat(parts).astype("string").reset_index(drop=True)


def as_table(submissions: pd.DataFrame, found: list[tuple[str, bool, tuple[int, str, str]]]) -> pd.DataFrame:
    """Return conflicts as a table: `found` are indicators, whether they are sensitive, and what `conflicts` gave.

    What a report says of a sensitive question is withheld.
    """
    columns = {name: submissions[name].astype("object").to_numpy() for name in ("unit", "submission_id", "received_at")}
    rows: list[dict[str, Any]] = []
    for indicator, sensitive, (row, finding, counted) in found:
        says = {"finding": _WITHHELD, "counted": _WITHHELD} if sensitive else {"finding": finding, "counted": counted}
        rows.append({"indicator": indicator} | {name: column[row] for name, column in columns.items()} | says)
    return pd.DataFrame(rows, columns=list(CONFLICTS)).astype("string")


def _in_order(received_at: pd.Series, rule: Resolve) -> Rows:
    """The rows in the order in which a rule prefers them."""
    times = pd.to_datetime(received_at.astype("str"), format="ISO8601", utc=True, errors="coerce")
    times = times.reset_index(drop=True)
    if rule is not Resolve.LATEST:
        return times.sort_values(kind="stable", na_position="last").index.to_numpy()
    late = times.sort_values(kind="stable", na_position="first").index.to_numpy()[::-1]
    timeless = times.isna().to_numpy()[late]
    return np.concatenate([late[~timeless], late[timeless]])


def _firsts(groups: Rows) -> Rows:
    """Return the position at which each group comes first, in the order of groups."""
    return np.unique(groups, return_index=True)[1]
