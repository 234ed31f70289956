"""Forms as people leave them when they change an earlier answer: later answers that nobody asks for any more."""

from __future__ import annotations

import datetime
import random
from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from checklist_kit.logic import Context, evaluate
from checklist_kit.model import Calculate, Checklist, Item, Question, Repeat, Section
from tests.strategies.answers import answers

Answers = Mapping[str, Any]


@dataclass
class Row:
    """A row of a sheet as it is filled in, and what its answers count as."""

    cells: dict[str, Any]
    context: Context


@dataclass(repr=False)
class Filled:
    """Submissions as rows by sheet, that is, by the repeat's name. `given` are their answers as they were typed."""

    checklist: Checklist
    given: list[Answers] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, number: int, given: Answers) -> None:
        self.given.append(given)
        self._walk(self.checklist.items, given, "", {"submission_id": f"s{number}"}, {}, {})

    def _walk(
        self,
        items: tuple[Item, ...],
        given: Answers,
        sheet: str,
        cells: dict[str, Any],
        known: MutableMapping[str, Any],
        rows: MutableMapping[str, Any],
    ) -> None:
        self.rows.setdefault(sheet, []).append(Row(cells, Context(known, rows, datetime.date.today())))
        self._items(items, given, sheet, cells, known, rows)

    def _items(
        self,
        items: tuple[Item, ...],
        given: Answers,
        sheet: str,
        cells: dict[str, Any],
        known: MutableMapping[str, Any],
        rows: MutableMapping[str, Any],
    ) -> None:
        for item in items:
            context = Context(known, rows, datetime.date.today())
            relevance = self.checklist.by_name[item.name].relevance
            asked = relevance is None or evaluate(relevance, context) is True
            if isinstance(item, Section):
                self._items(item.items, given, sheet, cells, known, rows)
            elif isinstance(item, Calculate):
                known[item.name] = evaluate(item.calculation.tree, context) if asked else None
            elif isinstance(item, Question):
                cells[item.name] = given[item.name]
                known[item.name] = given[item.name] if asked else None
            elif isinstance(item, Repeat):
                rows[item.name] = []
                for name, inside in given[item.name].items():
                    path = f"{cells['instance']}/{name}" if sheet else name
                    inner = ChainMap[str, Any]({}, known)  # conditions are asked once all is filled in
                    keys = {"submission_id": cells["submission_id"], "instance": path}
                    self._walk(item.items, inside, item.name, keys, inner, ChainMap({}, rows))
                    if asked:
                        rows[item.name].append(inner)


def stale(first: Answers, second: Answers, rng: random.Random) -> dict[str, Any]:
    """The first answers, with some of the second where there are none: also where nothing is asked."""
    merged: dict[str, Any] = {}
    for name, value in first.items():
        other = second[name]
        if isinstance(value, dict):
            merged[name] = {
                key: stale(inner, other[key], rng) if key in other else inner for key, inner in (value or other).items()
            }
        else:
            merged[name] = other if value is None and rng.random() < 0.5 else value
    return merged


@st.composite
def forms(draw: st.DrawFn, checklist: Checklist) -> Filled:
    """One to three submissions of a checklist; 35 of 100 answers are blank, and some are stale."""
    filled = Filled(checklist)
    rng = random.Random(draw(st.integers(0, 999)))
    for number in range(draw(st.integers(1, 3))):
        filled.add(number, stale(draw(answers(checklist, blanks=35)), draw(answers(checklist, blanks=35)), rng))
    return filled
