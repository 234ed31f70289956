"""Where the records of delimited text end, found without reading them one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from checklist_kit.readers.workbook.delimited import LONGEST

Ends = NDArray[np.intp]

_QUOTE, _LINE_FEED, _RETURN = ord('"'), ord("\n"), ord("\r")


def ends_of(block: bytes, delimiter: str) -> Ends | None:
    """Return the position behind each record of a block, which begins where a record does.

    None where quotes do not stand around whole cells, or lines end in other ways than in a line feed: then only reading
    tells. None as well where the block is no UTF-8, or a record so long that a reader might refuse it. The last record
    need not have an end.
    """
    if not _is_utf8(block):
        return None
    letters = np.frombuffer(block, np.uint8)
    feeds = np.flatnonzero(letters == _LINE_FEED)
    returns = np.flatnonzero(letters == _RETURN)
    if len(returns) and (returns[-1] == len(block) - 1 or (letters[returns + 1] != _LINE_FEED).any()):
        return None
    quotes = np.flatnonzero(letters == _QUOTE)
    if len(quotes):
        if not _are_around_cells(letters, quotes, ord(delimiter)):
            return None
        feeds = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
    ends = feeds + 1
    if not len(ends) or ends[-1] != len(block):
        ends = np.append(ends, len(block))
    return ends if np.diff(ends, prepend=0).max() < LONGEST else None


def _are_around_cells(letters: NDArray[np.uint8], quotes: Ends, delimiter: int) -> bool:
    """Whether quotes open and close in turn, at the beginning and the end of cells; a quote inside is written twice."""
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = letters[np.maximum(opening - 1, 0)]
    after = letters[np.minimum(closing + 1, len(letters) - 1)]
    twice = opening[1:] == closing[:-1] + 1
    begins = (opening == 0) | (before == delimiter) | (before == _LINE_FEED)
    ends = (closing == len(letters) - 1) | (after == delimiter) | (after == _LINE_FEED) | (after == _RETURN)
    return bool((begins | np.append(False, twice)).all() and (ends | np.append(twice, False)).all())


def _is_utf8(block: bytes) -> bool:
    """Whether a block is UTF-8, its ends included."""
    try:
        return block.isascii() or bool(block.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def cut_of(block: bytes) -> int:
    """Return the position behind the last whole record of a block, if quotes stand around whole cells; 0 for none."""
    letters = np.frombuffer(block, np.uint8)
    feeds = np.flatnonzero(letters == _LINE_FEED)
    quotes = np.flatnonzero(letters == _QUOTE)
    whole = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
    return int(whole[-1]) + 1 if len(whole) else 0
