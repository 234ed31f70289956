"""Blocks of JSON lines -> an Arrow table, and which of the lines do not fit its schema."""

from __future__ import annotations

import re
from typing import TypeAlias

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.json as pj
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
Ends: TypeAlias = NDArray[np.intp]

_FEW = 8  # of so many lines at most one may be odd
_ROW = re.compile(r" in row (\d+)$")


def ends_of(block: bytes) -> Ends:
    """Return where the lines of a block end, if each of them begins and ends as an object does; else nothing."""
    letters = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    whole = len(ends) > 0 and ends[-1] == len(block) - 1 and block.startswith(b"{")
    if not whole or (letters[ends[:-1] + 1] != ord("{")).any():
        return ends[:0]
    last = letters[ends - 1]
    closed = np.where(last == ord("\r"), letters[ends - 2], last) == ord("}")
    return ends if closed.all() else ends[:0]


def is_utf8(block: bytes) -> bool:
    """Whether all of a block is UTF-8."""
    try:
        return block.isascii() or bool(block.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def is_enveloped(block: bytes) -> bool:
    """Whether the response of the first line is in an envelope."""
    try:
        first = orjson.loads(block[: block.index(b"\n")])
    except orjson.JSONDecodeError:
        return False
    return isinstance(first, dict) and isinstance(first.get("data"), dict)


def is_rare(odd: Mask) -> bool:
    """Whether so few lines are odd that it pays to read the others together."""
    return bool(odd.sum() * _FEW <= len(odd))


def read_around(block: bytes, ends: Ends, schema: pa.Schema) -> tuple[pa.Table, Mask] | None:
    """Return the lines as a table, and which of them are odd: they have another type somewhere, or a key twice.

    Odd lines are blank in the table, which has columns beside those of the schema where a line has keys beside its own.
    None where Arrow does not tell which line is odd, and where many are.
    """
    starts = np.append(0, ends[:-1] + 1)
    odd = np.zeros(len(ends), np.bool_)
    first = 0
    while first < len(ends):
        try:
            table = _read(block[starts[first] :] if first else block, schema)
        except pa.ArrowInvalid as error:
            told = _ROW.search(str(error))
            if told is None:
                return None
            odd[first + int(told[1])] = True
            if not is_rare(odd):
                return None
            first += int(told[1]) + 1
        else:
            if not first:
                return table, odd
            break
    try:
        return _read(_without(block, starts, ends, odd), schema), odd
    except pa.ArrowInvalid:
        return None


def _read(block: bytes, schema: pa.Schema) -> pa.Table:
    read = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    return pj.read_json(pa.BufferReader(block), read, pj.ParseOptions(explicit_schema=schema))


def _without(block: bytes, starts: Ends, ends: Ends, odd: Mask) -> bytes:
    """A block with empty objects in place of odd lines."""
    parts, at = [], 0
    for row in np.flatnonzero(odd).tolist():
        parts += [block[at : starts[row]], b"{}"]
        at = ends[row]
    return b"".join([*parts, block[at:]])
