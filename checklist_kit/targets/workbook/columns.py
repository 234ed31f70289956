"""What stands where: the sheets of a workbook that are filled in, and their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from checklist_kit.model import Calculate, Checklist, Choice, Entry, Question, SelectMultiple

FIRST_ROW = 5
"""The first row of answers, counted from 1: above it stand id, number, label and hint."""
ROWS = 5_000
"""How many rows are made ready to be filled in."""
LAST_ROW = FIRST_ROW + ROWS - 1
MAX_COLUMNS = 16_384

MAIN = "Responses"
CODEBOOK = "Codebook"
INSTRUCTIONS = "Instructions"
LISTS = "_lists"
META = "_meta"
_TAKEN = {name.casefold() for name in (MAIN, CODEBOOK, INSTRUCTIONS, LISTS, META, "History")}  # Excel's own: History
_MAX_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Column:
    """A column of answers. `id` stands in row 1; a select_multiple has one a `choice`, and `first` marks the first."""

    id: str
    entry: Entry
    choice: Choice | None = None
    first: bool = True

    @property
    def question(self) -> Question:
        """The question that is answered here."""
        assert isinstance(self.entry.item, Question)
        return self.entry.item


@dataclass(frozen=True)
class Table:
    """A sheet that is filled in: the submissions themselves, or the instances of a repeat.

    `keys` are the ids of the leading columns that say which submission and instance a row is; `columns` follow them.
    """

    sheet: str
    repeat: Entry | None
    keys: tuple[str, ...]
    columns: tuple[Column, ...]

    def span(self, name: str) -> tuple[int, int]:
        """The first and last column of a question, counted from 0."""
        return self._spans[name]

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        spans: dict[str, tuple[int, int]] = {}
        for number, column in enumerate(self.columns, len(self.keys)):
            first, _ = spans.get(column.question.name, (number, number))
            spans[column.question.name] = first, number
        return spans

    def cells(self, name: str) -> str:
        """The cells of a question in the first row of answers: one, or a select_multiple's."""
        first, last = (f"${letters(column)}{FIRST_ROW}" for column in self.span(name))
        return first if first == last else f"{first}:{last}"


def tables(checklist: Checklist) -> dict[str, Table]:
    """The sheets of a checklist by repeat, in form order; the submissions' own comes first, under the empty name."""
    found = {"": Table(MAIN, None, ("submission_id",), tuple(_columns(checklist, ())))}
    names = dict(_sheet_names(checklist))
    for entry in checklist.repeats:
        around = (*(outer.name for outer in entry.repeats), entry.item.name)
        columns = tuple(_columns(checklist, around))
        found[entry.item.name] = Table(names[entry.item.name], entry, ("submission_id", "instance"), columns)
    return found


def _columns(checklist: Checklist, around: tuple[str, ...]) -> Iterator[Column]:
    for entry in checklist.questions:
        if isinstance(entry.item, Calculate) or tuple(repeat.name for repeat in entry.repeats) != around:
            continue
        if isinstance(entry.item, SelectMultiple):
            for position, choice in enumerate(entry.item.choices.choices):
                yield Column(f"{entry.item.name}.{choice.code}", entry, choice, first=position == 0)
        else:
            yield Column(entry.item.name, entry)


def _sheet_names(checklist: Checklist) -> Iterator[tuple[str, str]]:
    """Repeat names as sheet names: at most 31 characters, and different from all others whatever their case."""
    taken = set(_TAKEN)
    for entry in checklist.repeats:
        name, number = entry.item.name[:_MAX_SHEET_NAME], 1
        while name.casefold() in taken:
            number += 1
            suffix = f"_{number}"
            name = entry.item.name[: _MAX_SHEET_NAME - len(suffix)] + suffix
        taken.add(name.casefold())
        yield entry.item.name, name


def letters(column: int) -> str:
    """The letters of a column counted from 0.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
