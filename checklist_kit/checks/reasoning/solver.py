"""Looks for answers that make conditions true.

Conditions come as two-valued trees. All that must hold narrows what is left of each answer; of alternatives each is
tried. An answer brings along the conditions under which it can be given: the relevance of its question, and the
constraint that it keeps.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from checklist_kit.checks.reasoning.domain import FALSE, TRUE, Domain
from checklist_kit.checks.reasoning.numbers import COUNT, ROWS, Bounds, Linear, linear, number
from checklist_kit.logic import Kind, Symbol, certainly, certainly_not, exact, known
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.model import Calculate, Entry, Question, Repeat, SelectMultiple, Time

_STEPS_EACH = 5_000
_STEPS_ALTOGETHER = 400_000


class GaveUp(Exception):
    """There are too many combinations of answers to look at."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether a question has no answer, or a sentinel."""

    symbol: Symbol


Leaf = c.Holds | c.OneOf | c.Ticked | c.Answered | c.Known | c.IsTrue | c.NonZero | Unknown
Goal = c.Certain | Unknown


def opposite(goal: c.Certain) -> Goal:
    """Return what is true exactly where a two-valued condition is not."""
    match goal:
        case c.All(parts):
            return c.Any(tuple(opposite(part) for part in parts))  # type: ignore[misc] # Unknown is a leaf like others
        case c.Any(parts):
            return c.All(tuple(opposite(part) for part in parts))  # type: ignore[misc]
        case c.Holds(op, left, right):
            return c.Holds(_OPPOSITE[op], left, right)
        case c.OneOf(operand, options, negated):
            return c.OneOf(operand, options, not negated)
        case c.Ticked(symbol, code, negated):
            return c.Ticked(symbol, code, not negated)
        case c.Answered(symbol, negated):
            return c.Answered(symbol, not negated)
        case c.IsTrue(symbol, negated):
            return c.IsTrue(symbol, not negated)
        case c.Known(symbol):
            return Unknown(symbol)
        case c.NonZero(operand):
            return c.Holds("=", operand, t.Number(0))


_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(slots=True)
class State:
    """What is left of all answers."""

    domains: dict[str, Domain] = field(default_factory=dict)
    bounds: Bounds = field(default_factory=Bounds)
    tallied: set[str] = field(default_factory=set)

    def copy(self) -> State:
        """Return the same, to be narrowed on its own."""
        return State(dict(self.domains), self.bounds.copy(), set(self.tallied))


