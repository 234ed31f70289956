"""The items of a checklist: one dataclass an item type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from checklist_kit.diagnostics import Span
from checklist_kit.logic import Condition, Kind, Symbol, Tree, symbols_in
from checklist_kit.model.choices import ChoiceList, Sentinel, Words
from checklist_kit.model.rules import Resolve

TEXT_KEYS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
"""The keys of items whose values are texts for people, by language."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as the author wrote it, and what it means."""

    source: str
    tree: Tree
    span: Span
    symbols: tuple[Symbol, ...] = field(init=False, compare=False)
    """The questions that it mentions, in order of first mention."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbols", symbols_in(self.tree))

    @property
    def condition(self) -> Condition:
        """The tree of an expression that is known to be true or false, such as a relevance."""
        return self.tree  # type: ignore[return-value]  # build only makes these from analyse(condition=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """What all items have.

    `spans` holds the place of each key's value; `extra` is kept for others and never read. `xpath` holds the
    expressions that were given as XPath, by key, for engines of XPath. One that our language covers also stands under
    its key as what it means there; one that it does not cover stands nowhere else.

    `roles` are those of the observers who are asked, which is a part of `relevant`; empty for everybody. `applies` are
    the values of attributes of the units that it applies to; what is not known of a unit keeps nothing from applying.
    """

    type: ClassVar[str]
    name: str
    span: Span
    spans: Mapping[str, Span] = field(default_factory=dict)
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    guidance_hint: Words = field(default_factory=dict)
    relevant: Expression | None = None
    roles: tuple[str, ...] = ()
    applies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    appearance: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    was: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    xpath: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section(Item):
    """A group of items under a heading. Its relevance belongs to each question in it."""

    type: ClassVar[str] = "section"
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeat(Item):
    """Items answered several times.

    Once per choice of `over`, or as often as needed (`repeat_count` fixes how often).
    """

    type: ClassVar[str] = "repeat"
    items: tuple[Item, ...]
    over: ChoiceList | None = None
    repeat_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Note(Item):
    """A text without an answer."""

    type: ClassVar[str] = "note"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calculate(Item):
    """A value computed from earlier answers."""

    type: ClassVar[str] = "calculate"
    calculation: Expression
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded(Item):
    """What an app puts into a response by itself, where the checklist asks for it: nobody answers it, no table has it.

    `what` is the type in the form: `start` or `deviceid`, or `calculate` where only the app can compute the value.
    """

    type: ClassVar[str] = "recorded"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question(Item):
    """What all items with an answer have.

    `kind` is how expressions see the answer. `resolve` is the question's own rule for several reports of a unit.
    """

    kind: ClassVar[Kind]
    code: str = ""
    required: bool = False
    required_message: Words = field(default_factory=dict)
    constraint: Expression | None = None
    constraint_message: Words = field(default_factory=dict)
    default: str | None = None
    read_only: bool = False
    sensitive: bool = False
    resolve: Resolve | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SelectOne(Question):
    """One choice of a list.

    `choice_filter` is written over the columns of the list, `filters` is what it means for each choice: the condition
    under which it is offered.
    """

    type: ClassVar[str] = "select_one"
    kind: ClassVar[Kind] = Kind.CHOICE
    choices: ChoiceList
    choice_filter: Expression | None = None
    filters: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SelectMultiple(Question):
    """Any number of choices of a list."""

    type: ClassVar[str] = "select_multiple"
    kind: ClassVar[Kind] = Kind.CHOICES
    choices: ChoiceList
    choice_filter: Expression | None = None
    filters: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Integer(Question):
    """A whole number."""

    type: ClassVar[str] = "integer"
    kind: ClassVar[Kind] = Kind.NUMBER
    missing: tuple[Sentinel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decimal(Question):
    """A number with a fraction."""

    type: ClassVar[str] = "decimal"
    kind: ClassVar[Kind] = Kind.NUMBER
    missing: tuple[Sentinel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Text(Question):
    """Free text. `matches` is a regular expression that the whole answer must match."""

    type: ClassVar[str] = "text"
    kind: ClassVar[Kind] = Kind.TEXT
    matches: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Date(Question):
    """A calendar day."""

    type: ClassVar[str] = "date"
    kind: ClassVar[Kind] = Kind.DATE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Time(Question):
    """A time of day."""

    type: ClassVar[str] = "time"
    kind: ClassVar[Kind] = Kind.TIME


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Datetime(Question):
    """A day with a time of day."""

    type: ClassVar[str] = "datetime"
    kind: ClassVar[Kind] = Kind.OPAQUE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Image(Question):
    """A photograph; the answer is the name of its file."""

    type: ClassVar[str] = "image"
    kind: ClassVar[Kind] = Kind.OPAQUE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Geopoint(Question):
    """A place on Earth: latitude and longitude in degrees, then perhaps altitude and accuracy in metres."""

    type: ClassVar[str] = "geopoint"
    kind: ClassVar[Kind] = Kind.OPAQUE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Acknowledge(Question):
    """A box to tick."""

    type: ClassVar[str] = "acknowledge"
    kind: ClassVar[Kind] = Kind.OPAQUE


RECORDED = (
    *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit"),
    *("start-geopoint", "background-geopoint", "background-audio", "hidden"),
)
"""What an app can record by itself: times, what it knows of the device and its user, the way through the form."""

Select = SelectOne | SelectMultiple
Numeric = Integer | Decimal
