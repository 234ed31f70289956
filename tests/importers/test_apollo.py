"""Forms of Apollo: codes, findings and checks come along, and the form stays the same through an export."""

from collections.abc import Callable
from pathlib import Path

from checklist_kit.importers import import_form
from checklist_kit.model import Integer, Question, SelectOne
from tests.importers.forms import FOLDER, again, built, loaded

FORM = FOLDER / "apollo" / "election_day.md"


def test_a_form_of_apollo(golden: Callable[[Path, str], None]) -> None:
    imported = import_form(FORM)
    golden(FORM.with_suffix(".yaml"), imported.text)
    assert again(built(loaded(imported))).text == imported.text


def test_questions_keep_their_codes_and_limits() -> None:
    checklist = loaded(import_form(FORM))
    items = {name: entry.item for name, entry in checklist.by_name.items()}
    assert {item.code for item in items.values() if isinstance(item, Question)} == {
        "AA",
        "AB",
        "CC",
        "CD",
        "EA",
        "EB",
        "FA",
    }
    assert isinstance(items["aa"], SelectOne)
    assert isinstance(items["cc"], Integer)
    assert items["cc"].constraint is not None
    assert items["cc"].constraint.source == ". >= 0 and . <= 3000"
    assert (checklist.id, checklist.title) == ("ed", {"en": "Election day"})


def test_what_is_analysed_becomes_indicators_and_checks() -> None:
    checklist = loaded(import_form(FORM))
    names = [indicator.name for indicator in checklist.indicators]
    assert names == ["turnout", "aa_1", "aa_2", "ab_1", "ab_2", "cc", "ea_share", "eb_share"]
    assert [check.that.source for check in checklist.checks] == ["ea + eb <= cd", "cd <= cc and cc > 0"]


def test_a_check_on_what_a_place_has_is_named() -> None:
    (problem,) = [problem for problem in import_form(FORM).problems if problem.code == "import-check"]
    assert problem.place == "quality_checks!A5"
