"""Submissions -> tidy tables."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import pyarrow as pa

from checklist_kit.analysis.answers import answers_table
from checklist_kit.analysis.arrays import TEXT, to_pandas
from checklist_kit.analysis.intake import Intake
from checklist_kit.analysis.ledger import Ledger
from checklist_kit.analysis.meta import Meta
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.analysis.seen import Seen
from checklist_kit.analysis.settle import Reader, readers, settle, stores
from checklist_kit.analysis.superseded import current
from checklist_kit.analysis.units import Units
from checklist_kit.analysis.whole import Part, Whole
from checklist_kit.analysis.wide import repeat_table, submissions_table
from checklist_kit.model import Checklist
from checklist_kit.protocols import Batch, Problem, Submission

_CHUNK = 8192  # submissions; their raw values are let go of once they are read


@dataclass(frozen=True, eq=False)
class Tables:
    """The tidy tables of some responses.

    `submissions` has one row a submission and one typed column a question; `answers` one row per submission x question
    x instance, and per choice of a select_multiple; `repeats` one table a repeat. `problems` says what was wrong, with
    the raw text of all that was set aside. `restricted` and `restricted_problems` hold what belongs to sensitive
    questions, which stand in no other table. `codebook` describes the questions. Blanks are NA. `arrow` and
    `arrow_repeats` are the same tables as they are held.
    """

    checklist: Checklist
    arrow: Mapping[str, pa.Table]
    arrow_repeats: Mapping[str, pa.Table]
    ledger: Ledger

    @cached_property
    def submissions(self) -> pd.DataFrame:
        """One row a submission."""
        return to_pandas(self.arrow["submissions"])

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The long table."""
        return to_pandas(self.arrow["answers"])

    @cached_property
    def repeats(self) -> Mapping[str, pd.DataFrame]:
        """One row an instance, by the name of the repeat."""
        return {name: to_pandas(table) for name, table in self.arrow_repeats.items()}

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What was wrong."""
        return to_pandas(self.arrow["problems"])

    @cached_property
    def codebook(self) -> pd.DataFrame:
        """What the questions are."""
        return to_pandas(self.arrow["codebook"])

    @cached_property
    def restricted(self) -> pd.DataFrame:
        """The long table of sensitive questions."""
        return to_pandas(self.arrow["restricted"])

    @cached_property
    def restricted_problems(self) -> pd.DataFrame:
        """What was wrong with answers to sensitive questions, with their raw texts."""
        return to_pandas(self.arrow["restricted_problems"])


def tabulate(
    checklist: Checklist,
    stream: Iterable[Batch | Submission | Problem],
    *,
    today: datetime.date | None = None,
    units: Units | None = None,
    progress: Callable[[int], None] | None = None,
    seen: Seen | None = None,
    known: dict[str, Reader] | None = None,
) -> Tables:
    """Return the tables of what readers yield.

    `today` is the day that `today()` means where a submission does not say when it was received; the present day, if
    None. `units` is what the frame says of units. `progress` is told how many submissions were read so far. `seen` are
    those that were read before; the new ones are added. `known` is what `readers` returned, to be used again: what was
    read once is then not read again.
    """
    log, ledger, meta = ProblemLog(checklist), Ledger(), Meta()
    known = readers(checklist) if known is None else known
    intake = Intake(checklist, log, ledger, stores(checklist, known), Seen() if seen is None else seen)
    day = today or datetime.date.today()
    parts = []
    for things in _chunks(current(stream)):
        block = intake.accept(things)
        settled = settle(checklist, known, block, day, log, units)
        parts.append(Part.of(settled))
        ledger.values += settled.kept
        meta.add(block.meta)
        if progress is not None:
            progress(len(meta.ids))
    ledger.problems = log.aside
    return _tables(Whole.joined(checklist, meta, parts), log, ledger)


def _chunks(stream: Iterable[Batch | Submission | Problem]) -> Iterator[Batch | list[Submission | Problem]]:
    """Yield what a stream holds in batches and lists, at least one."""
    chunk: list[Submission | Problem] = []
    for thing in stream:
        if not isinstance(thing, Batch):
            chunk.append(thing)
        if chunk and (len(chunk) >= _CHUNK or isinstance(thing, Batch)):
            yield chunk
            chunk = []
        if isinstance(thing, Batch):
            yield thing
    yield chunk


def _tables(whole: Whole, log: ProblemLog, ledger: Ledger) -> Tables:
    checklist = whole.checklist
    problems, restricted_problems = log.tables()
    arrow = {
        "submissions": submissions_table(whole),
        "answers": answers_table(whole, [entry for entry in checklist.questions if not is_sensitive(entry.item)]),
        "problems": problems,
        "codebook": _codebook(checklist),
        "restricted": answers_table(whole, [entry for entry in checklist.questions if is_sensitive(entry.item)]),
        "restricted_problems": restricted_problems,
    }
    repeats = {entry.item.name: repeat_table(whole, entry.item.name) for entry in checklist.repeats}
    return Tables(checklist, arrow, repeats, ledger)


def _codebook(checklist: Checklist) -> pa.Table:
    from checklist_kit.model.codebook import rows

    columns, lines = rows(checklist)
    cells = list(zip(*lines, strict=True)) or [()] * len(columns)
    return pa.table({name: pa.array(column, TEXT) for name, column in zip(columns, cells, strict=True)})
