"""What every backend shares: the walk over a two-valued tree. A backend supplies leaves and guards, nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Symbol

Out = TypeVar("Out")


class Backend(ABC, Generic[Out]):
    """Compiles two-valued trees into the expressions of one engine, of type `Out`: mostly text, bracketed as needed."""

    def constraint(self, condition: t.Condition) -> Out:
        """Return the engine's expression for a constraint: true wherever the condition is not certainly false."""
        return self.negate(self.compile(c.certainly_not(condition)))

    def relevant(self, condition: t.Condition) -> Out:
        """Return the engine's expression for a relevance: true only where the condition is certainly true."""
        return self.compile(c.certainly(condition))

    def compile(self, certain: c.Certain) -> Out:
        """Return the engine's expression for a two-valued condition."""
        match certain:
            case c.All(parts):
                return self.all([self.compile(part) for part in self._needed(parts)])
            case c.Any(parts):
                return self.any([self.compile(part) for part in parts])
            case c.Holds(op, left, right):
                return self.holds(op, left, right)
            case c.OneOf(operand, options, negated):
                return self.one_of(operand, options, negated)
            case c.Ticked(symbol, code, negated):
                return self.ticked(symbol, code, negated)
            case c.Answered(symbol, negated):
                return self.answered(symbol, negated)
            case c.Known(symbol):
                return self.known(symbol)
            case c.IsTrue(symbol, negated):
                return self.holds("=", t.Ref(symbol), t.Number(0 if negated else 1))
            case c.NonZero(operand):
                return self.holds("!=", operand, t.Number(0))

    def _needed(self, parts: Sequence[c.Certain]) -> list[c.Certain]:
        """Leave out guards that another part makes needless in this engine."""
        implied = {symbol for part in parts for symbol in self.implies_known(part)}
        return [part for part in parts if not (isinstance(part, c.Known) and part.symbol in implied)]

    def implies_known(self, part: c.Certain) -> tuple[Symbol, ...]:  # noqa: ARG002 - for backends to override
        """The questions that are certainly known where a leaf is true in this engine.

        None, unless a backend knows better.
        """
        return ()

    @abstractmethod
    def all(self, parts: list[Out]) -> Out:
        """True when all parts are; true without parts."""

    @abstractmethod
    def any(self, parts: list[Out]) -> Out:
        """True when one part is; false without parts."""

    @abstractmethod
    def negate(self, part: Out) -> Out:
        """The opposite of a two-valued condition."""

    @abstractmethod
    def holds(self, op: str, left: c.Exact, right: c.Exact) -> Out:
        """A comparison of known terms."""

    @abstractmethod
    def one_of(self, operand: c.Exact, options: tuple[t.Text | t.Number, ...], negated: bool) -> Out:
        """Whether a known term is one of some literals."""

    @abstractmethod
    def ticked(self, symbol: Symbol, code: str, negated: bool) -> Out:
        """Whether a known select_multiple has a choice ticked."""

    @abstractmethod
    def answered(self, symbol: Symbol, negated: bool) -> Out:
        """Whether a question has an answer, a sentinel included."""

    @abstractmethod
    def known(self, symbol: Symbol) -> Out:
        """Whether a question has an answer that is no sentinel."""
