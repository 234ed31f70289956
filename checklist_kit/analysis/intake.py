"""Before answers are read: ids, versions, former names, and responses that came twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from checklist_kit.analysis.coerce import is_blank, raw_text
from checklist_kit.analysis.ledger import Ledger
from checklist_kit.analysis.names import Names, names_by_frame
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Raw, Record, Submission


@dataclass(slots=True)
class Intake:
    """Decides which submissions become rows. Remembers what every id held, to know those that come again."""

    checklist: Checklist
    log: ProblemLog
    ledger: Ledger
    _seen: dict[str, int] = field(default_factory=dict)
    _names: dict[str, Names] = field(init=False)

    def __post_init__(self) -> None:
        self._names = names_by_frame(self.checklist)

    def accept(self, stream: Iterable[Submission | Problem]) -> list[Submission]:
        """Return the submissions that become rows, their answers under the names of this version."""
        return [thing for thing in map(self._look_at, stream) if thing is not None]

    def _look_at(self, thing: Submission | Problem) -> Submission | None:
        if isinstance(thing, Problem):
            self.log.keep(thing, thing.submission_id)
            self.ledger.count(thing)
            return None
        for name in ("id", "channel", "source", "version", "received_at"):
            setattr(thing, name, raw_text(getattr(thing, name)))
        if not thing.id:
            self._name(thing)
        rejected = self._is_rejected(thing)
        self.ledger.count(thing, rejected=rejected)
        if rejected:
            return None
        for problem in thing.problems:
            self.log.keep(problem, thing.id)
        if thing.version and thing.version != self.checklist.version:
            message = f"this is a response to version {thing.version}, read by version {self.checklist.version}"
            self.log.add(thing, ("value-unknown-version", message), "", raw=thing.version)
        self._rename(thing, thing.record, "")
        return thing

    def _name(self, submission: Submission) -> None:
        file = self.ledger.files.get(submission.source)
        submission.id = f"{submission.source}#{file.submissions + 1 if file else 1}"
        self.log.add(submission, ("value-no-id", f"the response has no id and is called {submission.id}"), "")

    def _is_rejected(self, submission: Submission) -> bool:
        if submission.rejected:
            for problem in submission.problems:
                self.log.keep(problem, submission.id)
            return True
        digest = _digest(submission)
        if submission.id not in self._seen:
            self._seen[submission.id] = digest
            return False
        if self._seen[submission.id] == digest:
            fault = "value-duplicate-submission", "this response was read before; it is counted once"
            self.ledger.again += submission.cells
        else:
            fault = "value-conflicting-submission", "another response with this id and other answers was read before"
            for problem in submission.problems:
                self.log.keep(problem, submission.id)
            self.log.discard(submission, submission.record, fault)
        self.log.add(submission, fault, "")
        return True

    def _rename(self, submission: Submission, record: Record, frame: str) -> None:
        """Bring former names up to date, and set aside what has no name in this version."""
        names = self._names[frame]
        if not record.values.keys() <= names.known:
            for key in [key for key in record.values if key not in names.known]:
                self._rename_key(submission, record, key, names.former.get(key))
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


def _digest(submission: Submission) -> int:
    """What two submissions with the same answers have in common, wherever each stands."""
    strange = tuple((problem.code, problem.item, problem.raw) for problem in submission.problems)
    return hash((submission.version, strange, _content(submission.record)))


def _content(record: Record) -> Hashable:
    repeats = (
        (name, tuple((repr(instance.instance), _content(instance)) for instance in instances))
        for name, instances in record.repeats.items()
    )
    return _answers(record.values), tuple(sorted(repeats, key=lambda repeat: repeat[0]))


def _answers(values: Mapping[str, Raw]) -> Hashable:
    present = values.values()
    items = values.items()
    if None in present or "" in present:
        items = {key: raw for key, raw in items if raw is not None and raw != ""}.items()
    try:
        return hash(frozenset(items))
    except TypeError:  # a list or an object
        return hash(frozenset((key, repr(raw)) for key, raw in items))
