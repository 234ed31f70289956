"""Putting constants in the place of names: a choice filter becomes one condition a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from checklist_kit.logic import tree as t

Node = TypeVar("Node")


def bind(tree: Node, values: Mapping[t.Symbol, str | float]) -> Node:
    """Return a condition in which each reference to a symbol in `values` is that text or number."""
    bound: Node = _bind(tree, values)
    return bound


def _bind(node: Any, values: Mapping[t.Symbol, str | float]) -> Any:
    if isinstance(node, t.Ref) and node.symbol in values:
        value = values[node.symbol]
        return t.Text(value) if isinstance(value, str) else t.Number(value)
    if isinstance(node, tuple):
        return tuple(_bind(part, values) for part in node)
    if isinstance(node, t.Symbol) or type(node).__module__ != t.__name__:
        return node
    return replace(node, **{field.name: _bind(getattr(node, field.name), values) for field in fields(node)})
