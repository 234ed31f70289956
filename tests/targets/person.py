"""A person with a form, by the book: what is asked, what stays answered and what is faulty after each answer.

It knows the meaning of expressions and nothing of any engine, so that an engine's form can be compared with it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from checklist_kit.logic import Context, Kind, evaluate
from checklist_kit.model import (
    Acknowledge,
    Calculate,
    Checklist,
    Image,
    Item,
    Question,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question that is asked now: its path in the form (`votes[2].count`), and the row that holds its answer."""

    path: str
    question: Question
    row: Row
    context: Context


@dataclass
class Person:
    """Answers one by one.

    `answers` holds typed values, a repeat as a list of rows; `asked` what is asked now, in form order; `growing` the
    rows of the repeats that can grow, by path.
    """

    checklist: Checklist
    answers: Row = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    growing: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._settle()

    def answer(self, path: str, value: Any) -> None:
        """Answer a question that is asked, or blank it with None."""
        (place,) = [asked for asked in self.asked if asked.path == path]
        if value is None:
            place.row.pop(place.question.name, None)
        else:
            place.row[place.question.name] = value
        self._settle()

    def add(self, path: str) -> list[str]:
        """Add an instance to a repeat that grows, and return the paths of its questions; without any it goes again."""
        rows = self.growing[path]
        rows.append({})
        self._settle()
        inside = [asked.path for asked in self.asked if asked.path.startswith(f"{path}[{len(rows) - 1}].")]
        if not inside:
            rows.pop()
            self._settle()
        return inside

    def faults(self) -> list[str]:
        """The paths of questions that want an answer, or another one."""
        return [asked.path for asked in self.asked if _faulty(asked)]

    def _settle(self) -> None:
        self.asked, self.growing = [], {}
        self._walk(self.checklist.items, self.answers, {}, "", True)

    def _walk(self, items: tuple[Item, ...], row: Row, outer: Row, prefix: str, shown: bool) -> None:
        for item in items:
            rows = {name: held for name, held in {**outer, **row}.items() if isinstance(held, list)}
            context = Context({**outer, **row}, rows, datetime.date.today())
            asked = shown and (item.relevant is None or evaluate(item.relevant.tree, context) is True)
            if isinstance(item, Section):
                self._walk(item.items, row, outer, prefix, asked)
            elif isinstance(item, Repeat):
                self._repeat(item, row, outer, prefix, asked)
            elif isinstance(item, Calculate):
                row.pop(item.name, None)
                value = evaluate(item.calculation.tree, context) if asked else None
                if value is not None:
                    row[item.name] = value
            elif isinstance(item, Question):
                self._question(Asked(prefix + item.name, item, row, context), asked)

    def _question(self, place: Asked, asked: bool) -> None:
        question, row = place.question, place.row
        if not asked:
            row.pop(question.name, None)
            return
        self.asked.append(place)
        if isinstance(question, SelectOne | SelectMultiple) and question.name in row:
            offered = {code for code in question.choices.codes if _offered(question, code, place.context)}
            if isinstance(question, SelectOne):
                if row[question.name] not in offered:
                    del row[question.name]
            else:
                row[question.name] = tuple(code for code in row[question.name] if code in offered)
                if not row[question.name]:
                    del row[question.name]

    def _repeat(self, item: Repeat, row: Row, outer: Row, prefix: str, asked: bool) -> None:
        if not asked:
            row.pop(item.name, None)
            return
        fixed = (
            [{"_instance": code} for code in item.over.codes]
            if item.over
            else [{} for _ in range(item.repeat_count or 0)]
        )
        rows = row.setdefault(item.name, fixed)
        if not item.over and not item.repeat_count:
            self.growing[prefix + item.name] = rows
        for index, instance in enumerate(rows):
            self._walk(item.items, instance, {**outer, **row}, f"{prefix}{item.name}[{index}].", True)


def _offered(question: SelectOne | SelectMultiple, code: str, context: Context) -> bool:
    return code not in question.filters or evaluate(question.filters[code], context) is True


def _faulty(asked: Asked) -> bool:
    question, value = asked.question, asked.row.get(asked.question.name)
    if value is None:
        return question.required
    sentinels = {sentinel.value for sentinel in getattr(question, "missing", ())}
    if question.constraint is None or (question.kind is Kind.NUMBER and value in sentinels):
        return False
    context = Context({**asked.context.answers, question.name: value}, asked.context.rows, asked.context.today)
    return evaluate(question.constraint.tree, context) is False


def held(question: Question | None, value: Any) -> Any:
    """An answer as the web form holds it; a calculation has no question."""
    match question:
        case Acknowledge():
            return [True]
        case Image():
            return [{"name": value, "type": "image/jpeg", "content": "data:,"}]
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, datetime.date) else value


def held_answers(checklist: Checklist, row: Row) -> Row:
    """All answers as the web form hands them over."""
    found: Row = {}
    for name, value in row.items():
        item = checklist.by_name[name].item if name != "_instance" else None
        if isinstance(item, Repeat):
            if value:
                found[name] = [held_answers(checklist, instance) for instance in value]
        else:
            found[name] = held(item if isinstance(item, Question) else None, value)
    return found
