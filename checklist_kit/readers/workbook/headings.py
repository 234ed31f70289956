"""Which rows of a sheet are headings, and which column each of them names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from checklist_kit.protocols import Raw
from checklist_kit.readers.workbook.names import INSTANCE, NUMBER_MARK, SUBMISSION, Names, folded
from checklist_kit.readers.workbook.sheets import Sheet, letters

_SEARCHED = 60  # rows from the top
_NEAR = 4  # headings stand together


@dataclass(frozen=True, slots=True)
class Conflict:
    """A column whose id says one question and whose label says another; the id counts."""

    column: int
    key: str
    label: str


@dataclass(slots=True)
class Layout:
    """Where things stand on a sheet.

    `columns` are the columns of each key, several where it is there twice; `unknown` have a heading that means nothing,
    or none. `data` is the first row of data; `stray` are the rows above it that are no headings.
    """

    frame: str
    data: int = 0
    stray: list[int] = field(default_factory=list)
    columns: dict[str, list[int]] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def find_layout(sheet: Sheet, frames: Mapping[str, Names], expected: str | None) -> Layout | None:
    """Return the layout for the frame that a sheet's headings fit best, or None where they fit none.

    `expected` is the frame that the sheet's name speaks for; it wins where others fit as well.
    """
    best: tuple[tuple[int, bool], Layout] | None = None
    for frame, names in frames.items():
        layout = _Finder(sheet.rows, names).layout(frame)
        known = len(layout.columns.keys() - {SUBMISSION, INSTANCE})
        rank = (known, frame == expected)
        if layout.columns and (known or frame == expected) and (best is None or rank > best[0]):
            best = (rank, layout)
    return best[1] if best else None


class _Finder:
    """Finds the headings of one frame on one sheet."""

    def __init__(self, rows: Sequence[list[Raw]], names: Names) -> None:
        self._rows = rows
        self._names = names
        self._ids = self._best(range(_SEARCHED), lambda text: text.casefold() in names.ids)
        near = range(_SEARCHED) if self._ids is None else range(self._ids - _NEAR, self._ids + _NEAR + 1)
        self._labels = self._best(
            (row for row in near if row != self._ids), lambda text: bool(names.by_label(text, ""))
        )
        self._numbers = self._number_row()

    def _best(self, candidates: Iterable[int], fits: Callable[[str], bool]) -> int | None:
        """The row with the most cells that fit, where these are at least half of its cells."""
        best, most = None, 0
        for row in candidates:
            if not 0 <= row < len(self._rows) or len(self._rows[row]) - self._rows[row].count("") <= most:
                continue  # its cells are too few to fit better
            texts = [text for text in map(as_text, self._rows[row]) if text]
            hits = sum(map(fits, texts))
            if hits > most and (2 * hits >= len(texts) or SUBMISSION in texts):
                best, most = row, hits
        return best

    def _number_row(self) -> int | None:
        """The row of question numbers: marked, or numbers alone above the labels."""
        headings = [row for row in (self._ids, self._labels) if row is not None]
        for row in (row + step for row in headings for step in (1, -1, 2, -2)):
            if 0 <= row < len(self._rows) and NUMBER_MARK in self._rows[row]:
                return row
        above = None if self._labels is None else self._labels - 1
        if above is None or above < 0 or above == self._ids:
            return None
        texts = [text for text in map(as_text, self._rows[above]) if text]
        return above if texts and all(text.isdecimal() for text in texts) else None

    def layout(self, frame: str) -> Layout:
        """Return where things stand."""
        layout = Layout(frame)
        headings = [row for row in (self._ids, self._labels, self._numbers) if row is not None]
        for column in range(len(self._rows[0]) if headings else 0):
            self._assign(layout, column)
        last = max(headings, default=-1)
        layout.stray = [row for row in range(last) if row not in headings and any(map(as_text, self._rows[row]))]
        hints = [row for row in (*layout.stray, last + 1) if self._is_hint_row(row, layout)]
        layout.stray = [row for row in layout.stray if row not in hints]
        layout.data = max([last, *hints]) + 1
        return layout

    def _assign(self, layout: Layout, column: int) -> None:
        ids, label, number = (self._text(row, column) for row in (self._ids, self._labels, self._numbers))
        meant = self._names.by_label(label, number) if label else []
        key = self._names.ids.get(ids.casefold()) if ids else meant[0] if len(meant) == 1 else None
        if key is None:
            layout.unknown[column] = ids or label or f"column {letters(column)}"
            return
        if key in (SUBMISSION, INSTANCE) and key in layout.columns:
            layout.unknown[column] = f"{key} (again)"
            return
        layout.columns.setdefault(key, []).append(column)
        if self._names.disagree(key, meant):
            layout.conflicts.append(Conflict(column, key, label))

    def _is_hint_row(self, row: int, layout: Layout) -> bool:
        """Whether at least half of a row's cells are hints, and none is an id."""
        if not 0 <= row < len(self._rows):
            return False
        texts = {column: text for column, text in enumerate(map(as_text, self._rows[row])) if text}
        if any(column in texts for key in (SUBMISSION, INSTANCE) for column in layout.columns.get(key, ())):
            return False
        hits = sum(folded(text) in self._names.hints for text in texts.values())
        return hits > 0 and 2 * hits >= len(texts)

    def _text(self, row: int | None, column: int) -> str:
        return "" if row is None else as_text(self._rows[row][column])


def as_text(value: Raw) -> str:
    """A cell as a text: an id or a heading; whole numbers without a fraction.

    >>> as_text(12.0), as_text(" a "), as_text(None)
    ('12', 'a', '')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
