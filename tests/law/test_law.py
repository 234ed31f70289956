"""The law: what is filled into a form comes back as it was given, and from every channel as the same rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Checklist
from tests.law import fill
from tests.law.expected import Key, Row, expected_rows
from tests.strategies.answers import TODAY
from tests.strategies.checklists import answers, checklists

Fill = Callable[[Checklist, list[fill.Answers]], bytes]
CHANNELS: dict[str, tuple[Fill, str]] = {"web": (fill.web, "r.jsonl"), "workbook": (fill.workbook, "r.xlsx")}


def rows_of(tables: Any) -> dict[str, dict[Key, Row]]:
    """Return status and value by submission and by (item, instance, choice), the restricted answers among them."""
    found: dict[str, dict[Key, Row]] = {}
    for frame in (tables.answers, tables.restricted):
        if frame is not None:
            columns = (
                frame[name].astype("string").fillna("")
                for name in ("submission_id", "item", "instance", "choice", "status", "value")
            )
            for submission, item, instance, choice, status, value in zip(*columns, strict=True):
                found.setdefault(submission, {})[item, instance, choice] = (status, value)
    return found


@pytest.mark.parametrize("channel", CHANNELS)
@given(data=st.data())
@settings(max_examples=60)
def test_what_was_filled_in_comes_back(channel: str, data: st.DataObject) -> None:
    """read(fill(compile(c), a)) == a."""
    checklist = data.draw(checklists())
    given_answers = data.draw(st.lists(answers(checklist), min_size=1, max_size=3))
    make, name = CHANNELS[channel]
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(make(checklist, given_answers))
        tables = ck.parse(checklist, [path], today=TODAY)
    note(tables.problems.to_string())
    wanted = {f"s{number}": expected_rows(checklist, each) for number, each in enumerate(given_answers)}
    found = rows_of(tables)
    differing = [
        (submission, *key, rows.get(key), found.get(submission, {}).get(key))
        for submission, rows in wanted.items()
        for key in rows | found.get(submission, {})
        if rows.get(key) != found.get(submission, {}).get(key)
    ]
    assert not differing, differing
    assert found.keys() == wanted.keys()
    assert tables.ledger.balanced
