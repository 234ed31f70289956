"""Putting constants in the place of names: a choice filter becomes one condition a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from checklist_kit.logic import tree as t

Node = TypeVar("Node")


Constant = str | float | t.Text
"""A text, a number, or a text that a backend writes in its own way."""


def bind(tree: Node, values: Mapping[t.Symbol, Constant]) -> Node:
    """Return a condition in which each reference to a symbol in `values` is that text or number.

    An empty text is no answer.
    """
    bound: Node = _bind(tree, {symbol: _term(value) for symbol, value in values.items()})
    return bound


def _term(value: Constant) -> t.Text | t.Number:
    if isinstance(value, t.Text):
        return value
    return t.Text(value) if isinstance(value, str) else t.Number(value)


def _bind(node: Any, values: Mapping[t.Symbol, t.Text | t.Number]) -> Any:
    if isinstance(node, t.Ref) and node.symbol in values:
        return values[node.symbol]
    if isinstance(node, t.IsAnswered) and isinstance(text := values.get(node.symbol), t.Text):
        return t.Compare("!=", text, t.Text(""))
    if isinstance(node, tuple):
        return tuple(_bind(part, values) for part in node)
    if isinstance(node, t.Symbol) or type(node).__module__ != t.__name__:
        return node
    return replace(node, **{field.name: _bind(getattr(node, field.name), values) for field in fields(node)})
