"""The one place where a raw value gets its type.

Reading is a pure function of a question and one raw value, so a column is read by reading each of its distinct values
once. It never guesses: what can be understood in two ways is set aside. What is canonical already reads as itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from checklist_kit.analysis.coerce.choices import ChoiceReader, multiple_reader, one_reader, spellings_of, tick_reader
from checklist_kit.analysis.coerce.moments import read_date, read_datetime, read_time
from checklist_kit.analysis.coerce.numbers import format_number, number_reader, read_decimal
from checklist_kit.analysis.coerce.others import read_acknowledgement, read_image, read_point, read_text, text_reader
from checklist_kit.analysis.coerce.result import BLANK, Coerced, raw_text
from checklist_kit.analysis.coerce.text import folded
from checklist_kit.model import Decimal, Integer, Missing, Question, SelectMultiple, SelectOne, Text
from checklist_kit.protocols import Raw

__all__ = [
    "BLANK",
    "ChoiceReader",
    "Coerced",
    "Read",
    "coerce",
    "folded",
    "format_number",
    "guarded",
    "is_blank",
    "raw_text",
    "read_date",
    "read_decimal",
    "read_text",
    "read_time",
    "reader",
    "spellings_of",
    "tick_reader",
]

Read = Callable[[Raw], Coerced]

_PLAIN: dict[str, Read] = {
    "date": read_date,
    "time": read_time,
    "datetime": read_datetime,
    "image": read_image,
    "geopoint": read_point,
    "acknowledge": read_acknowledgement,
}


def coerce(question: Question, raw: Raw) -> Coerced:
    """Return what one raw value is as an answer to a question. Never raises: what cannot be read is set aside."""
    return reader(question)(raw)


def reader(question: Question) -> Read:
    """Return the function that reads the raw answers of a question."""
    return guarded(_reader(question))


def _reader(question: Question) -> Read:
    match question:
        case SelectOne(choices=choices):
            return one_reader(choices)
        case SelectMultiple(choices=choices):
            return multiple_reader(choices)
        case Integer() | Decimal():
            return number_reader(question)
        case Text():
            return text_reader(question)
        case _:
            return _PLAIN.get(question.type, read_text)


def guarded(read: Read) -> Read:
    """Add what holds for all types: blanks, emptiness, and a channel's own word that an answer is missing."""
    return partial(_guarded, read)


def _guarded(read: Read, raw: Raw) -> Coerced:
    if type(raw) is float or type(raw) is int or (type(raw) is str and raw and not raw.isspace()):  # nearly all
        return read(raw)
    if is_blank(raw):
        return BLANK
    if isinstance(raw, Missing):
        return Coerced(raw.value)
    if raw.isspace() if isinstance(raw, str) else raw in ([], {}):
        return Coerced(BLANK.status, problem=("value-empty", "there is nothing in it"))
    return read(raw)


def is_blank(raw: object) -> bool:
    """Whether a raw value is no cell at all: nothing, or the empty text."""
    return raw is None or raw == ""
