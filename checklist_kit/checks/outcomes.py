"""What is made of answers: the places of phrases, and the questions that say what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.logic import outside_sums
from checklist_kit.model import Checklist, Figure, Question, Resolve, SelectOne
from checklist_kit.model.outcomes import PHRASE_PLACES

_PLACE = re.compile(r"\{([^{}]*)\}|[{}]")
_OF_SHARES = {"share", "count"}
_OF_FIGURES = {"value", "beyond"}


def phrases(view: View) -> Iterator[Diagnostic]:
    """indicator-phrase: a sentence with a place for a figure that the indicator does not have."""
    for indicator in view.checklist.indicators:
        places = sorted(PHRASE_PLACES - (_OF_SHARES if isinstance(indicator, Figure) else _OF_FIGURES))
        if isinstance(indicator, Figure) and indicator.beyond is None:
            places.remove("beyond")
        if indicator.for_each is None:
            places.remove("choice")
        for language, text in indicator.phrase.items():
            if indicator.for_each is not None and "{choice}" not in text:
                message = f"the phrase of `{indicator.name}` in `{language}` does not say which choice it is about"
                help_ = f"put `{{choice}}` where the name of a choice of `{indicator.for_each}` belongs"
                yield Diagnostic.of("indicator-phrase", message, indicator.span, help=help_)
            for found in _PLACE.finditer(text):
                if found[1] not in places:
                    help_ = did_you_mean(found[1] or "", places) or f"its figures are {_listed(places)}"
                    message = f"the phrase of `{indicator.name}` in `{language}` has no figure for `{found[0]}`"
                    yield Diagnostic.of("indicator-phrase", message, indicator.span, help=help_)


def _listed(places: list[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)


def same_for_each(view: View) -> Iterator[Diagnostic]:
    """indicator-for-each: an indicator is made for each choice of a repeat, and comes out the same for all."""
    for indicator in view.checklist.indicators:
        if indicator.for_each is None:
            continue
        parts = [part for part in (*indicator.parts, indicator.among) if part is not None]
        if not any(symbol.repeats for part in parts for symbol in outside_sums(part.tree)):
            message = (
                f"`{indicator.name}` is the same for each choice: it uses no answer inside of `{indicator.for_each}`"
            )
            help_ = "leave `for_each` out, or name a question of the repeat outside of sum() and count()"
            yield Diagnostic.of("indicator-for-each", message, indicator.span, help=help_)


def units(view: View) -> Iterator[Diagnostic]:
    """indicator-unit: what an indicator counts is no question that is asked once."""
    names = _questions(view.checklist)
    for indicator in view.checklist.indicators:
        if indicator.unit is not None and indicator.unit not in names:
            message = f"`{indicator.unit}` is no question outside of repeats, so `{indicator.name}` cannot count by it"
            yield Diagnostic.of("indicator-unit", message, indicator.span, help=did_you_mean(indicator.unit, names))


def _questions(checklist: Checklist) -> list[str]:
    return [one.item.name for one in checklist.questions if not one.repeats and isinstance(one.item, Question)]


def seniority(view: View) -> Iterator[Diagnostic]:
    """indicator-seniority: nothing says whose report is that of the most senior observer."""
    checklist = view.checklist
    rules = [checklist.resolve, *(indicator.resolve for indicator in checklist.indicators)]
    entry = checklist.by_name.get(checklist.seniority or "")
    if checklist.seniority is None and Resolve.SENIOR in rules:
        message = "reports are resolved by seniority, and no question says how senior an observer is"
        help_ = "write `seniority: role`, a select_one whose choices stand in order, the most senior first"
        yield Diagnostic.of("indicator-seniority", message, checklist.spans.get("resolve", checklist.span), help=help_)
    elif checklist.seniority is not None and (entry is None or not isinstance(entry.item, SelectOne) or entry.repeats):
        message = (
            f"`{checklist.seniority}` is no select_one outside of repeats, so its choices are no order of observers"
        )
        yield Diagnostic.of("indicator-seniority", message, checklist.spans.get("seniority", checklist.span))


CHECKS = (phrases, same_for_each, units, seniority)
