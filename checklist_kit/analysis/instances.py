"""The instances of a repeat: named, put in order, and those added that a channel leaves out because they are blank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from checklist_kit.analysis.coerce import ChoiceReader, raw_text
from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.problems import ProblemLog, cells
from checklist_kit.model import Choice, Repeat
from checklist_kit.protocols import Record, Submission

Named = tuple[str, Record]


def repeat_frame(
    repeat: Repeat, parent: Frame, asked: Mask, submissions: Sequence[Submission], log: ProblemLog
) -> Frame:
    """Return the frame of a repeat. `asked` says for which rows of its parent it was asked.

    All channels give the same rows: where it was asked one a choice of its list, or at least `repeat_count`; where it
    was not asked only those that hold an answer nevertheless.
    """
    instances_of = _Instances(repeat, log)
    records: list[Record] = []
    paths: list[str] = []
    owner: list[int] = []
    for row, record in enumerate(parent.records):
        prefix = f"{parent.instances[row]}/" if parent.instances[row] else ""
        for name, instance in instances_of(submissions[parent.submission[row]], record):
            if asked[row] or any(cells(instance)):
                records.append(instance)
                paths.append(prefix + name)
                owner.append(row)
    rows = np.array(owner, np.intp)
    frame = Frame(repeat.name, parent, records, paths, rows, parent.submission[rows])
    frame.asked = asked[rows]
    return frame


class _Instances:
    """Gives the instances of one repeat in one record, with their names."""

    def __init__(self, repeat: Repeat, log: ProblemLog) -> None:
        self.repeat = repeat
        self.log = log
        self.reader = ChoiceReader(repeat.over) if repeat.over else None

    def __call__(self, submission: Submission, record: Record) -> Iterator[Named]:
        given = record.repeats.get(self.repeat.name, [])
        if self.reader is not None:
            yield from self._over(submission, given, self.reader)
            return
        count = self.repeat.repeat_count
        if count is not None and len(given) > count:
            self._note(submission, "value-too-many-instances", f"there are {len(given)} instances, and not {count}")
        blanks = [blank_record() for _ in range((count or 0) - len(given))]
        yield from ((str(number), instance) for number, instance in enumerate([*given, *blanks], 1))

    def _over(self, submission: Submission, given: list[Record], reader: ChoiceReader) -> Iterator[Named]:
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
