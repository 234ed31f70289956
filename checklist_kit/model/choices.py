"""Choices, choice lists, and the kinds of missing answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checklist_kit.diagnostics import Span
from checklist_kit.logic import Kind, Symbol

Words = Mapping[str, str]
"""A text by language code."""


class Translated(dict[str, str]):
    """A text of which some languages stand in other files than the text itself: `places` says where."""

    def __init__(self, words: Words, places: Mapping[str, Span]) -> None:
        super().__init__(words)
        self.places = places


class Missing(StrEnum):
    """Why there is no substantive answer. Never 0, and never one thing."""

    NOT_ASKED = "not_asked"
    NOT_ANSWERED = "not_answered"
    NOT_OBSERVED = "not_observed"
    NOT_PERMITTED = "not_permitted"
    NOT_APPLICABLE = "not_applicable"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer of a list.

    `missing` is set where choosing it is no substantive answer; `exclusive` where no other choice may stand beside it.
    `attributes` are further columns of a choice file, which a `choice_filter` compares.
    """

    code: str
    label: Words
    span: Span
    missing: Missing | None = None
    exclusive: bool = False
    was: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoiceFile:
    """The file that a list was read from: its name, without folders, and what it holds.

    `value` and `label` are its columns of codes and of labels in the default language.
    """

    name: str
    text: str
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceList:
    """A named list of choices, in the order in which they are shown; `file` is where they stand, if in one."""

    name: str
    choices: tuple[Choice, ...]
    span: Span
    file: ChoiceFile | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(choice.code for choice in self.choices)

    @property
    def columns(self) -> dict[str, Symbol]:
        """The columns that a filter can compare, as an expression sees them: each has its values for codes."""
        values: dict[str, dict[str, None]] = {}
        for choice in self.choices:
            for column, value in choice.attributes.items():
                values.setdefault(column, {})[value] = None
        return {column: Symbol(column, Kind.CHOICE, codes=tuple(found)) for column, found in values.items()}

    def __getitem__(self, code: str) -> Choice:
        return next(choice for choice in self.choices if choice.code == code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """What the frame tells of each unit: a column, its label, and the values that stand there."""

    name: str
    label: Words
    choices: ChoiceList
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """A number that stands for a missing answer, such as 9999 for `not_permitted`."""

    value: int | float
    text: str
    missing: Missing
    label: Words
    span: Span
