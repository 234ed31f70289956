"""Every checklist of the library and of the examples: sound, complete, buildable, and read back as it was filled in."""

from __future__ import annotations

import csv
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.checks.view import View
from checklist_kit.model import Checklist, Decimal, Integer, Question, SelectMultiple, SelectOne, Time
from checklist_kit.registry import targets
from tests.law import fill
from tests.law.expected import expected_rows
from tests.law.test_law import CHANNELS, rows_of
from tests.library import EXAMPLES, LIBRARY, ROOT, name_of
from tests.strategies.answers import TODAY
from tests.strategies.answers import answers as some_answers

BANKS = sorted((ROOT / "checklists" / "banks").glob("*.yaml"))
COUNTED = (SelectOne, SelectMultiple, Integer, Decimal, Time)

each = pytest.mark.parametrize("path", [*LIBRARY, *EXAMPLES], ids=name_of)
each_of_library = pytest.mark.parametrize("path", LIBRARY, ids=name_of)
each_example = pytest.mark.parametrize("path", EXAMPLES, ids=name_of)


@cache
def checklist_of(path: Path) -> Checklist:
    return ck.load(path)


def readme_of(path: Path) -> str:
    return (path.parent / "README.md").read_text(encoding="utf-8")


@each
def test_nothing_is_found(path: Path) -> None:
    assert [str(finding) for finding in ck.check(path)] == []


@each
@pytest.mark.parametrize("target", targets())
def test_builds(path: Path, target: str) -> None:
    artifact = ck.build(checklist_of(path), target)  # in every language
    assert artifact.files
    assert all(artifact.files.values())


@each
@pytest.mark.parametrize("channel", CHANNELS)
@given(data=st.data())
@settings(
    max_examples=3,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
def test_what_was_filled_in_comes_back(path: Path, channel: str, data: st.DataObject) -> None:
    checklist = checklist_of(path)
    given_answers: list[fill.Answers] = data.draw(st.lists(some_answers(checklist), min_size=2, max_size=2))
    make, name = CHANNELS[channel]
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(make(checklist, given_answers))
        tables = ck.parse(checklist, [file], today=TODAY)
    assert rows_of(tables) == {f"s{n}": expected_rows(checklist, answers) for n, answers in enumerate(given_answers)}
    assert tables.ledger.balanced


@each_of_library
def test_every_answer_is_used(path: Path) -> None:
    """In an indicator, a condition or a calculation.

    What stands in a repeat is a table of its own, and days and texts tell one report from another.
    """
    checklist = checklist_of(path)
    used = View(checklist).used | {checklist.unit}
    asked = [entry.item for entry in checklist.questions if isinstance(entry.item, COUNTED) and not entry.repeats]
    assert [item.name for item in asked if item.name not in used and not item.sensitive] == []
    assert checklist.indicators


@each_of_library
def test_every_figure_is_explained(path: Path) -> None:
    """The README has a line for each indicator, and none for others."""
    beside = [other for other in LIBRARY if other.parent == path.parent]
    known = {indicator.name for other in beside for indicator in checklist_of(other).indicators}
    explained = set(re.findall(r"^\| `(\w+)` \|", readme_of(path), re.MULTILINE))
    assert explained == known


@each_of_library
def test_speaks_the_languages_of_its_observers(path: Path) -> None:
    """Stations are observed in three languages; what comes before election day, in two."""
    checklist = checklist_of(path)
    at_station = "banks/identity.yaml" in path.read_text(encoding="utf-8")
    assert set(checklist.languages) == ({"en", "az", "ru"} if at_station else {"en", "az"})
    for text in View(checklist).texts:
        assert set(text.words) >= set(checklist.languages), text.owner


def test_the_library_has_a_list_of_what_is_in_it(tmp_path: Path) -> None:
    """Each folder with its number of questions; and the checklist that shows how to extend one is a sound one."""
    listed = (ROOT / "checklists" / "README.md").read_text(encoding="utf-8")
    for path in LIBRARY:
        asked = sum(isinstance(entry.item, Question) for entry in checklist_of(path).entries)
        assert re.search(rf"\({path.parent.name}/README\.md\)[^\n]*\b{asked}\b", listed), f"{path}: {asked} questions"
    folder = tmp_path / "checklists"
    shutil.copytree(ROOT / "checklists", folder)
    shutil.copy(folder / "generic" / "candidates.csv", folder / "generic" / "my_candidates.csv")
    mine = folder / "generic" / "mine.yaml"
    mine.write_text(re.findall(r"```yaml\n(.*?)```", listed, re.DOTALL)[0], encoding="utf-8")
    assert [str(finding) for finding in ck.check(mine)] == []


def test_the_bank_of_a_protocol_serves_several_contests(tmp_path: Path) -> None:
    folder = tmp_path / "checklists"
    shutil.copytree(ROOT / "checklists", folder)
    form = folder / "results_protocol" / "two.yaml"
    form.write_text(
        """
checklist: two
version: "1"
title: {en: Two contests}
languages: {en: English}
choices:
  mayors: {a: Anna, b: Boris}
  lists: {green: Green, blue: Blue, red: Red}
items:
  - name: mayor
    type: section
    label: Mayor
    items: [{include: ../banks/protocol.yaml, with: {prefix: mayor_, letter: S, candidates: mayors, most: 3000}}]
  - name: council
    type: section
    label: Council
    items: [{include: ../banks/protocol.yaml, with: {prefix: council_, letter: T, candidates: lists, most: 3000}}]
""",
        encoding="utf-8",
    )
    assert [str(finding) for finding in ck.check(form)] == []
    repeats = {entry.item.name: entry.item for entry in ck.load(form).repeats}
    assert set(repeats) == {"mayor_candidate_votes", "council_candidate_votes"}


def test_fast_form_yields_every_figure_of_the_statement() -> None:
    fast = checklist_of(ROOT / "checklists" / "fast" / "checklist.yaml")
    with (ROOT / "examples" / "az_2024" / "statement.csv").open(encoding="utf-8") as file:
        wanted = {row["indicator"] for row in csv.DictReader(file)}
    assert {indicator.name for indicator in fast.indicators} == wanted
    assert sum(isinstance(entry.item, Question) for entry in fast.entries) == 15


def test_the_figures_of_the_statement_come_out() -> None:
    """From the filled workbooks and web responses of 105 stations, after rounding to whole percents."""
    example = ROOT / "examples" / "az_2024"
    checklist = checklist_of(ROOT / "checklists" / "az_2024_presidential" / "election_day.yaml")
    tables = ck.parse(checklist, sorted(path for path in (example / "responses").rglob("*") if path.is_file()))
    shares = {row["indicator"]: row["share"] for row in ck.findings(checklist, tables).rows()}
    with (example / "statement.csv").open(encoding="utf-8") as file:
        stated = {row["indicator"]: int(row["percent"]) for row in csv.DictReader(file) if row["percent"]}
    assert {name: round(100 * shares[name]) for name in stated} == stated


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.stem)
def test_every_bank_is_built_on(bank: Path) -> None:
    including = [*LIBRARY, *BANKS]
    assert any(f"include: ../banks/{bank.name}" in path.read_text(encoding="utf-8") for path in including)
    assert f"`{bank.name}`" in readme_of(bank)


@each_example
def test_responses_of_an_example_are_read(path: Path) -> None:
    assert readme_of(path)
    tables = ck.parse(checklist_of(path), sorted((path.parent / "responses").iterdir()))
    assert len(tables.submissions) >= 3
    assert tables.problems.empty, tables.problems.to_string()
    assert tables.ledger.balanced
