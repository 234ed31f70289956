"""Indicators: whether their base holds what it should, and whether they can come out at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checklist_kit.checks.reasoning import GaveUp, opposite
from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import Context, Kind, Symbol, certainly, evaluate
from checklist_kit.logic import certain as c
from checklist_kit.logic import tree as t
from checklist_kit.model import (
    Acknowledge,
    Datetime,
    Entry,
    Geopoint,
    Image,
    Question,
    SelectOne,
    Share,
    Text,
)

# Where most questions feed a finding and a few do not, those few were probably forgotten.
_FORGOTTEN_SHARE = 0.2
_READ_BY_PEOPLE = (Text, Image, Geopoint, Acknowledge, Datetime)


def never(view: View) -> Iterator[Diagnostic]:
    """indicator-never: `when` can never be true inside the base, so that the share is always 0."""
    for indicator in view.checklist.shares:
        if not _can_count(view, indicator) and not _uses_impossible(view, indicator):
            yield Diagnostic.of(
                "indicator-never",
                f"`{indicator.name}` is always 0: its condition is never true",
                indicator.when.span,
                help="compare `when` with `among`, and `and` with `or`",
            )


def always(view: View) -> Iterator[Diagnostic]:
    """indicator-always: `when` is true in the whole base, so that the share is always 100%."""
    for indicator in view.checklist.shares:
        base = [certainly(indicator.among.condition)] if indicator.among else [_substantive(indicator)]
        outside = opposite(certainly(indicator.when.condition))
        if _possible(view, *base) and not _possible(view, *base, outside):
            yield Diagnostic.of(
                "indicator-always",
                f"`{indicator.name}` is always 100%: its condition is true in its whole base",
                (indicator.among or indicator.when).span,
                help="the base holds all units that could have been counted: `question in ('yes', 'no')`",
            )


def _substantive(indicator: Share) -> c.Certain:
    return c.All(tuple(c.Known(symbol) for symbol in indicator.when.symbols if symbol.kind is not Kind.REPEAT))


def _can_count(view: View, indicator: Share) -> bool:
    parts = (indicator.when, indicator.among)
    return _possible(view, *(certainly(part.condition) for part in parts if part is not None))


def outside_base(view: View) -> Iterator[Diagnostic]:
    """indicator-outside-base: `when` can be true for units that are not in the base."""
    for indicator in view.checklist.shares:
        if indicator.among is None or not _can_count(view, indicator):
            continue
        when, among = indicator.when.condition, indicator.among.condition
        answers = _example(view, certainly(when), opposite(certainly(among)))
        example = Context(answers, {indicator.for_each: [answers]} if indicator.for_each else {})
        if answers and evaluate(when, example) is True and evaluate(among, example) is not True:
            yield Diagnostic.of(
                "indicator-outside-base",
                f"`{indicator.name}` is true outside of its base, for example where {_told(answers)}",
                indicator.among.span,
                help="`among` must be true wherever `when` is",
            )


def missing_in_base(view: View) -> Iterator[Diagnostic]:
    """indicator-missing-in-base: the base counts units that say nothing about what is counted."""
    for indicator in view.checklist.shares:
        if indicator.among is None or not _can_count(view, indicator):
            continue
        among = indicator.among.condition
        missing = _missing_choices(view, indicator)
        if not missing:
            continue
        goals = [c.OneOf(t.Ref(symbol), tuple(map(t.Text, codes)), False) for symbol, codes in missing.items()]
        answers = _example(view, certainly(among), *map(c.Known, missing), *goals)
        if answers and evaluate(among, Context(answers)) is True:
            yield Diagnostic.of(
                "indicator-missing-in-base",
                f"the base of `{indicator.name}` counts units that say nothing about it, for example where "
                + _told({symbol.name: answers[symbol.name] for symbol in missing}),
                indicator.among.span,
                help="name the substantive answers: `question in ('yes', 'no')`",
            )


def _missing_choices(view: View, indicator: Share) -> Mapping[Symbol, list[str]]:
    """The questions of `when` with their missing choices; nothing where it is about these, or not about choices."""
    found: dict[Symbol, list[str]] = {}
    mentioned = _codes_in(indicator.when.tree)
    for symbol in indicator.when.symbols:
        entry = view.checklist.by_name.get(symbol.name)
        if entry is None or not isinstance(entry.item, SelectOne):
            return {}
        found[symbol] = [choice.code for choice in entry.item.choices.choices if choice.missing is not None]
        if not found[symbol] or mentioned & set(found[symbol]):
            return {}
    return found


def _codes_in(tree: object) -> set[str]:
    if isinstance(tree, t.Text):
        return {tree.value}
    if isinstance(tree, tuple):
        return set().union(*map(_codes_in, tree))
    if isinstance(tree, t.Symbol) or not hasattr(tree, "__dataclass_fields__"):
        return set()
    return set().union(*(_codes_in(getattr(tree, name)) for name in tree.__dataclass_fields__))


def _possible(view: View, *goals: Any) -> bool:
    try:
        return view.solver.possible(*goals, ignored=view.relevances.unreachable)
    except GaveUp:
        return True


def _example(view: View, *goals: Any) -> Mapping[str, Any]:
    try:
        return view.solver.example(*goals, ignored=view.relevances.unreachable)
    except GaveUp:
        return {}


def _uses_impossible(view: View, indicator: Share) -> bool:
    return any(symbol.name in view.relevances.unreachable for symbol in indicator.when.symbols)


def _told(answers: Mapping[str, Any]) -> str:
    """Answers in words, at most three."""
    told = []
    for name, value in list(answers.items())[:3]:
        if isinstance(value, tuple):
            told.append(" and ".join(f"{name} has '{code}'" for code in value))
        else:
            told.append(f"{name} = {value}" if isinstance(value, int | float) else f"{name} = '{value}'")
    return ", ".join(told) or "nothing is answered"


def no_unit(view: View) -> Iterator[Diagnostic]:
    """indicator-no-unit: findings are shares of units, and the checklist does not say which question identifies one."""
    checklist = view.checklist
    if checklist.indicators and checklist.unit is None:
        yield Diagnostic.of(
            "indicator-no-unit",
            "the indicators count units, and no question says which unit an answer is about",
            checklist.spans.get("indicators", checklist.span),
            help="write `unit: station`, with the name of the question that identifies what is observed",
        )


def unused_question(view: View) -> Iterator[Diagnostic]:
    """indicator-unused-question: one of the few questions that no finding uses."""
    checklist = view.checklist
    countable = [entry for entry in checklist.questions if _is_countable(entry)]
    unused = [entry for entry in countable if entry.item.name not in view.used and entry.item.name != checklist.unit]
    if not checklist.indicators or len(unused) > _FORGOTTEN_SHARE * len(countable):
        return
    for entry in unused:
        message = f"no indicator, condition or calculation uses `{entry.item.name}`"
        help_ = "add an indicator for it, or leave it out: every question costs time"
        yield Diagnostic.of("indicator-unused-question", message, entry.item.span, help=help_)


def _is_countable(entry: Entry) -> bool:
    item = entry.item
    return isinstance(item, Question) and not isinstance(item, _READ_BY_PEOPLE) and not item.sensitive


CHECKS = (never, always, outside_base, missing_in_base)
CHECKS_OF_WHOLE = (no_unit, unused_question)
