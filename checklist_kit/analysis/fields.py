"""The type of each question's column in the wide tables, in the words of Frictionless."""

from __future__ import annotations

from checklist_kit.logic import Kind, Tree, is_exact, kind_of
from checklist_kit.logic.tree import CONDITIONS
from checklist_kit.model import Acknowledge, Calculate, Date, Datetime, Decimal, Integer, Item, Time

_BY_KIND = {Kind.DATE: "date", Kind.TIME: "time", Kind.BOOLEAN: "integer"}


def field_type(item: Item) -> str:
    """Return `integer`, `number`, `date`, `time`, `datetime` or `string`. Conditions are the integers 1 and 0."""
    match item:
        case Integer() | Acknowledge():
            return "integer"
        case Decimal():
            return "number"
        case Date() | Time() | Datetime():
            return item.type
        case Calculate():
            return _calculation_type(item.calculation.tree)
        case _:
            return "string"


def _calculation_type(tree: Tree) -> str:
    kind = kind_of(tree)
    if kind is Kind.NUMBER and not isinstance(tree, CONDITIONS):
        return "integer" if is_exact(tree) else "number"
    return _BY_KIND.get(kind, "string")
