"""The fields of a form: what an answer to each type of question is written or marked in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from checklist_kit.logic import Condition
from checklist_kit.model import (
    Acknowledge,
    Choice,
    Date,
    Datetime,
    Decimal,
    Geopoint,
    Image,
    Integer,
    Item,
    Question,
    SelectMultiple,
    SelectOne,
    Sentinel,
    Text,
    Time,
    Words,
)
from checklist_kit.targets.paper.bounds import positions
from checklist_kit.targets.paper.vocabulary import Vocabulary

Field = dict[str, object]
"""What the template draws for one answer: `item` and `instance` as in the tables, `kind`, and what that kind needs."""

CONFIRMED = "OK"
"""The choice of an acknowledgement's only mark."""

_LINES = 18  # mm: room for two or three lines of handwriting
_PARAGRAPH = 36  # mm


class Form(Protocol):
    """What fields ask of the form that they stand in."""

    words: Vocabulary

    def text(self, words: Words) -> str:
        """Return a text in the form's language."""
        ...

    def said(self, key: str, **values: object) -> str:
        """Return one of the form's own words."""
        ...

    def arrow(self, question: str, code: str) -> str | None:
        """Return where a choice leads, or None."""
        ...

    def sayable(self, condition: Condition, key: str, item: Item) -> str | None:
        """Return a condition in words, or None where they would be too many."""
        ...


def field(form: Form, item: Question, instance: str) -> Field:
    """Return the field for a question's answer in one instance of the repeats around it."""
    return {"item": item.name, "instance": instance, **_drawn(form, item)}


def _drawn(form: Form, item: Question) -> Field:
    match item:
        case SelectOne() | SelectMultiple():
            return _options(form, item)
        case Integer(missing=missing):
            sentinels = [_sentinel(form, sentinel) for sentinel in missing]
            return {"kind": "digits", "shape": "circle", "positions": positions(item), "missing": sentinels}
        case Decimal(missing=missing):
            return {"kind": "line", "shape": "circle", "missing": [_sentinel(form, sentinel) for sentinel in missing]}
        case Acknowledge():
            choice = {"code": CONFIRMED, "label": form.said("confirmed"), "arrow": None}
            return {"kind": "options", "shape": "square", "choices": [choice], "missing": []}
        case Text():
            return _text(item)
        case _:
            return _plain(form, item)


def _text(item: Text) -> Field:
    if item.matches:
        return {"kind": "line", "shape": "circle", "missing": []}
    return {"kind": "text", "height": _PARAGRAPH if "multiline" in (item.appearance or "") else _LINES}


def _plain(form: Form, item: Question) -> Field:
    days = [(2, "day"), (2, "month"), (4, "year")]
    times = [(2, "hour"), (2, "minute")]
    groups: Mapping[type[Question], list[tuple[int, str]]] = {Date: days, Time: times, Datetime: days + times}
    if type(item) in groups:
        parts = [{"size": size, "label": form.said(word)} for size, word in groups[type(item)]]
        return {"kind": "comb", "groups": parts}
    assert isinstance(item, Image | Geopoint)
    return {"kind": "elsewhere", "note": form.said(item.type)}


def _options(form: Form, item: SelectOne | SelectMultiple) -> Field:
    choices = item.choices.choices
    return {
        "kind": "options",
        "shape": "circle" if isinstance(item, SelectOne) else "square",
        "choices": [_option(form, item, choice) for choice in choices if not choice.missing],
        "missing": [_option(form, item, choice) for choice in choices if choice.missing],
    }


def _option(form: Form, item: SelectOne | SelectMultiple, choice: Choice) -> Field:
    label = form.text(choice.label) or choice.code
    condition = item.filters.get(choice.code)
    said = condition and form.sayable(condition, "choice_if", item)
    return {
        "code": choice.code,
        "label": f"{label} ({said})" if said else label,
        "arrow": form.arrow(item.name, choice.code),
    }


def _sentinel(form: Form, sentinel: Sentinel) -> Field:
    label = form.text(sentinel.label) or form.words.missing[sentinel.missing]
    return {"code": sentinel.text, "label": label, "arrow": None}
