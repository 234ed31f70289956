"""What the columns make of whole forms in which earlier answers were changed: who was asked, and what is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.analysis.frames import frame_of
from checklist_kit.analysis.intake import Block
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.analysis.settle import readers, settle
from checklist_kit.analysis.status import NOT_ANSWERED, NOT_ASKED
from checklist_kit.logic import evaluate
from checklist_kit.model import Checklist, Question
from tests.analysis.helpers import submission
from tests.strategies.checklists import checklists
from tests.strategies.stale import Filled, Row, forms


def raw(value: Any) -> Any:
    """An answer as the web brings it."""
    if isinstance(value, dict):
        return [{**as_raw(inside), "_instance": name} for name, inside in value.items()]
    if isinstance(value, tuple | set | frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def as_raw(given_answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: raw(value) for name, value in given_answers.items() if value is not None}


def _place(row: Row) -> tuple[str, str]:
    return row.cells["submission_id"], row.cells.get("instance", "")


def agrees(filled: Filled) -> None:
    """Whether each question was asked, and which answers break their constraints, as the meaning says."""
    checklist = filled.checklist
    log = ProblemLog(checklist)
    submissions = [submission(as_raw(answers), f"s{number}") for number, answers in enumerate(filled.given)]
    state = settle(checklist, readers(checklist), Block.of(submissions), datetime.date.today(), log)
    broken = 0
    for entry in checklist.questions:
        frame, column = state.data.columns[entry.item.name]
        places = [(f"s{owner}", path) for owner, path in zip(frame.submission, frame.instances, strict=True)]
        statuses = dict(zip(places, column.status.tolist(), strict=True))
        given_rows = {_place(row): row for row in filled.rows.get(frame_of(entry), [])}
        for place, row in given_rows.items():  # a repeat that is not asked has no rows but those that hold an answer
            assert place in statuses or row.cells.get(entry.item.name) is None
        for place in statuses.keys() - given_rows.keys():  # blank instances, up to the `repeat_count`
            assert statuses[place] in (NOT_ANSWERED, NOT_ASKED) or not isinstance(entry.item, Question)
        rows = [row for place, row in given_rows.items() if place in statuses]
        asked = [entry.relevance is None or evaluate(entry.relevance, row.context) is True for row in rows]
        assert [statuses[_place(row)] != NOT_ASKED for row in rows] == asked, entry.item.name
        constraint = entry.item.constraint if isinstance(entry.item, Question) else None
        if constraint is not None:
            sentinels = checklist.symbols[entry.item.name].sentinels
            answers = [row.context.answers.get(entry.item.name) for row in rows]
            answered = [answer is not None and answer not in sentinels for answer in answers]
            held = [evaluate(constraint.condition, row.context) for row in rows]
            broken += sum(one is False and there for one, there in zip(held, answered, strict=True))
    assert sum(code == "value-constraint" for _, code, *_ in log.rows) == broken


@given(checklists(), st.data())
@settings(max_examples=150)
def test_a_form_counts_as_the_checklist_says(checklist: Checklist, data: st.DataObject) -> None:
    agrees(data.draw(forms(checklist)))
