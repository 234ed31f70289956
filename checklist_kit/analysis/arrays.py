"""Between numpy, Arrow, and the nullable and categorical arrays of pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

Index = NDArray[np.signedinteger[Any]]

_LARGEST = 2**63


# Columns of tables, as Arrow holds them: a text is a large string, or a dictionary of them where rows share it; a
# category is a dictionary of strings, whose positions have 32 bits.

TEXT, WORD = pa.large_string(), pa.string()


def texts(values: Sequence[str]) -> pa.LargeStringArray:
    """Return texts; an empty one is blank."""
    return pa.array([value or None for value in values], TEXT)


def shared(table: pa.LargeStringArray, index: NDArray[np.int32]) -> pa.DictionaryArray:
    """Return `table[index]` as texts of which each is held once, in the order in which they come.

    A position of -1 is blank.
    """
    rows = len(index)
    first = np.full(len(table) + 1, rows, np.int32)
    # Of equal positions the last that is written counts: that of the first row.
    first[index[::-1]] = np.arange(rows - 1, -1, -1, dtype=np.int32)
    first[-1] = rows
    used = np.flatnonzero(first < rows)
    used = used[np.argsort(first[used])]
    found = table.take(pa.array(used)).dictionary_encode()  # texts of several questions may be equal
    positions = np.full(len(table) + 1, -1, np.int32)
    positions[used] = found.indices.fill_null(-1).to_numpy()
    return _dictionary(positions[index], found.dictionary)


def _dictionary(positions: NDArray[np.int32], words: pa.Array) -> pa.DictionaryArray:
    blank = positions < 0
    return pa.DictionaryArray.from_arrays(pa.array(positions, mask=blank if blank.any() else None), words)


def category(words: Sequence[str], index: Index) -> pa.DictionaryArray:
    """Return `words[index]` as a category; a negative index is blank. No word is empty or comes twice."""
    return _dictionary(index.astype(np.int32, copy=False), pa.array(words, WORD))


def distinct(values: Sequence[str], index: Index) -> pa.DictionaryArray:
    """Return `values[index]` as a category; an empty value is blank."""
    found = pa.array([value or None for value in values], WORD).dictionary_encode()
    return pa.DictionaryArray.from_arrays(found.indices.take(pa.array(index)), found.dictionary)


def numbers(values: NDArray[Any], blank: NDArray[np.bool_]) -> pa.Array:
    """Return numbers, some of which are blank."""
    return pa.array(values, mask=blank)


def declared(kind: pa.DataType) -> pa.DataType:
    """Return the type of a column as its readers see it, whatever rows share."""
    return TEXT if pa.types.is_dictionary(kind) and kind.value_type == TEXT else kind


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return a table with the types of pandas that may have blanks: categories, strings, Float64, Int64, datetime64."""
    return pd.DataFrame({name: _series(table[name].combine_chunks()) for name in table.column_names}, copy=False)


def _series(array: pa.Array | pa.ChunkedArray) -> Any:
    if isinstance(array, pa.ChunkedArray):  # without a chunk
        array = pa.array([], array.type)
    kind = array.type
    if declared(kind) == TEXT:
        return pd.arrays.ArrowStringArray(array.cast(TEXT))
    if pa.types.is_dictionary(kind):
        codes = array.indices.fill_null(-1).to_numpy()
        return pd.Categorical.from_codes(codes, categories=pd.Index(array.dictionary.to_pylist(), dtype="str"))
    if pa.types.is_temporal(kind):
        return pd.array(array.cast(pa.timestamp("s")).to_numpy(zero_copy_only=False))
    blank = array.is_null().to_numpy(zero_copy_only=False)
    filled = array.fill_null(0).to_numpy()
    return (pd.arrays.FloatingArray if pa.types.is_floating(kind) else pd.arrays.IntegerArray)(filled.copy(), blank)


# What is raw


def hashed(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return a number for each text, the same in every run: SipHash of its UTF-8."""
    return pd.util.hash_array(np.array(texts, object), categorize=False)


def distinct_raws(array: pa.Array) -> tuple[list[Any], NDArray[np.intp]]:
    """Return the distinct values of an Arrow array, and the position of each value among them; -1 where it is null."""
    if pa.types.is_list(array.type):
        return _distinct_lists(array)
    encoded = array.dictionary_encode()
    index = encoded.indices.fill_null(-1) if encoded.indices.null_count else encoded.indices
    return encoded.dictionary.to_pylist(), index.to_numpy().astype(np.intp)


def _distinct_lists(array: pa.Array) -> tuple[list[Any], NDArray[np.intp]]:
    """Each list of texts becomes a number whose digits, in a base large enough, are its words."""
    words = array.flatten().dictionary_encode()
    codes, base = words.indices.to_numpy() + 1, len(words.dictionary) + 1
    lengths = array.value_lengths().fill_null(0).to_numpy()
    longest = int(lengths.max(initial=0))
    if base**longest >= _LARGEST:
        return array.to_pylist(), np.arange(len(array))
    starts = np.cumsum(lengths) - lengths
    numbers = np.zeros(len(array), np.int64)
    for place in range(longest):
        there = lengths > place
        numbers[there] = numbers[there] * base + codes[starts[there] + place]
    numbers[array.is_null().to_numpy(zero_copy_only=False)] = -1
    _, first, index = np.unique(numbers, return_index=True, return_inverse=True)
    return array.take(pa.array(first)).to_pylist(), index
