"""Random answers that an observer could have given to a checklist."""

from __future__ import annotations

import datetime
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from checklist_kit.logic import Context, evaluate
from checklist_kit.model import (
    Acknowledge,
    Calculate,
    Checklist,
    Date,
    Datetime,
    Decimal,
    Entry,
    Geopoint,
    Image,
    Integer,
    Item,
    Question,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
    Text,
    Time,
)
from tests.strategies.expressions import DATES, TIMES

TODAY = datetime.date(2024, 2, 7)
_LETTERS = string.ascii_letters + string.digits + "əğıöüçşİƏйцыЖ中ع  ?!.,:;'\"#&*{}[]()<>|%@=+-/\\~_\n"
_TEXTS = (
    "=1+1",
    "-5",
    "1-2",
    "+994501234567",
    "@here",
    "0012",
    "1,200",
    "true",
    "NA",
    "None",
    "<b>x</b>",
    "Ə'ə",
    '"',
    "${x}",
)

Answers = dict[str, Any]


@st.composite
def answers(draw: DrawFn, checklist: Checklist, blanks: int = 25) -> Answers:
    """Draw the answers of one submission.

    Every question outside of repeats has a key: a choice's code, a tuple of codes in the order of the list (never
    empty), an int, a float, a text, a date, a time, a datetime, a picture's file name, `latitude longitude` as a text,
    True, or None for blank. A repeat has a dict of its instances (the choice's code, or "1", "2", …), each of them such
    a dict. What is not relevant is blank, a repeat that is not relevant has no instances. An answer keeps its
    constraint, or is a sentinel; a required question is answered when it is asked, unless nothing that keeps its
    constraint was found. `blanks` is how many of a hundred questions are left blank.
    """
    observer = _Observer(draw, checklist, blanks)
    return observer.fill(checklist.items, {}, {})


@dataclass
class _Observer:
    draw: DrawFn
    checklist: Checklist
    blanks: int
    by_name: Mapping[str, Entry] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = self.checklist.by_name

    def fill(self, items: tuple[Item, ...], outer: Answers, rows: dict[str, Any]) -> Answers:
        """Answer a list of items. `outer` are the answers around them, `rows` the instances of earlier repeats."""
        known = dict(outer)
        given: Answers = {}
        self._fill(items, given, known, dict(rows))
        return given

    def _fill(self, items: tuple[Item, ...], given: Answers, known: Answers, rows: dict[str, Any]) -> None:
        for item in items:
            relevance = self.by_name[item.name].relevance
            context = Context(known, rows, TODAY)
            asked = relevance is None or evaluate(relevance, context) is True
            if isinstance(item, Section):
                self._fill(item.items, given, known, rows)
            elif isinstance(item, Repeat):
                given[item.name] = self._instances(item, known, rows) if asked else {}
            elif isinstance(item, Calculate):
                known[item.name] = evaluate(item.calculation.tree, context) if asked else None
            elif isinstance(item, Question):
                given[item.name] = known[item.name] = self._answer(item, context) if asked else None

    def _instances(self, repeat: Repeat, known: Answers, rows: dict[str, Any]) -> dict[str, Answers]:
        if repeat.over is not None:
            names = list(repeat.over.codes)
        else:
            count = repeat.repeat_count or self.draw(st.integers(0, 3))
            names = [str(number) for number in range(1, count + 1)]
        instances, rows[repeat.name] = {}, []
        for name in names:
            inside = dict(known)
            given: Answers = {}
            self._fill(repeat.items, given, inside, dict(rows))
            instances[name] = given
            rows[repeat.name].append(inside)
        return instances

    def _answer(self, question: Question, context: Context) -> Any:
        if not question.required and self.draw(st.integers(1, 100)) <= self.blanks:
            return None
        options = _values(question, context)
        for _ in range(4):
            value = self.draw(options)
            if self._keeps(question, value, context):
                return value
        return None

    @staticmethod
    def _keeps(question: Question, value: Any, context: Context) -> bool:
        sentinels = [sentinel.value for sentinel in getattr(question, "missing", ())]
        if question.constraint is None or value in sentinels:
            return True
        own = Context({**context.answers, question.name: value}, context.rows, context.today)
        return evaluate(question.constraint.tree, own) is not False


def _values(question: Question, context: Context) -> SearchStrategy[Any]:
    """Answers of a question's type, by and large inside its constraint."""
    match question:
        case SelectOne():
            return st.sampled_from(_offered(question, context) or [None])
        case SelectMultiple():
            return _several(question, _offered(question, context))
        case Integer() | Decimal():
            return _number(question)
        case Text():
            return _text(question)
        case _:
            return _OTHERS[type(question)]


_OTHERS: dict[type[Question], SearchStrategy[Any]] = {
    Date: DATES,
    Time: TIMES,
    Datetime: st.builds(datetime.datetime.combine, DATES, TIMES),
    Image: st.integers(1, 99).map(lambda number: f"photo_{number}.jpg"),
    Geopoint: st.tuples(st.integers(-90_0000, 90_0000), st.integers(-180_0000, 180_0000)).map(
        lambda place: f"{place[0] / 10_000} {place[1] / 10_000}"
    ),
    Acknowledge: st.just(True),
}


def _offered(question: SelectOne | SelectMultiple, context: Context) -> list[str]:
    filters = question.filters
    return [code for code in question.choices.codes if code not in filters or evaluate(filters[code], context) is True]


def _several(question: SelectMultiple, offered: list[str]) -> SearchStrategy[Any]:
    choices = question.choices
    alone = [(code,) for code in offered if choices[code].exclusive]
    together = [code for code in offered if not choices[code].exclusive]
    options: list[SearchStrategy[Any]] = []
    if together:
        in_order = st.sets(st.sampled_from(together), min_size=1)
        options.append(in_order.map(lambda found: tuple(code for code in together if code in found)))
    if alone:
        options.append(st.sampled_from(alone))
    return st.one_of(options) if options else st.none()


def _number(question: Integer | Decimal) -> SearchStrategy[Any]:
    whole = st.one_of(st.integers(-5, 20), st.integers(0, 3000))
    numbers: SearchStrategy[Any] = whole
    if isinstance(question, Decimal):
        numbers = st.one_of(whole.map(float), st.integers(-500, 300_000).map(lambda cents: cents / 100))
    sentinels = [sentinel.value for sentinel in question.missing]
    numbers = numbers.filter(lambda number: number not in sentinels)
    return st.one_of(numbers, numbers, st.sampled_from(sentinels)) if sentinels else numbers


def _text(question: Text) -> SearchStrategy[str]:
    if question.matches is not None:
        return st.from_regex(re.compile(question.matches), fullmatch=True)
    free = st.text(_LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
    return st.one_of(st.sampled_from(_TEXTS), free)
