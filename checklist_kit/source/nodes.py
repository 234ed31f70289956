"""Plain data that remembers where it was written.

A composed document is made of dicts, lists and scalars, so that a JSON schema can be applied to it as it is; `Map`
and `Seq` also hold the place and the original text of each of their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from checklist_kit.diagnostics import Span


class Mark(NamedTuple):
    """A stretch of a file; lines and columns from 0, the end exclusive, as the YAML parser counts."""

    line: int
    column: int
    end_line: int
    end_column: int

    def after(self) -> Mark:
        """The empty place right behind."""
        return Mark(self.end_line, self.end_column, self.end_line, self.end_column)


class Slot(NamedTuple):
    """Where a value stands, in which file, and for a scalar how it was written.

    `style` is None for plain text, else a quote, `|` or `>`.
    """

    file: str
    key: Mark
    value: Mark
    text: str | None
    style: str | None


class Map(dict[str, object]):
    """A mapping, with a Slot for each key."""

    __slots__ = ("file", "mark", "slots")

    def __init__(self, file: str, mark: Mark) -> None:
        super().__init__()
        self.file = file
        self.mark = mark
        self.slots: dict[str, Slot] = {}

    def put(self, key: str, value: object, slot: Slot) -> None:
        """Set a key together with its place."""
        self[key] = value
        self.slots[key] = slot

    @property
    def span(self) -> Span:
        """The place of the whole mapping."""
        return span_of(self.file, self.mark)

    def key_span(self, key: str) -> Span:
        """The place of a key."""
        slot = self.slots[key]
        return span_of(slot.file, slot.key)

    def value_span(self, key: str) -> Span:
        """The place of a key's value, in the file that the value comes from."""
        return _value_span(self[key], self.slots[key])

    def text(self, key: str) -> str | None:
        """Return a scalar as it was typed: `1.10` stays `1.10`. None where the key is missing, null, or no scalar."""
        return self.slots[key].text if self.get(key) is not None else None


class Seq(list[object]):
    """A sequence, with a Slot for each value."""

    __slots__ = ("file", "mark", "slots")

    def __init__(self, file: str, mark: Mark) -> None:
        super().__init__()
        self.file = file
        self.mark = mark
        self.slots: list[Slot] = []

    def put(self, value: object, slot: Slot) -> None:
        """Append a value together with its place."""
        self.append(value)
        self.slots.append(slot)

    @property
    def span(self) -> Span:
        """The place of the whole sequence."""
        return span_of(self.file, self.mark)

    def value_span(self, index: int) -> Span:
        """The place of a value, in the file that it comes from."""
        return _value_span(self[index], self.slots[index])

    def texts(self) -> list[str]:
        """Return the scalars as they were typed, leaving out nulls and what is no scalar."""
        return [
            slot.text
            for slot, value in zip(self.slots, self, strict=True)
            if slot.text is not None and value is not None
        ]


class Spans(Mapping[str, Span]):
    """The places of a mapping's values by key, worked out when they are asked for: most never are."""

    __slots__ = ("_node",)

    def __init__(self, node: Map) -> None:
        self._node = node

    def __getitem__(self, key: str) -> Span:
        return self._node.value_span(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._node)

    def __len__(self) -> int:
        return len(self._node)


def _value_span(value: object, slot: Slot) -> Span:
    return value.span if isinstance(value, Map | Seq) else span_of(slot.file, slot.value)


def span_of(file: str, mark: Mark) -> Span:
    """Turn a parser's mark into a span that counts from 1."""
    return Span(file, mark.line + 1, mark.column + 1, mark.end_line + 1, mark.end_column + 1)
