"""The table of problems as it grows, column by column. What belongs to a sensitive question is kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from checklist_kit.analysis.arrays import TEXT, WORD
from checklist_kit.analysis.coerce import raw_text
from checklist_kit.analysis.privacy import Privacy
from checklist_kit.diagnostics import CODES
from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Raw, Record, Submission

_CATEGORIES = ("severity", "code")
COLUMNS = ("severity", "code", "submission_id", "item", "raw", "source", "place", "message")


@dataclass(slots=True)
class ProblemLog:
    """Collects problems. `aside` counts the cells that were set aside."""

    checklist: Checklist
    rows: list[tuple[str, ...]] = field(default_factory=list)
    aside: int = 0

    def add(
        self,
        submission: Submission,
        fault: tuple[str, str],
        item: str,
        *,
        raw: Raw = None,
        place: str = "",
        aside: bool = False,
    ) -> None:
        """Note a problem of a submission. `aside` says that `raw` is a cell that became no value."""
        code, message = fault
        fields = submission.id, raw_text(item), raw_text(raw), submission.source, raw_text(place), raw_text(message)
        self.rows.append((CODES[code].severity, code, *fields))
        self.aside += aside

    def keep(self, problem: Problem, submission_id: str) -> None:
        """Note a problem that a reader found."""
        fields = problem.item, problem.raw, problem.source, problem.place, problem.message
        self.rows.append((problem.severity, problem.code, raw_text(submission_id), *map(raw_text, fields)))
        self.aside += problem.aside

    def discard(self, submission: Submission, record: Record, fault: tuple[str, str]) -> None:
        """Set all cells of a record aside."""
        for key, inner in cells(record):
            self.add(submission, fault, key, raw=inner.values[key], place=inner.place(key), aside=True)

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """Return the problems for everybody, and in full those whose raw text may be sensitive.

        The first table has each problem; where the raw text may be sensitive it is left out, as is a message that may
        speak of it.
        """
        privacy = Privacy(self.checklist)
        private = [bool(row[4]) and privacy.covers(row[3], row[4]) for row in self.rows]
        restricted = [row for row, hidden in zip(self.rows, private, strict=True) if hidden]
        public = [_veiled(row) if hidden else row for row, hidden in zip(self.rows, private, strict=True)]
        return _table(public), _table(restricted)


def cells(record: Record) -> Iterator[tuple[str, Record]]:
    """Yield the keys of all cells of a record, those of its repeats included, each with the record that holds it."""
    for key, raw in record.values.items():
        if raw is not None and raw != "":
            yield key, record
    for instances in record.repeats.values():
        for instance in instances:
            yield from cells(instance)


def _veiled(row: tuple[str, ...]) -> tuple[str, ...]:
    severity, code, submission_id, item, _, source, place, _ = row
    return severity, code, submission_id, item, "", source, place, CODES[code].title


def _table(rows: Iterable[tuple[str, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    return pa.table(
        {
            name: pa.array(column, WORD).dictionary_encode() if name in _CATEGORIES else pa.array(column, TEXT)
            for name, column in zip(COLUMNS, columns, strict=True)
        }
    )
