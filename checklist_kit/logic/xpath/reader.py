"""XPath text -> syntax tree, for the part of XPath that has a counterpart in our language.

The tree is made of the nodes of our own syntax, with the names that XPath has for operators and functions.
"""

from __future__ import annotations

import re

from checklist_kit.logic.syntax import Binary, Call, Name, NumberLiteral, Place, StringLiteral, Syntax, Unary

NOWHERE = Place(0, 0)
"""The place of a part that stands in no text of ours."""

_TOKEN = re.compile(
    r"""\s+
      | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<string>'[^']*'|"[^"]*")
      | (?P<reference>\$\{\s*[^{}\s]+\s*\})
      | (?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)
      | (?P<op>\.\.|::|//|!=|<=|>=|[][()@,./|*+=<>-])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_MAX_LENGTH, _MAX_BRACKETS = 4000, 40

Token = tuple[str, str]
"""Kind and text."""


class NotCovered(Exception):
    """An XPath that has no counterpart in our language, or is none."""


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of an XPath, without white space: two texts with the same words are the same to an engine."""
    return tuple(word for _, word in _tokens(text))


def _tokens(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text.translate(_STRAIGHT)):
        kind = match.lastgroup
        if kind == "reference":
            found.append((kind, "${" + match.group()[2:-1].strip() + "}"))
        elif kind is not None:
            found.append((kind, match.group()))
    return found


def read(text: str) -> Syntax:
    """Return the tree of an XPath. Raises NotCovered."""
    if len(text) > _MAX_LENGTH:
        raise NotCovered("too long")
    return _Reader(_tokens(text)).whole()


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = [*found, ("end", "")]
        self._next = 0
        self._depth = 0

    def whole(self) -> Syntax:
        tree = self._or()
        if self._kind != "end":
            raise NotCovered(f"`{self._text}` is no part of our language")
        return tree

    @property
    def _kind(self) -> str:
        return self._tokens[self._next][0]

    @property
    def _text(self) -> str:
        return self._tokens[self._next][1]

    def _take(self) -> str:
        text = self._text
        self._next += 1
        return text

    def _accept(self, kind: str, *texts: str) -> str | None:
        return self._take() if self._kind == kind and self._text in texts else None

    def _or(self) -> Syntax:
        self._depth += 1
        if self._depth > _MAX_BRACKETS:
            raise NotCovered("nested too deeply")
        left = self._and()
        while self._accept("name", "or"):
            left = Binary("or", left, self._and(), NOWHERE)
        self._depth -= 1
        return left

    def _and(self) -> Syntax:
        left = self._comparison()
        while self._accept("name", "and"):
            left = Binary("and", left, self._comparison(), NOWHERE)
        return left

    def _comparison(self) -> Syntax:
        left = self._sum()
        op = self._accept("op", *_COMPARISONS)
        if op is None:
            return left
        tree = Binary(op, left, self._sum(), NOWHERE)
        if self._kind == "op" and self._text in _COMPARISONS:
            raise NotCovered("comparisons in a chain")
        return tree

    def _sum(self) -> Syntax:
        left = self._product()
        while op := self._accept("op", "+", "-"):
            left = Binary(op, left, self._product(), NOWHERE)
        return left

    def _product(self) -> Syntax:
        left = self._unary()
        while op := self._accept("op", "*") or self._accept("name", "div"):
            left = Binary("/" if op == "div" else op, left, self._unary(), NOWHERE)
        return left

    def _unary(self) -> Syntax:
        signs = 0
        while self._accept("op", "-"):
            signs += 1
        tree = self._primary()
        for _ in range(signs):
            tree = Unary("-", tree, NOWHERE)
        return tree

    def _primary(self) -> Syntax:
        if self._accept("op", "("):
            tree = self._or()
            self._close()
            return tree
        if self._accept("op", "."):
            return Name(".", NOWHERE)
        kind, text = self._kind, self._text
        if kind not in ("number", "string", "reference", "name"):
            raise NotCovered(f"`{text}` is no part of our language")
        self._take()
        if kind == "number":
            return NumberLiteral(text.removesuffix("."), NOWHERE)
        if kind == "string":
            return StringLiteral(text[1:-1], NOWHERE)
        if kind == "reference":
            return Name(text[2:-1], NOWHERE, pasted=True)
        return self._call(text) if self._accept("op", "(") else Name(text, NOWHERE)

    def _call(self, function: str) -> Syntax:
        arguments: list[Syntax] = []
        if self._accept("op", ")"):
            return Call(function, (), NOWHERE)
        arguments.append(self._or())
        while self._accept("op", ","):
            arguments.append(self._or())
        self._close()
        return Call(function, tuple(arguments), NOWHERE)

    def _close(self) -> None:
        if not self._accept("op", ")"):
            raise NotCovered(f"`{self._text}` is no part of our language")
