"""Conditions and values as expressions of survey-core, which runs SurveyJS forms.

The engine converts and compares loosely: `=` ignores case and takes `1.0` for `1`, `contains` searches inside text, a
blank is 0 in arithmetic. So choices, texts and dates are read with `{#name}`, which converts nothing; membership is
`anyof`, which looks at whole values; and every leaf stands beside the guard that the two-valued tree gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from checklist_kit.logic import (
    Backend,
    Condition,
    Context,
    Kind,
    Symbol,
    Tree,
    certainly,
    certainly_not,
    evaluate,
    exact,
    known,
)
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t

TRUE, FALSE = "true", "false"

_AS_IT_IS = (Kind.CHOICE, Kind.TEXT, Kind.DATE, Kind.TIME)
_OWN_NAMES = frozenset(
    {
        *("locale", "pageno", "pagecount", "questioncount", "self"),
        *("correctanswers", "correctedanswers", "correctedanswercount"),
        *("incorrectanswers", "incorrectedanswers", "incorrectedanswercount"),
    }
)
_OWN_NAMES_IN_REPEATS = frozenset({"panelindex", "visiblepanelindex", "length"})
_OWN_NAMES_OF_CHOICES = frozenset({"item", "choice"})
_LONGEST = 50_000  # characters; nested `if`s double with each level
_LITERALS = (t.Number, t.Text, t.Date, t.Time)

# The engine's today() is a Date that changes what it is compared with; as text it compares like every other date.
_TODAY = "(year() + '-' + iif(month() < 10, '0' + month(), month()) + '-' + iif(day() < 10, '0' + day(), day()))"


class Inexpressible(Exception):
    """The engine has no expression for this; the message says why."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How many instances a repeat always has (None where that is open), and when it is asked (None: always)."""

    count: int | None = None
    relevance: Condition | None = None


