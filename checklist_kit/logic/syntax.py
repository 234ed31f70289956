"""The syntax tree: an expression as it was written, before names and types are known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` (exclusive) of the expression's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number, as typed."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A choice code, a date or a text, without its quotes."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Name:
    """A question's name, or `.` for the question that the expression belongs to.

    `pasted` says that it was written `${name}`.
    """

    name: str
    place: Place
    pasted: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """`repeat.question`, which only `sum()` takes."""

    repeat: str
    field: str
    place: Place


@dataclass(frozen=True, slots=True)
class Unary:
    """`not` or `-` before an operand."""

    op: str
    operand: Syntax
    place: Place


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands with `and or = != < <= > >= + - * /` between them."""

    op: str
    left: Syntax
    right: Syntax
    place: Place


@dataclass(frozen=True, slots=True)
class Membership:
    """`question in ('a', 'b')`."""

    operand: Syntax
    options: tuple[Syntax, ...]
    negated: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Has:
    """`question has 'a'`, for select_multiple."""

    operand: Syntax
    option: Syntax
    place: Place


@dataclass(frozen=True, slots=True)
class Answeredness:
    """`question is blank` or `question is answered`."""

    operand: Syntax
    answered: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Syntax, ...]
    place: Place


Syntax = NumberLiteral | StringLiteral | Name | Path | Unary | Binary | Membership | Has | Answeredness | Call


def chain(node: Binary) -> tuple[Syntax, ...]:
    """Return the operands of a chain of one operator, such as `a and b and c`, from left to right."""
    operands = [node.right]
    left = node.left
    while isinstance(left, Binary) and left.op == node.op:
        operands.append(left.right)
        left = left.left
    return (left, *reversed(operands))
