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
_MANY = 512  # openings of lists and objects in a line
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
    starts = np.append(0, ends + 1)
    odd = _may_be_deep(block, ends)
    text = memoryview(_without(block, starts, ends, odd))
    rest = text
    first, found = 0, None
    while rest:
        found = _read(rest, schema)
        if not isinstance(found, int):
            break
        odd[first + found] = True
        first += found + 1
        if not is_rare(odd):
            return None
        rest = text[starts[first] :]
    if first:
        found = _read(_without(block, starts, ends, odd), schema) if found is not None else None
    return (found, odd) if isinstance(found, pa.Table) else None


def _may_be_deep(block: bytes, ends: Ends) -> Mask:
    """Which lines open so many lists and objects that these may lie deep in each other, where Arrow crashes."""
    openings = np.flatnonzero((np.frombuffer(block, np.uint8) | 0x20) == ord("{"))  # of lists, too
    deep: Mask = np.diff(np.searchsorted(openings, ends), prepend=0) > _MANY
    return deep


def _read(block: bytes | memoryview, schema: pa.Schema) -> pa.Table | int | None:
    """Read lines; return the number of the first that is odd, counted from 0, and None for what Arrow cannot tell."""
    read = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    try:
        return pj.read_json(pa.BufferReader(pa.py_buffer(block)), read, pj.ParseOptions(explicit_schema=schema))
    except pa.ArrowInvalid as error:
        told = _ROW.search(str(error))
        return int(told[1]) if told else None


def _without(block: bytes, starts: Ends, ends: Ends, odd: Mask) -> bytes:
    """A block with an empty object in place of each odd line, and all lines where they were."""
    if not odd.any():
        return block
    text = bytearray(block)
    for row in np.flatnonzero(odd).tolist():
        text[starts[row] : ends[row]] = b"{}".ljust(ends[row] - starts[row])
    return bytes(text)
