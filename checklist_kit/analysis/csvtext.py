"""Tables as CSV: RFC 4180 with line feeds, UTF-8, quotes only where they are needed, blanks empty, text verbatim."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_ROWS = 65_536  # written at a time
_TEXT = pa.large_string()
_COMMA, _END, _NOTHING, _QUOTE = (pa.scalar(mark, _TEXT) for mark in (",", "\n", "", '"'))
_NEEDS_QUOTES = r'[",\r\n]'


def csv_parts(frame: pd.DataFrame, types: dict[str, str]) -> Iterator[bytes]:
    """Yield the bytes of a table part by part. `types` says which columns are dates and datetimes."""
    yield (",".join(_quoted_name(name) for name in frame.columns) + "\n").encode()
    for start in range(0, len(frame), _ROWS):
        part = frame.iloc[start : start + _ROWS]
        cells = [_cells(part[name], types.get(name, "string")) for name in frame.columns]
        lines = pc.binary_join_element_wise(*cells, _COMMA, null_handling="replace", null_replacement="")
        ended = pc.binary_join_element_wise(lines, _END, _NOTHING)
        yield bytes(ended.buffers()[2])


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if set(name) & set('",\r\n') else name


def _cells(column: pd.Series, kind: str) -> pa.Array:
    """A column as text, quoted where needed; nulls stay nulls."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        words = _quoted(pa.array(column.cat.categories.astype("object"), _TEXT))
        codes = column.cat.codes.to_numpy()
        return words.take(pa.array(codes, mask=codes < 0))
    if kind in ("date", "datetime"):
        form = "%Y-%m-%d" if kind == "date" else "%Y-%m-%dT%H:%M:%S"
        return pc.strftime(pa.array(column), form).cast(_TEXT)
    array = pa.array(column)
    return _quoted(array.cast(_TEXT))


def _quoted(array: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(array, _NEEDS_QUOTES)
    if not pc.any(special).as_py():
        return array
    doubled = pc.replace_substring(array, '"', '""')
    wrapped = pc.binary_join_element_wise(_QUOTE, doubled, _QUOTE, _NOTHING)
    return pc.if_else(special, wrapped, array)
