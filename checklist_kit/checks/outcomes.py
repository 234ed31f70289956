"""What is made of answers: the places of phrases, and the questions that say what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, did_you_mean
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
        for language, text in indicator.phrase.items():
            for found in _PLACE.finditer(text):
                if found[1] not in places:
                    help_ = did_you_mean(found[1] or "", places) or f"its figures are {_listed(places)}"
                    message = f"the phrase of `{indicator.name}` in `{language}` has no figure for `{found[0]}`"
                    yield Diagnostic.of("indicator-phrase", message, indicator.span, help=help_)


def _listed(places: list[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)


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


CHECKS = (phrases, units, seniority)
