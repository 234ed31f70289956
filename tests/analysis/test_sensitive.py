"""What is sensitive stands in restricted tables, and nowhere else."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.analysis.write import write
from checklist_kit.protocols import Problem
from tests.analysis.helpers import answer, checklist_of, example, rows, submission, tables

SECRET = "Zümrüd"
OPEN = ("submissions", "answers", "votes", "visits", "guests", "problems", "codebook", "datapackage")


def written(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_answers_stand_in_the_restricted_table_only(tmp_path: Path) -> None:
    found = tables(example(), submission({"station": "1", "opened": "yes", "observer": SECRET}))
    assert answer(found, "observer") == []
    assert rows(found.restricted, "submission_id", "item", "value") == [("s1", "observer", SECRET)]
    write(found, tmp_path)
    files = written(tmp_path)
    assert [name for name, text in files.items() if SECRET in text] == ["restricted"]
    assert set(files) == {*OPEN, "restricted"}


@given(
    st.sampled_from(["observer", "observr", "Observer", "Müşahidəçi ", "who_observed", "observer.x"]),
    st.sampled_from([SECRET, [SECRET], {"name": SECRET}, f"{SECRET}\ud83d"]),
    st.booleans(),
)
@settings(max_examples=40)
def test_problems_do_not_tell(key: str, raw: Any, twice: bool) -> None:
    """Neither what cannot be read, nor a former name, a misspelt column or a second response shows the text."""
    stream = [submission({"station": "1", "opened": "yes", key: raw})]
    if twice:
        stream.append(submission({"station": "2", "opened": "yes", key: raw}))
    found = tables(example(), *stream)
    for frame in (found.problems, found.answers, found.submissions, *found.repeats.values()):
        assert SECRET not in frame.to_string()
    assert SECRET in found.restricted.to_string() + found.restricted_problems.to_string()
    assert found.ledger.balanced


def test_a_response_that_cannot_be_read_does_not_tell() -> None:
    line = f'{{"station": "1", "observer": "{SECRET}"'
    broken = Problem.of("file-unreadable", "this is no JSON", "a.jsonl", raw=line, aside=True)
    found = tables(example(), submission({}, rejected=True, cells=1, problems=[broken]))
    assert rows(found.problems, "raw") == [("",)]
    assert rows(found.restricted_problems, "raw") == [(line,)]


def test_what_is_not_sensitive_is_told_beside_it() -> None:
    found = tables(example(), submission({"station": "1", "opened": "maybe", "weather": "fine"}, version="0.9"))
    assert rows(found.problems, "item", "raw") == [("", "0.9"), ("weather", "fine"), ("opened", "maybe")]
    assert len(found.restricted_problems) == 0


def test_without_sensitive_questions_all_is_told(tmp_path: Path) -> None:
    text = "checklist: x\nversion: '1'\ntitle: x\nitems:\n  - {name: a, type: integer, label: A}\n"
    found = tables(checklist_of(tmp_path, text), submission({"a": "x", "b": "y"}))
    assert set(found.problems["raw"]) == {"x", "y"}
    assert len(found.restricted) == len(found.restricted_problems) == 0
    write(found, tmp_path / "out")
    assert set(written(tmp_path / "out")) == {"submissions", "answers", "problems", "codebook", "datapackage"}
    with (tmp_path / "out" / "problems.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(found.problems)
