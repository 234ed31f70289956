"""Syntax tree -> text: the one way to write an expression, with no brackets but those that it needs."""

from __future__ import annotations

from checklist_kit.logic.syntax import (
    Answeredness,
    Binary,
    Call,
    Has,
    Membership,
    Name,
    NumberLiteral,
    Path,
    StringLiteral,
    Syntax,
    Unary,
    chain,
)

# How tightly a part binds, as the parser reads it; a part that binds less than its place needs is bracketed.
_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _SIGN, _ATOM = range(8)
_BINDS = {"or": _OR, "and": _AND, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY}


def to_text(tree: Syntax) -> str:
    """Return the text that `parse` reads as this tree, places apart.

    Raises ValueError for a text with both kinds of quotes, which the language cannot write.
    """
    return _print(tree)[0]


def _print(node: Syntax) -> tuple[str, int]:
    """The text of a part, and how tightly it binds."""
    match node:
        case Unary("not", operand):
            return f"not {_at(_NOT, operand)}", _NOT
        case Unary(sign, operand):
            return f"{sign}{_at(_SIGN, operand)}", _SIGN
        case Binary("and" | "or" as op):
            binds = _BINDS[op]
            first, *others = chain(node)
            return f" {op} ".join([_at(binds, first), *(_at(binds + 1, other) for other in others)]), binds
        case Binary(op, left, right) if op in _BINDS:
            binds = _BINDS[op]
            return f"{_at(binds, left)} {op} {_at(binds + 1, right)}", binds
        case Binary(op, left, right):
            return f"{_at(_ADD, left)} {op} {_at(_ADD, right)}", _COMPARE
        case Membership() | Has() | Answeredness():
            return _question(node), _COMPARE
        case _:
            return _atom(node), _ATOM


def _at(place: int, node: Syntax) -> str:
    text, binds = _print(node)
    return text if binds >= place else f"({text})"


def _question(node: Membership | Has | Answeredness) -> str:
    operand = _at(_ADD, node.operand)
    match node:
        case Membership(_, options, negated):
            return f"{operand} {'not ' if negated else ''}in ({', '.join(_at(_ADD, option) for option in options)})"
        case Has(_, option):
            return f"{operand} has {_at(_ATOM, option)}"
        case Answeredness(_, answered):
            return f"{operand} is {'answered' if answered else 'blank'}"


def _atom(node: NumberLiteral | StringLiteral | Name | Path | Call) -> str:
    match node:
        case NumberLiteral(text):
            return text
        case StringLiteral(text):
            return _quoted(text)
        case Name(name, _, pasted):
            return f"${{{name}}}" if pasted else name
        case Path(repeat, field):
            return f"{repeat}.{field}"
        case Call(function, arguments):
            return f"{function}({', '.join(_at(_OR, argument) for argument in arguments)})"


def _quoted(text: str) -> str:
    for quote in ("'", '"'):
        if quote not in text:
            return f"{quote}{text}{quote}"
    raise ValueError(f"a text with both kinds of quotes cannot be written: {text}")
