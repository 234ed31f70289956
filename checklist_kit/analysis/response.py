"""Who reported and who did not: dispositions of units, response rates, and answers that are missing in reports."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from checklist_kit.analysis.deployment import Deployment, Status
from checklist_kit.analysis.frame import Frame
from checklist_kit.analysis.reload import Source
from checklist_kit.analysis.status import STATUSES
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist, Report

COMPLETE, PARTIAL, BREAK_OFF, NOT_REPORTED = "complete", "partial", "break_off", "not_reported"
DISPOSITIONS = (COMPLETE, PARTIAL, BREAK_OFF, "refused", "expelled", NOT_REPORTED, "withdrawn", "not_sent", "closed")
TIMES = ("on_time", "late", "overdue", "not_due")
RATES = ("rr1", "rr2", "refusal", "contact")
OBSERVERS = ("observers", "observers_refused", "observers_expelled", "observers_withdrawn")
RESPONSE = ("report", "label", "due", "group", "units", *DISPOSITIONS, *TIMES, *RATES, *OBSERVERS)
UNITS = ("report", "unit", "observers", "status", "disposition", "given", "asked", "received_at", "time")
ITEMS = ("item", "label", "asked", *STATUSES[:1], *STATUSES[2:], "nonresponse")

# As AAPOR's Standard Definitions suggest: of the questions that were asked.
_COMPLETE_FROM, _PARTIAL_FROM = 0.8, 0.5
_SHOWN = 5
_COUNTED = ("asked", "given", "seen")
_NOT_GIVEN = ("not_answered", "unreadable", "invalid")
_WITHOUT_REPORT = {
    Status.DEPLOYED: NOT_REPORTED,
    Status.WITHDRAWN: "withdrawn",
    Status.NOT_SENT: "not_sent",
    Status.REFUSED: "refused",
    Status.EXPELLED: "expelled",
    Status.CLOSED: "closed",
}


@dataclass(frozen=True, slots=True)
class Response:
    """Who reported, and who did not.

    `table` has one row a report, and below it one for each group of units: how many have each disposition, how many
    reported in time, and AAPOR's rates (Standard Definitions, 10th ed., 2023) as fractions of the units that exist:
    `rr1` complete, `rr2` complete or partial, `refusal` refused, expelled or broken off, `contact` all but those that
    nothing was heard of. A report is complete where 80% of the questions asked have an answer, "not observed" included,
    and partial from 50%; one of an observer who was kept out is none where less than 50% were observed. `units` has one
    row a report and unit, `items` one a question: how often it was asked, and what became of it. A rate that is not
    known is NA. Observers are counted by themselves, because a unit can have several. `notes`
    say which units stand in one list and not in another.
    """

    table: pd.DataFrame
    units: pd.DataFrame
    items: pd.DataFrame
    notes: tuple[Diagnostic, ...] = ()

    @property
    def overdue(self) -> pd.DataFrame:
        """The reports that are due and have not come: `report`, `unit` and `observers`."""
        rows = self.units[self.units["time"] == "overdue"]
        return rows[["report", "unit", "observers"]].reset_index(drop=True)


def respond(
    checklist: Checklist,
    source: Source,
    deployment: Deployment,
    at: datetime.datetime,
    frame: Frame | None = None,
    by: Sequence[str] = (),
) -> Response:
    """Return who reported of those who were deployed, as it stands `at` a time (with its zone).

    `by` are columns of the frame whose values make groups. Raises FrameError where one is not there.
    """
    reports = checklist.reports or (_whole(checklist),)
    given = _Given(source, [entry.item.name for entry in checklist.questions])
    groups = _groups(deployment, frame, by)
    units: list[dict[str, Any]] = []
    table: list[dict[str, Any]] = []
    for report in reports:
        rows = list(_units_of(report, given, deployment, at, is_due=bool(checklist.reports)))
        units += rows
        for name, members in groups:
            about = {"report": report.name, "label": checklist.text(report.label), "group": name}
            due = report.due.isoformat() if checklist.reports else ""
            counts = _counts([row for row in rows if row["unit"] in members])
            table.append(about | {"due": due} | counts | _observers(deployment, members))
    return Response(
        pd.DataFrame(table, columns=list(RESPONSE)).astype(dict.fromkeys(RATES, "Float64")),
        pd.DataFrame(units, columns=list(UNITS)),
        pd.DataFrame(list(_items(checklist, source)), columns=list(ITEMS)).astype({"nonresponse": "Float64"}),
        tuple(_oddities(source, deployment, frame)),
    )


def _oddities(source: Source, deployment: Deployment, frame: Frame | None) -> Iterator[Diagnostic]:
    """Units that stand in one list and not in another."""
    reported = dict.fromkeys(str(unit) for unit in source.submissions["unit"].dropna())
    strange = [unit for unit in reported if unit not in deployment.by_unit]
    if strange:
        message = f"{_listed(strange)} reported, and nobody was deployed there: response rates leave such units out"
        help_ = "compare the spelling of the ids in the deployment and in the reports"
        yield Diagnostic.of("deployment-unexpected", message, help=help_)
    known = set(frame.units) if frame is not None else set(deployment.by_unit)
    outside = [unit for unit in deployment.by_unit if unit not in known]
    if outside:
        message = f"{_listed(outside)} in the deployment is not in the frame, so it belongs to no group"
        help_ = "compare the spelling of the ids in the frame and in the deployment"
        yield Diagnostic.of("deployment-not-in-frame", message, help=help_)


def _listed(units: Sequence[str]) -> str:
    more = f" and {len(units) - _SHOWN:,} more" if len(units) > _SHOWN else ""
    return ", ".join(f"`{unit}`" for unit in units[:_SHOWN]) + more


def _whole(checklist: Checklist) -> Report:
    """The whole form as one report that is due at no time."""
    names = tuple(entry.item.name for entry in checklist.questions)
    never = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return Report(name=checklist.id, label=checklist.title, due=never, items=names, span=checklist.span)


class _Given:
    """Which questions each unit was asked and gave an answer to, an answer of a missing kind included."""

    def __init__(self, source: Source, questions: Sequence[str]) -> None:
        submissions, answers = source.submissions, source.answers
        unit = pd.Series(
            submissions["unit"].astype("object").to_numpy(), index=submissions["submission_id"].astype(str)
        )
        when = pd.to_datetime(submissions["received_at"].astype(str), format="ISO8601", utc=True, errors="coerce")
        received = pd.Series(when.to_numpy(), index=submissions["submission_id"].astype(str))
        ids = answers["submission_id"].astype(str)
        status = answers["status"].astype(str)
        self.table = pd.DataFrame(
            {
                "unit": ids.map(unit).to_numpy(),
                "received_at": ids.map(received).array,
                "item": answers["item"].astype(str).to_numpy(),
                "asked": (status != "not_asked").to_numpy(),
                "given": (~status.isin(["not_asked", *_NOT_GIVEN])).to_numpy(),
                "seen": (status == "answered").to_numpy(),
            }
        )
        self.table = self.table[self.table["item"].isin(questions) & self.table["unit"].notna()]

    def of(self, items: Sequence[str]) -> dict[str, tuple[int, int, int, pd.Timestamp | None]]:
        """Return, by unit, how many of some questions were asked, had an answer, and had a substantive one.

        The last is when the first answer came, if that is known.
        """
        mine = self.table[self.table["item"].isin(items)]
        each = mine.groupby(["unit", "item"], sort=False, observed=True)[list(_COUNTED)].any()
        totals = each.groupby(level=0, sort=False).sum()
        came = mine[mine["given"]].groupby("unit", sort=False)["received_at"].min().dropna()
        first = {str(unit): pd.Timestamp(when) for unit, when in came.items()}
        counts = zip(totals.index.astype(str), *(totals[name].tolist() for name in _COUNTED), strict=True)
        return {unit: (asked, given, seen, first.get(unit)) for unit, asked, given, seen in counts}


def _units_of(
    report: Report, given: _Given, deployment: Deployment, at: datetime.datetime, *, is_due: bool
) -> Iterator[dict[str, Any]]:
    found = given.of(report.items)
    for unit, ones in deployment.by_unit.items():
        asked, came, seen, when = found.get(unit, (0, 0, 0, None))
        status = deployment.statuses[unit]
        disposition = _disposition(asked, came, seen, status)
        yield {
            "report": report.name,
            "unit": unit,
            "observers": ";".join(one.observer for one in ones if one.observer),
            "status": str(status),
            "disposition": disposition,
            "given": came,
            "asked": asked,
            "received_at": "" if when is None else when.isoformat(),
            "time": _time(report.due, came, when, at, disposition) if is_due else "",
        }


def _disposition(asked: int, given: int, seen: int, status: Status) -> str:
    """What a unit is counted as. An observer who was kept out and saw little has nothing to report, however fully."""
    kept_out = status in (Status.REFUSED, Status.EXPELLED) and seen < _PARTIAL_FROM * asked
    if given == 0 or kept_out:
        return _WITHOUT_REPORT[status]
    share = given / asked
    return COMPLETE if share >= _COMPLETE_FROM else PARTIAL if share >= _PARTIAL_FROM else BREAK_OFF


def _time(
    due: datetime.datetime, given: int, when: pd.Timestamp | None, at: datetime.datetime, disposition: str
) -> str:
    """Whether a report came in time; empty where nobody knows when it came, or none is to come."""
    if given:
        return "" if when is None else "late" if when > due else "on_time"
    if disposition != NOT_REPORTED:
        return ""
    return "overdue" if at >= due else "not_due"


def _groups(deployment: Deployment, frame: Frame | None, by: Sequence[str]) -> list[tuple[str, set[str]]]:
    """All units, and those of each value of a column of the frame."""
    found = [("", set(deployment.by_unit))]
    for column in by if frame is not None else ():
        assert frame is not None
        members: dict[str, set[str]] = {}
        for unit, value in zip(frame.units, frame.column(column), strict=True):
            if unit in deployment.by_unit and value:
                members.setdefault(value, set()).add(unit)
        found += [(f"{column}: {value}", members[value]) for value in sorted(members)]
    return found


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    count = {name: sum(row["disposition"] == name for row in rows) for name in DISPOSITIONS}
    times = {name: sum(row["time"] == name for row in rows) for name in TIMES}
    return {"units": len(rows), **count, **times, **_rates(count, waiting=times["not_due"])}


def _observers(deployment: Deployment, units: set[str]) -> dict[str, int]:
    """How many observers the units have, and how many of these were kept out or gave up."""
    found = Counter(one.status for one in deployment.assignments if one.unit in units)
    apart = (found[status] for status in (Status.REFUSED, Status.EXPELLED, Status.WITHDRAWN))
    return dict(zip(OBSERVERS, (found.total(), *apart), strict=True))


def _rates(count: Mapping[str, int], *, waiting: int) -> dict[str, float | None]:
    """AAPOR's RR1, RR2, REF1 and CON1; no unit is of unknown eligibility. None while reports are still to come."""
    complete, partial = count[COMPLETE], count[PARTIAL]
    refusals = count["refused"] + count["expelled"] + count[BREAK_OFF]
    others = count["withdrawn"] + count["not_sent"]
    whole = complete + partial + refusals + others + count[NOT_REPORTED]
    if not whole or waiting:
        return dict.fromkeys(RATES)
    reached = complete + partial + refusals + others
    parts = (complete, complete + partial, refusals, reached)
    return {name: part / whole for name, part in zip(RATES, parts, strict=True)}


def _items(checklist: Checklist, source: Source) -> Iterator[dict[str, Any]]:
    """Item nonresponse: of the answers that were asked for, those not given. A select_multiple counts once."""
    answers = source.answers
    once = answers[["submission_id", "item", "instance", "status"]].astype(str).drop_duplicates()
    counts = Counter(zip(once["item"], once["status"], strict=True))
    for entry in checklist.questions:
        name = entry.item.name
        of = {status: counts[name, status] for status in STATUSES}
        asked = sum(of.values()) - of.pop("not_asked")
        missing = sum(of[status] for status in _NOT_GIVEN)
        yield {
            "item": name,
            "label": checklist.text(entry.item.label),
            "asked": asked,
            **of,
            "nonresponse": missing / asked if asked else None,
        }
