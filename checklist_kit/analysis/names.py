"""The names under which answers may come: those of this version, and those of former ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from checklist_kit.analysis.frames import frame_of
from checklist_kit.model import Calculate, Checklist, Question, Repeat, SelectMultiple


@dataclass(frozen=True, slots=True)
class Names:
    """The names in one frame: `known` are keys of answers, `repeats` those of repeats; former names lead to both."""

    known: set[str] = field(default_factory=set)
    former: dict[str, str] = field(default_factory=dict)
    repeats: set[str] = field(default_factory=set)
    former_repeats: dict[str, str] = field(default_factory=dict)

    def add(self, item: Question | Calculate | Repeat) -> None:
        """Add an item of this frame."""
        if isinstance(item, Repeat):
            self.repeats.add(item.name)
            self.former_repeats.update(dict.fromkeys(item.was, item.name))
            return
        self.known.add(item.name)
        self.former.update(dict.fromkeys(item.was, item.name))
        if isinstance(item, SelectMultiple):
            columns = dict(_ticks(item))
            self.known.update(columns.values())
            self.former.update((old, current) for old, current in columns.items() if old != current)


def names_by_frame(checklist: Checklist) -> dict[str, Names]:
    """Return the names of each frame: those of submissions under the empty name, and those of each repeat."""
    frames = {"": Names()} | {entry.item.name: Names() for entry in checklist.repeats}
    for entry in checklist.entries:
        if isinstance(entry.item, Question | Calculate | Repeat):
            frames[frame_of(entry)].add(entry.item)
    return frames


def _ticks(item: SelectMultiple) -> Iterator[tuple[str, str]]:
    """Every name that the column of a choice had, with the one it has."""
    for choice in item.choices.choices:
        for name, code in product((item.name, *item.was), (choice.code, *choice.was)):
            yield f"{name}.{code}", f"{item.name}.{choice.code}"
