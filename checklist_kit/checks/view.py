"""A checklist as the checks look at it: with what several of them need, worked out once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from checklist_kit.checks.reasoning import GaveUp, Relevances, Solver, comes_out, examine
from checklist_kit.diagnostics import Span
from checklist_kit.logic import certainly_not, symbols_in
from checklist_kit.model import (
    TEXT_KEYS,
    Calculate,
    Check,
    Checklist,
    ChoiceList,
    Decimal,
    Entry,
    Expression,
    Indicator,
    Integer,
    Item,
    Question,
    Report,
    SelectMultiple,
    SelectOne,
    Translated,
    Words,
)
from checklist_kit.model.items import Repeat


@dataclass(frozen=True, slots=True)
class Wording:
    """A text: its languages, what it is of `owner`, and the item that it belongs to."""

    words: Words
    key: str
    owner: str
    item: Item | None = None
    place: Span | None = None

    @property
    def span(self) -> Span:
        """Where the text stands."""
        if self.place is not None:
            return self.place
        assert self.item is not None
        return self.item.spans.get(self.key, self.item.span)

    def place_of(self, language: str) -> Span:
        """Where the text stands in a language: the translations of a text may lie in files of their own."""
        places = self.words.places if isinstance(self.words, Translated) else {}
        return places.get(language, self.span)

    @property
    def what(self) -> str:
        """What this text is, in words."""
        match self.key:
            case "title":
                return "the title"
            case "choice":
                return f"the choice `{self.owner}`" + (f" of `{self.item.name}`" if self.item else "")
            case "sentinel":
                return f"the label of {self.owner}"
            case _:
                return f"the {self.key} of `{self.owner}`"


@dataclass(frozen=True)
class View:
    """A checklist with what can be told about it as a whole."""

    checklist: Checklist

    @cached_property
    def texts(self) -> tuple[Wording, ...]:
        """Every text of the checklist, in no particular order."""
        return tuple(_texts(self.checklist))

    @cached_property
    def untranslated(self) -> tuple[tuple[Wording, list[str]], ...]:
        """The texts that lack some of the languages, with these languages."""
        languages = list(self.checklist.languages)
        lacking = ((text, [one for one in languages if not text.words.get(one, "").strip()]) for text in self.texts)
        return tuple((text, missing) for text, missing in lacking if missing)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All items in form order."""
        return self.checklist.entries

    @cached_property
    def solver(self) -> Solver:
        """What reasons about answers."""
        return Solver(self.checklist.by_name)

    @cached_property
    def relevances(self) -> Relevances:
        """Which items are never asked."""
        return examine(self.checklist, self.solver)

    def never_false(self, expression: Expression) -> bool:
        """Whether no answers make a condition false."""
        if comes_out(expression, False):
            return False
        try:
            refused = certainly_not(expression.condition)
            return not self.solver.possible(refused, relevances=False, constraints=False)
        except GaveUp:
            return False

    @cached_property
    def lists_in_use(self) -> dict[str, tuple[ChoiceList, list[Item]]]:
        """Each choice list that is used, by name, with the items that use it."""
        found: dict[str, tuple[ChoiceList, list[Item]]] = {}
        for entry in self.entries:
            choices = list_of(entry.item)
            if choices is not None:
                found.setdefault(choices.name, (choices, []))[1].append(entry.item)
        return found

    @cached_property
    def used(self) -> frozenset[str]:
        """The names that some expression of another item, or an indicator, mentions."""
        names: set[str] = set()
        for entry in self.entries:
            for expression in expressions(entry.item):
                names.update(symbol.name for symbol in expression.symbols if symbol.name != entry.item.name)
            for condition in getattr(entry.item, "filters", {}).values():
                names.update(symbol.name for symbol in symbols_in(condition))
        for indicator in self.checklist.indicators:
            for part in (*indicator.parts, indicator.among):
                names.update(symbol.name for symbol in part.symbols) if part else None
        for check in self.checklist.checks:
            names.update(symbol.name for symbol in check.that.symbols)
        return frozenset(names)


def expressions(item: Item) -> Iterator[Expression]:
    """Yield the expressions of an item, choice filters apart."""
    if item.relevant:
        yield item.relevant
    if isinstance(item, Question) and item.constraint:
        yield item.constraint
    if isinstance(item, Calculate):
        yield item.calculation


def list_of(item: Item) -> ChoiceList | None:
    """Return the choice list that an item uses."""
    if isinstance(item, SelectOne | SelectMultiple):
        return item.choices
    return item.over if isinstance(item, Repeat) else None


def _texts(checklist: Checklist) -> Iterator[Wording]:
    if checklist.title != {checklist.default_language: checklist.id}:  # else there is none
        place = checklist.spans.get("title", checklist.span)
        yield Wording(checklist.title, "title", checklist.id, place=place)
    for choices in checklist.choices.values():
        for choice in choices.choices:
            yield Wording(choice.label, "choice", choice.code, place=choice.span)
    for attribute in checklist.attributes.values():
        yield Wording(attribute.label, "label", attribute.name, place=attribute.span)
        for choice in attribute.choices.choices if "/" in attribute.choices.name else ():
            yield Wording(choice.label, "choice", choice.code, place=choice.span)
    for entry in checklist.entries:
        yield from _item_texts(entry.item)
    outcomes: tuple[Indicator | Check | Report, ...] = (*checklist.indicators, *checklist.checks, *checklist.reports)
    for outcome in outcomes:
        yield Wording(outcome.label, "label", outcome.name, place=outcome.span)
        if isinstance(outcome, Indicator) and outcome.phrase:
            yield Wording(outcome.phrase, "phrase", outcome.name, place=outcome.span)


def _item_texts(item: Item) -> Iterator[Wording]:
    for key in TEXT_KEYS:
        words: Words = getattr(item, key, {})
        if words:
            yield Wording(words, key, item.name, item)
    choices = list_of(item)
    if choices is not None and "/" in choices.name:
        for choice in choices.choices:
            yield Wording(choice.label, "choice", choice.code, item, choice.span)
    if isinstance(item, Integer | Decimal):
        for sentinel in item.missing:
            if sentinel.label:
                yield Wording(sentinel.label, "sentinel", sentinel.text, item, sentinel.span)
