"""Filling printed forms with given answers: what paper can hold of them, the pages, and what is keyed in review."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import checklist_kit as ck
from checklist_kit.model import (
    Acknowledge,
    Checklist,
    Geopoint,
    Image,
    Integer,
    Item,
    Question,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
)
from checklist_kit.readers.scan import Doubt, Review
from tests.law.expected import canonical
from tests.scan.simulator import Person, form_of, sheets, write_answers
from tests.scan.simulator.pens import Pen

Answers = Mapping[str, Any]
# Fills every mark with care.
NEAT = Person("fill", Pen(30, 0.6, 0.08), care=0.95, accidents=0.0)
ROWS = 3  # of a repeat of open length, as printed


def on_paper(items: tuple[Item, ...], given: Answers, positions: Mapping[str, int]) -> dict[str, Any]:
    """Return of answers what paper can hold; `positions` is how many digits the columns of a number have."""
    kept: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Section):
            kept |= on_paper(item.items, given, positions)
        elif isinstance(item, Repeat):
            rows = {name: on_paper(item.items, answers, positions) for name, answers in given[item.name].items()}
            kept[item.name] = _printed_rows(item, rows)
        elif isinstance(item, Question):
            kept[item.name] = given[item.name] if _fits(item, given[item.name], positions) else None
    return kept


def _printed_rows(repeat: Repeat, rows: dict[str, Any]) -> dict[str, Any]:
    """A repeat of open length is printed three times, and blank rows at its end are no rows."""
    if repeat.over or repeat.repeat_count:
        return rows
    names = list(rows)[:ROWS]
    while names and not any(_filled(value) for value in rows[names[-1]].values()):
        names.pop()
    return {name: rows[name] for name in names}


def _filled(value: Any) -> bool:
    return any(_filled(inner) for inner in value.values()) if isinstance(value, dict) else value is not None


def _fits(item: Question, value: Any, positions: Mapping[str, int]) -> bool:
    if isinstance(item, Image | Geopoint):
        return False
    if isinstance(item, Integer) and value is not None:
        sentinels = [sentinel.value for sentinel in item.missing]
        return value in sentinels or 0 <= value < 10 ** positions.get(item.name, 0)
    return True


def positions_of(layout: Mapping[str, Any]) -> dict[str, int]:
    """Return how many digits each number's columns have."""
    found: dict[str, int] = {}
    for page in layout["pages"]:
        for mark in page["marks"]:
            if mark["shape"] == "digit":
                found[mark["item"]] = max(found.get(mark["item"], 0), 1 + int(mark["choice"].split(":")[0]))
    return found


def marked(items: tuple[Item, ...], given: Answers, instance: str = "") -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield what is marked or written for each question, by item and instance."""
    for item in items:
        if isinstance(item, Section):
            yield from marked(item.items, given, instance)
        elif isinstance(item, Repeat):
            for name, answers in given[item.name].items():
                yield from marked(item.items, answers, f"{instance}/{name}" if instance else name)
        elif isinstance(item, Question):
            yield (item.name, instance), _mark(item, given[item.name])


def _mark(item: Question, value: Any) -> Any:
    if value is None or isinstance(item, SelectOne):
        return value
    if isinstance(item, SelectMultiple):
        return set(value)
    if isinstance(item, Acknowledge):
        return {"OK"}
    sentinels = {sentinel.value: sentinel.text for sentinel in getattr(item, "missing", ())}
    if value in sentinels:
        return sentinels[value]
    return str(value) if isinstance(item, Integer) else True


def fill_forms(checklist: Checklist, given: list[Answers], folder: Path, language: str) -> list[Answers]:
    """Print a checklist once an answer set, with serials s0, s1, …, fill it in and write pages; return what fitted."""
    pdf, layout = form_of(ck.build(checklist, "paper", [language]).files, language)
    positions = positions_of(layout)
    kept = [on_paper(checklist.items, answers, positions) for answers in given]
    rng = np.random.default_rng(1)
    for number, answers in enumerate(kept):
        for sheet in sheets(pdf, layout, f"s{number}"):
            picture, _ = write_answers(sheet, NEAT, rng, dict(marked(checklist.items, answers)))
            small = cv2.resize(picture, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
            cv2.imwrite(str(folder / f"{number}_{sheet.page['page']:03}.png"), small)
    return kept


def keyed(doubts: tuple[Doubt, ...], given: Mapping[str, Answers]) -> Review:
    """Return what a person keys for each doubt who knows the answers of each submission."""
    return Review({doubt.row.key: _key(doubt, given[doubt.row.submission_id]) for doubt in doubts})


def _key(doubt: Doubt, answers: Answers) -> str:
    value: Any = _find(answers, doubt.row.item, doubt.row.instance)
    if value is None:
        return "blank"
    if doubt.row.choice:
        return str(int(doubt.row.choice in value))
    assert not isinstance(value, float) or math.isfinite(value)
    return canonical(value)


def _find(answers: Answers, item: str, instance: str) -> Any:
    if item in answers:
        return answers[item]
    name, _, rest = instance.partition("/")
    for rows in answers.values():
        if isinstance(rows, dict) and name in rows:
            found = _find(rows[name], item, rest)
            if found is not None:
                return found
    return None
