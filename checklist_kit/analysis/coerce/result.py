"""What reading one raw value gives."""

from __future__ import annotations

import datetime
import json
from typing import NamedTuple

from checklist_kit.model import Missing

Fault = tuple[str, str]
"""A diagnostic code and its message."""


class Coerced(NamedTuple):
    """A raw value with its type.

    `status` is `answered`, a kind of missing, or `invalid`. `value` is the canonical text, empty where there is none.
    `number` is set for numbers, ticks and acknowledgements that are `answered`. `ticked` holds the chosen codes of a
    select_multiple in list order. `problem` is a code and a message; a problem without a value means that the raw
    value was set aside.
    """

    status: str
    value: str = ""
    number: float | None = None
    problem: Fault | None = None
    ticked: tuple[str, ...] | None = None

    @property
    def aside(self) -> bool:
        """Whether the raw value was set aside, that is: became no value."""
        return self.problem is not None and not self.value


BLANK = Coerced(Missing.NOT_ANSWERED.value)


def answered(value: str, number: float | None = None, problem: Fault | None = None) -> Coerced:
    """An answer, perhaps with something to say about how it was written."""
    return Coerced("answered", value, number, problem)


def set_aside(code: str, message: str) -> Coerced:
    """A raw value that cannot be read."""
    return Coerced("invalid", problem=(code, message))


def wrong_shape(raw: object) -> Coerced:
    """A list, an object or another thing where one value is expected."""
    kind = "a list" if isinstance(raw, list | tuple) else "an object" if isinstance(raw, dict) else "this kind of value"
    return set_aside("value-wrong-shape", f"{kind} stands where one value is expected")


def raw_text(raw: object) -> str:
    """Return a raw value as a text that can be stored: text itself, lists and objects as JSON."""
    if type(raw) is str and raw.isascii():
        return raw
    if raw is None:
        return ""
    if isinstance(raw, datetime.datetime | datetime.date | datetime.time):
        text = raw.isoformat()
    elif isinstance(raw, list | tuple | dict | bool):
        text = json.dumps(raw, ensure_ascii=False, default=str)
    else:
        text = str(raw)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
