"""Numbers as people and programs write them. What can be read in two ways is never guessed."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal as Exact
from typing import NamedTuple

from checklist_kit.analysis.coerce.result import Coerced, Fault, answered, set_aside, wrong_shape
from checklist_kit.analysis.coerce.text import folded, plain
from checklist_kit.model import Sentinel
from checklist_kit.model.items import Integer, Numeric
from checklist_kit.protocols import Raw

_WHOLE = re.compile(r"[+-]?\d+")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_GROUPS = re.compile(r"([+-]?[1-9]\d{0,2})([ ,.'’])(\d{3}(?:\2\d{3})*)(?:([.,])(\d+))?")
_COMMA = re.compile(r"([+-]?\d*),(\d+)")

_LONGEST = 400  # characters; the longest shortest decimal of a float has fewer
_LARGEST = 2**63
_EXACT_FLOATS = 2**53  # spreadsheets and JavaScript hold larger whole numbers inexactly
_EXACT_DIGITS = 15

Number = int | float


class Read(NamedTuple):
    """A number, and what there is to say about its spelling."""

    value: Number
    note: Fault | None = None


def format_number(value: Number) -> str:
    """Return the shortest decimal that is this number: no exponent, no trailing zeros, no minus on zero."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    if "e" in text:
        text = format(Exact(text), "f")
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def number_reader(question: Numeric) -> Callable[[Raw], Coerced]:
    """Return the function that reads the raw answers of an integer or decimal question."""
    whole = isinstance(question, Integer)
    sentinels = {sentinel.value: sentinel for sentinel in question.missing}
    by_label = {folded(label): sentinel for sentinel in question.missing for label in sentinel.label.values()}

    def read(raw: Raw) -> Coerced:
        number = _quick(raw, whole)
        if number is not None and number not in sentinels:
            return Coerced("answered", format_number(number), float(number))
        found = read_number(raw, whole=whole)
        if isinstance(found, Read):
            return _answer(found, sentinels)
        if isinstance(raw, str) and (sentinel := by_label.get(folded(raw))) is not None:
            return _sentinel(sentinel, ("value-label-for-code", f"read as {format_number(sentinel.value)}"))
        return found

    return read


def _quick(raw: Raw, whole: bool) -> Number | None:
    """Read what nearly all answers are: digits, and the numbers of spreadsheets."""
    if type(raw) is str:
        return int(raw) if len(raw) < _EXACT_DIGITS and raw.isascii() and raw.isdigit() else None
    if type(raw) is int:
        return raw if abs(raw) < _EXACT_FLOATS else None
    if type(raw) is float and abs(raw) <= _EXACT_FLOATS:
        return int(raw) if raw.is_integer() else None if whole else raw
    return None


def _answer(read: Read, sentinels: Mapping[Number, Sentinel]) -> Coerced:
    if read.value in sentinels:
        return _sentinel(sentinels[read.value], read.note)
    return answered(format_number(read.value), float(read.value), read.note)


def _sentinel(sentinel: Sentinel, note: Fault | None) -> Coerced:
    return Coerced(sentinel.missing.value, format_number(sentinel.value), None, note)


def read_decimal(raw: Raw) -> Coerced:
    """Read a number of any kind."""
    found = read_number(raw, whole=False)
    return _answer(found, {}) if isinstance(found, Read) else found


def read_number(raw: Raw, *, whole: bool) -> Read | Coerced:
    """Return the number that a raw value certainly is, else why it was set aside. `whole` asks for a whole number."""
    if isinstance(raw, bool):
        return set_aside("value-not-a-number", "true or false stands where a number is expected")
    if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
        return set_aside(
            "value-date-for-code", "a date stands where a number is expected; a spreadsheet may have made it"
        )
    if isinstance(raw, str):
        found = _of_text(plain(raw), whole)
    elif isinstance(raw, int | float):
        found = _of_number(raw)
    else:
        return wrong_shape(raw)
    return _fitting(found, whole) if isinstance(found, Read) else found


def _of_number(raw: Number) -> Read | Coerced:
    if isinstance(raw, int):
        return Read(raw)
    if not math.isfinite(raw):
        return set_aside("value-not-a-number", "this is no finite number")
    if raw != int(raw):
        return Read(raw)
    if abs(raw) > _EXACT_FLOATS:
        return set_aside("value-too-large", "a spreadsheet or browser has rounded the last digits of this number")
    return Read(int(raw))


def _fitting(read: Read, whole: bool) -> Read | Coerced:
    value = read.value
    if abs(value) >= _LARGEST:
        return set_aside("value-too-large", "the number is too large")
    if whole and value != int(value):
        return set_aside("value-not-whole", f"{format_number(value)} is not a whole number")
    return Read(int(value), read.note) if whole or value == int(value) else read


def _of_text(text: str, whole: bool) -> Read | Coerced:
    if len(text) > _LONGEST:
        return set_aside("value-not-a-number", "this is no number")
    if _WHOLE.fullmatch(text):
        return Read(int(text))
    if _ONE_GROUP.fullmatch(text) and (whole or text.endswith("0") or "," in text):
        thousands, fraction = int(text.replace(",", "").replace(".", "")), float(text.replace(",", "."))
        return set_aside("value-ambiguous-number", f"this is either {thousands} or {format_number(fraction)}")
    if _PLAIN.fullmatch(text):
        return _decimal(text)
    if groups := _GROUPS.fullmatch(text):
        return _grouped(groups)
    if comma := _COMMA.fullmatch(text):
        return _respelt(f"{comma[1]}.{comma[2]}")
    return set_aside("value-not-a-number", "this is no number")


def _grouped(match: re.Match[str]) -> Read | Coerced:
    first, separator, rest, mark, fraction = match.groups()
    if mark == separator:
        return set_aside("value-not-a-number", "this is no number")
    return _respelt(first + rest.replace(separator, "") + (f".{fraction}" if fraction else ""))


def _respelt(text: str) -> Read | Coerced:
    read = _decimal(text)
    if not isinstance(read, Read):
        return read
    return Read(read.value, read.note or ("value-number-format", f"read as {format_number(read.value)}"))


def _decimal(text: str) -> Read | Coerced:
    value = float(text)
    if not math.isfinite(value):
        return set_aside("value-too-large", "the number is too large")
    digits = sum(map(str.isdigit, text))
    if digits > _EXACT_DIGITS and Exact(text) != Exact(format_number(value)):
        return Read(value, ("value-rounded", f"kept as {format_number(value)}, the nearest number that can be stored"))
    return Read(value)
