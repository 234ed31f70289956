"""Answers written into the definition: defaults, and numbers that stand for missing answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checklist_kit.checks.reasoning import GaveUp
from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.logic import Context, certainly, evaluate
from checklist_kit.logic.bind import bind
from checklist_kit.model import (
    Date,
    Datetime,
    Decimal,
    Integer,
    Question,
    SelectMultiple,
    SelectOne,
    Sentinel,
    Text,
    Time,
)

# What other forms write where the default is computed when the form is opened.
_COMPUTED = re.compile(r"\$\{|[\w-]+\(")
# Without a constraint, a number of so many digits is no answer that anybody would count up to.
_CLEARLY_NO_COUNT = 1000


def default(view: View) -> Iterator[Diagnostic]:
    """schema-default: a default that is no possible answer, or breaks the constraint."""
    for entry in view.entries:
        item = entry.item
        if not isinstance(item, Question) or item.default is None or _COMPUTED.search(item.default):
            continue
        span = item.spans.get("default", item.span)
        try:
            value = _read(item, item.default)
        except ValueError:
            message = f"`{item.default}` is no possible answer to `{item.name}`, of type {item.type}"
            yield Diagnostic.of("schema-default", message, span, help=_help(item))
            continue
        if value is not None and _breaks(item, value):
            message = f"the default `{item.default}` breaks the constraint of `{item.name}`"
            yield Diagnostic.of("schema-default", message, span, help="choose a default that the constraint accepts")


def _read(item: Question, text: str) -> Any:
    """Return the answer that a default is, None where that cannot be told. Raises ValueError where it is none."""
    match item:
        case SelectOne():
            return _code(item, text)
        case SelectMultiple():
            return tuple(_code(item, code) for code in re.split(r"[\s;]+", text.strip()))
        case Text() if item.matches is not None:
            return _matching(item.matches, text)
        case _:
            read = _READERS.get(type(item))
            return read(text.strip()) if read else None


def _code(item: SelectOne | SelectMultiple, text: str) -> str:
    if text not in item.choices.codes:
        raise ValueError(text)
    return text


def _matching(pattern: str, text: str) -> str | None:
    try:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(text)
    except re.error:
        return None
    return text


_READERS: Mapping[type[Question], Callable[[str], Any]] = {
    Integer: int,
    Decimal: float,
    Date: datetime.date.fromisoformat,
    Time: datetime.time.fromisoformat,
    Datetime: datetime.datetime.fromisoformat,
}


def _help(item: Question) -> str | None:
    if isinstance(item, SelectOne | SelectMultiple):
        codes = item.choices.codes
        return did_you_mean(item.default or "", codes) or f"its choices are {', '.join(codes[:8])}"
    return {"date": "write it like 2024-02-07", "time": "write it like 08:00"}.get(item.type)


def _breaks(item: Question, value: Any) -> bool:
    if item.constraint is None or any(symbol.name != item.name for symbol in item.constraint.symbols):
        return False
    return evaluate(item.constraint.tree, Context({item.name: value})) is False


def sentinel_in_range(view: View) -> Iterator[Diagnostic]:
    """logic-sentinel-in-range: a number that stands for a missing answer could also be an answer."""
    for entry in view.entries:
        item = entry.item
        if not isinstance(item, Integer | Decimal):
            continue
        for sentinel in item.missing:
            if _could_be_answer(view, item, sentinel):
                limited = "the constraint allows it" if item.constraint else "no constraint rules it out"
                yield Diagnostic.of(
                    "logic-sentinel-in-range",
                    f"{sentinel.text} stands for {sentinel.missing}, and {limited} as an answer to `{item.name}`",
                    sentinel.span,
                    help="add a constraint such as `. <= 3000`, or take a number far outside of what can be answered",
                )


def _could_be_answer(view: View, item: Integer | Decimal, sentinel: Sentinel) -> bool:
    if item.constraint is None:
        return 0 <= sentinel.value < _CLEARLY_NO_COUNT
    if view.never_false(item.constraint):
        return False  # a constraint that refuses nothing is the mistake then
    symbol = view.checklist.symbols[item.name]
    accepted = certainly(bind(item.constraint.condition, {symbol: sentinel.value}))
    try:
        return view.solver.possible(accepted, ignored=view.relevances.unreachable)
    except GaveUp:
        return False


CHECKS = (default, sentinel_in_range)
