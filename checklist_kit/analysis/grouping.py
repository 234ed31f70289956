"""Parts of the records: regions of the frame, or the answers to a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.frame import Frame, FrameError
from checklist_kit.analysis.placing import Placed
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.status import ANSWERED
from checklist_kit.analysis.vector import Data
from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.model import Checklist, SelectOne, Words


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the records: those with a `value` in the column or question `by`.

    `title` and `label` say the same to readers, by language; they are empty for a column of a frame.
    """

    by: str
    value: str
    title: Words
    label: Words

    @property
    def name(self) -> str:
        """What stands in the column `group` of the findings."""
        return f"{self.by}: {self.value}"


@dataclass(frozen=True, eq=False)
class Parts:
    """The groups of one column or question.

    `of` (intp, one a record) is the position of each record's group, or -1; `planned` (intp) that of each unit which
    was to be observed, as `Placed.planned` has them. It is None for a question, which nobody answered elsewhere.
    """

    by: str
    groups: tuple[Group, ...]
    of: NDArray[np.intp]
    planned: NDArray[np.intp] | None

    def masks(self) -> Iterator[tuple[Group, Mask, Mask | None]]:
        """Each group with the records that belong to it, and the units to be observed that do."""
        for position, group in enumerate(self.groups):
            yield group, self.of == position, None if self.planned is None else self.planned == position

    @property
    def notes(self) -> Iterator[Diagnostic]:
        """What there is to say about records in no group."""
        none = int((self.of < 0).sum())
        if none:
            yield Diagnostic.of(
                "frame-group-none",
                f"`{self.by}` says nothing of {none:,} of {len(self.of):,} units, so they are in no group of it",
                help="they are counted in the figures of all units",
            )


def questions_among(checklist: Checklist, names: Sequence[str], frame: Frame | None) -> list[str]:
    """Return those of the names that are questions; the others are columns of the frame, which goes first.

    Raises FrameError for a name that is neither, and for a question that makes no groups: one that is no select_one,
    stands in a repeat, or is sensitive.
    """
    found = []
    columns = frame.columns if frame is not None else ()
    for name in names:
        entry = checklist.by_name.get(name)
        if name in columns:
            continue
        if entry is None:
            known = [*columns, *(one.item.name for one in checklist.questions if isinstance(one.item, SelectOne))]
            message = f"there is no column and no question `{name}` to make groups of"
            raise _refusal(message, did_you_mean(name, known) or "name a column of the frame or a select_one")
        if is_sensitive(entry.item):
            raise _refusal(f"`{name}` is sensitive, so its answers make no groups", "choose another question")
        if not isinstance(entry.item, SelectOne) or entry.repeats:
            raise _refusal(
                f"the answers to `{name}` make no groups: it is no select_one of a whole unit",
                "name a column of the frame or a select_one outside of repeats",
            )
        found.append(name)
    return found


def _refusal(message: str, help_: str) -> FrameError:
    return FrameError([Diagnostic.of("frame-group", message, help=help_)])


def parts_of_frame(frame: Frame, name: str, placed: Placed) -> Parts:
    """Return the groups of a column, in the order of its values, for records that have places in the frame."""
    cells = frame.column(name)
    values = sorted({cell for cell in cells if cell})
    position = {value: at for at, value in enumerate(values)}
    planned = np.array([position.get(cells[row], -1) for row in (*placed.rows, *placed.silent)], np.intp)
    groups = tuple(Group(name, value, {}, {}) for value in values)
    return Parts(name, groups, planned[: len(placed.rows)], planned)


def parts_of_question(checklist: Checklist, name: str, data: Data, chosen: NDArray[np.intp]) -> Parts:
    """Return the groups of a question, in the order of its choices, for records which some reports stand for."""
    item = checklist.by_name[name].item
    assert isinstance(item, SelectOne)
    choices = [choice for choice in item.choices.choices if choice.missing is None]
    _, column = data.columns[name]
    position = {choice.code: at for at, choice in enumerate(choices)}
    at = np.array([position.get(value, -1) for value in column.store.values], np.intp)
    of = np.where(column.status == ANSWERED, at[column.index], -1)[chosen]
    return Parts(name, tuple(Group(name, one.code, item.label, one.label) for one in choices), of, None)
