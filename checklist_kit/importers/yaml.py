"""Data -> YAML as a person writes it: short things on one line, comments above what they are about.

Every text comes back as it was when the file is loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_WIDTH = 112
_NUMBER = re.compile(r"[-+]?[\d.][\d_.,eE+-]*|0[ox][\da-fA-F]+|[-+]?\.(inf|nan)", re.IGNORECASE)
_NOT_STRINGS = {"", "~", "null", "true", "false"}
_PLAIN = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*")
_AMBIGUOUS = re.compile(r":(\s|$)|\s#|\s$")
_IN_FLOW = re.compile(r"[][{},:]")
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with a comment that stands above it."""

    value: object
    note: str


def document(data: Mapping[str, object]) -> str:
    """Return a mapping as a YAML file. Its values are texts, whole numbers, truth values, lists and mappings."""
    return "\n".join(_map(data, 0)) + "\n"


def _map(data: Mapping[str, object], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, noted in data.items():
        comment, value = _apart(noted)
        yield from (f"{pad}# {line}" for line in comment)
        name = _scalar(str(key), flow=False)
        short = f"{pad}{name}: {_flow(value)}" if _is_short(value) else ""
        if (short and len(short) <= _WIDTH) or not isinstance(value, Mapping | list):
            yield short or f"{pad}{name}: {_block(value, indent)}"
        elif isinstance(value, Mapping):
            yield f"{pad}{name}:"
            yield from _map(value, indent + 2)
        else:
            yield f"{pad}{name}:"
            yield from _list(value, indent + 2)


def _list(values: Sequence[object], indent: int) -> Iterator[str]:
    pad = " " * indent
    for noted in values:
        comment, value = _apart(noted)
        yield from (f"{pad}# {line}" for line in comment)
        short = f"{pad}- {_flow(value)}" if _is_short(value) else ""
        if not isinstance(value, Mapping) or not value or (short and len(short) <= _WIDTH):
            yield short or f"{pad}- {_block(value, indent) if isinstance(value, str) else _flow(value)}"
            continue
        first, *others = _map(value, indent + 2)
        yield f"{pad}- {first[indent + 2 :]}"
        yield from others


def _apart(value: object) -> tuple[list[str], object]:
    """Return the lines of a comment, and what it is about."""
    return (value.note.splitlines(), value.value) if isinstance(value, Noted) else ([], value)


def _is_short(value: object) -> bool:
    """Whether a value can stand on one line: no comment, no item that holds others, no text of several lines."""
    match value:
        case Noted():
            return False
        case str():
            return "\n" not in value
        case Mapping():
            return "items" not in value and all(map(_is_short, value.values()))
        case list():
            return all(map(_is_short, value))
        case _:
            return True


def _flow(value: object) -> str:
    match value:
        case Noted():
            return _flow(value.value)
        case Mapping():
            return (
                "{" + ", ".join(f"{_scalar(str(key), flow=True)}: {_flow(part)}" for key, part in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case bool():
            return "true" if value else "false"
        case str():
            return _scalar(value, flow=True)
        case _:
            return str(value)


def _block(value: object, indent: int) -> str:
    """A scalar with room around it; a text of several lines as it is read."""
    if not isinstance(value, str):
        return _flow(value)
    lines = value.split("\n")
    if len(lines) < 2 or _UNPRINTABLE.search(value) or value.startswith((" ", "\n")) or value.endswith("\n"):
        return _scalar(value, flow=False)
    if any(line != line.rstrip() for line in lines):
        return _scalar(value, flow=False)
    pad = " " * (indent + 2)
    return "\n".join(["|-", *(f"{pad}{line}" if line else "" for line in lines)])


def _scalar(text: str, *, flow: bool) -> str:
    if _is_plain(text, flow):
        return text
    if "\n" in text or _UNPRINTABLE.search(text):
        quoted = json.dumps(text, ensure_ascii=False)
        return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
    if "'" in text and not {'"', "\\"} & set(text):
        return f'"{text}"'
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _is_plain(text: str, flow: bool) -> bool:
    if text.casefold() in _NOT_STRINGS or _NUMBER.fullmatch(text) or not _PLAIN.fullmatch(text):
        return False
    return not _AMBIGUOUS.search(text) and not (flow and _IN_FLOW.search(text))
