"""Text, images, points and acknowledgements."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from checklist_kit.analysis.coerce.choices import tick_reader
from checklist_kit.analysis.coerce.numbers import format_number
from checklist_kit.analysis.coerce.result import BLANK, Coerced, answered, set_aside, wrong_shape
from checklist_kit.analysis.coerce.text import plain
from checklist_kit.model import Text
from checklist_kit.protocols import Raw

_EXACT_DIGITS = 1e15
_DEGREES = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,30})?(?:[eE]-?\d{1,2})?")


def text_reader(question: Text) -> Callable[[Raw], Coerced]:
    """Return the function that reads the raw answers of a text. What breaks `matches` is kept, with a problem."""
    pattern = re.compile(question.matches) if question.matches else None

    def read(raw: Raw) -> Coerced:
        found = read_text(raw)
        if pattern is None or found.status != "answered" or pattern.fullmatch(found.value):
            return found
        fault = "value-constraint", f"the text does not have the form `{question.matches}` that is asked for"
        return answered(found.value, problem=fault)

    return read


def read_text(raw: Raw) -> Coerced:
    """Read a text: as it is, but for the white space around it."""
    if isinstance(raw, str):
        text = raw.strip()
        if text.isascii() or _storable(text):
            return answered(text)
        return set_aside("value-bad-text", "the text has characters that do not exist")
    if isinstance(raw, bool):
        note = ("value-number-for-text", "true or false stands where a text is expected")
        return answered("true" if raw else "false", problem=note)
    if isinstance(raw, int | float):
        return _number_as_text(raw)
    if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
        return set_aside(
            "value-date-for-code", "a date stands where a text is expected; a spreadsheet may have made it"
        )
    return wrong_shape(raw)


def _storable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _number_as_text(raw: float) -> Coerced:
    if raw != raw or abs(raw) == float("inf"):
        return set_aside("value-not-a-number", "this is no finite number")
    value = format_number(raw) if abs(raw) < _EXACT_DIGITS or isinstance(raw, int) else ""
    if not value:
        return set_aside("value-too-large", "a spreadsheet or browser has rounded the last digits of this number")
    if raw == int(raw):
        return answered(value)
    return answered(
        value, problem=("value-number-for-text", "a number stands where a text is expected; it may have lost zeros")
    )


def read_image(raw: Raw) -> Coerced:
    """Read the name of a picture; a browser's file object or a list of one gives its name."""
    if isinstance(raw, list) and len(raw) == 1:
        return read_image(raw[0]) if isinstance(raw[0], str | dict) else wrong_shape(raw)
    if isinstance(raw, dict):
        name = raw.get("name")
        return read_text(name) if isinstance(name, str) and name.strip() else wrong_shape(raw)
    if not isinstance(raw, str):
        return wrong_shape(raw)
    if raw.lstrip().startswith("data:"):
        return set_aside("value-wrong-shape", "the picture itself stands where the name of its file is expected")
    return read_text(raw)


def read_point(raw: Raw) -> Coerced:
    """Read a place: latitude, longitude, then perhaps altitude and accuracy, as text or under these names.

    Numbers in a text stay as they are written, because the zeros at their end say how exact they are; but for powers of
    ten, such as the `8.0E-4` that phones write near the equator.
    """
    if isinstance(raw, dict):
        parts = [format_number(part) if isinstance(part, int | float) else str(part) for part in _named_parts(raw)]
    elif isinstance(raw, str):
        parts = [part for part in re.split(r"[\s,;]+", plain(raw)) if part]
    else:
        return wrong_shape(raw)
    numbers = [float(part) for part in parts if _DEGREES.fullmatch(part)]
    if len(numbers) != len(parts) or not 2 <= len(numbers) <= 4:
        return set_aside("value-not-a-point", "this is no place; write it in degrees, like 40.4093 49.8671")
    if abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return set_aside("value-not-a-point", "there is no such latitude or longitude")
    return answered(" ".join(map(_without_power, parts)))


def _without_power(number: str) -> str:
    return format_number(float(number)) if "e" in number.lower() else number


def _named_parts(raw: dict[str, Any]) -> list[Any]:
    names = (("latitude", "lat"), ("longitude", "lon", "lng"), ("altitude", "alt"), ("accuracy",))
    found = [next((raw[name] for name in group if raw.get(name) is not None), None) for group in names]
    while found and found[-1] is None:
        found.pop()
    return found


def read_acknowledgement(raw: Raw) -> Coerced:
    """Read a box to tick, which phones note as `OK`. One that was left empty on purpose is not answered."""
    if raw == _OK:
        return answered("1", 1.0)
    found = _read_ok(raw)
    if found.value == "0":
        return Coerced(BLANK.status, problem=("value-not-ticked", "the box is not ticked, which is no answer"))
    return found


_OK = "OK"
_read_ok = tick_reader([_OK])
