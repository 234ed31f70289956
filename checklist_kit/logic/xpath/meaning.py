"""What an XPath means in our language.

An engine of XPath knows true and false, and has its own ideas about blanks: a comparison with a blank answer is false,
`!=` with one is true, and so is nothing that it computes from one. Ours is unknown in all these cases. So what an
XPath means has an `or a is blank` wherever a blank makes a part true, and an `and a is answered` wherever a blank that
makes it false must count as false, not as unknown: in a constraint, and in the test of an `if`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import reduce

from checklist_kit.logic.printer import to_text
from checklist_kit.logic.scope import Scope
from checklist_kit.logic.syntax import (
    Answeredness,
    Binary,
    Call,
    Has,
    Name,
    NumberLiteral,
    Path,
    StringLiteral,
    Syntax,
    Unary,
    chain,
)
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.logic.xpath.reader import NOWHERE, NotCovered, read

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Use(Enum):
    """What an expression is for, which decides where unknown must not be."""

    RELEVANT = "true or not"
    CONSTRAINT = "false or not"
    TEST = "true or false"
    VALUE = "a value"


def as_written(text: str, scope: Scope, names: Mapping[str, str]) -> str:
    """Return an XPath in the words of our language, part for part, whatever engines make of blanks.

    `names` gives the items of names in the form. Raises NotCovered.
    """
    return _print(_Reading(scope, names).plain(read(text)))


def meant(text: str, scope: Scope, names: Mapping[str, str], use: Use) -> str:
    """Return the expression of our language that comes out as an engine's XPath does. Raises NotCovered."""
    reading, tree = _Reading(scope, names), read(text)
    return _print(reading.value(tree) if use is Use.VALUE else reading.condition(tree, use))


