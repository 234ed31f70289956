"""The checklist as a whole, and its form read in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from checklist_kit.diagnostics import Span
from checklist_kit.logic import Symbol
from checklist_kit.logic.tree import And, Condition
from checklist_kit.model.choices import Attribute, ChoiceList, Words
from checklist_kit.model.items import Calculate, Item, Question, Repeat, Section
from checklist_kit.model.outcomes import Check, Figure, Indicator, Report, Share
from checklist_kit.model.paper import Paper
from checklist_kit.model.rules import Resolve


@dataclass(frozen=True, slots=True)
class Form:
    """Another checklist that checks look into. `unit` is its question that identifies the same unit as ours."""

    checklist: Checklist
    unit: str


@dataclass(frozen=True, slots=True)
class Bank:
    """A collection of items that a checklist includes: its name, its version, and the file that it was read from."""

    name: str
    version: str
    file: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it stands in the form.

    `relevance` joins its own relevance with that of all sections and repeats around it; None when it is always asked.
    `repeats` are the repeats around it, outermost first. `number` is the printed question number, 0 for items without
    an answer of their own. `sections` are the headings above it, outermost first.
    """

    item: Item
    relevance: Condition | None
    repeats: tuple[Repeat, ...]
    sections: tuple[Section, ...]
    number: int

    @property
    def applies(self) -> Mapping[str, frozenset[str]]:
        """The values of attributes of the units that the item and all around it apply to."""
        found: dict[str, frozenset[str]] = {}
        for each in (*self.sections, *self.repeats, self.item):
            for name, codes in each.applies.items():
                found[name] = found.get(name, frozenset(codes)) & frozenset(codes)
        return found


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """A checklist, whole and checked.

    `hash` is the SHA-256 of the form's meaning (all files together), in hexadecimal; it is the same for the same form
    wherever it lies, whatever is made of its answers. `resolve` is the rule for several reports of a unit, and
    `seniority` the question whose choices stand in the order of seniority, for the rule that asks for it. `forms` are
    other checklists, by the names that checks call them.
    """

    id: str
    version: str
    title: Words
    languages: Words
    default_language: str
    items: tuple[Item, ...]
    hash: str
    span: Span
    spans: Mapping[str, Span] = field(default_factory=dict)
    unit: str | None = None
    role: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    choices: Mapping[str, ChoiceList] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()
    checks: tuple[Check, ...] = ()
    reports: tuple[Report, ...] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    resolve: Resolve = Resolve.FIRST
    seniority: str | None = None
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    paper: Paper = field(default_factory=Paper)
    ignore: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    banks: tuple[Bank, ...] = ()

    @property
    def verbatim(self) -> bool:
        """Whether it was taken over from an XLSForm, and goes back as it came, with nothing added or mended."""
        kept = self.extra.get("xlsform")
        return isinstance(kept, Mapping) and kept.get("verbatim") is True

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All items in form order, containers before what they contain."""
        return tuple(_walk(self.items))

    @cached_property
    def questions(self) -> tuple[Entry, ...]:
        """The entries that have answers: questions and calculations, in form order."""
        return tuple(entry for entry in self.entries if isinstance(entry.item, Question | Calculate))

    @cached_property
    def by_name(self) -> Mapping[str, Entry]:
        """Entries by item name."""
        return {entry.item.name: entry for entry in self.entries}

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """The indicators that are shares of units."""
        return tuple(one for one in self.indicators if isinstance(one, Share))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The indicators that are numbers."""
        return tuple(one for one in self.indicators if isinstance(one, Figure))

    @cached_property
    def repeats(self) -> tuple[Entry, ...]:
        """The entries of repeats, in form order."""
        return tuple(entry for entry in self.entries if isinstance(entry.item, Repeat))

    def text(self, words: Words, language: str | None = None) -> str:
        """Return a text in a language, else in the default language, else in any; empty where there is none."""
        for candidate in (language, self.default_language):
            if candidate is not None and candidate in words:
                return words[candidate]
        return next(iter(words.values()), "")


def _walk(items: tuple[Item, ...]) -> Iterator[Entry]:
    number = 0

    def walk(
        inner: tuple[Item, ...], above: Condition | None, repeats: tuple[Repeat, ...], sections: tuple[Section, ...]
    ) -> Iterator[Entry]:
        nonlocal number
        for item in inner:
            relevance = _join(above, item.relevant.condition if item.relevant else None)
            if isinstance(item, Question):
                number += 1
            yield Entry(item, relevance, repeats, sections, number if isinstance(item, Question) else 0)
            if isinstance(item, Section):
                yield from walk(item.items, relevance, repeats, (*sections, item))
            elif isinstance(item, Repeat):
                yield from walk(item.items, relevance, (*repeats, item), sections)

    return walk(items, None, (), ())


def _join(above: Condition | None, own: Condition | None) -> Condition | None:
    if above is None or own is None:
        return above if own is None else own
    first = above.parts if isinstance(above, And) else (above,)
    return And((*first, own))
