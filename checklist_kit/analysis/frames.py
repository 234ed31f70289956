"""Records as rows: one frame for the submissions themselves, and one a repeat for its instances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import ChoiceReader, raw_text
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.model import Checklist, Choice, Entry, Repeat
from checklist_kit.protocols import Raw, Record, Submission

Index = NDArray[np.intp]
Placed = tuple[str, Record]


@dataclass(slots=True)
class Frame:
    """Rows of answers.

    `submission` is the position of each row's submission, `owner` that of the row of `parent` which it belongs to (both
    intp). `instances` are the paths of instances, empty at the top level. `asked` says which rows count as rows of the
    repeat in expressions: those of a repeat that was asked. `raws` are the raw values by key, one a row.
    """

    name: str
    parent: Frame | None
    records: Sequence[Record]
    instances: Sequence[str]
    owner: Index
    submission: Index
    asked: NDArray[np.bool_] = field(init=False)
    raws: dict[str, Sequence[Raw]] = field(init=False)

    def __post_init__(self) -> None:
        self.asked = np.ones(len(self), np.bool_)
        values = [record.values for record in self.records]
        keys = set[str]().union(*values)
        rows = [
            list(map(answers.get, keys)) for answers in values
        ]  # row by row, so that each is looked up while at hand
        self.raws = dict(zip(keys, zip(*rows, strict=True), strict=False))

    def __len__(self) -> int:
        return len(self.instances)

    def rows_in(self, outer: Frame) -> Index | None:
        """Return the row of an outer frame that each row lies in; None where the two frames are one."""
        if outer is self:
            return None
        assert self.parent is not None
        above = self.parent.rows_in(outer)
        return self.owner if above is None else above[self.owner]


def frame_of(entry: Entry) -> str:
    """Return the name of the frame that an item stands in: its innermost repeat's, empty at the top level."""
    return entry.repeats[-1].name if entry.repeats else ""


def build_frames(checklist: Checklist, submissions: Sequence[Submission], log: ProblemLog) -> dict[str, Frame]:
    """Return the frames of some submissions by repeat name, that of the submissions themselves under the empty name."""
    numbers = np.arange(len(submissions))
    top = Frame("", None, [s.record for s in submissions], [""] * len(submissions), numbers, numbers)
    frames = {"": top}
    for entry in checklist.repeats:
        assert isinstance(entry.item, Repeat)
        parent = frames[frame_of(entry)]
        frames[entry.item.name] = _repeat_frame(entry.item, parent, submissions, log)
    return frames


def _repeat_frame(repeat: Repeat, parent: Frame, submissions: Sequence[Submission], log: ProblemLog) -> Frame:
    arrange = _Arrangement(repeat, log)
    records: list[Record] = []
    instances: list[str] = []
    owner: list[int] = []
    for row, record in enumerate(parent.records):
        prefix = f"{parent.instances[row]}/" if parent.instances[row] else ""
        for name, instance in arrange(submissions[parent.submission[row]], record):
            records.append(instance)
            instances.append(prefix + name)
            owner.append(row)
    rows = np.array(owner, np.intp)
    return Frame(repeat.name, parent, records, instances, rows, parent.submission[rows])


class _Arrangement:
    """Names the instances of a repeat and adds those that a channel left out because they are blank.

    So all channels give the same rows: one a choice where the repeat is over a list, at least `repeat_count` else.
    """

    def __init__(self, repeat: Repeat, log: ProblemLog) -> None:
        self.repeat = repeat
        self.log = log
        self.reader = ChoiceReader(repeat.over) if repeat.over else None

    def __call__(self, submission: Submission, record: Record) -> Iterator[Placed]:
        given = record.repeats.get(self.repeat.name, [])
        if self.reader is not None:
            yield from self._over(submission, given, self.reader)
            return
        count = self.repeat.repeat_count
        if count is not None and len(given) > count:
            self._note(submission, "value-too-many-instances", f"there are {len(given)} instances, and not {count}")
        blanks = [blank_record() for _ in range((count or 0) - len(given))]
        yield from ((str(number), instance) for number, instance in enumerate([*given, *blanks], 1))

    def _over(self, submission: Submission, given: list[Record], reader: ChoiceReader) -> Iterator[Placed]:
        named: dict[str, Record] = {}
        in_order = len(given) == len(reader.choices) and all(_is_unnamed(instance) for instance in given)
        for number, instance in enumerate(given):
            code = reader.choices[number].code if in_order else self._code(submission, instance, reader)
            if code in named:
                fault = "value-duplicate-instance", f"the instance `{code}` is here twice; the first one counts"
                self._refuse(submission, instance, fault)
            elif code is not None:
                named[code] = instance
        for choice in reader.choices:
            yield choice.code, named[choice.code] if choice.code in named else blank_record()

    def _code(self, submission: Submission, instance: Record, reader: ChoiceReader) -> str | None:
        if _is_unnamed(instance):
            fault = "value-unnamed-instance", f"an instance without a name, where {len(reader.choices)} are possible"
            self._refuse(submission, instance, fault)
            return None
        found, note = reader.find(instance.instance)
        if not isinstance(found, Choice):
            self._refuse(submission, instance, ("value-unknown-instance", f"{note}"))
            return None
        if note is not None:
            assert not isinstance(note, str)
            self._note(submission, *note, raw=raw_text(instance.instance))
        return found.code

    def _refuse(self, submission: Submission, instance: Record, fault: tuple[str, str]) -> None:
        self._note(submission, *fault, raw=raw_text(instance.instance))
        self.log.discard(submission, instance, fault)

    def _note(self, submission: Submission, code: str, message: str, raw: str = "") -> None:
        self.log.add(submission, (code, message), self.repeat.name, raw=raw)


def _is_unnamed(instance: Record) -> bool:
    return instance.instance is None or instance.instance == ""


def blank_record() -> Record:
    """Return a record without answers."""
    return Record({}, lambda _: "")
