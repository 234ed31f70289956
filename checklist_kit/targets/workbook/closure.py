"""What a condition means where answers that were not asked stay in their cells, and calculations have no cell at all.

An answer to a question that is not asked counts as blank, so each guard that says "this question is known" also says
that it is asked, and so on backwards through the form. A calculation is put in the place of its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checklist_kit.logic import certain as c
from checklist_kit.logic import certainly, certainly_not, exact, known
from checklist_kit.logic import tree as t
from checklist_kit.logic.tree import Kind, Symbol
from checklist_kit.model import Calculate, Checklist

_MAX_NODES = 10_000  # far more than the 8,192 characters of a formula can hold once repetitions are left out


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
        self._sizes: dict[str, int] = {}
        # In form order, because each item depends on earlier ones: so the recursion stays flat.
        for entry in checklist.entries:
            name, item = entry.item.name, entry.item
            size = _size(entry.relevance, self._sizes)
            if size <= _MAX_NODES:
                self._asked[name] = c.ALWAYS if entry.relevance is None else self.close(certainly(entry.relevance))
            # A calculation may be needed as value, as known, as true and as false.
            own = 4 * _size(item.calculation.tree, self._sizes) if isinstance(item, Calculate) else 0
            self._sizes[name] = size + own

    def asked(self, name: str) -> c.Certain:
        """True exactly where an item is asked. Raises Inexpressible where no formula is long enough to say it."""
        if name not in self._asked:
            raise Inexpressible("workbook-too-long", f"what `{name}` depends on is too much for one formula")
        return self._asked[name]

    def when(self, condition: t.Condition) -> c.Certain:
        """True exactly where a condition is. Raises Inexpressible where it is too large to be worth the attempt."""
        return self.close(certainly(self._bounded(condition)))

    def unless(self, condition: t.Condition) -> c.Certain:
        """True exactly where a condition is false. Raises Inexpressible like `when`."""
        return self.close(certainly_not(self._bounded(condition)))

    def _bounded(self, condition: t.Condition) -> t.Condition:
        if _size(condition, self._sizes) > _MAX_NODES:
            raise Inexpressible("workbook-too-long", "it depends on too much for one formula")
        return condition

    def close(self, node: c.Certain) -> c.Certain:
        """Return a condition with the relevance of all that it mentions, and without calculations."""
        match node:
            case c.All(parts):
                return c.all_of([self.close(part) for part in parts])
            case c.Any(parts):
                return c.any_of([self.close(part) for part in parts])
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


def _size(tree: t.Tree | None, sizes: Mapping[str, int]) -> int:
    """The nodes of a tree, each mention of an item counted with what that item depends on."""
    total = 0
    pending: list[object] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Symbol):
            total += 1 + sizes[node.name]
        elif isinstance(node, tuple):
            pending.extend(node)
        elif type(node).__module__ == t.__name__:
            total += 1
            pending.extend(getattr(node, name) for name in node.__slots__)  # type: ignore[attr-defined]
    return total
