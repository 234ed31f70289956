"""Filled forms as submissions: accepted answers and decisions as raw values, everything else as unreadable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from checklist_kit.model import Acknowledge, Checklist, Missing, Repeat
from checklist_kit.protocols import Problem, Raw, Record, Submission
from checklist_kit.readers.scan.copies import Copies, Copy, preprinted
from checklist_kit.readers.scan.crops import name_in_picture
from checklist_kit.readers.scan.decide import BLANK, Answer
from checklist_kit.readers.scan.gather import FilledForm
from checklist_kit.readers.scan.layout import Form, Layout, Mark, PageLayout
from checklist_kit.readers.scan.page import ACCEPTED, REVIEW, PageReading, read_page
from checklist_kit.readers.scan.review import CHECK, AnswerRow, Doubt, Key, Review, ReviewRow, is_blank, is_drawn

CHANNEL = "paper"


@dataclass(slots=True)
class Desk:
    """Where filled forms become submissions. Collects what is doubtful, and takes a person's decisions.

    `copies` are the numbered copies of the checklist. `readings` are those of the batch, read by `forms`, `names` what
    their files are called; the state of a page changes here when every answer on it is decided. `within` stands before
    the ids of forms in the review, where several checklists share one. `rows` are all answers as they were read, `used`
    the decisions that were about something.
    """

    checklist: Checklist
    forms: tuple[Form, ...]
    copies: Copies
    readings: list[PageReading]
    names: list[str]
    review: Review
    within: str = ""
    doubts: list[Doubt] = field(default_factory=list)
    rows: list[AnswerRow] = field(default_factory=list)
    used: set[Key] = field(default_factory=set)

    def submission(self, form: FilledForm, layout: Layout) -> Submission:
        """Return one filled form."""
        first = min(form.pages.values())
        record = Record({}, lambda _: "")
        submission = Submission(form.id, CHANNEL, self.names[first], record, 0, version=layout.version)
        places: dict[int, dict[str, str]] = {}
        copy = self._copy(submission, form, layout)
        for page in layout.pages:
            position = form.pages.get(page.page)
            answers = self._page(submission, page, position, copy)
            for answer in answers:
                place = "" if position is None else _place(self.readings[position], page, answer)
                self._put(record, answer, place, places)
        _drop_blank_instances(self.checklist, record)
        submission.cells = _cells(record)
        return submission

    def _copy(self, submission: Submission, form: FilledForm, layout: Layout) -> Copy | None:
        """Return what a form was printed for, if that is known, and say where that is not as it should be."""
        if not form.serial or not self.copies.units:
            return None
        unit = self.copies.units.get((layout.version, form.serial))
        source, item = submission.source, self.checklist.unit or ""
        if unit is None:
            message = f"serial {form.serial} is in no list of copies, so it is not known for whom it was printed"
            submission.problems.append(Problem.of("page-copy", message, source, item=item))
        decision = self.review.decisions.get((self.within + submission.id, item, "", ""), "")
        if unit and decision not in ("", unit):
            message = f"`{decision}` was decided, and the form was printed for `{unit}`"
            submission.problems.append(Problem.of("page-copy", message, source, item=item, raw=unit))
        return Copy(unit, partial(self.copies.page, form.form, form.serial, len(layout.pages))) if unit else None

    def _with_copy(self, answer: Answer, copy: Copy, page: PageLayout, position: int | None) -> Answer:
        """Return the answer to the question for the unit as the copy was printed; any other as it is."""
        if answer.item != self.checklist.unit or answer.choice:
            return answer
        if position is None:
            return replace(answer, read=copy.unit, confidence=1.0, doubt="")
        marks = [page.marks[k] for k in page.fields[answer.item, answer.instance]]
        crop = self.readings[position].crops.get((answer.item, answer.instance))
        return preprinted(answer, marks, copy.unit, crop, copy.page(page.page))

    def _page(self, submission: Submission, page: PageLayout, position: int | None, copy: Copy | None) -> list[Answer]:
        """Return the answers of a page with the decisions in; what waits for one has its doubt."""
        if position is None:
            if page.marks:
                message = f"page {page.page} is missing; its questions are unreadable"
                submission.problems.append(Problem.of("page-missing", message, submission.source))
            unseen = (replace(answer, doubt="missing") for answer in _nothing(page))
            return [self._with_copy(answer, copy, page, None) if copy else answer for answer in unseen]
        reading = self.readings[position]
        held = reading.state == REVIEW
        read = [self._with_copy(each, copy, page, position) if copy else each for each in reading.answers]
        answers = [self._decided(submission, position, answer, page, held=held) for answer in read]
        if held and not any(answer.doubt for answer in answers):
            self.readings[position] = replace(reading, state=ACCEPTED, code="", reason="")
        elif held:
            answers = [replace(answer, doubt=answer.doubt or reading.reason) for answer in answers]
        return answers

    def _decided(
        self, submission: Submission, position: int, answer: Answer, page: PageLayout, *, held: bool
    ) -> Answer:
        reading, name = self.readings[position], self.names[position]
        choice = "" if self._is_acknowledgement(answer.item) else answer.choice
        read = BLANK if choice != answer.choice and answer.read == "0" else answer.read
        key = (self.within + submission.id, answer.item, answer.instance, choice)
        decision = self.review.decisions.get(key, "")
        doubt = answer.doubt or (reading.reason if held else "")
        marks = [page.marks[k] for k in page.fields[answer.item, answer.instance]]
        told = name, reading.page.page, *key, read, round(answer.confidence, 4)
        left, top, width, height = (round(length, 1) for length in _focus(marks, answer))
        self.rows.append(AnswerRow(*told, doubt, left, top, width, height, _picture(reading, answer)))
        place = _place(reading, page, answer)
        if decision and not _fits(decision, answer, marks):
            message = f"the decision `{decision}` is no answer to this question"
            submission.problems.append(Problem.of("page-decision", message, name, item=answer.item, place=place))
            self.used.add(key)
            decision, doubt = "", doubt or "a decision that is no answer"
        if why := doubt or (CHECK if is_drawn(key, self.review.check) else ""):
            self._show(ReviewRow(*told, decision), why, position, answer, marks)
        if decision:
            self.used.add(key)
            return replace(answer, read=_canonical(decision, answer), confidence=1.0, doubt="")
        if doubt:
            message = f"{doubt}; it waits for review"
            problem = Problem.of("page-doubtful", message, name, item=answer.item, place=place, raw=read)
            submission.problems.append(problem)
        return replace(answer, doubt=doubt)

    def _show(self, row: ReviewRow, why: str, position: int, answer: Answer, marks: list[Mark]) -> None:
        """Put an answer into the review, with its picture."""
        key = answer.item, answer.instance
        if key not in self.readings[position].crops:
            page = self.readings[position].page
            crops = read_page(page, self.forms, pictures=True)[page.part - 1].crops
            self.readings[position] = replace(self.readings[position], crops=crops)
        crop = self.readings[position].crops[key]
        options = _options(self.checklist, answer, marks)
        label = self._label(answer.item)
        self.doubts.append(Doubt(row, label, why, options, _typed(marks), crop, _focus(marks, answer)))

    def _label(self, item: str) -> str:
        """Return a question with its number, as it stands on the form."""
        entry = self.checklist.by_name.get(item)
        label = self.checklist.text(entry.item.label) if entry else ""
        number = f"{entry.number}. " if entry and entry.number else ""
        return f"{number}{label or item}"

    def _is_acknowledgement(self, item: str) -> bool:
        entry = self.checklist.by_name.get(item)
        return entry is not None and isinstance(entry.item, Acknowledge)

    def _put(self, record: Record, answer: Answer, place: str, places: dict[int, dict[str, str]]) -> None:
        """Write an answer into the record of its instance."""
        entry = self.checklist.by_name.get(answer.item)
        repeats = entry.repeats if entry else ()
        for repeat, name in zip(repeats, _path(answer.instance, len(repeats)), strict=False):
            record = _instance(record, repeat, name)
        several = bool(answer.choice) and not self._is_acknowledgement(answer.item)
        column = f"{answer.item}.{answer.choice}" if several else answer.item
        value: Raw = Missing.UNREADABLE if answer.doubt else None if answer.read == BLANK else answer.read
        if self._is_acknowledgement(answer.item) and value == "0":
            value = None
        known = places.setdefault(id(record), {})
        known[column] = place
        record.values[column] = value
        record.place = _lookup(known)
        if several:
            _forget_empty(record, answer.item, value)


def _lookup(known: Mapping[str, str]) -> Callable[[str], str]:
    return lambda column: known.get(column, "")


def _forget_empty(record: Record, item: str, latest: Raw) -> None:
    """Squares of which none is ticked are no answer; as soon as one is, the others are answers too."""
    columns = [column for column in record.values if column.startswith(f"{item}.")]
    if latest not in ("0", None):
        record.values |= {column: "0" for column in columns if record.values[column] is None}
    elif all(record.values[column] in ("0", None) for column in columns):
        record.values |= dict.fromkeys(columns)


def _nothing(page: PageLayout) -> Iterator[Answer]:
    """Yield an answer for each question of a page that nobody saw."""
    for (item, instance), positions in page.fields.items():
        marks = [page.marks[position] for position in positions]
        squares = all(mark.shape == "square" for mark in marks)
        for choice in [str(mark.choice) for mark in marks] if squares else [""]:
            yield Answer(item, instance, choice, BLANK, 0.0, "")


def _path(instance: str, depth: int) -> list[str]:
    """Return the instance of each repeat around an answer, outermost first."""
    return [instance] if depth == 1 else instance.split("/", depth - 1) if depth else []


def _instance(record: Record, repeat: Repeat, name: str) -> Record:
    instances = record.repeats.setdefault(repeat.name, [])
    found = next((each for each in instances if each.instance == name), None)
    if found is None:
        found = Record({}, lambda _: "", instance=name)
        instances.append(found)
    return found


def _drop_blank_instances(checklist: Checklist, record: Record) -> None:
    """Drop the printed rows at the end of a repeat of open length into which nothing was written."""
    for name, instances in record.repeats.items():
        for instance in instances:
            _drop_blank_instances(checklist, instance)
        repeat = checklist.by_name[name].item
        if isinstance(repeat, Repeat) and repeat.over is None and repeat.repeat_count is None:
            while instances and not _cells(instances[-1]):
                instances.pop()


def _cells(record: Record) -> int:
    own = sum(value is not None for value in record.values.values())
    return own + sum(_cells(instance) for instances in record.repeats.values() for instance in instances)


def _fits(decision: str, answer: Answer, marks: list[Mark]) -> bool:
    """Whether a decision can be an answer to the question that these marks belong to."""
    if is_blank(decision) or any(mark.shape == "box" for mark in marks):
        return True
    if answer.choice:
        return decision in ("0", "1")
    codes = {mark.choice for mark in marks if mark.shape != "digit"}
    digits = any(mark.shape == "digit" for mark in marks)
    return decision in codes or (digits and re.fullmatch("-?[0-9]+", decision) is not None)


def _canonical(decision: str, answer: Answer) -> str:
    if is_blank(decision):
        return "0" if answer.choice else BLANK
    return decision


def _options(checklist: Checklist, answer: Answer, marks: list[Mark]) -> tuple[tuple[str, str], ...]:
    """Return what can be decided by one key: values with their labels."""
    if answer.choice:
        return ("1", "marked"), ("0", "not marked")
    entry = checklist.by_name.get(answer.item)
    listed = getattr(entry.item if entry else None, "choices", None)
    labels = {choice.code: checklist.text(choice.label) for choice in listed.choices} if listed else {}
    for sentinel in getattr(entry.item if entry else None, "missing", ()):
        labels[sentinel.text] = f"{sentinel.text}: {checklist.text(sentinel.label) or sentinel.missing}"
    codes = [str(mark.choice) for mark in marks if mark.shape in ("circle", "square")]
    return tuple((code, labels.get(code, "")) for code in codes)


def _typed(marks: list[Mark]) -> str:
    shapes = {mark.shape for mark in marks}
    return "text" if "box" in shapes else "number" if "digit" in shapes else ""


def _focus(marks: list[Mark], answer: Answer) -> tuple[float, float, float, float]:
    some = [mark for mark in marks if not answer.choice or mark.choice == answer.choice]
    left, top = min(mark.x - mark.w / 2 for mark in some), min(mark.y - mark.h / 2 for mark in some)
    right, bottom = max(mark.x + mark.w / 2 for mark in some), max(mark.y + mark.h / 2 for mark in some)
    return left, top, right - left, bottom - top


def _picture(reading: PageReading, answer: Answer) -> str:
    """Return the address of an answer in the picture of its page."""
    name = name_in_picture(answer.item, answer.instance)
    return f"{reading.picture_file}#{name}" if reading.picture_file else ""


def _place(reading: PageReading, page: PageLayout, answer: Answer) -> str:
    """Return where an answer stands: the page of the file, and mm from the form's top left."""
    left, top, _, _ = _focus([page.marks[k] for k in page.fields[answer.item, answer.instance]], answer)
    return f"page {reading.page.page}, {left:.0f},{top:.0f} mm"
