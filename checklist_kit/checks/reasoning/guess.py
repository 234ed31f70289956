"""The usual conditions need no search: one of the first answers to come to mind makes them true, or false."""

from __future__ import annotations

from checklist_kit.logic import Context, Kind, evaluate
from checklist_kit.logic.evaluate import Value
from checklist_kit.model import Expression


def comes_out(expression: Expression, wanted: bool) -> bool:
    """Whether a condition on one question is so for one of the first answers to come to mind: the usual case."""
    symbols = expression.symbols
    if len(symbols) != 1:
        return False
    (symbol,) = symbols
    if symbol.kind not in (Kind.CHOICE, Kind.NUMBER):
        return False
    guesses: tuple[Value, ...] = symbol.codes if symbol.kind is Kind.CHOICE else (0, 1, 10**9, -1)
    return any(evaluate(expression.tree, Context({symbol.name: guess})) is wanted for guess in guesses)
