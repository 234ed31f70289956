"""What may stand over a column: ids, labels in any language, numbers and hints, by frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from checklist_kit.model import Calculate, Checklist, Choice, Entry, Question, SelectMultiple

MAIN = ""
"""The frame of the submissions; that of a repeat is its name."""
SUBMISSION, INSTANCE = "submission_id", "instance"
NUMBER_MARK = "#"
"""What stands over the leading columns in the row of numbers."""

_PLACEHOLDER = re.compile(r"\$\{\s*\w+\s*\}|\[\w+\]")
_KEY = re.compile(rf"\(({SUBMISSION}|{INSTANCE})\)\s*$")


@dataclass(slots=True)
class Names:
    """The columns that a frame may have: keys of answers by id in small letters and by folded label.

    Former names stay what they are, because the analysis brings them up to date; `present` tells the present ones.
    `numbers` are by key, `hints` those of all questions.
    """

    ids: dict[str, str] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    hints: set[str] = field(default_factory=set)

    def add(self, key: str, entry: Entry, labels: Iterator[str]) -> None:
        """Add a column under its present name."""
        self.ids[key.casefold()] = key
        self.numbers[key] = str(entry.number)
        for label in dict.fromkeys(map(folded, labels)):
            self.labels.setdefault(label, []).append(key)

    def disagree(self, key: str, meant: list[str]) -> bool:
        """Whether none of the columns that a label means is the one of a key, or the choices that it holds together."""
        present = self.present.get(key, key)
        return bool(meant) and not any(other == present or other.startswith(f"{present}.") for other in meant)

    def by_label(self, label: str, number: str) -> list[str]:
        """The columns that a label may mean; the number of the question decides between equal labels."""
        keys = self.labels.get(folded(label), [])
        if not keys and (found := _KEY.search(label)):
            return [found[1]]
        return keys if len(keys) < 2 else [key for key in keys if self.numbers[key] == number] or keys


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A heading as it is compared: without case, marks of required questions, outer and repeated white space.

    >>> folded(" How many  voted? *"), folded("Votes of ${name}") == folded("Votes of [12]")
    ('how many voted?', True)
    """
    words = _PLACEHOLDER.sub("…", text).casefold().split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] == "*" else words)


def names_of(checklist: Checklist) -> dict[str, Names]:
    """Return the names of every frame."""
    frames = {MAIN: Names()} | {entry.item.name: Names() for entry in checklist.repeats}
    for frame in frames.values():
        frame.ids |= {SUBMISSION: SUBMISSION}
    for entry in checklist.repeats:
        frames[entry.item.name].ids |= {INSTANCE: INSTANCE}
    for entry in checklist.questions:
        _add(checklist, entry, frames[entry.repeats[-1].name if entry.repeats else MAIN])
    for entry in checklist.questions:
        names = frames[entry.repeats[-1].name if entry.repeats else MAIN]
        for former, present in _former(entry.item):
            names.ids.setdefault(former.casefold(), former)
            names.present.setdefault(former, present)
    return frames


def _add(checklist: Checklist, entry: Entry, names: Names) -> None:
    item = entry.item
    languages = checklist.languages
    names.hints |= {folded(hint) for hint in item.hint.values()}
    names.add(item.name, entry, (checklist.text(item.label, language) for language in languages if item.label))
    if isinstance(item, SelectMultiple):
        for choice in item.choices.choices:
            labels = (_choice_label(checklist, item, choice, language) for language in languages)
            names.add(f"{item.name}.{choice.code}", entry, labels)


def _choice_label(checklist: Checklist, item: SelectMultiple, choice: Choice, language: str) -> str:
    question = checklist.text(item.label, language) or item.name
    return f"{question} – {checklist.text(choice.label, language) or choice.code}"


def _former(item: object) -> Iterator[tuple[str, str]]:
    """The former names of a question's columns, each with the present one."""
    if not isinstance(item, Question | Calculate):
        return
    yield from ((name, item.name) for name in item.was)
    if isinstance(item, SelectMultiple):
        for choice in item.choices.choices:
            for name, code in product((item.name, *item.was), (choice.code, *choice.was)):
                yield f"{name}.{code}", f"{item.name}.{choice.code}"
