"""Roles: the question that tells them, and what the form of one role would lack."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.checks.view import View, expressions
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import symbols_in
from checklist_kit.model import Checklist, Question, SelectMultiple, SelectOne


def optional_role(view: View) -> Iterator[Diagnostic]:
    """name-optional-role: the question that tells the role of the observer may be left blank."""
    entry = view.checklist.by_name.get(view.checklist.role or "")
    if entry is not None and isinstance(entry.item, Question) and not entry.item.required:
        message = f"`{entry.item.name}` tells the role of the observer, and may be left blank"
        yield Diagnostic.of("name-optional-role", message, entry.item.span, help="write `required: true`")


def lacking(form: Checklist) -> Iterator[Diagnostic]:
    """logic-role-reference: something on the form of a role depends on a question that only other roles are asked."""
    for entry in form.entries:
        item = entry.item
        symbols = [symbol for expression in expressions(item) for symbol in expression.symbols]
        if isinstance(item, SelectOne | SelectMultiple):
            symbols += [symbol for condition in item.filters.values() for symbol in symbols_in(condition)]
        for name in dict.fromkeys(symbol.name for symbol in symbols):
            if name not in form.by_name:
                message = f"`{item.name}` depends on `{name}`, which this role is not asked"
                help_ = f"give `{item.name}` the roles of `{name}`, or ask everybody `{name}`"
                yield Diagnostic.of("logic-role-reference", message, item.span, help=help_)


CHECKS = (optional_role,)
