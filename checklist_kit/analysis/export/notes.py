"""What a format could not take as it is. Nothing is changed without a note."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something that is otherwise in a file than in the tables. `variable` is empty where it is about a whole table."""

    file: str
    variable: str
    text: str


COLUMNS = ("file", "variable", "note")


def cut(text: str, size: int, encoding: str = "utf-8") -> str:
    """Return as much of a text as `size` bytes hold, ended by `…` where it is not all."""
    if len(text.encode(encoding)) <= size:
        return text
    room = size - len("…".encode(encoding))
    return text.encode(encoding)[:room].decode(encoding, "ignore").rstrip() + "…"
