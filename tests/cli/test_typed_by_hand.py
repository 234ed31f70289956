"""A workbook that a person fills in, in LibreOffice: what is typed there comes back as it was meant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit.cli import cli

if TYPE_CHECKING:
    from tests.engines.libreoffice import LibreOffice


def test_a_new_projects_workbook_filled_in_libreoffice(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """From `checklist new` to the tables, with the keys of a typist in between."""
    CliRunner().invoke(cli, ["new", str(tmp_path / "p")], catch_exceptions=False)
    checklist = ck.load(tmp_path / "p" / "checklist.yaml")
    (template,) = ck.build(checklist, "workbook").files.values()
    (tmp_path / "empty.xlsx").write_bytes(template)
    typed = {
        "submission_id": "w1",
        "station": "0104",
        "opened_on_time": "no",
        "delay": "over_60",
        "box_empty": "not_observed",
        "present.police": 1,
        "registered": 1200,
        "voted": 9999,
    }
    filled = libreoffice.save(tmp_path / "empty.xlsx", tmp_path / "filled.xlsx", _cells(tmp_path / "empty.xlsx", typed))
    tables = ck.parse(checklist, [filled])
    answers = tables.answers.astype("string").fillna("")
    assert tables.submissions["unit"].tolist() == ["0104"]
    assert _answer(answers, "delay") == ("answered", "over_60")
    assert _answer(answers, "box_empty") == ("not_observed", "not_observed")
    assert _answer(answers, "present", "police") == ("answered", "1")
    assert _answer(answers, "present", "none") == ("answered", "0")
    assert _answer(answers, "voted") == ("not_permitted", "9999")
    assert _answer(answers, "turnout") == ("not_answered", "")
    assert not (tables.problems["severity"] == "error").any()
    assert tables.ledger.balanced


def _cells(path: Path, typed: Mapping[str, str | int]) -> dict[str, str | int]:
    """Addresses for values by column id, in the first row of answers."""
    row = openpyxl.load_workbook(path)["Responses"][1]
    columns = {cell.value: cell.column_letter for cell in row if cell.value}
    return {f"Responses!{columns[name]}5": value for name, value in typed.items()}


def _answer(answers: pd.DataFrame, item: str, choice: str = "") -> tuple[str, str]:
    row = answers[(answers["item"] == item) & (answers["choice"] == choice)].iloc[0]
    return row["status"], row["value"]
