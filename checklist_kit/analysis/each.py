"""An indicator that is made for each choice of a repeat becomes one indicator a choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checklist_kit.model import Checklist, Indicator, Repeat


def each(checklist: Checklist, indicator: Indicator) -> Iterator[Indicator]:
    """Yield an indicator, or what it is for each choice of its repeat, in the order of the list.

    The name of one for a choice is `name.choice`, as that of a column of a select_multiple is. Its label ends with that
    of the choice, which has a label in every language: its own, else that of the default language.
    """
    if indicator.for_each is None:
        yield indicator
        return
    repeat = checklist.by_name[indicator.for_each].item
    assert isinstance(repeat, Repeat)
    assert repeat.over is not None
    for choice in repeat.over.choices:
        named = {language: checklist.text(choice.label, language) for language in checklist.languages}
        label = {language: f"{checklist.text(indicator.label, language)}: {name}" for language, name in named.items()}
        name = f"{indicator.name}.{choice.code}"
        yield replace(indicator, name=name, label=label, choice=replace(choice, label=named))


def findings_of(checklist: Checklist) -> list[Indicator]:
    """Return what there is a finding of, in the order of the indicators."""
    return [one for indicator in checklist.indicators for one in each(checklist, indicator)]
