"""Skips as arrows: where "→ 12" beside a box says the same as "answer only if …" at each question that it passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from checklist_kit.logic import Condition, Context, evaluate, symbols_in
from checklist_kit.logic.tree import And
from checklist_kit.model import Checklist, Entry, Note, Question, SelectOne

END = 0
"""The target of an arrow that leads past the last question."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """The arrows of a form.

    `targets` holds, by question and choice, the number of the question to go to. `spared` are the items whose own
    condition need not be said, because an arrow leads past them exactly when it fails.
    """

    targets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    spared: frozenset[str] = frozenset()


def arrows(checklist: Checklist) -> Arrows:
    """Find every arrow that is provably right.

    A choice gets one when the items that follow its question depend on that question alone, are asked for the same
    choices as each other, and the item after them stands in the same repeat. What each choice leads to is found by
    trying them all.
    """
    entries = [entry for entry in checklist.entries if isinstance(entry.item, Question | Note)]
    targets: dict[tuple[str, str], int] = {}
    spared: set[str] = set()
    for place, source in enumerate(entries):
        if not isinstance(source.item, SelectOne):
            continue
        skipping, run = _run(source, entries[place + 1 :])
        after = next((entry for entry in entries[place + 1 + len(run) :] if entry.number), None)
        if run and (after.repeats if after else ()) == source.repeats:
            targets |= {(source.item.name, code): after.number if after else END for code in skipping}
            spared |= {entry.item.name for entry in run if _reached_with(source, entry)}
    return Arrows(targets, frozenset(spared))


def _reached_with(source: Entry, entry: Entry) -> bool:
    """Whether nobody gets to an item without having got to the question whose arrow leads past it."""
    around = {section.name for section in entry.sections}
    return source.item.relevant is None and all(
        section.name in around for section in source.sections if section.relevant
    )


def _run(source: Entry, following: list[Entry]) -> tuple[frozenset[str], list[Entry]]:
    """Return the choices that skip the next items, and the items that they all skip."""
    if not following:
        return frozenset(), []
    skipping = _skipping(source, following[0])
    if not skipping or len(skipping) == len(_codes(source)):
        return frozenset(), []
    return skipping, list(takewhile(lambda entry: _skipping(source, entry) == skipping, following))


def _skipping(source: Entry, entry: Entry) -> frozenset[str]:
    """Return the choices of a question for which an item is skipped; none where that depends on anything else."""
    known = _parts(source.relevance)  # true, else the question had not been reached
    condition = And(tuple(part for part in _parts(entry.relevance) if part not in known))
    if not condition.parts or [symbol.name for symbol in symbols_in(condition)] != [source.item.name]:
        return frozenset()
    name = source.item.name
    return frozenset(code for code in _codes(source) if evaluate(condition, Context({name: code})) is not True)


def _codes(source: Entry) -> tuple[str, ...]:
    return source.item.choices.codes if isinstance(source.item, SelectOne) else ()


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)
