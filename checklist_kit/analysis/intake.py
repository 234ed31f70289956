"""Before answers are read: ids, versions, former names, and responses that came twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import is_blank, raw_text
from checklist_kit.analysis.frames import Frame, Lazy, top_frame
from checklist_kit.analysis.ledger import Ledger
from checklist_kit.analysis.meta import Meta
from checklist_kit.analysis.names import Names, names_by_frame
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.analysis.seen import NEW, SAME, Digests, Seen, contents_of, ids_of, strange_of
from checklist_kit.analysis.store import Store
from checklist_kit.model import Checklist
from checklist_kit.protocols import Batch, Problem, Record, Submission


@dataclass(slots=True)
class Block:
    """Submissions that become rows, their answers under the names of this version."""

    submissions: Sequence[Submission]
    frame: Frame
    meta: Meta

    @classmethod
    def of(cls, submissions: Sequence[Submission]) -> Block:
        """Return submissions as they are."""
        return cls(submissions, top_frame([submission.record for submission in submissions]), Meta.of(submissions))

    def take(self, rows: Sequence[int]) -> Block:
        """Return some of the submissions, whose answers have been encoded."""
        return Block([self.submissions[row] for row in rows], self.frame.take(rows), self.meta.take(rows))


@dataclass(slots=True)
class Intake:
    """Decides which submissions become rows. `seen` remembers what every id held, to know those that come again.

    `stores` read the answers of the top frame by key.
    """

    checklist: Checklist
    log: ProblemLog
    ledger: Ledger
    stores: Mapping[str, Store]
    seen: Seen
    _names: dict[str, Names] = field(init=False)

    def __post_init__(self) -> None:
        self._names = names_by_frame(self.checklist)

    def accept(self, things: Batch | Sequence[Submission | Problem]) -> Block:
        """Return the submissions that become rows."""
        return self._of_batch(things) if isinstance(things, Batch) else self._of_things(things)

    def _of_batch(self, batch: Batch) -> Block:
        rows = range(len(batch.ids))
        make = cache(lambda row: batch.odd[row] if row in batch.odd else batch.submission(row))
        odd = {row: submission.record for row, submission in batch.odd.items()}
        frame = top_frame(Lazy(lambda row: make(row).record, rows), batch.columns, odd)
        block = Block(Lazy(make, rows), frame, Meta.of_batch(batch))
        self.ledger.count_batch(batch)
        contents = contents_of(block.frame, batch.versions, self.stores)
        for row, submission in batch.odd.items():
            contents[row] ^= np.uint64(strange_of(submission, self._names[""].known))
        fates = self._fates(block, contents)
        renamed = [self._note_odd(submission) for row, submission in batch.odd.items() if not fates[row]]
        if any(renamed):
            frame.read_again()
            contents_of(frame, batch.versions, self.stores)  # which reads all that there is
        other = not {"", self.checklist.version}.issuperset(batch.versions)
        for row in rows if other else np.flatnonzero(fates).tolist():
            if fates[row]:
                self._refuse(make(row), fates[row])
            elif row not in batch.odd:
                self._check_version(make(row))
        return block if not fates.any() else block.take(np.flatnonzero(fates == NEW).tolist())

    def _of_things(self, things: Iterable[Submission | Problem]) -> Block:
        things = list(things)
        found = [thing for thing in things if self._may_be_row(thing)]
        block = Block.of(found)
        contents = contents_of(block.frame, block.meta.versions, self.stores)
        contents ^= np.array([strange_of(submission, self._names[""].known) for submission in found], np.uint64)
        fates = self._fates(block, contents)
        by_thing = iter(fates.tolist())
        renamed = [self._note(thing, by_thing) for thing in things]
        if fates.any():
            block = block.take(np.flatnonzero(fates == NEW).tolist())
        if any(renamed):
            block.frame = top_frame([submission.record for submission in block.submissions])
        return block

    def _may_be_row(self, submission: Submission | Problem) -> TypeGuard[Submission]:
        """Count a thing, and return whether it may become a row."""
        if isinstance(submission, Problem):
            self.ledger.count_problem(submission)
            return False
        for name in ("id", "channel", "source", "version", "received_at"):
            setattr(submission, name, raw_text(getattr(submission, name)))
        file = self.ledger.count(submission)
        if not submission.id:
            submission.id = f"{submission.source}#{file.submissions}"
            message = f"the response has no id and is called {submission.id}"
            submission.problems.insert(0, Problem.of("value-no-id", message, submission.source))
        if submission.rejected:
            self.ledger.reject(submission)
        return not submission.rejected

    def _note(self, thing: Submission | Problem, fates: Iterator[int]) -> bool:
        """Write the problems of a thing; return whether its answers got other names."""
        if isinstance(thing, Problem):
            self.log.keep(thing, thing.submission_id)
            return False
        fate = NEW if thing.rejected else next(fates)
        if fate != NEW:
            self._refuse(thing, fate)
            return False
        return self._note_odd(thing)

    def _note_odd(self, submission: Submission) -> bool:
        """Write the problems of a submission that becomes a row; return whether its answers got other names."""
        for problem in submission.problems:
            self.log.keep(problem, submission.id)
        if submission.rejected:
            return False
        self._check_version(submission)
        return self._rename(submission, submission.record, "")

    def _check_version(self, submission: Submission) -> None:
        if submission.version and submission.version != self.checklist.version:
            message = f"this is a response to version {submission.version}, read by version {self.checklist.version}"
            self.log.add(submission, ("value-unknown-version", message), "", raw=submission.version)

    def _fates(self, block: Block, contents: Digests) -> NDArray[np.int8]:
        """Return which submissions are new, and remember them."""
        ids = ids_of(block.meta.ids)
        fates = self.seen.compare(ids, contents)
        fresh = fates == NEW
        self.seen.add(ids[fresh], contents[fresh])
        return fates

    def _refuse(self, submission: Submission, fate: int) -> None:
        self.ledger.reject(submission)
        if fate == SAME:
            fault = "value-duplicate-submission", "this response was read before; it is counted once"
            self.ledger.again += submission.cells
        else:
            fault = "value-conflicting-submission", "another response with this id and other answers was read before"
            for problem in submission.problems:
                self.log.keep(problem, submission.id)
            self.log.discard(submission, submission.record, fault)
        self.log.add(submission, fault, "")

    def _rename(self, submission: Submission, record: Record, frame: str) -> bool:
        """Bring former names up to date, and set aside what has no name in this version; return whether there was any.

        Only names of this record count, and not those in its repeats.
        """
        names = self._names[frame]
        renamed = False
        if not record.values.keys() <= names.known:
            for key in [key for key in record.values if key not in names.known]:
                self._rename_key(submission, record, key, names.former.get(key))
                renamed = True
        for repeat in list(record.repeats):
            current = repeat if repeat in names.repeats else names.former_repeats.get(repeat)
            instances = record.repeats.pop(repeat)
            if current is None or current in record.repeats:
                for instance in instances:
                    fault = "value-unknown-question", f"there is no repeat `{repeat}` here"
                    self.log.discard(submission, instance, fault)
                continue
            record.repeats[current] = instances
            for instance in instances:
                self._rename(submission, instance, current)
        return renamed

    def _rename_key(self, submission: Submission, record: Record, key: str, current: str | None) -> None:
        raw, place = record.values.pop(key), record.place
        if is_blank(raw):
            return
        if current is None:
            fault = "value-unknown-question", f"there is no question `{key}`"
        elif not is_blank(record.values.get(current)):
            fault = "value-contradiction", f"`{key}` is a former name of `{current}`, which has an answer too"
        else:
            record.values[current] = raw
            record.place = lambda column: place(key if column == current else column)
            return
        self.log.add(submission, fault, key, raw=raw, place=place(key), aside=True)
