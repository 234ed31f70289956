"""The sentences of a report: the phrase of an indicator, with its figures in their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checklist_kit.analysis.report.speech import Speech
from checklist_kit.model import Figure, Indicator

_PLACE = re.compile(r"\{(\w+)\}")


def sentence(indicator: Indicator, row: Mapping[str, Any], speech: Speech) -> str | None:
    """Return the sentence of an indicator in a language; None where there is no phrase, or a figure it needs.

    `row` is that of all units. A phrase is never taken from another language: a paragraph is in one.
    """
    phrase = indicator.phrase.get(speech.language)
    if phrase is None or row["value"] is None:
        return None
    figures = figures_of(indicator, row, speech)
    if any(place not in figures for place in _PLACE.findall(phrase)):
        return None
    told = _PLACE.sub(lambda found: figures[found[1]], phrase.strip())
    return f"{told} {speech.say('few', base=speech.whole(row['base']))}" if row["small_base"] else told


def figures_of(indicator: Indicator, row: Mapping[str, Any], speech: Speech) -> dict[str, str]:
    """Return the figures of a row as text, by the names of their places; those that are not known are left out."""
    percent = is_percent(row)
    figures = {
        "base": speech.whole(row["base"]),
        "reported": speech.whole(row["n"]),
        "share": speech.share(row["value"]) if percent else "",
        "value": written(row, row["value"], speech),
    }
    if row["low"] is not None:
        figures |= {"low": written(row, row["low"], speech), "high": written(row, row["high"], speech)}
        figures["interval"] = (speech.interval if percent else speech.span)(row["low"], row["high"])
    if indicator.choice is not None:
        figures["choice"] = indicator.choice.label[speech.language]
    if row["count"] is not None:
        figures["count"] = speech.whole(row["count"])
    if isinstance(indicator, Figure) and indicator.beyond is not None:
        figures["beyond"] = f"{indicator.beyond:g}".replace(".", speech.locale.number_symbols["latn"]["decimal"])
    return figures


def is_percent(row: Mapping[str, Any]) -> bool:
    """Whether a figure is written in percent: shares, and one total over another."""
    return row["kind"] in ("share", "ratio")


def written(row: Mapping[str, Any], number: float, speech: Speech) -> str:
    """Return a figure of a row as its language writes it."""
    return speech.share(number) if is_percent(row) else speech.number(number, row["value"])
