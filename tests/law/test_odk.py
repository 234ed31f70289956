"""The law for ODK and Kobo: what was filled in on a phone comes back, from whatever a server makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Checklist
from tests.law import odk
from tests.law.expected import expected_rows
from tests.law.test_law import rows_of
from tests.strategies.answers import TODAY
from tests.strategies.checklists import answers, checklists


def xml_files(checklist: Checklist, given_answers: list[odk.Answers]) -> dict[str, bytes]:
    return {f"{number}.xml": odk.xml(checklist, each, number).encode() for number, each in enumerate(given_answers)}


def one(make: odk.Make, name: str, checklist: Checklist, given_answers: list[odk.Answers]) -> dict[str, bytes]:
    return {name: make(checklist, given_answers)}


EXPORTS = {
    "central": partial(one, odk.central, "a.zip"),
    "central-split": partial(one, partial(odk.central, split=True), "a.zip"),
    "central-no-groups": partial(one, partial(odk.central, groups=False), "a.zip"),
    "odata": partial(one, odk.odata, "a.json"),
    "kobo-json": partial(one, odk.kobo_json, "a.json"),
    "kobo-xlsx": partial(one, odk.kobo_xlsx, "a.xlsx"),
    "xml": xml_files,
}


def assert_comes_back(
    checklist: Checklist, files: Mapping[str, bytes], wanted: Mapping[str, Mapping[Any, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        tables = ck.parse(checklist, sorted(Path(folder).iterdir()), today=TODAY)
    note(tables.problems.to_string())
    found = {name.removeprefix("uuid:"): rows for name, rows in rows_of(tables).items()}
    differing = [
        (submission, *key, rows.get(key), found.get(submission, {}).get(key))
        for submission, rows in wanted.items()
        for key in rows | found.get(submission, {})
        if rows.get(key) != found.get(submission, {}).get(key)
    ]
    assert not differing, differing
    assert found.keys() == wanted.keys()
    assert tables.ledger.balanced
    assert tables.ledger.problems == 0


@pytest.mark.parametrize("export", EXPORTS)
@given(data=st.data())
@settings(max_examples=25)
def test_what_was_filled_in_comes_back(export: str, data: st.DataObject) -> None:
    """read(fill(compile(c), a)) == a."""
    checklist = data.draw(checklists())
    filled = [
        odk.as_on_a_phone(checklist, each) for each in data.draw(st.lists(answers(checklist), min_size=1, max_size=3))
    ]
    wanted = {f"s{number}": expected_rows(checklist, each) for number, each in enumerate(filled)}
    assert_comes_back(checklist, EXPORTS[export](checklist, filled), wanted)
