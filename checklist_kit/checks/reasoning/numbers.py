"""Numbers, dates and times: terms as sums, and whether what is asked of them can hold at once.

Bounds and differences of two (`voted <= registered`) are decided exactly, by shortest paths over `a - b <= c`. Longer
sums are compared with the bounds of their parts only. What this leaves out can only make more seem possible, never
less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t

Number = int | Fraction
Range = tuple[Number | None, Number | None]  # the least and the greatest value, None where there is no bound
# Variables are the names of questions; counts and sums of a name have a prefix that no name has. Zero is a variable as
# well.
COUNT, ROWS, SUM, TODAY, ZERO = "count ", "rows ", "sum ", "today", ""

# How much less "less than" is for numbers that need not be whole: less than any answer's precision.
_STEP = Fraction(1, 10**9)
_FEW = 64


@dataclass(frozen=True, slots=True)
class Linear:
    """`coefficient * variable + … + constant`. `whole` says that it is certainly a whole number."""

    parts: Mapping[str, Number]
    constant: Number
    whole: bool

    def plus(self, other: Linear, factor: Number = 1) -> Linear:
        """Return this plus `factor` times the other."""
        parts = dict(self.parts)
        for variable, coefficient in other.parts.items():
            total = parts.get(variable, 0) + factor * coefficient
            if total:
                parts[variable] = total
            else:
                parts.pop(variable, None)
        whole = self.whole and other.whole and isinstance(factor, int)
        return Linear(parts, self.constant + factor * other.constant, whole)


def number(value: float) -> Number:
    """Return a number without the rounding of floats, as it was typed."""
    return value if isinstance(value, int) else Fraction(str(value))


def linear(term: c.Exact) -> Linear | None:
    """Return a term as a sum, or None where it is none, such as a product of two answers."""
    match term:
        case t.Number(value):
            return Linear({}, number(value), isinstance(value, int))
        case t.Date(day):
            return Linear({}, day.toordinal(), True)
        case t.Time(time):
            return Linear({}, time.hour * 60 + time.minute, True)
        case t.Ref(symbol):
            return Linear({symbol.name: 1}, 0, symbol.exact)
        case t.CountChoices() | t.CountRows() | t.Sum() | t.Today():
            return Linear({_tally(term): 1}, 0, t.is_exact(term))
        case c.Minus(operand):
            inner = linear(operand)
            return None if inner is None else Linear({}, 0, True).plus(inner, -1)
        case c.DaysBetween(start, end):
            return _sum(end, start, -1)
        case c.Compute("+" | "-" as op, left, right):
            return _sum(left, right, 1 if op == "+" else -1)
        case c.Compute(op, left, right):
            return _scaled(op, left, right)
        case _:
            return None


def _tally(term: t.CountChoices | t.CountRows | t.Sum | t.Today) -> str:
    match term:
        case t.CountChoices(symbol):
            return COUNT + symbol.name
        case t.CountRows(symbol):
            return ROWS + symbol.name
        case t.Sum(_, field):
            return SUM + field.name
        case t.Today():
            return TODAY


def _sum(left: c.Exact, right: c.Exact, factor: int) -> Linear | None:
    first, second = linear(left), linear(right)
    return None if first is None or second is None else first.plus(second, factor)


def _scaled(op: str, left: c.Exact, right: c.Exact) -> Linear | None:
    first, second = linear(left), linear(right)
    if first is None or second is None:
        return None
    if op == "*" and not first.parts:
        first, second = second, first
    if second.parts or (op == "/" and second.constant == 0):
        return None
    factor = second.constant if op == "*" else Fraction(1) / second.constant
    return Linear({}, 0, True).plus(first, factor)


@dataclass(slots=True)
class Bounds:
    """What is asked of numbers: `differences[a, b]` is the most that a - b may be, `sums` must be 0 at most."""

    differences: dict[tuple[str, str], Number] = field(default_factory=dict)
    sums: list[Linear] = field(default_factory=list)
    allowed: dict[str, frozenset[Number]] = field(default_factory=dict)
    excluded: dict[str, frozenset[Number]] = field(default_factory=dict)
    broken: bool = False

    def copy(self) -> Bounds:
        """Return the same, to be changed on its own."""
        return Bounds(dict(self.differences), list(self.sums), dict(self.allowed), dict(self.excluded), self.broken)

    def compare(self, op: str, difference: Linear) -> None:
        """Ask that a sum compares with zero in this way."""
        if op == "!=":
            self.one_of(difference, (0,), negated=True)
            return
        step = 0 if "=" in op else 1 if difference.whole else _STEP
        if op in ("<=", "<", "="):
            self._at_most(difference, -step)
        if op in (">=", ">", "="):
            self._at_most(Linear({}, 0, True).plus(difference, -1), -step)

    def one_of(self, term: Linear, values: Iterable[Number], *, negated: bool) -> None:
        """Ask that a sum is one, or none, of some numbers."""
        if len(term.parts) == 1:
            ((variable, coefficient),) = term.parts.items()
            options = frozenset(_ratio(value - term.constant, coefficient) for value in values)
            if negated:
                self.excluded[variable] = self.excluded.get(variable, frozenset()) | options
            else:
                self.allowed[variable] = self.allowed.get(variable, options) & options
        elif not term.parts:
            self.broken = self.broken or (term.constant in set(values)) == negated

    def _at_most(self, term: Linear, most: Number) -> None:
        parts = list(term.parts.items())
        limit = most - term.constant
        if not parts:
            self.broken = self.broken or limit < 0
        elif len(parts) == 1:
            self._bound(*parts[0], limit, term.whole)
        elif len(parts) == 2 and parts[0][1] == -parts[1][1]:
            (first, factor), (second, _) = parts
            pair = (first, second) if factor > 0 else (second, first)
            self._tighten(pair, _ratio(limit, factor if factor > 0 else -factor))
        else:
            self.sums.append(Linear(term.parts, -limit, term.whole))

    def _bound(self, variable: str, coefficient: Number, limit: Number, whole: bool) -> None:
        most = _ratio(limit, coefficient)
        if coefficient > 0:
            self._tighten((variable, ZERO), most.__floor__() if whole else most)
        else:
            self._tighten((ZERO, variable), -(most.__ceil__() if whole else most))

    def _tighten(self, pair: tuple[str, str], limit: Number) -> None:
        known = self.differences.get(pair)
        if known is None or limit < known:
            self.differences[pair] = limit

    def possible(self) -> bool:
        """Whether numbers could be found, as far as can be told."""
        if self.broken:
            return False
        if not (self.differences or self.allowed or self.sums):
            return True
        ranges = self.ranges()
        if ranges is None:
            return False
        listed = (variable for variable in {**self.allowed, **self.excluded})
        if any(self._choose(variable, ranges, few_only=True) is None for variable in listed):
            return False
        return all(_least(term, ranges) <= 0 for term in self.sums)

    def ranges(self) -> dict[str, Range] | None:
        """Return the least and greatest value of each bounded variable, or None where there is a contradiction."""
        variables = {variable for pair in self.differences for variable in pair} - {ZERO}
        if any(ZERO not in pair for pair in self.differences):
            greatest = _shortest(variables, self.differences)
            least = _shortest(variables, {(low, high): limit for (high, low), limit in self.differences.items()})
            if greatest is None or least is None:
                return None
        else:
            greatest = {variable: self.differences.get((variable, ZERO)) for variable in variables}
            least = {variable: self.differences.get((ZERO, variable)) for variable in variables}
        ranges = {name: (None if (low := least[name]) is None else -low, greatest[name]) for name in variables}
        crossed = (low is not None and high is not None and low > high for low, high in ranges.values())
        return None if any(crossed) else ranges

    def solution(self) -> dict[str, Number] | None:
        """Return numbers that keep all that is asked, small ones where possible; None where none were found."""
        rest = self.copy()
        variables = dict.fromkeys([name for pair in self.differences for name in pair if name != ZERO])
        variables |= dict.fromkeys(
            [*self.allowed, *self.excluded, *(name for term in self.sums for name in term.parts)]
        )
        found: dict[str, Number] = {}
        for variable in variables:
            ranges = rest.ranges()
            value = None if ranges is None else rest._choose(variable, ranges, few_only=False)
            if value is None:
                return None
            found[variable] = value
            rest._settle(variable, value)
        return found

    def _settle(self, variable: str, value: Number) -> None:
        """Put a value in the place of a variable."""
        self.compare("=", Linear({variable: 1}, -value, True))
        sums, self.sums = self.sums, []
        for term in sums:
            factor = term.parts.get(variable, 0)
            settled = term.plus(Linear({variable: 1}, -value, True), -factor)
            self._at_most(settled, 0)

    def _choose(self, variable: str, ranges: Mapping[str, Range], *, few_only: bool) -> Number | None:
        """Return a value that a variable may have; with `few_only`, any where there are too many to try."""
        low, high = ranges.get(variable, (None, None))
        excluded = self.excluded.get(variable, frozenset())
        if variable in self.allowed:
            candidates: Iterable[Number] = sorted(self.allowed[variable])
        elif few_only and (
            low is None or high is None or high - low > _FEW or len(excluded) < (high - low).__floor__()
        ):
            return 0
        else:
            start = low if low is not None else min(high, 1) if high is not None else 1
            candidates = [start + step for step in range(_FEW + 1)] + ([high] if high is not None else [])
        inside = (value for value in candidates if (low is None or value >= low) and (high is None or value <= high))
        return next((value for value in inside if value not in excluded), None)


def _ratio(value: Number, divisor: Number) -> Number:
    if divisor == 1:
        return value
    return -value if divisor == -1 else Fraction(value) / divisor


def _shortest(variables: set[str], limits: Mapping[tuple[str, str], Number]) -> dict[str, Number | None] | None:
    """Return the shortest way from zero to each variable (None: no way), or None where a circle is below zero."""
    # Ways may start anywhere, so that circles are found which zero does not reach.
    anywhere: dict[str, Number] = dict.fromkeys([ZERO, *variables], 0)
    reached: dict[str, Number] = {ZERO: 0}
    for _ in range(len(variables) + 2):
        changed = False
        for (to, start), limit in limits.items():
            if anywhere[start] + limit < anywhere[to]:
                anywhere[to], changed = anywhere[start] + limit, True
            if start in reached and (to not in reached or reached[start] + limit < reached[to]):
                reached[to], changed = reached[start] + limit, True
        if not changed:
            return {variable: reached.get(variable) for variable in variables}
    return None


def _least(term: Linear, ranges: Mapping[str, Range]) -> Number:
    """The least that a sum can be; below zero where it has no bound."""
    total = term.constant
    for variable, coefficient in term.parts.items():
        low, high = ranges.get(variable, (None, None))
        bound = low if coefficient > 0 else high
        if bound is None:
            return -1
        total += coefficient * bound
    return total