@dataclass
class Solver:
    """Answers questions about the answers to one checklist.

    `blamed` is the question that the last failure was about.
    """

    by_name: Mapping[str, Entry]
    blamed: str = ""
    _steps_left: int = _STEPS_ALTOGETHER
    _limit: int = 0
    _ignored: Collection[str] = ()
    _relevances: bool = True
    _constraints: bool = True

    def possible(
        self, *goals: Goal, relevances: bool = True, constraints: bool = True, ignored: Collection[str] = ()
    ) -> bool:
        """Whether some answers may make all goals true; False only where certainly none do.

        `relevances` and `constraints` say whether answers must be asked for and accepted; those of `ignored` questions
        are not looked at. Raises GaveUp.
        """
        return self._solve(goals, relevances, constraints, ignored) is not None

    def example(self, *goals: Goal, ignored: Collection[str] = ()) -> dict[str, Any]:
        """Return answers by question that seem to make all goals true; none where nothing was found.

        They are a guess where the goals hold more than this can reason about: evaluate them to be sure. Raises GaveUp.
        """
        state = self._solve(goals, True, True, ignored)
        return {} if state is None else _answers(state)

    def _solve(
        self, goals: tuple[Goal, ...], relevances: bool, constraints: bool, ignored: Collection[str]
    ) -> State | None:
        self._relevances, self._constraints, self._ignored = relevances, constraints, ignored
        self._limit, self.blamed = self._steps_left - _STEPS_EACH, ""
        return self._search(State(), list(goals))

    def _search(self, state: State, pending: list[Goal]) -> State | None:
        alternatives: list[c.Any] = []
        while pending:
            goal = pending.pop()
            if isinstance(goal, c.All):
                pending.extend(goal.parts)
            elif isinstance(goal, c.Any):
                alternatives.append(goal)
            elif not self._apply(goal, state, pending):
                return None
        if not state.bounds.possible():
            return None
        if not alternatives:
            return state
        first = min(alternatives, key=lambda goal: len(goal.parts))
        others = [goal for goal in alternatives if goal is not first]
        for part in first.parts:
            found = self._search(state.copy(), [*others, part])
            if found is not None:
                return found
        return None

    def _apply(self, leaf: Leaf, state: State, pending: list[Goal]) -> bool:
        """Narrow what is left by a leaf. False where nothing is left."""
        self._steps_left -= 1
        if self._steps_left < max(self._limit, 0):
            raise GaveUp
        match leaf:
            case c.Holds(op, left, right):
                return self._hold(op, left, right, state, pending)
            case c.OneOf(operand, options, negated):
                return self._one_of(operand, options, negated, state, pending)
            case c.NonZero(operand):
                return self._hold("!=", operand, t.Number(0), state, pending)
            case c.Ticked(symbol, code, negated):
                return self._tick(symbol, code, negated, state, pending)
            case c.IsTrue(symbol, negated):
                self._unfold(symbol, negated, pending)
                return self._narrow(_of(symbol, state).among(frozenset((FALSE if negated else TRUE,))), state, pending)
            case c.Answered(symbol, negated):
                return self._narrow(_of(symbol, state).only_answered(not negated), state, pending)
            case c.Known(symbol):
                return self._narrow(_of(symbol, state).only_known(), state, pending)
            case Unknown(symbol):
                return self._narrow(_of(symbol, state).only_unknown(), state, pending)

    def _narrow(self, domain: Domain, state: State, pending: list[Goal]) -> bool:
        """Put a domain in the place of a question's earlier one, and add what its answers bring along."""
        name = domain.symbol.name
        before = state.domains.get(name)
        if domain is before:
            return True
        state.domains[name] = domain
        if domain.empty:
            self.blamed = name
            return False
        if not domain.blank and (before is None or before.blank):
            self._ask(name, pending)
        if _is_known(domain) and not (before is not None and _is_known(before)):
            self._accept(domain.symbol, pending)
        return True

    def _ask(self, name: str, pending: list[Goal]) -> None:
        """An answer is given only to a question that is asked."""
        entry = self.by_name.get(name)
        if self._relevances and entry is not None and entry.relevance is not None and name not in self._ignored:
            pending.append(certainly(entry.relevance))

    def _accept(self, symbol: Symbol, pending: list[Goal]) -> None:
        """A known answer keeps its constraint; a known calculation is what it is computed from."""
        entry = self.by_name.get(symbol.name)
        item = entry.item if entry else None
        if self._constraints and isinstance(item, Question) and item.constraint and symbol.name not in self._ignored:
            pending.append(opposite(certainly_not(item.constraint.condition)))
        if isinstance(item, Calculate):
            tree = item.calculation.tree
            if not isinstance(tree, t.CONDITIONS) and t.kind_of(tree) in _NUMERIC:
                pending += [known(tree), c.Holds("=", t.Ref(symbol), exact(tree))]

    def _unfold(self, symbol: Symbol, negated: bool, pending: list[Goal]) -> None:
        entry = self.by_name.get(symbol.name)
        if entry is not None and isinstance(entry.item, Calculate):
            condition = entry.item.calculation.tree
            if isinstance(condition, t.CONDITIONS):
                pending.append((certainly_not if negated else certainly)(condition))

    # Leaves

    def _hold(self, op: str, left: c.Exact, right: c.Exact, state: State, pending: list[Goal]) -> bool:
        for choice, other in ((left, right), (right, left)):
            if isinstance(choice, t.Ref) and choice.symbol.kind is Kind.CHOICE:
                return self._compare_choice(op, choice.symbol, other, state, pending)
        first, second = linear(left), linear(right)
        if first is None or second is None:
            return True
        self._tally(first, state)
        self._tally(second, state)
        state.bounds.compare(op, first.plus(second, -1))
        return not state.bounds.broken

    def _compare_choice(self, op: str, symbol: Symbol, other: c.Exact, state: State, pending: list[Goal]) -> bool:
        if isinstance(other, t.Text):
            return self._one_of(t.Ref(symbol), (other,), op == "!=", state, pending)
        if isinstance(other, t.Ref) and op == "=":
            shared = _of(symbol, state).codes & _of(other.symbol, state).codes
            return all(self._narrow(_of(one, state).among(shared), state, pending) for one in (symbol, other.symbol))
        return True

    def _one_of(
        self, operand: c.Exact, options: tuple[Any, ...], negated: bool, state: State, pending: list[Goal]
    ) -> bool:
        if isinstance(operand, t.Ref) and operand.symbol.kind is Kind.CHOICE:
            domain = _of(operand.symbol, state)
            codes = frozenset(option.value for option in options)
            return self._narrow(domain.among(domain.codes - codes if negated else codes), state, pending)
        term = linear(operand)
        if term is not None:
            self._tally(term, state)
            state.bounds.one_of(term, [number(option.value) for option in options], negated=negated)
        return not state.bounds.broken

    def _tick(self, symbol: Symbol, code: str, negated: bool, state: State, pending: list[Goal]) -> bool:
        domain = _of(symbol, state)
        if negated:
            return self._narrow(domain.untick(frozenset((code,))), state, pending)
        ticked = domain.tick(frozenset((code,)))
        entry = self.by_name.get(symbol.name)
        if entry is not None and isinstance(entry.item, SelectMultiple):
            alone = {choice.code for choice in entry.item.choices.choices if choice.exclusive}
            excluded = symbol.codes if code in alone else alone
            ticked = ticked.untick(frozenset(excluded) - {code})
        return self._narrow(ticked, state, pending)

    def _tally(self, term: Linear, state: State) -> None:
        """Add what is true of every count and sum."""
        for variable in term.parts:
            if variable in state.tallied:
                continue
            state.tallied.add(variable)
            least, most = self._natural_range(variable)
            if least is not None:
                state.bounds.compare(">=", Linear({variable: 1}, -least, True))
            if most is not None:
                state.bounds.compare("<=", Linear({variable: 1}, -most, True))

    def _natural_range(self, variable: str) -> tuple[int | None, int | None]:
        kind, _, name = variable.rpartition(" ")
        item = self.by_name[name].item if name in self.by_name else None
        if f"{kind} " == COUNT:
            return 1, len(item.choices.choices) if isinstance(item, SelectMultiple) else None
        if f"{kind} " == ROWS:
            return 0, len(item.over.choices) if isinstance(item, Repeat) and item.over else None
        return (0, 24 * 60 - 1) if isinstance(item, Time) else (None, None)


