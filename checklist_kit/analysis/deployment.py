"""Who was sent where: a CSV file with one row an observer at a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from checklist_kit.analysis.frame import Frame, FrameError, read_table, shortened
from checklist_kit.diagnostics import Diagnostic, did_you_mean

STATUS, OBSERVER = "status", "observer"


class Status(StrEnum):
    """What became of an observer at a unit.

    DEPLOYED went there. WITHDRAWN gave up before, and NOT_SENT was never sent. REFUSED was not let in, EXPELLED was
    made to leave. CLOSED means that there is no such unit to observe.
    """

    DEPLOYED = "deployed"
    WITHDRAWN = "withdrawn"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    EXPELLED = "expelled"
    CLOSED = "closed"


# Of several observers at a unit, what explains best that there is no report of it.
_TELLING = (Status.EXPELLED, Status.REFUSED, Status.DEPLOYED, Status.WITHDRAWN, Status.NOT_SENT, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Assignment:
    """An observer at a unit; `observer` is a code, or empty where the file has none."""

    unit: str
    observer: str
    status: Status


@dataclass(frozen=True, eq=False)
class Deployment:
    """Who was sent where. Units keep the order of the file."""

    assignments: tuple[Assignment, ...]

    @cached_property
    def by_unit(self) -> Mapping[str, tuple[Assignment, ...]]:
        """The observers of each unit."""
        found: dict[str, list[Assignment]] = {}
        for one in self.assignments:
            found.setdefault(one.unit, []).append(one)
        return {unit: tuple(ones) for unit, ones in found.items()}

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """The status of each unit: that of its observers which tells most."""
        return {
            unit: next(status for status in _TELLING if any(one.status is status for one in ones))
            for unit, ones in self.by_unit.items()
        }

    @property
    def expected(self) -> tuple[str, ...]:
        """The units that were to be observed: all but those that do not exist."""
        return tuple(unit for unit, status in self.statuses.items() if status is not Status.CLOSED)


def read_deployment(path: Path, unit: str) -> Deployment:
    """Return the deployment in a CSV file with a column of units, named `unit`, and perhaps `observer` and `status`.

    Without a status an observer was deployed. Raises FrameError with everything that is wrong.
    """
    table = read_table(path)
    units = table.column(unit)
    observers = table.column(OBSERVER) if OBSERVER in table.columns else ("",) * len(units)
    statuses = table.column(STATUS) if STATUS in table.columns else ("",) * len(units)
    faults = shortened(_faults(table, unit, units, observers, statuses))
    if faults:
        raise FrameError(faults)
    rows = zip(units, observers, statuses, strict=True)
    return Deployment(tuple(Assignment(unit, who, Status(status or Status.DEPLOYED)) for unit, who, status in rows))


def _faults(
    table: Frame, unit: str, units: tuple[str, ...], observers: tuple[str, ...], statuses: tuple[str, ...]
) -> Iterator[Diagnostic]:
    seen: set[tuple[str, str]] = set()
    for row, (name, observer, status) in enumerate(zip(units, observers, statuses, strict=True)):
        if not name:
            help_ = "write the id of the unit that the observer was to go to"
            yield Diagnostic.of("deployment-unit", "this row names no unit", table.place(row, unit), help=help_)
        if (name, observer) in seen and observer:
            message = f"the observer `{observer}` stands at the unit `{name}` a second time"
            help_ = "keep one row, with what became of the observer in the end"
            yield Diagnostic.of("deployment-twice", message, table.place(row, OBSERVER), help=help_)
        seen.add((name, observer))
        if status and status not in set(Status):
            help_ = did_you_mean(status, list(Status)) or f"it is one of {', '.join(Status)}"
            message = f"`{status}` is no status of an observer"
            yield Diagnostic.of("deployment-status", message, table.place(row, STATUS), help=help_)
