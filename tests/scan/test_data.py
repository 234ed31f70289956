"""Pages that were drawn once: a picture and its meaning in tests/data/scan are a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checklist_kit.readers.scan.layout import Form
from checklist_kit.readers.scan.page import read_page
from checklist_kit.readers.scan.sources import pages_of

DATA = Path(__file__).parents[1] / "data" / "scan"
PICTURES = sorted(path for path in DATA.iterdir() if path.suffix in (".jpg", ".png"))
FORM = Form((DATA / "station.paper.en.layout.json").read_bytes(), (DATA / "station.paper.en.pdf").read_bytes())


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_drawn_page_is_read_as_it_was_meant(path: Path) -> None:
    (reading,) = read_page(pages_of(path)[0], (FORM,))
    assert (reading.state, reading.identity and reading.identity.serial) == ("accepted", "0042")
    found = {(answer.item, answer.instance, answer.choice): answer for answer in reading.answers}
    wrong, waiting = [], []
    for truth in json.loads(path.with_suffix(".json").read_text(encoding="utf-8")):
        answer = found[truth["item"], truth["instance"], truth["choice"]]
        if truth["read"] in ("text", "?"):
            assert answer.doubt, truth
        elif answer.doubt:
            waiting.append(truth)
        elif answer.read != truth["read"]:
            wrong.append((truth, answer))
    assert wrong == []
    assert len(waiting) <= 0.15 * len(found), waiting
