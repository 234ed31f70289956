"""The law on paper: what was filled in comes back, and from every channel as the same rows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.api import scan
from checklist_kit.model import Checklist
from tests.law import fill
from tests.law.expected import expected_rows
from tests.law.test_law import rows_of
from tests.scan.filled import fill_forms, keyed
from tests.strategies.answers import TODAY
from tests.strategies.answers import answers as some_answers
from tests.strategies.checklists import checklist_texts, load_text

ROOT = Path(__file__).parents[2]
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes seconds: too long to make it smaller
FORMS = [
    ROOT / "tests/targets/paper/forms/every_type.yaml",
    *sorted(ROOT.glob("checklists/az_2024_presidential/*.yaml")),
]


def scanned(checklist: Checklist, given_answers: list[Any], folder: Path) -> tuple[Any, list[Any]]:
    """Fill forms, scan them, key what waits for review, and scan again."""
    pages = folder / "pages"
    pages.mkdir()
    kept = fill_forms(checklist, given_answers, pages, checklist.default_language)
    known = {f"paper-s{number}": answers for number, answers in enumerate(kept)}
    _, first = scan(checklist, [pages], folder=folder / "kept")
    assert [row for row in first.pages if row.state != "accepted"] == []
    assert {doubt.why for doubt in first.doubts} <= {"handwriting"}
    review = keyed(first.doubts, known)
    tables, second = scan(checklist, [pages], folder=folder / "kept", review=review, today=TODAY)
    assert all(doubt.row.decision for doubt in second.doubts)
    return tables, kept


@given(data=st.data())
@settings(
    max_examples=12,
    phases=PHASES,
    suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow, HealthCheck.large_base_example],
)
def test_what_was_filled_in_comes_back(data: st.DataObject) -> None:
    # These two are in no font that is certain to be installed.
    text = data.draw(checklist_texts(max_items=4)).replace("中", "z").replace("🗳", "z")
    checklist = load_text(text)
    given_answers = data.draw(st.lists(some_answers(checklist), min_size=1, max_size=2))
    with TemporaryDirectory() as folder:
        tables, kept = scanned(checklist, given_answers, Path(folder))
    note(tables.problems.to_string())
    wanted = {f"paper-s{number}": expected_rows(checklist, each) for number, each in enumerate(kept)}
    assert rows_of(tables) == wanted
    assert tables.ledger.balanced


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
@given(data=st.data())
@settings(
    max_examples=1, phases=PHASES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_every_channel_gives_the_same_rows(path: Path, data: st.DataObject) -> None:
    checklist = ck.load(path)
    given_answers = data.draw(st.lists(some_answers(checklist), min_size=2, max_size=2))
    with TemporaryDirectory() as folder:
        tables, kept = scanned(checklist, given_answers, Path(folder))
        found = {name.removeprefix("paper-"): rows for name, rows in rows_of(tables).items()}
        for make, name in ((fill.web, "r.jsonl"), (fill.workbook, "r.xlsx")):
            file = Path(folder) / name
            file.write_bytes(make(checklist, kept))
            assert rows_of(ck.parse(checklist, [file], today=TODAY)) == found
