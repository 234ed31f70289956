"""Every format that is filled in can be scanned: what was marked on it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.api import printed, scan
from checklist_kit.model import Checklist, Paper
from checklist_kit.targets.paper.formats import A4, BILINGUAL, FORMATS, Edition, Format
from tests.law.expected import expected_rows
from tests.law.test_law import rows_of
from tests.scan.conftest import CHECKLIST
from tests.scan.filled import NEAT, keyed, marked, on_paper, positions_of
from tests.scan.simulator import Sheet, form_of, write_answers
from tests.scan.simulator.paper import DPI
from tests.strategies.answers import TODAY
from tests.strategies.answers import answers as some_answers
from tests.strategies.checklists import checklist_texts, load_text

FILLED = [each for each in FORMATS.values() if each.filled and each is not A4]
each_format = pytest.mark.parametrize("format", FILLED, ids=lambda format: format.name)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def fill_forms(checklist: Checklist, given_answers: Sequence[Any], folder: Path, edition: Edition) -> list[Any]:
    """Print a copy for each answer set, fill it in, write pages at 200 dpi, and return what fitted on paper."""
    pdf, layout = form_of(ck.build(printed(checklist, copies=len(given_answers)), "paper").files, edition.stem)
    kept = [on_paper(checklist.items, answers, positions_of(layout)) for answers in given_answers]
    pages = [(answers, page) for answers in kept for page in layout["pages"]]
    for number, (leaf, (answers, page)) in enumerate(zip(pypdfium2.PdfDocument(pdf), pages, strict=True)):
        blank = np.ascontiguousarray(leaf.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze())
        marks = dict(marked(checklist.items, answers))
        picture, _ = write_answers(Sheet(blank, page, ""), NEAT, np.random.default_rng(1), marks)
        small = cv2.resize(picture, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / f"{number:03}.png"), small)
    return kept


def check_law(checklist: Checklist, given_answers: Sequence[Any], format: Format) -> None:
    checklist = replace(checklist, paper=Paper(formats=(format.name,)))
    edition = Edition(format, checklist.default_language)
    if format is BILINGUAL:
        first = {checklist.default_language: "First"}
        checklist = replace(
            checklist, languages=first | {"az": "Second"} if "az" not in first else first | {"en": "Second"}
        )
        edition = Edition(format, *checklist.languages)
    with TemporaryDirectory() as name:
        pages = Path(name) / "pages"
        pages.mkdir()
        kept = fill_forms(checklist, given_answers, pages, edition)
        known = {f"paper-{number}": answers for number, answers in enumerate(kept, 1)}
        _, first = scan(checklist, [pages], folder=Path(name) / "kept")
        assert [row for row in first.pages if row.state != "accepted"] == []
        assert {doubt.why for doubt in first.doubts} <= {"handwriting"}
        decisions = keyed(first.doubts, known)
        tables, _ = scan(checklist, [pages], folder=Path(name) / "kept", review=decisions, today=TODAY)
    note(tables.problems.to_string())
    assert rows_of(tables) == {name: expected_rows(checklist, answers) for name, answers in known.items()}


@each_format
@given(data=st.data())
@settings(
    max_examples=1, phases=PHASES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_a_form_with_every_kind_of_mark_comes_back(format: Any, data: st.DataObject) -> None:
    checklist = ck.load(CHECKLIST)
    check_law(checklist, [data.draw(some_answers(checklist))], format)


@each_format
@given(data=st.data())
@settings(
    max_examples=3,
    phases=PHASES,
    suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow, HealthCheck.large_base_example],
)
def test_any_form_comes_back(format: Any, data: st.DataObject) -> None:
    # These two are in no font that is certain to be installed.
    checklist = load_text(data.draw(checklist_texts(max_items=4)).replace("中", "z").replace("🗳", "z"))
    check_law(checklist, [data.draw(some_answers(checklist))], format)


def test_pages_of_all_formats_may_come_in_one_batch(tmp_path: Path) -> None:
    checklist = printed(ck.load(CHECKLIST), formats=["a4", "a5", "large", "sheet"], copies=1)
    number = 0
    for name, pdf in ck.build(checklist, "paper").files.items():
        if name.endswith(".pdf") and "booklet" not in name:
            for leaf in pypdfium2.PdfDocument(pdf):
                number += 1
                cv2.imwrite(str(tmp_path / f"{number:02}.png"), leaf.render(scale=150 / 72, grayscale=True).to_numpy())
    tables, found = scan(checklist, [tmp_path])
    assert [row.state for row in found.pages] == ["accepted"] * number
    assert sorted(tables.submissions["submission_id"]) == ["paper-1", "paper-2", "paper-3", "paper-4"]
