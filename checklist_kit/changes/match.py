"""Which item of the newer version an answer of the older one goes to: the same name, else a name in `was`.

It is decided as reading decides it: a name that an item bears now wins over one that another bore before, and answers
do not leave the repeat that they stand in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checklist_kit.model import Calculate, Checklist, ChoiceList, Entry, Item, Question, Repeat, Section

Answered = Question | Calculate


@dataclass(slots=True)
class Matching:
    """`pairs` leads from names of the older version to entries of the newer one, `frames` from repeats to repeats.

    `resized` are the repeats, by their newer names, that may have another number of rows now.
    """

    old: Checklist
    new: Checklist
    pairs: dict[str, Entry] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=lambda: {"": ""})
    resized: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, old: Checklist, new: Checklist) -> Matching:
        """Match two versions."""
        found = cls(old, new)
        for entry in old.entries:
            frame = found.frames.get(frame_of(entry))
            if frame is None and not isinstance(entry.item, Section):
                continue
            partner = found._partner(entry, frame or "")
            if partner is None:
                continue
            found.pairs[entry.item.name] = partner
            if isinstance(entry.item, Repeat):
                assert isinstance(partner.item, Repeat)
                found.frames[entry.item.name] = partner.item.name
                if found._is_resized(entry, partner):
                    found.resized.add(partner.item.name)
        return found

    def _partner(self, entry: Entry, frame: str) -> Entry | None:
        same = self.new.by_name.get(entry.item.name)
        if same is not None and self._fits(entry, same, frame):
            return same
        former = (other for other in self.new.entries if entry.item.name in other.item.was)
        return next((other for other in former if self._fits(entry, other, frame)), None)

    def _is_resized(self, entry: Entry, partner: Entry) -> bool:
        if any(repeat.name in self.resized for repeat in partner.repeats):
            return True
        asked = (entry.relevance is None) == (partner.relevance is None)
        return not asked or _rows_of(entry.item) != _rows_of(partner.item)

    @staticmethod
    def _fits(entry: Entry, other: Entry, frame: str) -> bool:
        if isinstance(entry.item, Answered):
            return isinstance(other.item, Answered) and frame_of(other) == frame
        if isinstance(entry.item, Repeat):
            return isinstance(other.item, Repeat) and frame_of(other) == frame
        return type(other.item) is type(entry.item)

    def name(self, old: str) -> str | None:
        """The newer name of an item."""
        return self.pairs[old].item.name if old in self.pairs else None

    def code(self, old_item: str, code: str) -> str | None:
        """The newer code of a choice of a select question or of the list of a repeat."""
        partner = self.pairs.get(old_item)
        choices = list_of(partner.item) if partner else None
        return new_code(choices, code) if choices is not None else code


def frame_of(entry: Entry) -> str:
    """The name of the innermost repeat around an item, empty at the top level."""
    return entry.repeats[-1].name if entry.repeats else ""


def list_of(item: Item) -> ChoiceList | None:
    """The choices of a select question, or those that a repeat is over."""
    found = getattr(item, "over" if isinstance(item, Repeat) else "choices", None)
    return found if isinstance(found, ChoiceList) else None


def _rows_of(item: Item) -> object:
    """What decides how many rows a repeat has at least."""
    assert isinstance(item, Repeat)
    return len(item.over.choices) if item.over else item.repeat_count


def new_code(choices: ChoiceList, code: str) -> str | None:
    """The code under which a list reads an older code."""
    if code in choices.codes:
        return code
    return next((choice.code for choice in reversed(choices.choices) if code in choice.was), None)