_NUMERIC = (Kind.NUMBER, Kind.DATE, Kind.TIME)


def _of(symbol: Symbol, state: State) -> Domain:
    found = state.domains.get(symbol.name)
    if found is None:
        found = Domain.of(symbol)
    return found


def _is_known(domain: Domain) -> bool:
    return not domain.blank and not domain.sentinel


def _answers(state: State) -> dict[str, Any]:
    """Turn what is left into one answer each; without those that are blank. Empty where no numbers were found."""
    numbers = state.bounds.solution()
    if numbers is None:
        return {}
    chosen = {name: _value(domain, numbers) for name, domain in state.domains.items()}
    return {name: value for name, value in chosen.items() if value is not None}


def _value(domain: Domain, numbers: Mapping[str, Any]) -> Any:
    symbol = domain.symbol
    if domain.blank:
        return None
    if not domain.known:
        return symbol.sentinels[0] if symbol.sentinels else None
    match symbol.kind:
        case Kind.CHOICE:
            return next(code for code in symbol.codes if code in domain.codes)
        case Kind.BOOLEAN:
            return TRUE in domain.codes
        case Kind.CHOICES:
            return _ticks(domain, int(numbers.get(COUNT + symbol.name, 1)))
        case Kind.DATE:
            return datetime.date.fromordinal(min(max(int(numbers.get(symbol.name, 738_000)), 1), 3_652_059))
        case Kind.TIME:
            minutes = min(max(int(numbers.get(symbol.name, 0)), 0), 24 * 60 - 1)
            return datetime.time(minutes // 60, minutes % 60)
        case Kind.NUMBER:
            value = numbers.get(symbol.name, 1)
            return int(value) if value == int(value) else float(value)
        case _:
            return True


def _ticks(domain: Domain, count: int) -> tuple[str, ...]:
    free = [code for code in domain.symbol.codes if code not in domain.ticked | domain.unticked]
    added = free[: max(count - len(domain.ticked), 0)] if len(domain.ticked) < count else []
    return tuple(code for code in domain.symbol.codes if code in domain.ticked or code in added)