@dataclass(frozen=True, slots=True)
class Expressions(Backend[str]):
    """Compiles for one place in the form.

    `repeats` names the repeats around that place, outermost first. `rows` tells of a repeat by its name. `reach` says
    how many repeats further out an answer may stand. `of_choice` says that the place is a choice.
    """

    repeats: tuple[str, ...]
    rows: Callable[[str], Rows]
    reach: int = 1
    of_choice: bool = False

    def reference(self, symbol: Symbol) -> str:
        """Return the path of a question as seen from here, without braces. Raises Inexpressible."""
        if not symbol.repeats:
            if symbol.name in self._own_names:
                raise Inexpressible(f"the engine means something of its own by `{symbol.name}`")
            return symbol.name
        distance = len(self.repeats) - len(symbol.repeats)
        if distance > self.reach:
            raise Inexpressible(f"`{symbol.name}` is too many repeats away")
        return f"{'parentPanel' if distance else 'panel'}.{symbol.name}"

    @property
    def _own_names(self) -> frozenset[str]:
        """What the engine puts in the place of an answer here."""
        inside = _OWN_NAMES_IN_REPEATS if self.repeats else frozenset()
        return _OWN_NAMES | inside | (_OWN_NAMES_OF_CHOICES if self.of_choice else frozenset())

    def check(self, own: Symbol, condition: Condition) -> str:
        """Return the expression of a constraint on `own`: true unless it has a known answer and the condition is false.

        A validator does not see the repeat around its own.
        """
        near = replace(self, reach=0)
        return near.negate(near.compile(c.all_of((c.Known(own), certainly_not(condition)))))

    def value(self, tree: Tree, relevance: Condition | None) -> str | None:
        """Return the expression of a calculation: nothing where it is unknown or not asked; None where it always is."""
        asked = c.ALWAYS if relevance is None else certainly(relevance)
        if isinstance(tree, t.CONDITIONS):
            yes, no = (self.compile(c.all_of((asked, part))) for part in (certainly(tree), certainly_not(tree)))
            return self._choose(yes, TRUE, self._choose(no, FALSE, None))
        return self._choose(self.compile(c.all_of((asked, known(tree)))), self.term(exact(tree)), None)

    # Joining

    def all(self, parts: list[str]) -> str:
        """True when all parts are. The engine holds constants inside a condition for mistakes, so they are folded."""
        kept = [part for part in dict.fromkeys(parts) if part != TRUE]
        if FALSE in kept:
            return FALSE
        return self._join(" and ", kept) if kept else TRUE

    def any(self, parts: list[str]) -> str:
        """True when one part is."""
        kept = [part for part in dict.fromkeys(parts) if part != FALSE]
        if TRUE in kept:
            return TRUE
        return self._join(" or ", kept) if kept else FALSE

    @staticmethod
    def _join(word: str, parts: list[str]) -> str:
        joined = parts[0] if len(parts) == 1 else f"({word.join(parts)})"
        if len(joined) > _LONGEST:
            raise Inexpressible("its expression would be far too long")
        return joined

    def negate(self, part: str) -> str:
        """The opposite. `not x` does not parse."""
        return {TRUE: FALSE, FALSE: TRUE}.get(part, f"!({part})")

    # Leaves

    def implies_known(self, part: c.Certain) -> tuple[Symbol, ...]:
        """A blank equals no literal, and is among none."""
        match part:
            case c.Ticked(symbol, _, False) | c.IsTrue(symbol, _) | c.Holds("=", t.Ref(symbol), t.Text()):
                return (symbol,)
            case c.OneOf(t.Ref(symbol), options, False) if {*symbol.sentinels}.isdisjoint(o.value for o in options):
                return (symbol,)
        return ()

    def holds(self, op: str, left: c.Exact, right: c.Exact) -> str:
        """A comparison of known terms; dates and times are texts that sort."""
        left, right = self._folded(left), self._folded(right)
        if isinstance(left, _LITERALS) and isinstance(right, _LITERALS):
            return TRUE if evaluate(t.Compare(op, left, right), Context({})) else FALSE
        if left == right:
            return TRUE if op in ("=", "<=", ">=") else FALSE
        if isinstance(left, t.Ref) and left.symbol.kind is Kind.BOOLEAN:
            return f"{self.term(left)} {op} {TRUE if right == t.Number(1) else FALSE}"
        return f"{self.term(left)} {op} {self.term(right)}"

    def one_of(self, operand: c.Exact, options: tuple[t.Text | t.Number, ...], negated: bool) -> str:
        """Whether a known term is one of some literals."""
        operand = self._folded(operand)
        if isinstance(operand, _LITERALS):
            return TRUE if (operand in options) is not negated else FALSE
        listed = ", ".join(self.term(option) for option in options)
        return f"{self.term(operand)} {'noneof' if negated else 'anyof'} [{listed}]"

    def ticked(self, symbol: Symbol, code: str, negated: bool) -> str:
        """Whether a known select_multiple has a choice ticked; `contains` would search inside a single text."""
        return f"{{{self.reference(symbol)}}} {'noneof' if negated else 'anyof'} [{quoted(code)}]"

    def answered(self, symbol: Symbol, negated: bool) -> str:
        """Whether there is an answer. White space is none, as in the tables: `=` trims."""
        if symbol.kind is Kind.TEXT:
            return f"{self.term(t.Ref(symbol))} {'=' if negated else '!='} ''"
        return f"{{{self.reference(symbol)}}} {'empty' if negated else 'notempty'}"

    def known(self, symbol: Symbol) -> str:
        """Whether there is an answer that is no sentinel."""
        answered = self.answered(symbol, negated=False)
        if not symbol.sentinels:
            return answered
        sentinels = tuple(t.Number(value) for value in symbol.sentinels)
        return self.all([answered, self.one_of(t.Ref(symbol), sentinels, negated=True)])

    # Terms

    def _folded(self, node: c.Exact) -> c.Exact:
        """Return a term that has no variable as a literal: the engine refuses a comparison of constants."""
        match node:
            case t.CountRows(repeat):
                rows = self.rows(repeat.name)
                return t.Number(rows.count) if rows.count and rows.relevance is None else node
            case c.Minus(operand):
                parts: tuple[c.Exact, ...] = (t.Number(0), self._folded(operand))
                tree: t.Term = t.Arithmetic("-", *parts)  # type: ignore[arg-type]
            case c.Compute(op, left, right):
                parts = (self._folded(left), self._folded(right))
                tree = t.Arithmetic(op, *parts)  # type: ignore[arg-type]
            case c.DaysBetween(start, end):
                parts = (self._folded(start), self._folded(end))
                tree = t.Days(*parts)  # type: ignore[arg-type]
            case _:
                return node
        value = evaluate(tree, Context({})) if all(isinstance(part, _LITERALS) for part in parts) else None
        return node if value is None else t.Number(value)  # type: ignore[arg-type]

    def term(self, node: c.Exact) -> str:
        """Return the expression of a known value."""
        match node:
            case t.Number(value):
                return _number(value)
            case t.Text(value):
                return quoted(value)
            case t.Date(value):
                return f"'{value.isoformat()}'"
            case t.Time(value):
                return f"'{value:%H:%M}'"
            case t.Ref(symbol):
                return f"{{{'#' if symbol.kind in _AS_IT_IS else ''}{self.reference(symbol)}}}"
            case t.Today():
                return _TODAY
            case t.CountChoices() | t.CountRows() | t.Sum():
                return self._total(node)
            case _:
                return self._computed(node)

    def _total(self, node: t.CountChoices | t.CountRows | t.Sum) -> str:
        match node:
            case t.CountChoices(symbol):
                return f"count({{{self.reference(symbol)}}})"
            case t.Sum(repeat, field):
                # The engine skips blanks. A condition on the rows is a text, which sees their questions as {name}.
                sentinels = ", ".join(_number(value) for value in field.sentinels)
                unless = f", '{{{field.name}}} noneof [{sentinels}]'" if sentinels else ""
                total = f"sumInArray({{{self.reference(repeat)}}}, '{field.name}'{unless})"
                return self._while_asked(total, repeat)
            case t.CountRows(repeat):
                count = self.rows(repeat.name).count
                return self._while_asked(str(count or f"{{{self.reference(repeat)}.length}}"), repeat)

    def _while_asked(self, total: str, repeat: Symbol) -> str:
        """A total over a repeat that may be hidden: it may have rows even then, with what they have by default."""
        relevance = self.rows(repeat.name).relevance
        return total if relevance is None else f"iif({self.relevant(relevance)}, {total}, 0)"

    def _computed(self, node: c.Choose | c.Minus | c.Compute | c.DaysBetween) -> str:
        match node:
            case c.Choose(when, then, otherwise):
                return f"iif({self.compile(when)}, {self.term(then)}, {self.term(otherwise)})"
            case c.Minus(operand):
                return f"(-1 * {self.term(operand)})"  # -{x} does not parse
            case c.Compute(op, left, right):
                return f"({self.term(left)} {op} {self.term(right)})"
            case c.DaysBetween(start, end):
                first, last = self.term(start), self.term(end)
                return f"(iif({first} <= {last}, 1, -1) * diffDays({first}, {last}))"  # diffDays has no sign

    @staticmethod
    def _choose(when: str, then: str, otherwise: str | None) -> str | None:
        """A choice whose second branch may be nothing at all, for which the engine has no word inside a function."""
        if when in (TRUE, FALSE):
            return then if when == TRUE else otherwise
        return f"iif({when}, {then})" if otherwise is None else f"iif({when}, {then}, {otherwise})"


def _number(value: float) -> str:
    """A number literal; exponents do not parse."""
    return format(Decimal(repr(int(value) if value == int(value) else value)), "f")


def quoted(text: str) -> str:
    r"""Return a text literal. `\'` and `\"` are the only escapes, a backslash is itself. Raises Inexpressible."""
    if text.endswith("\\"):
        raise Inexpressible("a text that ends in a backslash cannot be written")
    return "'" + text.replace("'", "\\'").replace('"', '\\"') + "'"
