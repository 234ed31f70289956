"""The typed tree: what an expression means once every name is a question and every part has a kind.

A `Condition` has one of Kleene's three values (true, false, unknown), a `Term` is a value or unknown.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args


class Kind(StrEnum):
    """The kinds of values that expressions tell apart."""

    BOOLEAN = "condition"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    OPAQUE = "opaque"  # answers that can only be blank or answered: an image, a point, an acknowledgement
    REPEAT = "repeat"
    NOTHING = "nothing"  # a section or a note, which has no answer
    BROKEN = "broken"  # a question whose own definition is faulty; nothing more is said about its uses


@dataclass(frozen=True, slots=True)
class Symbol:
    """A question, calculation or repeat as expressions see it.

    `exact` says that its numbers are whole. `codes` are the choices it can have. `sentinels` are numbers that stand
    for a missing answer. `repeats` names the repeats that it stands in, outermost first. `order` is its position in
    the form. Hashed by name alone, but compared as a whole: derived trees are cached, and another checklist may use
    the same name.
    """

    name: str
    kind: Kind = field(hash=False)
    exact: bool = field(default=True, hash=False)
    codes: tuple[str, ...] = field(default=(), hash=False)
    sentinels: tuple[float, ...] = field(default=(), hash=False)
    repeats: tuple[str, ...] = field(default=(), hash=False)
    order: int = field(default=0, hash=False)


# Terms


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Text:
    """A literal choice code or text."""

    value: str


@dataclass(frozen=True, slots=True)
class Date:
    """A literal date, written `'YYYY-MM-DD'`."""

    value: datetime.date


@dataclass(frozen=True, slots=True)
class Time:
    """A literal time of day, written `'HH:MM'`."""

    value: datetime.time


@dataclass(frozen=True, slots=True)
class Ref:
    """The answer to a question."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus a number."""

    operand: Term


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /` of two numbers; a division by zero is unknown."""

    op: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class CountChoices:
    """How many choices of a select_multiple are ticked; unknown when it is blank."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class CountRows:
    """How many instances a repeat has; 0 when none."""

    repeat: Symbol


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a number over the instances of a repeat; blanks and sentinels count as nothing."""

    repeat: Symbol
    field: Symbol


@dataclass(frozen=True, slots=True)
class Today:
    """The date on which the form is filled in."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first date to the second; negative if the second is earlier."""

    start: Term
    end: Term


@dataclass(frozen=True, slots=True)
class If:
    """One of two terms, by a condition; unknown when the condition is."""

    condition: Condition
    then: Term
    otherwise: Term


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first term, or the second where the first is unknown."""

    first: Term
    second: Term


Term = (
    Number
    | Text
    | Date
    | Time
    | Ref
    | Negative
    | Arithmetic
    | CountChoices
    | CountRows
    | Sum
    | Today
    | Days
    | If
    | Coalesce
)

# Conditions


@dataclass(frozen=True, slots=True)
class And:
    """True when all parts are, false when one is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when one part is, false when all are."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class Compare:
    """`= != < <= > >=` of two terms of one kind; unknown when one of them is."""

    op: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class In:
    """Whether a choice or a whole number is one of some literals."""

    operand: Term
    options: tuple[Text | Number, ...]


@dataclass(frozen=True, slots=True)
class HasChoice:
    """Whether a select_multiple has a choice ticked; unknown when it is blank."""

    symbol: Symbol
    code: str


@dataclass(frozen=True, slots=True)
class IsAnswered:
    """Whether a question has any answer, a sentinel included. Never unknown."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Truth:
    """The value of a calculation that is itself a condition."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Choice:
    """`if(c, a, b)` of conditions; unknown when the first is."""

    condition: Condition
    then: Condition
    otherwise: Condition


Condition = And | Or | Not | Compare | In | HasChoice | IsAnswered | Truth | Choice
Tree = Condition | Term
CONDITIONS = (And, Or, Not, Compare, In, HasChoice, IsAnswered, Truth, Choice)


def kind_of(tree: Tree) -> Kind:
    """Return the kind of value that a tree has."""
    match tree:
        case Ref(symbol):
            return symbol.kind
        case Text():
            return Kind.TEXT
        case Date() | Today():
            return Kind.DATE
        case Time():
            return Kind.TIME
        case If(_, then, _):
            return kind_of(then)
        case Coalesce(first, _):
            return kind_of(first)
        case _ if isinstance(tree, CONDITIONS):
            return Kind.BOOLEAN
        case _:
            return Kind.NUMBER


def is_exact(term: Term) -> bool:
    """Whether a number is certainly whole, so that `=` means the same in every engine."""
    match term:
        case Number(value):
            return isinstance(value, int)
        case Ref(symbol) | Sum(_, symbol):
            return symbol.exact
        case Negative(operand):
            return is_exact(operand)
        case Arithmetic(op, left, right):
            return op != "/" and is_exact(left) and is_exact(right)
        case If(_, left, right) | Coalesce(left, right):
            return is_exact(left) and is_exact(right)
        case _:
            return True


def symbols_in(tree: Tree) -> tuple[Symbol, ...]:
    """Return the questions that a tree mentions, in order of first mention."""
    found: dict[str, Symbol] = {}  # a name is much cheaper to look up than all that a symbol holds
    for node in _walk(tree):
        if isinstance(node, Symbol):
            found.setdefault(node.name, node)
    return tuple(found.values())


def sums_in(tree: Tree) -> tuple[Symbol, ...]:
    """Return the questions of repeats that a tree sums up, in order of first mention."""
    return tuple(dict.fromkeys(node.field for node in _walk(tree) if isinstance(node, Sum)))


def outside_sums(tree: Tree) -> tuple[Symbol, ...]:
    """Return the questions that a tree mentions elsewhere than in a sum, in order of first mention."""
    return tuple(dict.fromkeys(node for node in _walk(tree, into_sums=False) if isinstance(node, Symbol)))


def _walk(tree: Tree, *, into_sums: bool = True) -> Iterator[object]:
    """The parts of a tree in the order in which they stand."""
    pending: list[object] = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, tuple):
            pending.extend(reversed(node))
        elif into_sums or not isinstance(node, Sum):
            pending.extend([getattr(node, name) for name in _PARTS.get(type(node), ())])


# The fields of each kind of node, last first.
_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(reversed(kind.__slots__)) for kind in get_args(Term) + get_args(Condition)
}
