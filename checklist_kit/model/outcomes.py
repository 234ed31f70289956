"""What is made of the answers: indicators, checks, and reports that are due."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checklist_kit.diagnostics import Span
from checklist_kit.model.choices import Choice, Words
from checklist_kit.model.items import Expression
from checklist_kit.model.rules import Resolve


class Polarity(StrEnum):
    """What a yes, or a large number, says: bad news, good news, or neither."""

    ADVERSE = "adverse"
    FAVOURABLE = "favourable"
    NEUTRAL = "neutral"


class Measure(StrEnum):
    """What a numeric indicator is of its units: a mean, a median, or a total over another total."""

    MEAN = "mean"
    MEDIAN = "median"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(ABC):
    """A finding about units, those where `among` is true.

    `phrase` is a sentence that says it, by language, with the places `{share}`, `{count}` and so on for figures.
    `unit` names the question that identifies what is counted, where it is not the checklist's unit. `resolve` is the
    rule for several reports of a unit, where a question has one of its own.

    With `for_each`, the name of a repeat over a choice list, there is one finding for each choice: its expressions are
    about the answers of one instance. `choice` is that of one of these findings; see `analysis.each`.
    """

    name: str
    label: Words
    among: Expression | None
    span: Span
    phrase: Words = field(default_factory=dict)
    polarity: Polarity = Polarity.NEUTRAL
    unit: str | None = None
    resolve: Resolve | None = None
    for_each: str | None = None
    choice: Choice | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    @abstractmethod
    def parts(self) -> tuple[Expression, ...]:
        """The expressions of what is found, without `among`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Indicator):
    """The share of units where `when` is true."""

    when: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The expressions of what is found, without `among`."""
        return (self.when,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Indicator):
    """A number of the units, such as the mean of `of`; a ratio is the total of `of` over that of `per`.

    Where the number of a unit is larger than `beyond`, or smaller than minus `beyond`, the unit is listed.
    """

    measure: Measure
    of: Expression
    per: Expression | None = None
    beyond: float | None = None

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The expressions of what is found, without `among`."""
        return (self.of,) if self.per is None else (self.of, self.per)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What must be true of each report, across questions, forms and the frame. It fails where `that` is false.

    A `hard` one cannot be otherwise; where another one fails, somebody should look.
    """

    name: str
    label: Words
    that: Expression
    hard: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A bundle of questions that is sent by a set hour. `items` are the names of its questions, in form order."""

    name: str
    label: Words
    due: datetime.datetime
    items: tuple[str, ...]
    span: Span


PHRASE_PLACES = frozenset(
    {"share", "value", "low", "high", "interval", "count", "base", "reported", "beyond", "choice"}
)
"""The places for figures that a phrase may have."""
