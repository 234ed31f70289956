"""Several reports of one unit become one record, by a rule that is declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.states import NO, YES, Told
from checklist_kit.analysis.status import NOT_ANSWERED, NOT_ASKED
from checklist_kit.model import Polarity, Resolve

Rows = NDArray[np.intp]

CONFLICTS = ("unit", "indicator", "submission_id", "received_at", "finding", "counted")
_WITHHELD = "withheld"
_SILENT = (NOT_ASKED, NOT_ANSWERED)
_LEFT_OUT = {
    Resolve.FIRST: "the unit was reported before",
    Resolve.LATEST: "the unit was reported again later",
    Resolve.SENIOR: "a more senior observer reported the unit",
}


@dataclass(frozen=True, eq=False)
class Reports:
    """The reports that count, and the records that they become, one for each unit.

    `rows` (intp) are their rows in the table of submissions, in the order in which they were received, and `record`
    (intp) the record that each belongs to. `names` (one a record) are the units. `latest` (intp) is the order by which
    the latest comes first, and `rank` (float64, one a submission) how senior the observer is, 0 first.
    """

    rule: Resolve
    rows: Rows
    record: Rows
    names: tuple[str, ...]
    unit: Rows
    latest: Rows
    rank: NDArray[np.float64]
    _wholes: dict[Resolve, Rows] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        received_at: pd.Series,
        units: Sequence[str | None] | None,
        rule: Resolve,
        rank: NDArray[np.float64] | None = None,
    ) -> Reports:
        """Return the reports of submissions; those that name no unit are left out.

        Where nothing tells the units apart (`units` is None) each report is one of its own.
        """
        size = len(received_at)
        rank = np.zeros(size) if rank is None else rank
        if units is None:
            every = np.arange(size)
            return cls(Resolve.NONE, every, every, ("",) * size, every, every, rank)
        named = np.array([unit is not None for unit in units], np.bool_)
        first, latest = (rows[named[rows]] for rows in _orders(received_at))
        codes, names = pd.factorize(np.array([unit if unit is not None else "" for unit in units], object)[first])
        unit = codes.astype(np.intp)
        if rule is Resolve.NONE:
            every = np.arange(len(first))
            return cls(rule, first, every, tuple(str(names[code]) for code in unit), unit, latest, rank)
        return cls(rule, first, unit, tuple(map(str, names)), unit, latest, rank)

    @cached_property
    def _repeated(self) -> Rows:
        """The positions of reports whose unit has several."""
        return np.flatnonzero((np.bincount(self.unit) > 1)[self.unit]) if len(self.unit) else self.unit

    @property
    def chosen(self) -> Rows:
        """The row (intp, one a record) of the report that stands for each record as a whole."""
        return self._as_a_whole(self.rule)

    def _as_a_whole(self, rule: Resolve) -> Rows:
        if rule not in self._wholes:
            self._wholes[rule] = self._best(np.arange(len(self.rows)), self._preference(rule))[1]
        return self._wholes[rule]

    def pick(self, told: Told, polarity: Polarity, rule: Resolve | None = None) -> Rows:
        """Return the row (intp, one a record) of the report which counts of those that tell something.

        `rule` is that of the indicator, where it is not the rule of all. A report in which a question was not asked or
        not answered gives way to one that answers it, because reports are also sent in parts.
        """
        rule = self.rule if rule is None or self.rule is Resolve.NONE else rule
        often, whole = self._repeated, self._as_a_whole(rule)
        if not len(often):
            return whole
        preference, picked = self._preference(rule), whole.copy()
        states = told.states[self.rows[often]]
        weighs = rule in (Resolve.ANY_ADVERSE, Resolve.MAJORITY)
        among = often[states <= NO] if weighs else often[~np.isin(states, _SILENT)]
        rows, record = self.rows[among], self.record[among]
        if weighs:
            first = _adversity(told, rows, polarity) if rule is Resolve.ANY_ADVERSE else _votes(told, rows, record)
            order = np.lexsort((preference[among], -first))
            place = np.empty(len(among), np.float64)
            place[order] = np.arange(len(among))
            preference = np.zeros(len(self.rows))
            preference[among] = place
        records, best = self._best(among, preference)
        picked[records] = best
        return picked

    def _preference(self, rule: Resolve) -> NDArray[np.float64]:
        """Return the place of each report in the order in which a rule prefers them."""
        received = np.arange(len(self.rows), dtype=np.float64)
        if self.rule is Resolve.NONE or rule not in (Resolve.LATEST, Resolve.SENIOR):
            return received
        if rule is Resolve.SENIOR:
            return self.rank[self.rows] * len(self.rows) + received
        place = np.zeros(len(self.rank))
        place[self.latest] = np.arange(len(self.latest))
        last: NDArray[np.float64] = place[self.rows]
        return last

    def _best(self, among: Rows, preference: NDArray[np.float64]) -> tuple[Rows, Rows]:
        """Return the records that some reports belong to, and the row of the report of each that comes first."""
        order = among[np.lexsort((preference[among], self.record[among]))]
        records, first = np.unique(self.record[order], return_index=True)
        return records.astype(np.intp), self.rows[order[first]]

    def conflicts(self, told: Told, picked: Rows) -> Iterator[tuple[int, str, str]]:
        """The rows of reports whose unit has a report that says something else, with what they say and what counts.

        A report without an answer contradicts nothing.
        """
        often = self._repeated
        if not len(often):
            return
        rows = self.rows[often]
        says = {int(row): told.words(int(row)) for row in rows}
        heard: dict[int, set[str]] = {}
        for unit, row in zip(self.unit[often], rows, strict=True):
            if told.states[row] not in _SILENT:
                heard.setdefault(int(unit), set()).add(says[int(row)])
        for at, row in zip(often, rows, strict=True):
            if len(heard.get(int(self.unit[at]), ())) > 1 and told.states[row] not in _SILENT:
                yield int(row), says[int(row)], told.words(int(picked[self.record[at]]))


def _adversity(told: Told, rows: Rows, polarity: Polarity) -> NDArray[np.float64]:
    """How adverse each report is; all are alike where nothing is adverse."""
    if polarity is Polarity.NEUTRAL:
        return np.zeros(len(rows))
    sign = -1.0 if polarity is Polarity.FAVOURABLE else 1.0
    return sign * (np.where(told.states[rows] == YES, 1.0, 0.0) if told.values is None else told.numbers[rows])


def _votes(told: Told, rows: Rows, record: Rows) -> NDArray[np.float64]:
    """How many reports of the same record say the same as each."""
    says = told.states[rows].astype(np.float64) if told.values is None else told.numbers[rows]
    keys = np.column_stack([record.astype(np.float64), says])
    _, which, count = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    votes: NDArray[np.float64] = count[which.reshape(-1)].astype(np.float64)
    return votes


def unused(submissions: pd.DataFrame, reports: Reports, used: Mask, refused: Mask, reason: str) -> pd.DataFrame:
    """Return the submissions that do not count at all, with the reason.

    `used` (bool, one a submission) are those that count for some indicator, and `refused` (bool, one a record) the
    records that are left out, for `reason`.
    """
    size = len(submissions)
    unnamed, outside, passed = np.ones(size, np.bool_), np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    unnamed[reports.rows] = False
    outside[reports.rows] = refused[reports.record]
    if reports.rule in _LEFT_OUT:
        passed[reports.rows] = True
        passed[reports.chosen] = False
        passed &= ~used
    again = _LEFT_OUT.get(reports.rule, "")
    reasons = {again: passed & ~outside, "the unit is not named": unnamed, reason: outside}
    parts = [submissions.loc[mask, ["submission_id", "unit"]].assign(reason=why) for why, mask in reasons.items()]
    return pd.concat(parts).astype("string").reset_index(drop=True)


def as_table(submissions: pd.DataFrame, found: list[tuple[str, str, bool, tuple[int, str, str]]]) -> pd.DataFrame:
    """Return conflicts as a table: `found` are the unit, the indicator, whether it is sensitive, and what is told.

    What a report says of a sensitive question is withheld.
    """
    columns = {name: submissions[name].astype("object").to_numpy() for name in ("submission_id", "received_at")}
    rows: list[dict[str, Any]] = []
    for unit, indicator, sensitive, (row, finding, counted) in found:
        says = {"finding": _WITHHELD, "counted": _WITHHELD} if sensitive else {"finding": finding, "counted": counted}
        about = {"unit": unit, "indicator": indicator} | {name: column[row] for name, column in columns.items()}
        rows.append(about | says)
    return pd.DataFrame(rows, columns=list(CONFLICTS)).astype("string")


def _orders(received_at: pd.Series) -> tuple[Rows, Rows]:
    """The rows from the first to the latest, and from the latest to the first; those without a time come last."""
    times = pd.to_datetime(received_at.astype("str"), format="ISO8601", utc=True, errors="coerce")
    times = times.reset_index(drop=True)
    early = times.sort_values(kind="stable", na_position="last").index.to_numpy()
    late = times.sort_values(kind="stable", na_position="first").index.to_numpy()[::-1]
    timeless = times.isna().to_numpy()[late]
    return early, np.concatenate([late[~timeless], late[timeless]])
