"""Seeded mistakes: each file of tests/cases/mistakes holds one, and says on top what must be found, and where."""

from pathlib import Path

import pytest

import checklist_kit as ck
from tests.core.expectations import expected_in, found_in, write

CASES = sorted((Path(__file__).parents[1] / "cases" / "mistakes").glob("*.yaml"))


def test_there_are_enough() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_found_and_nothing_else(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = expected_in(text)
    found = found_in(ck.check(write(text, tmp_path)), tmp_path)
    assert len(expected) == 1
    # Files that are not there have no other place, and an unfinished thought must not hide the mistake among others.
    assert [one for one in found if one.severity == "error" or one in expected] == expected
    assert [one for one in found if one.severity == "warning" and one not in expected] == []


def test_many_mistakes_are_found_in_one_run(tmp_path: Path) -> None:
    text = (CASES[0].parents[1] / "many_mistakes.yaml").read_text(encoding="utf-8")
    expected = expected_in(text)
    found = found_in(ck.check(write(text, tmp_path)), tmp_path)
    assert len(expected) >= 25
    assert [one for one in expected if one not in found] == []
    assert [one for one in found if one.severity == "error" and one not in expected] == []
