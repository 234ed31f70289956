"""Parquet files that grow: row groups of finished files are put one after the other, without being read.

A Parquet file is its row groups and then a footer, in Thrift's compact protocol, that says where each column of them
begins. Appending a file to another one is therefore: copy its bytes, and add where they went to the places in its
footer. (https://parquet.apache.org/docs/file-format/, https://github.com/apache/thrift/blob/master/doc/specs/
thrift-compact-protocol.md)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

MAGIC = b"PAR1"

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

# The numbers of fields, from parquet.thrift.
_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSETS, _CHUNK_META = (2, 4, 6), 3
_META_OFFSETS = (9, 10, 11, 14)

Struct = dict[int, tuple[int, Any]]
"""Fields by their numbers, in their order: each with its type and its value."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished Parquet file, taken apart: the bytes of its row groups, and its footer."""

    body: memoryview
    footer: Struct

    @classmethod
    def of(cls, data: bytes) -> Finished:
        """Take the bytes of a file apart."""
        start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        return cls(memoryview(data)[len(MAGIC) : start], _Decoder(data, start).struct())

    def groups(self, place: int) -> list[Any]:
        """Return what a footer says of the row groups where `body` is put at a place in another file."""
        groups = self.footer[_ROW_GROUPS][1][1]
        for group in groups:
            _move(group, (_GROUP_OFFSET,), place - len(MAGIC))
            group.pop(_ORDINAL, None)
            for chunk in group[_COLUMNS][1][1]:
                _move(chunk, _CHUNK_OFFSETS, place - len(MAGIC))
                _move(chunk[_CHUNK_META][1], _META_OFFSETS, place - len(MAGIC))
        return list(groups)


def _move(struct: Struct, fields: Iterable[int], by: int) -> None:
    for number in fields:
        kind, offset = struct.get(number, (_I64, 0))
        if offset > 0:
            struct[number] = kind, offset + by


def footer(first: Struct, groups: list[Any], rows: int) -> bytes:
    """Return the end of a file with these row groups; all else is as in the footer of `first`."""
    whole = {**first, _ROWS: (_I64, rows), _ROW_GROUPS: (_LIST, (_STRUCT, groups))}
    encoder = _Encoder()
    encoder.struct(dict(sorted(whole.items())))
    return bytes(encoder.out) + len(encoder.out).to_bytes(4, "little") + MAGIC


def footer_of(end: bytes) -> Struct:
    """Return the footer of the end of a file, which `footer` makes."""
    return _Decoder(end, 0).struct()


def rows_of(struct: Struct) -> int:
    """Return the number of rows that a footer tells."""
    return int(struct[_ROWS][1])


class _Decoder:
    """Reads the compact protocol."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def struct(self) -> Struct:
        fields: Struct = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            fields[number] = head & 15, self._value(head & 15)
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (_I32, _I64, _I16):
            return self._zigzag()
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self._list()
        if kind in (_TRUE, _FALSE):
            return None
        if kind in (_BYTE, _DOUBLE):
            return self._bytes(1 if kind == _BYTE else 8)
        raise ValueError(f"a footer with a field of type {kind}")

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        size, kind = head >> 4, head & 15
        if size == 15:
            size = self._varint()
        if kind in (_TRUE, _FALSE):
            return kind, [self._byte() for _ in range(size)]
        return kind, [self._value(kind) for _ in range(size)]

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _bytes(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def _varint(self) -> int:
        data, at = self.data, self.at
        value = shift = 0
        while (part := data[at]) & 128:
            value |= (part & 127) << shift
            shift += 7
            at += 1
        self.at = at + 1
        return value | part << shift

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)


class _Encoder:
    """Writes the compact protocol."""

    def __init__(self) -> None:
        self.out = bytearray()

    def struct(self, fields: Struct) -> None:
        before = 0
        for number, (kind, value) in fields.items():
            if 0 < number - before < 16:
                self.out.append((number - before) << 4 | kind)
            else:
                self.out.append(kind)
                self._zigzag(number)
            before = number
            self._value(kind, value)
        self.out.append(0)

    def _value(self, kind: int, value: Any) -> None:
        if kind in (_I32, _I64, _I16):
            self._zigzag(value)
        elif kind == _BINARY:
            self._varint(len(value))
            self.out += value
        elif kind == _STRUCT:
            self.struct(value)
        elif kind in (_LIST, _SET):
            self._list(*value)
        elif kind in (_BYTE, _DOUBLE):
            self.out += value

    def _list(self, kind: int, values: list[Any]) -> None:
        if len(values) < 15:
            self.out.append(len(values) << 4 | kind)
        else:
            self.out.append(15 << 4 | kind)
            self._varint(len(values))
        if kind in (_TRUE, _FALSE):
            self.out += bytes(values)
            return
        for value in values:
            self._value(kind, value)

    def _varint(self, value: int) -> None:
        while value > 127:
            self.out.append(value & 127 | 128)
            value >>= 7
        self.out.append(value)

    def _zigzag(self, value: int) -> None:
        self._varint((value << 1) ^ (value >> 63))


def groups_of(struct: Struct) -> list[Any]:
    """Return what a footer says of the row groups."""
    return list(struct[_ROW_GROUPS][1][1])


def encoded(groups: list[Any]) -> bytes:
    """Return what a footer says of some row groups, to be kept in a file."""
    encoder = _Encoder()
    encoder.struct({_ROW_GROUPS: (_LIST, (_STRUCT, groups))})
    return bytes(encoder.out)


def decoded(data: bytes) -> Iterator[Any]:
    """Yield the row groups of what `encoded` returned, of one or of several calls put together."""
    decoder = _Decoder(data, 0)
    while decoder.at < len(data):
        yield from decoder.struct()[_ROW_GROUPS][1][1]
