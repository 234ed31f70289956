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


def texts(values: Sequence[str], index: Index) -> pd.api.extensions.ExtensionArray:
    """Return `values[index]` as nullable text; a negative index and an empty text are blank."""
    table = pa.array(values, pa.large_string())
    filled = np.fromiter(map(bool, values), np.bool_, len(values))
    positions = pa.array(index, mask=(index < 0) | ~filled[index])
    return pd.arrays.ArrowStringArray(table.take(positions))


def category(values: Sequence[str], index: Index) -> pd.Categorical:
    """Return `values[index]` as a categorical; a negative index and an empty text are blank."""
    unique = dict.fromkeys(value for value in values if value)
    positions = {value: position for position, value in enumerate(unique)}
    codes = np.array([positions.get(value, -1) for value in values] or [-1], np.int32)
    categories = pd.Index(list(unique), dtype="str")
    chosen = np.where(index < 0, -1, codes[index])
    return pd.Categorical.from_codes(chosen, categories=categories)


def floats(values: NDArray[np.float64]) -> pd.api.extensions.ExtensionArray:
    """Return numbers as Float64; NaN is blank."""
    blank = np.isnan(values)
    return pd.arrays.FloatingArray(np.where(blank, 0.0, values), blank)


def integers(values: NDArray[np.signedinteger[Any]], blank: NDArray[np.bool_]) -> pd.api.extensions.ExtensionArray:
    """Return whole numbers as an integer array that may have blanks."""
    return pd.arrays.IntegerArray(np.where(blank, 0, values).astype(values.dtype), blank)


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
