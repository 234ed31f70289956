"""What an expression means, apart from how its questions and choices are called: two versions can then be compared."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from checklist_kit.changes.match import Matching
from checklist_kit.logic import Kind, Symbol, Tree, symbols_in
from checklist_kit.logic import tree as t

Shape = Any
"""Nested tuples, equal where expressions mean the same."""


def shape(tree: Tree | None) -> Shape:
    """Return the shape of an expression of the newer version."""
    return None if tree is None else _shape(tree, None, None)


def shape_then(tree: Tree | None, matching: Matching) -> Shape:
    """Return the shape that an expression of the older version has in the newer one.

    What has no place there, or may have another value, equals nothing.
    """
    return None if tree is None else _shape(tree, matching, None)


def _shape(node: object, matching: Matching | None, owner: str | None) -> Shape:
    match node:
        case Symbol(name):
            return ("symbol", name if matching is None else _known(matching.name(name)))
        case t.CountRows(Symbol(name)) if matching is not None and matching.name(name) in matching.resized:
            return object()
        case t.HasChoice(symbol, code):
            return ("has", _shape(symbol, matching, None), _code(code, matching, symbol.name))
        case t.Text(value):
            return ("text", _code(value, matching, owner))
        case t.Compare() | t.In():
            owner = _owner(node)
    if isinstance(node, tuple):
        return tuple(_shape(part, matching, owner) for part in node)
    if is_dataclass(node):
        parts = (_shape(getattr(node, part.name), matching, owner) for part in fields(node))
        return (type(node).__name__, *parts)
    return node


def _owner(node: Tree) -> str | None:
    """The question whose codes are compared."""
    return next((symbol.name for symbol in symbols_in(node) if symbol.kind is Kind.CHOICE), None)


def _code(code: str, matching: Matching | None, owner: str | None) -> Shape:
    return code if matching is None or owner is None else _known(matching.code(owner, code))


def _known(name: str | None) -> Shape:
    return object() if name is None else name
