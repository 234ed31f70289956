"""JSON text to values without losing any.

orjson reads all that is plain. It keeps the last of two equal keys and rounds long numbers without a word, and refuses
what scripts write beside the standard; so what it might have changed or refused is read again, slowly, with nothing
lost.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import orjson

_LONG = 18  # digits of a whole number that every engine holds exactly
_ROUNDED = 2.0**63
DEEPEST = 64  # levels of lists and objects; a response has a few, and what follows them goes down with them
_ENGINES = 1024  # levels at which orjson stops
_SPACE = (" ", "\t", "\r", "\n")
_PLAIN = (str, int, bool, type(None))


class Repeated(dict[str, Any]):
    """An object in which keys came again: it has the first value of each, and `others` holds the rest."""

    others: list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """Why a text is no JSON, and where: line and column from 1, in its own lines."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """The value of a JSON text.

    `extension` says what is not standard in it, `suspect` that there may be a Repeated in it.
    """

    value: Any
    extension: str = ""
    suspect: bool = False


def decode(text: bytes) -> Decoded:
    """Return the value of a JSON text. Raises Fault."""
    text = text.rstrip()  # else a text that ends too early ends in a character that is wrong there
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _leniently(text, error)
    if _is_exact(text, value):
        return Decoded(value)
    try:
        return Decoded(_DECODER.decode(text.decode("utf-8")), suspect=True)
    except RecursionError:
        raise Fault("it is nested too deeply", 1, 1) from None


def _is_exact(text: bytes, value: Any) -> bool:
    """Whether orjson certainly kept all.

    Each key shows as `":` once white space is gone, so as many of these as keys means that no key came twice.
    """
    keys = 0
    odd: list[Any] = [[value]]
    while odd:
        part = odd.pop()
        if type(part) is dict:
            keys += len(part)
            odd += [inner for inner in part.values() if type(inner) not in _PLAIN]
        elif type(part) is list:
            odd += [inner for inner in part if type(inner) not in _PLAIN]
        elif abs(part) >= _ROUNDED:
            return False
    return text.translate(None, b" \t\r\n").count(b'":') == keys


def _leniently(text: bytes, refusal: orjson.JSONDecodeError) -> Decoded:
    """Read what orjson refuses and Python accepts: NaN, infinite numbers, halves of characters."""
    fault = Fault(refusal.msg, refusal.lineno, refusal.colno)
    try:
        return Decoded(_DECODER.decode(text.decode("utf-8")), refusal.msg, suspect=True)
    except UnicodeDecodeError as error:
        before = text[: error.start]
        line = before.count(b"\n")
        raise Fault("the text is not UTF-8", line + 1, error.start - before.rfind(b"\n")) from None
    except (ValueError, RecursionError):
        raise fault from None


def is_deep(value: Any) -> bool:
    """Whether a value is nested more than DEEPEST levels deep."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [part for part in level if isinstance(part, dict | list)]
        level = [inner for part in level for inner in (part.values() if isinstance(part, dict) else part)]
    return bool(level)


def deep_text(value: Any) -> str:
    """Return the JSON text of a value that was decoded, however deep it is."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + 2 * _ENGINES)
    try:
        return json.dumps(value, ensure_ascii=False)
    finally:
        sys.setrecursionlimit(limit)


def salvage(text: str) -> tuple[list[Any], str]:
    """Return the whole elements of a JSON array that is broken somewhere, and the text from there on.

    That text is empty where only the end of the array is missing.
    """
    values: list[Any] = []
    at, mark = text.index("[") + 1, ","
    while mark == ",":
        begin = _skip(text, at)
        try:
            value, end = _DECODER.raw_decode(text, begin)
        except (ValueError, RecursionError):
            break
        follows = _skip(text, end)
        mark = text[follows : follows + 1]
        if mark in (",", "]", ""):
            values.append(value)
            at = follows + 1
    return values, text[at:].strip()


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in _SPACE:
        at += 1
    return at


def _whole(digits: str) -> int | str:
    """A whole number; one that is too long to be held exactly stays a text."""
    return int(digits) if len(digits) <= _LONG else digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    found = Repeated()
    found.others = []
    for key, value in pairs:
        if key in found:
            found.others.append((key, value))
        else:
            found[key] = value
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole)
