"""YAML 1.2 core: what a plain scalar is, and where a character of a scalar's text stands in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checklist_kit.diagnostics import Span
from checklist_kit.source.nodes import Slot, span_of

_CONSTANTS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
# Longer digits are an identifier rather than a number; they would also not survive a double.
_MAX_DIGITS = 15


def resolve(text: str) -> object:
    """Return what YAML 1.2's core schema makes of a plain scalar: None, a bool, a number or the text itself."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) > _MAX_DIGITS or not (text[0].isdigit() or text[0] in "+-."):
        return text
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def locate(lines: Sequence[str], slot: Slot, start: int, end: int) -> Span:
    """Return the place in the file of characters `start` to `end` (exclusive) of a scalar's text.

    `lines` are the file's lines without their ends. Where the text was folded or escaped, its characters are followed
    through the file one by one.
    """
    mark = slot.value
    if slot.text is None or mark.line >= len(lines):
        return span_of(slot.file, mark)
    places = _places(lines, slot)
    if not places:
        return span_of(slot.file, mark)
    first = places[min(start, len(places) - 1)]
    last = places[min(max(end - 1, start), len(places) - 1)]
    past = 1 if start >= len(places) else 0
    return Span(slot.file, first[0] + 1, first[1] + 1 + past, last[0] + 1, last[1] + 2 + past)


def _places(lines: Sequence[str], slot: Slot) -> list[tuple[int, int]]:
    """Return line and column of each character of a scalar's text: each is looked for at or after the one before it."""
    mark, text = slot.value, slot.text or ""
    line, column = mark.line, mark.column
    if slot.style in ("'", '"'):
        column += 1
    elif slot.style in ("|", ">"):
        line, column = line + 1, 0
    places: list[tuple[int, int]] = []
    for char in text:
        line, column = _find(lines, line, column, char, mark.end_line)
        places.append((line, column))
        if char not in " \n":
            column += 2 if slot.style == "'" and char == "'" else 1
        elif line < len(lines) and lines[line][column : column + 1] == " ":
            column += 1
    return places


def _find(lines: Sequence[str], line: int, column: int, char: str, last: int) -> tuple[int, int]:
    """Return the next place of a character; a folded line end stands for a space and takes no place of its own."""
    if char in " \n":
        return line, column
    at_line, at_column = line, column
    while at_line <= last and at_line < len(lines):
        found = lines[at_line].find(char, at_column)
        if found >= 0:
            return at_line, found
        at_line, at_column = at_line + 1, 0
    return line, column
