"""numpy arrays -> the nullable and categorical arrays of pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

Index = NDArray[np.signedinteger[Any]]


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
