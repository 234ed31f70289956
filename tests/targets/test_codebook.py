"""The codebook: one row per question and choice, the same as a file and among the tables."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings

import checklist_kit as ck
from checklist_kit.analysis import tabulate
from checklist_kit.model import Checklist, SelectMultiple, SelectOne
from checklist_kit.model.codebook import rows
from checklist_kit.model.items import Numeric
from tests.strategies.checklists import checklists

FORMS = Path(__file__).parent / "surveyjs"


def read(checklist: Checklist) -> list[dict[str, str]]:
    (content,) = ck.build(checklist, "codebook").files.values()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_codebook(golden: Callable[[Path, str], None]) -> None:
    artifact = ck.build(ck.load(FORMS / "every_type.yaml"), "codebook")
    golden(FORMS / "every_type.codebook.csv", artifact.files["every_type.codebook.csv"].decode("utf-8"))


@given(checklist=checklists())
@settings(max_examples=40)
def test_every_question_and_every_choice_has_its_row(checklist: Checklist) -> None:
    found = [(row["item"], row["choice"]) for row in read(checklist)]
    expected = []
    for entry in checklist.questions:
        item = entry.item
        options = [""]
        if isinstance(item, SelectOne | SelectMultiple):
            options = list(item.choices.codes)
        elif isinstance(item, Numeric) and item.missing:
            options = [sentinel.text for sentinel in item.missing]
        expected += [(item.name, option) for option in options]
    assert found == expected


@given(checklist=checklists())
@settings(max_examples=20)
def test_texts_survive_the_file(checklist: Checklist) -> None:
    columns, lines = rows(checklist)
    assert [tuple(row.values()) for row in read(checklist)] == lines
    assert len(set(columns)) == len(columns)
    for row, entry in ((row, checklist.by_name[row["item"]]) for row in read(checklist)):
        for language in checklist.languages:
            assert row[f"label.{language}"] == entry.item.label.get(language, "")
        assert row["unit"] == ("1" if entry.item.name == checklist.unit else "0")


def test_the_tables_hold_the_same(tmp_path: Path) -> None:
    checklist = ck.load(FORMS / "every_type.yaml")
    columns, lines = rows(checklist)
    frame = tabulate(checklist, iter(())).codebook
    assert tuple(frame.columns) == columns
    assert list(frame.fillna("").astype("string").itertuples(index=False, name=None)) == lines
