"""What a condition means where answers that were not asked stay in their cells, and calculations have no cell at all.

An answer to a question that is not asked counts as blank, so each guard that says "this question is known" also says
that it is asked, and so on backwards through the form. A calculation is put in the place of its name.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from checklist_kit.logic import certain as c
from checklist_kit.logic import certainly, certainly_not, exact, known
from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.model import Calculate, Checklist

Node = TypeVar("Node", c.Certain, c.Exact)

_MAX_NODES = 3_000  # more than the 8,192 characters of a formula can hold


class Inexpressible(Exception):
    """A condition that no formula can hold: the code of the loss, and why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Closure:
    """The closed conditions of a checklist, of answer cells alone."""

    def __init__(self, checklist: Checklist) -> None:
        self._checklist = checklist
        self._asked: dict[str, c.Certain] = {}
        # In form order, because each item depends on earlier ones: so the recursion stays flat.
        for entry in checklist.entries:
            with suppress(Inexpressible):
                self._asked[entry.item.name] = c.ALWAYS if entry.relevance is None else self.when(entry.relevance)

    def asked(self, name: str) -> c.Certain:
        """True exactly where an item is asked. Raises Inexpressible where no formula can say it."""
        if name not in self._asked:
            raise Inexpressible("workbook-too-long", f"what `{name}` depends on is too much for one formula")
        return self._asked[name]

    def when(self, condition: t.Condition) -> c.Certain:
        """True exactly where a condition is. Raises Inexpressible."""
        return self.close(certainly(condition))

    def unless(self, condition: t.Condition) -> c.Certain:
        """True exactly where a condition is false. Raises Inexpressible."""
        return self.close(certainly_not(condition))

    def close(self, node: c.Certain) -> c.Certain:
        """Return a condition with the relevance of all that it mentions, and without calculations."""
        match node:
            case c.All(parts):
                return _bounded(c.all_of([self.close(part) for part in parts]))
            case c.Any(parts):
                return _bounded(c.any_of([self.close(part) for part in parts]))
            case c.Holds(op, left, right):
                return c.Holds(op, self.term(left), self.term(right))
            case c.OneOf(operand) | c.NonZero(operand):
                return replace(node, operand=self.term(operand))
            case c.IsTrue(symbol, negated):
                condition = self._condition(symbol)
                return self.close(certainly_not(condition) if negated else certainly(condition))
            case c.Ticked(symbol):
                return replace(node, symbol=self._cell(symbol))
            case c.Known(symbol) | c.Answered(symbol, False):
                return c.all_of((self.asked(symbol.name), self._filled(node, symbol)))
            case c.Answered():
                return node  # its formula says "not asked, or blank": these trees have no "not"

    def _filled(self, node: c.Certain, symbol: Symbol) -> c.Certain:
        tree = self._calculation(symbol)
        if tree is None:
            return node
        if symbol.kind is Kind.BOOLEAN:
            condition = self._condition(symbol)
            return self.close(c.any_of((certainly(condition), certainly_not(condition))))
        assert not isinstance(tree, t.CONDITIONS)
        return self.close(known(tree))

    def term(self, node: c.Exact) -> c.Exact:
        """Return a value without calculations."""
        return _bounded(self._term(node))

    def _term(self, node: c.Exact) -> c.Exact:
        match node:
            case t.Ref(symbol):
                tree = self._calculation(symbol)
                return node if tree is None or isinstance(tree, t.CONDITIONS) else self.term(exact(tree))
            case t.CountChoices(symbol):
                return t.CountChoices(self._cell(symbol))
            case c.Choose(when, then, otherwise):
                return c.Choose(self.close(when), self.term(then), self.term(otherwise))
            case c.Minus(operand):
                return c.Minus(self.term(operand))
            case c.Compute(op, left, right):
                return c.Compute(op, self.term(left), self.term(right))
            case c.DaysBetween(start, end):
                return c.DaysBetween(self.term(start), self.term(end))
            case _:
                return node

    def _calculation(self, symbol: Symbol) -> t.Tree | None:
        item = self._checklist.by_name[symbol.name].item
        return item.calculation.tree if isinstance(item, Calculate) else None

    def _condition(self, symbol: Symbol) -> t.Condition:
        """The condition that a calculation is, or that the calculation it repeats is."""
        tree = self._calculation(symbol)
        if isinstance(tree, t.Ref):
            return t.Truth(tree.symbol)
        assert isinstance(tree, t.CONDITIONS)
        return tree

    def _cell(self, symbol: Symbol) -> Symbol:
        """The question that a calculation repeats, or the question itself."""
        tree = self._calculation(symbol)
        return self._cell(tree.symbol) if isinstance(tree, t.Ref) else symbol


def _bounded(node: Node) -> Node:
    """Return a tree. Raises Inexpressible where it is too large for any formula, before it grows beyond all bounds."""
    count = 0
    pending: list[object] = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, tuple):
            pending.extend(part)
        elif type(part).__module__ in (c.__name__, t.__name__) and not isinstance(part, Symbol):
            count += 1
            if count > _MAX_NODES:
                raise Inexpressible("workbook-too-long", "it depends on too much for one formula")
            pending.extend(getattr(part, name) for name in part.__slots__)  # type: ignore[attr-defined]
    return node
