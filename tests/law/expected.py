"""What the table of answers must hold for given answers, worked out from the meaning of the checklist alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal as Exact
from typing import Any

from checklist_kit.logic import Context, evaluate
from checklist_kit.model import (
    Calculate,
    Checklist,
    Item,
    Question,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
)
from tests.strategies.answers import TODAY

Key = tuple[str, str, str]
Row = tuple[str, str]


def expected_rows(checklist: Checklist, given: Mapping[str, Any]) -> dict[Key, Row]:
    """Return status and value by (item, instance, choice)."""
    return dict(_Walk(checklist).rows(checklist.items, given, "", {}, {}))


def _holds_an_answer(given: Mapping[str, Any]) -> bool:
    return any(
        any(map(_holds_an_answer, value.values())) if isinstance(value, Mapping) else value is not None
        for value in given.values()
    )


class _Walk:
    def __init__(self, checklist: Checklist) -> None:
        self.by_name = checklist.by_name

    def rows(
        self,
        items: tuple[Item, ...],
        given: Mapping[str, Any],
        instance: str,
        known: dict[str, Any],
        instances: dict[str, Any],
    ) -> Iterator[tuple[Key, Row]]:
        for item in items:
            context = Context(known, instances, TODAY)
            relevance = self.by_name[item.name].relevance
            asked = relevance is None or evaluate(relevance, context) is True
            if isinstance(item, Section):
                yield from self.rows(item.items, given, instance, known, instances)
            elif isinstance(item, Repeat):
                there = given[item.name]
                if not asked:  # then only instances that hold an answer nevertheless have rows
                    there = {name: inside for name, inside in there.items() if _holds_an_answer(inside)}
                yield from self._repeat(item, there, instance, known, instances)
            elif isinstance(item, Calculate):
                value = known[item.name] = evaluate(item.calculation.tree, context) if asked else None
                yield (item.name, instance, ""), _status(asked, value, {})
            elif isinstance(item, Question):
                value = known[item.name] = given[item.name] if asked else None
                yield from self._question(item, instance, asked, value)

    def _repeat(
        self, repeat: Repeat, given: Mapping[str, Any], above: str, known: dict[str, Any], instances: dict[str, Any]
    ) -> Iterator[tuple[Key, Row]]:
        instances[repeat.name] = []
        for name, answers in given.items():
            inside, below = dict(known), dict(instances)
            path = f"{above}/{name}" if above else name
            yield from self.rows(repeat.items, answers, path, inside, below)
            instances[repeat.name].append(inside)

    @staticmethod
    def _question(item: Question, instance: str, asked: bool, value: Any) -> Iterator[tuple[Key, Row]]:
        if isinstance(item, SelectMultiple):
            missing = {code: item.choices[code].missing for code in value or ()}
            kinds = [kind for kind in missing.values() if kind]
            status = "not_asked" if not asked else "not_answered" if value is None else "answered"
            if status == "answered" and len(kinds) == len(missing):
                status = str(kinds[0])
            for code in item.choices.codes:
                yield (item.name, instance, code), (status, "" if value is None else str(int(code in value)))
            return
        kinds_of = {}
        if isinstance(item, SelectOne):
            kinds_of = {choice.code: str(choice.missing) for choice in item.choices.choices if choice.missing}
        for sentinel in getattr(item, "missing", ()):
            kinds_of[sentinel.value] = str(sentinel.missing)
        yield (item.name, instance, ""), _status(asked, value, kinds_of)


def _status(asked: bool, value: Any, kinds: Mapping[Any, str]) -> Row:
    if value is None:
        return ("not_answered" if asked else "not_asked"), ""
    return kinds.get(value, "answered"), canonical(value)


def canonical(value: Any) -> str:
    """Return the canonical text of a value."""
    match value:
        case bool():
            return str(int(value))
        case int() | float():
            text = format(Exact(repr(value)), "f")
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return "0" if text == "-0" else text
        case datetime.datetime():
            return value.isoformat(timespec="minutes" if not value.second else "seconds")
        case datetime.time():
            return value.isoformat(timespec="minutes" if not value.second else "seconds")
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value).strip()