def _print(tree: Syntax) -> str:
    try:
        return to_text(tree)
    except ValueError as error:
        raise NotCovered(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Reading:
    scope: Scope
    names: Mapping[str, str]

    # Part for part

    def plain(self, node: Syntax) -> Syntax:
        """Return a part as it stands, in our words."""
        match node:
            case Call("not", (operand,)):
                return Unary("not", self.plain(operand), NOWHERE)
            case Call("selected", (operand, StringLiteral() as code)):
                return Has(self.plain(operand), code, NOWHERE)
            case Binary("=" | "!=" as op, Name() as name, StringLiteral("")):
                return Answeredness(self.plain(name), op == "!=", NOWHERE)
            case Binary(op, left, right):
                return Binary(op, self.plain(left), self.plain(right), NOWHERE)
            case Unary(op, operand):
                return Unary(op, self.plain(operand), NOWHERE)
            case Name():
                return self._name(node)
            case Call():
                return self._call(node, self.plain)
            case _:
                return node

    def _name(self, node: Name) -> Name:
        if node.name == ".":
            return node
        if not node.pasted:
            if node.name in self.scope.columns:
                return node
            raise NotCovered(f"`{node.name}` is a path")
        name = self.names.get(node.name)
        if name is None:
            raise NotCovered(f"there is no question `{node.name}`")
        return Name(name, NOWHERE, pasted=name in self.scope.columns)

    def _call(self, node: Call, inner: Callable[[Syntax], Syntax]) -> Syntax:
        match node:
            case Call("date", (StringLiteral() as day,)):
                return day
            case Call("count-selected", (Name() as name,)):
                return Call("count", (self._name(name),), NOWHERE)
            case Call("count", (Name() as name,)):
                return Call("count", (self._name(name),), NOWHERE)
            case Call("sum", (Name() as name,)):
                return Call("sum", (self._rows(self._name(name)),), NOWHERE)
            case Call("today", ()):
                return node
            case Call("if" | "coalesce" as function, arguments):
                return Call(function, tuple(map(inner, arguments)), NOWHERE)
            case _:
                raise NotCovered(f"our language has no `{node.function}()` like that")

    def _rows(self, name: Name) -> Path:
        symbol = self.scope.symbols.get(name.name)
        if symbol is None or not symbol.repeats:
            raise NotCovered(f"`{name.name}` stands in no repeat")
        return Path(symbol.repeats[-1], name.name, NOWHERE)

    # With what blanks come to

    def condition(self, node: Syntax, use: Use, negated: bool = False) -> Syntax:
        """Return what is true where a part is (`negated`: where it is not)."""
        match node:
            case Call("not", (operand,)):
                return self.condition(operand, use, not negated)
            case Binary("and" | "or" as op):
                joint = op if not negated else "or" if op == "and" else "and"
                return _join(joint, [self.condition(part, use, negated) for part in chain(node)])
            case Call("selected", (Name() as name, StringLiteral() as code)):
                return self._selected(name, code, use, negated)
            case Binary("=" | "!=" as op, Name() as name, StringLiteral("")):
                return Answeredness(self._name(name), (op == "!=") != negated, NOWHERE)
            case Binary(op, left, right) if op in _OPPOSITE:
                return self._compared(_OPPOSITE[op] if negated else op, op, left, right, use, negated)
            case Call():
                raise NotCovered(f"our language has no `{node.function}()` like that")
            case _:
                raise NotCovered("this is neither true nor false to us")

    def _selected(self, name: Name, code: StringLiteral, use: Use, negated: bool) -> Syntax:
        symbol, item = self._symbol(name), self._name(name)
        if symbol is not None and symbol.kind is Kind.CHOICE:
            leaf: Syntax = Binary("!=" if negated else "=", item, code, NOWHERE)
        else:
            leaf = Has(item, code, NOWHERE)
            leaf = Unary("not", leaf, NOWHERE) if negated else leaf
        return self._with_blanks(leaf, [item], negated, use)

    def _compared(self, op: str, written: str, left: Syntax, right: Syntax, use: Use, negated: bool) -> Syntax:
        """A comparison `op`, which is the opposite of the `written` one where that is negated."""
        first, second = self._code(left, right), self._code(right, left)
        leaf = Binary(op, self.value(first), self.value(second), NOWHERE)
        blanks = list(self._blanks(left)) + list(self._blanks(right))
        counted = _count_of(left) or _count_of(right)
        if counted is not None:
            number, sign = (right, written) if _count_of(left) else (left, _MIRRORED.get(written, written))
            if not isinstance(number, NumberLiteral):
                raise NotCovered("a number of choices is compared with no number")
            holds = _OPERATORS[sign](0.0, float(number.text))
            return self._with_blanks(leaf, [self._name(counted)], holds != negated, use)
        if written == "!=" and len(blanks) > 1:
            raise NotCovered("engines differ in two blanks")
        return self._with_blanks(leaf, blanks, (written == "!=") != negated, use)

    def _with_blanks(self, leaf: Syntax, names: list[Name], holds: bool, use: Use) -> Syntax:
        """Return a leaf that is, where one of its questions is blank, what it comes to there (`holds`)."""
        others = [name for name in names if name.name != "." or use is not Use.CONSTRAINT]
        if holds and use is not Use.CONSTRAINT:
            return _join("or", [leaf, *(Answeredness(name, False, NOWHERE) for name in others)])
        if not holds and use is not Use.RELEVANT:
            return _join("and", [leaf, *(Answeredness(name, True, NOWHERE) for name in others)])
        return leaf

    def _blanks(self, node: Syntax) -> Iterable[Name]:
        """Yield the questions whose blank makes a term nothing."""
        match node:
            case Name():
                if node.pasted or node.name == ".":
                    yield self._name(node)
            case Binary(_, left, right):
                yield from self._blanks(left)
                yield from self._blanks(right)
            case Unary(_, operand):
                yield from self._blanks(operand)
            case Call("coalesce", (_, second)):
                yield from self._blanks(second)
            case Call("if", (_, then, otherwise)):
                if list(self._blanks(then)) + list(self._blanks(otherwise)):
                    raise NotCovered("answers inside an `if` that is compared")

    def _code(self, node: Syntax, other: Syntax) -> Syntax:
        """A number that is compared with a choice is its code."""
        symbol = self._symbol(other) if isinstance(other, Name) else None
        if isinstance(node, NumberLiteral) and symbol is not None and symbol.kind is Kind.CHOICE:
            return StringLiteral(node.text, NOWHERE)
        return node

    def _symbol(self, name: Name) -> Symbol | None:
        if name.name == ".":
            return self.scope.here
        if name.name in self.scope.columns and not name.pasted:
            return self.scope.columns[name.name]
        return self.scope.symbols.get(self.names.get(name.name, ""))

    def value(self, node: Syntax) -> Syntax:
        """Return a term."""
        match node:
            case Binary("/", left, NumberLiteral(text) as right) if float(text):
                return Binary("/", self.value(left), right, NOWHERE)
            case Binary("+" | "-" | "*" as op, left, right):
                return Binary(op, self.value(left), self.value(right), NOWHERE)
            case Unary("-", operand):
                return Unary("-", self.value(operand), NOWHERE)
            case Call("if", (test, then, otherwise)):
                return Call("if", (self.condition(test, Use.TEST), self.value(then), self.value(otherwise)), NOWHERE)
            case StringLiteral(""):
                raise NotCovered("our language has no empty text")
            case NumberLiteral() | StringLiteral():
                return node
            case Name():
                return self._name(node)
            case Call():
                return self._call(node, self.value)
            case _:
                raise NotCovered("this is no value to us")


def _count_of(node: Syntax) -> Name | None:
    match node:
        case Call("count-selected", (Name() as name,)):
            return name
        case _:
            return None


def _join(op: str, parts: list[Syntax]) -> Syntax:
    return reduce(lambda left, right: Binary(op, left, right, NOWHERE), parts)
