"""Conditions and values as XPath of ODK: one text that JavaRosa (Collect, Validate) and Enketo's evaluator agree on.

Where the two differ, the common ground is written: `sum` over answered instances, a regular expression with anchors,
times as seconds of the day, days as a rounded difference, `-1 * x` for `-x`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from checklist_kit.logic import Backend, Condition, Kind, Symbol, Tree, certainly, certainly_not, exact, kind_of, known
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.targets.xlsform import guards as g
from checklist_kit.targets.xlsform.outcome import Column

STRAIGHT = str.maketrans("‘’“”", "''\"\"")
"""What a converter makes of quotes, in every cell but the headers."""

# How tightly a part binds; a part that binds less than its place needs is bracketed.
OR, AND, COMPARE, ADD, MULTIPLY, ATOM = range(6)


@dataclass(frozen=True, slots=True)
class XPath:
    """An expression, and how tightly its outermost operator binds."""

    text: str
    binds: int = ATOM

    def at(self, place: int) -> str:
        """The text, in brackets where its place needs them."""
        return self.text if self.binds >= place else f"({self.text})"

    def __str__(self) -> str:
        return self.text


TRUE, FALSE, _NOTHING = XPath("true()"), XPath("false()"), XPath("''")


@dataclass(frozen=True, slots=True)
class Expressions(Backend[XPath]):
    """Compiles for one row of the form.

    `named` gives the name of an item in the form. `computed` says of a question that it is a calculation, which the
    form holds as text. `asked` gives the relevance of a repeat. `own` is the question that a constraint belongs to.
    """

    named: Callable[[str], str]
    computed: Callable[[Symbol], bool]
    asked: Callable[[Symbol], Condition | None]
    own: Symbol | None = None

    # What the columns of the form hold

    def relevant(self, condition: Condition) -> XPath:
        """Return a relevance, or a choice filter: true only where the condition is certainly true."""
        return self._when(certainly(condition))

    def constraint(self, condition: Condition) -> XPath:
        """Return a constraint: false only where the condition is certainly false.

        No engine asks a constraint about a blank answer, and a sentinel is exempt.
        """
        allowed = g.opposite(g.guarded(certainly_not(condition)))
        if self.own is None:
            return self.compile(g.simplify(allowed))
        facts = g.facts(self.own)
        exempt = [g.guard(fact, equal=True) for fact in facts[1:]]
        return self.compile(g.simplify(c.any_of([g.without(allowed, facts), *exempt])))

    def value(self, tree: Tree) -> XPath:
        """Return a calculation: the empty text where it is unknown, 1 or 0 for a condition, the text of a date.

        Without a guard Enketo would store the text NaN, and without a format JavaRosa a date with a time.
        """
        if kind_of(tree) is Kind.DATE:
            return XPath(f"format-date({self._branch(tree)}, '%Y-%m-%d')")
        return self._branch(tree)

    def _branch(self, tree: Tree) -> XPath:
        match tree:
            case t.If(test, then, otherwise):
                yes, no = self._both(test)
                return _if(yes, self._branch(then), _if(no, self._branch(otherwise), _NOTHING))
            case t.Coalesce(t.Ref(symbol), second) if not symbol.sentinels:
                return XPath(f"coalesce({self._reference(symbol)}, {self._branch(second)})")
            case t.Coalesce(first, second):
                return _if(self._when(known(first)), self._term(exact(first), stored=True), self._branch(second))
            case t.Ref(symbol) if not symbol.sentinels:
                return XPath(self._reference(symbol))
            case _ if isinstance(tree, t.CONDITIONS):
                yes, no = self._both(tree)
                return _if(yes, XPath("1"), _if(no, XPath("0"), _NOTHING))
            case _:
                return _if(self._when(known(tree)), self._term(exact(tree), stored=True), _NOTHING)

    def _when(self, certain: c.Certain) -> XPath:
        return self.compile(g.simplify(g.guarded(certain)))

    def _both(self, condition: Condition) -> tuple[XPath, XPath]:
        return self._when(certainly(condition)), self._when(certainly_not(condition))

    # Joining

    def all(self, parts: list[XPath]) -> XPath:
        """True when all parts are."""
        return self._join(" and ", parts, AND, TRUE)

    def any(self, parts: list[XPath]) -> XPath:
        """True when one part is. An `and` inside is bracketed, for people."""
        return self._join(" or ", parts, OR, FALSE)

    @staticmethod
    def _join(word: str, parts: list[XPath], binds: int, empty: XPath) -> XPath:
        if len(parts) < 2:
            return parts[0] if parts else empty
        return XPath(word.join(part.at(COMPARE) for part in parts), binds)

    def negate(self, part: XPath) -> XPath:
        """The opposite of a two-valued condition."""
        return XPath(f"not({part})")

    # Leaves

    def holds(self, op: str, left: c.Exact, right: c.Exact) -> XPath:
        """A comparison of known terms."""
        return XPath(f"{self._term(left).at(ADD)} {op} {self._term(right).at(ADD)}", COMPARE)

    def one_of(self, operand: c.Exact, options: tuple[t.Text | t.Number, ...], negated: bool) -> XPath:
        """Whether a known term is one of some literals."""
        parts = [self.holds("!=" if negated else "=", operand, option) for option in options]
        return self.all(parts) if negated else self.any(parts)

    def ticked(self, symbol: Symbol, code: str, negated: bool) -> XPath:
        """Whether a known select_multiple has a choice ticked."""
        part = XPath(f"selected({self._reference(symbol)}, {quoted(code)})")
        return self.negate(part) if negated else part

    def answered(self, symbol: Symbol, negated: bool) -> XPath:
        """Whether a question has an answer, a sentinel included."""
        return XPath(f"{self._reference(symbol)} {'=' if negated else '!='} ''", COMPARE)

    def known(self, symbol: Symbol) -> XPath:
        """Whether a question has an answer that is no sentinel."""
        return self.compile(g.guarded(c.Known(symbol)))

    # Terms

    def _reference(self, symbol: Symbol) -> str:
        return "." if symbol == self.own else f"${{{self.named(symbol.name)}}}"

    def _term(self, node: c.Exact, *, stored: bool = False) -> XPath:
        """A term as a comparison takes it, or (`stored`) as an answer holds it."""
        match node:
            case t.Number() | t.Text() | t.Date() | t.Today():
                return _literal(node)
            case t.Time() | t.Ref():
                return self._moment(node) if stored else self._comparable(node)
            case t.CountChoices(symbol):
                return XPath(f"count-selected({self._reference(symbol)})")
            case t.CountRows() | t.Sum():
                return self._over_rows(node)
            case c.Choose(when, then, otherwise):
                return self._choose(when, self._term(then, stored=stored), self._term(otherwise, stored=stored))
            case c.Minus() | c.Compute() | c.DaysBetween():
                return self._computed(node)

    def _moment(self, node: t.Time | t.Ref) -> XPath:
        return XPath(f"'{node.value:%H:%M}'" if isinstance(node, t.Time) else self._reference(node.symbol))

    def _comparable(self, node: t.Time | t.Ref) -> XPath:
        """Times as seconds of the day; a date that the form holds as text as a date."""
        if isinstance(node, t.Time):
            return XPath(str(node.value.hour * 3600 + node.value.minute * 60 + node.value.second))
        reference = self._reference(node.symbol)
        if node.symbol.kind is Kind.TIME:
            return XPath(f"round(decimal-time({reference}) * 86400)")
        return XPath(
            f"date({reference})" if node.symbol.kind is Kind.DATE and self.computed(node.symbol) else reference
        )

    def _over_rows(self, node: t.CountRows | t.Sum) -> XPath:
        if isinstance(node, t.Sum):
            tests = [". != ''", *(f". != {value:g}" for value in node.field.sentinels)]
            return XPath(f"sum({self._reference(node.field)}[{' and '.join(tests)}])")
        count = XPath(f"count({self._reference(node.repeat)})")
        relevance = self.asked(node.repeat)
        # An engine may count instances that stay while nobody is asked about them.
        return count if relevance is None else _if(self.relevant(relevance), count, XPath("0"))

    def _choose(self, when: c.Certain, then: XPath, otherwise: XPath) -> XPath:
        """One of two terms, each argument in brackets.

        Enketo's evaluator skips what follows a false `and`, and there it takes a bare comma for an operand.
        """
        first, second = XPath(then.at(ATOM)), XPath(otherwise.at(ATOM))
        if isinstance(when, c.Known) and not when.symbol.sentinels and then.text == self._reference(when.symbol):
            return XPath(f"coalesce({first}, {second})")
        return _if(XPath(self._when(when).at(ATOM)), first, second)

    def _computed(self, node: c.Minus | c.Compute | c.DaysBetween) -> XPath:
        match node:
            case c.Minus(t.Number(value)) if value > 0:
                return XPath(f"-{self._term(node.operand)}")
            case c.Minus(operand):
                return XPath(f"-1 * {self._term(operand).at(MULTIPLY)}", MULTIPLY)
            case c.Compute(op, left, right):
                binds = ADD if op in "+-" else MULTIPLY
                word = "div" if op == "/" else op
                # On the right, what binds as tightly is bracketed too: a - (b - c).
                return XPath(f"{self._term(left).at(binds)} {word} {self._term(right).at(binds + 1)}", binds)
            case c.DaysBetween(start, end):
                last, first = (f"decimal-date-time({self._term(day)})" for day in (end, start))
                return XPath(f"round({last} - {first})")


def _literal(node: t.Number | t.Text | t.Date | t.Today) -> XPath:
    match node:
        case t.Number(value):
            return XPath(format(Decimal(repr(value)), "f"))
        case Column(name):
            return XPath(name)
        case t.Text(text):
            return XPath(quoted(text))
        case t.Date(day):
            return XPath(f"date('{day.isoformat()}')")
        case t.Today():
            return XPath("today()")


def _if(when: XPath, then: XPath, otherwise: XPath) -> XPath:
    if when in (TRUE, FALSE):
        return then if when == TRUE else otherwise
    return XPath(f"if({when}, {then}, {otherwise})")


def quoted(text: str) -> str:
    """Return a text literal.

    There are no escapes in XPath. To a converter `${` would be a reference, and it makes all quotes straight.
    """
    text = text.translate(STRAIGHT)
    pieces = [piece for piece in re.split(r"(')|(?<=\$)(?=\{)", text) if piece]
    if len(pieces) < 2:
        return f'"{text}"' if "'" in text else f"'{text}'"
    if '"' not in text and "${" not in text:
        return f'"{text}"'
    return f"concat({', '.join(map(quoted, pieces))})"


def full_match(pattern: str, operand: str = ".") -> XPath:
    """Return the test that an answer matches a pattern as a whole, in engines that search and in those that do not."""
    anchored = f"^(?:{pattern})$" if "|" in pattern else f"^{pattern}$"
    return XPath(f"regex({operand}, {quoted(anchored)})")
