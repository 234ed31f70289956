"""Tokens -> syntax tree, by recursive descent."""

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
    Place,
    StringLiteral,
    Syntax,
    Unary,
    chain,
)
from checklist_kit.logic.tokens import Fault, LogicError, Token, tokenize

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
# Deeper than anybody writes by hand, and far from Python's own recursion limit: brackets, and parts within parts. A sum
# of a hundred terms is as deep as it is long.
_MAX_BRACKETS = 60
_MAX_DEPTH = 100
# Each level of these doubles the conditions that engines are given.
_BRANCHING = ("if", "coalesce")
_MAX_BRANCHES = 8
_MAX_LENGTH = 4000


def parse(text: str) -> Syntax:
    """Return the syntax tree of an expression.

    Raises LogicError with the place of the first thing that cannot be read.
    """
    if len(text) > _MAX_LENGTH:
        raise LogicError(
            Fault(
                "logic-syntax",
                f"expression is longer than {_MAX_LENGTH} characters",
                0,
                len(text),
                "split it with calculate items",
            )
        )
    tokens = tokenize(text)
    tree = _Parser(tokens).whole()
    if len(tokens) > _MAX_DEPTH:
        _refuse_depth(tree)
    return tree


def _refuse_depth(tree: Syntax) -> None:
    """Raise LogicError where parts lie within parts too deeply; a chain of `and` or of `or` is flat, however long."""
    level = [tree]
    for _ in range(_MAX_DEPTH):
        level = [part for node in level for part in _parts(node)]
        if not level:
            return
    raise _too_deep(level[0].place.start, level[0].place.end)


def _parts(node: Syntax) -> tuple[Syntax, ...]:
    match node:
        case Binary("and" | "or"):
            return chain(node)
        case Binary(_, left, right):
            return left, right
        case Unary(_, operand) | Answeredness(operand):
            return (operand,)
        case Membership(operand, options):
            return operand, *options
        case Has(operand, option):
            return operand, option
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def _too_deep(start: int, end: int) -> LogicError:
    return LogicError(
        Fault("logic-syntax", "expression is nested too deeply", start, end, "split it with calculate items")
    )


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._branches = 0

    def whole(self) -> Syntax:
        if self._peek.kind == "end":
            raise self._unexpected("an expression")
        tree = self._or()
        if self._peek.kind != "end":
            raise self._unexpected("the end of the expression")
        return tree

    @property
    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._peek
        self._next += 1
        return token

    def _accept(self, *texts: str) -> Token | None:
        token = self._peek
        return self._take() if token.kind in ("op", "keyword") and token.text in texts else None

    def _expect(self, text: str) -> Token:
        token = self._accept(text)
        if token is None:
            raise self._unexpected(f"`{text}`")
        return token

    def _unexpected(self, wanted: str) -> LogicError:
        token = self._peek
        found = f"`{token.text}`" if token.kind != "end" else "the end"
        return LogicError(
            Fault("logic-syntax", f"expected {wanted}, found {found}", token.start, max(token.end, token.start + 1))
        )

    def _or(self) -> Syntax:
        self._depth += 1
        if self._depth > _MAX_BRACKETS:
            raise _too_deep(self._peek.start, self._peek.end + 1)
        left = self._and()
        while self._accept("or"):
            left = _binary("or", left, self._and())
        self._depth -= 1
        return left

    def _and(self) -> Syntax:
        left = self._not()
        while self._accept("and"):
            left = _binary("and", left, self._not())
        return left

    def _not(self) -> Syntax:
        nots: list[Token] = []
        while token := self._accept("not"):
            nots.append(token)
        tree = self._comparison()
        for token in reversed(nots):
            tree = Unary("not", tree, Place(token.start, tree.place.end))
        return tree

    def _comparison(self) -> Syntax:
        left = self._sum()
        token = self._peek
        if token.kind == "op" and token.text in _COMPARISONS:
            self._take()
            tree: Syntax = _binary(token.text, left, self._sum())
        elif self._accept("in"):
            tree = self._membership(left, negated=False)
        elif self._accept("not"):
            self._expect("in")
            tree = self._membership(left, negated=True)
        elif self._accept("has"):
            option = self._primary()
            tree = Has(left, option, Place(left.place.start, option.place.end))
        elif self._accept("is"):
            tree = self._answeredness(left)
        else:
            return left
        after = self._peek
        if after.kind == "op" and after.text in _COMPARISONS:
            raise LogicError(
                Fault(
                    "logic-syntax", "comparisons cannot be chained", after.start, after.end, "write `a < b and b < c`"
                )
            )
        return tree

    def _membership(self, left: Syntax, *, negated: bool) -> Syntax:
        self._expect("(")
        options = [self._sum()]
        while self._accept(","):
            options.append(self._sum())
        close = self._expect(")")
        return Membership(left, tuple(options), negated, Place(left.place.start, close.end))

    def _answeredness(self, left: Syntax) -> Syntax:
        negated = self._accept("not") is not None
        word = self._accept("blank", "answered")
        if word is None:
            raise self._unexpected("`blank` or `answered`")
        return Answeredness(left, (word.text == "answered") != negated, Place(left.place.start, word.end))

    def _sum(self) -> Syntax:
        left = self._product()
        while token := self._accept("+", "-"):
            left = _binary(token.text, left, self._product())
        return left

    def _product(self) -> Syntax:
        left = self._unary()
        while token := self._accept("*", "/"):
            left = _binary(token.text, left, self._unary())
        return left

    def _unary(self) -> Syntax:
        signs: list[Token] = []
        while token := self._accept("-"):
            signs.append(token)
        tree = self._primary()
        for token in reversed(signs):
            tree = Unary("-", tree, Place(token.start, tree.place.end))
        return tree

    def _primary(self) -> Syntax:
        token = self._peek
        place = Place(token.start, token.end)
        if token.kind == "number":
            self._take()
            return NumberLiteral(token.text, place)
        if token.kind == "string":
            self._take()
            return StringLiteral(token.text[1:-1], place)
        if token.kind == "path":
            self._take()
            repeat, _, field = token.text.partition(".")
            return Path(repeat, field, place)
        if token.kind == "name":
            self._take()
            return self._call(token) if self._accept("(") else Name(token.text, place)
        if token.kind == "pasted":
            self._take()
            return Name(token.text, place, pasted=True)
        if self._accept("."):
            return Name(".", place)
        if self._accept("("):
            tree = self._or()
            self._expect(")")
            return tree
        raise self._unexpected("a question's name, a number or a code in quotes")

    def _call(self, name: Token) -> Syntax:
        branching = name.text in _BRANCHING
        self._branches += branching
        if self._branches > _MAX_BRANCHES:
            message = f"`{name.text}` stands inside others more than {_MAX_BRANCHES} deep"
            raise LogicError(Fault("logic-syntax", message, name.start, name.end, "split it with calculate items"))
        call = self._arguments(name)
        self._branches -= branching
        return call

    def _arguments(self, name: Token) -> Call:
        arguments: list[Syntax] = []
        if close := self._accept(")"):
            return Call(name.text, (), Place(name.start, close.end))
        arguments.append(self._or())
        while self._accept(","):
            arguments.append(self._or())
        close = self._expect(")")
        return Call(name.text, tuple(arguments), Place(name.start, close.end))


def _binary(op: str, left: Syntax, right: Syntax) -> Binary:
    return Binary(op, left, right, Place(left.place.start, right.place.end))
