"""Pages of several checklists in one batch: each goes to its own, and what they share keeps them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import checklist_kit as ck
from checklist_kit.api import scan_several
from checklist_kit.readers.scan import page as page_module
from tests.scan.conftest import CHECKLIST, Printed, printed_of
from tests.scan.pages import EVERYTHING, codes, picture_of, save, states
from tests.scan.test_review import decide, rows, run

CLINIC = """checklist: clinic
version: "1"
title: Clinic
languages: {en: English}
default_language: en
unit: code
choices:
  yes_no: {yes: "Yes", no: "No"}
items:
  - {name: code, type: text, required: true, label: Code of the clinic, matches: "[0-9]{3}"}
  - {name: ramp, type: select_one, choices: yes_no, label: Is there a ramp?}
  - {name: beds, type: integer, constraint: ". < 100", label: Beds}
"""
IN_CLINIC: dict[tuple[str, str], Any] = {("code", ""): True, ("ramp", ""): "yes", ("beds", ""): "42"}
PX = 200 / 25.4


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.yaml"
    path.write_text(CLINIC, encoding="utf-8")
    return path


@pytest.fixture
def mixed(station: Printed, clinic: Path, tmp_path: Path) -> Path:
    """The pages of one form each of two checklists with one serial, turned, a foreign page, and one of nothing."""
    folder = tmp_path / "pages"
    folder.mkdir()
    first, second = station.pages("7")
    (other,) = printed_of(ck.load(clinic)).pages("7")
    foreign = type(first)(first.picture, first.page, first.identity.replace("station", "school")).with_serial("7")
    pictures = [
        picture_of(second),
        picture_of(other, IN_CLINIC),
        picture_of(foreign),
        picture_of(first),
        np.random.default_rng(1).integers(0, 255, (1200, 900), np.uint8),
    ]
    for number, picture in enumerate(pictures):
        save(np.ascontiguousarray(np.rot90(picture, number)), folder / f"{number}.png")
    return folder


def test_each_page_goes_to_its_own_checklist(
    mixed: Path, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    first = run("--also", clinic, mixed, "-o", out)
    assert first.exit_code == 0
    assert "5 pages = 2 of station, 1 of clinic, 1 foreign, 1 of which nothing can be read" in first.output
    assert "1 forms of station, 1 forms of clinic; 3 answers wait" in first.output
    assert [(row["source"], row["state"], row["submission_id"]) for row in rows(out / "pages.csv")] == [
        ("0.png", "accepted", "station/paper-7"),
        ("1.png", "accepted", "clinic/paper-7"),
        ("2.png", "rejected", ""),
        ("3.png", "accepted", "station/paper-7"),
        ("4.png", "rejected", ""),
    ]
    assert {row["beds"] for row in rows(out / "clinic" / "submissions.csv")} == {"42"}
    assert {row["voted"] for row in rows(out / "station" / "submissions.csv")} == {"87"}
    assert not (out / "answers.csv").exists()
    review = rows(out / "review.csv")
    assert [(row["submission_id"], row["item"]) for row in review] == [
        ("station/paper-7", "code"),
        ("station/paper-7", "what"),
        ("clinic/paper-7", "code"),
    ]
    assert "Is there a ramp?" not in (out / "review.html").read_text(encoding="utf-8")  # nobody need look at it
    assert "Code of the clinic" in (out / "review.html").read_text(encoding="utf-8")
    decided = out / "review.csv"
    text = decided.read_text(encoding="utf-8").splitlines()
    decided.write_text("\n".join([*text[:-1], text[-1] + "123"]) + "\n", encoding="utf-8")
    monkeypatch.setattr(page_module, "load", lambda page: pytest.fail(f"{page} is read again"))
    second = run("--also", clinic, mixed, "-o", out, "--review", decided)
    assert "2 answers wait" in second.output
    assert [row["unit"] for row in rows(out / "clinic" / "submissions.csv")] == ["123"]
    assert {row["status"] for row in rows(out / "station" / "answers.csv") if row["item"] == "code"} == {"unreadable"}


def test_a_decision_about_none_of_the_checklists_is_reported(mixed: Path, clinic: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(mixed, "-o", out)
    decide(out / "review.csv", {"code": "101"})  # of `paper-7`: of which checklist?
    assert "page-decision" in run("--also", clinic, mixed, "-o", out, "--review", out / "review.csv").output
    assert {row["status"] for row in rows(out / "clinic" / "answers.csv") if row["item"] == "code"} == {"unreadable"}


def test_pages_of_one_print_are_not_guessed_where_the_symbol_is_hidden(station: Printed, tmp_path: Path) -> None:
    """Two checklists with the same form: only the symbol says which of them a page is of."""
    twin = tmp_path / "twin.yaml"
    twin.write_text(CHECKLIST.read_text(encoding="utf-8").replace("checklist: station", "checklist: twin", 1), "utf-8")
    picture = picture_of(station.pages("7")[0])
    save(picture, tmp_path / "1.png")
    picture[int(5 * PX) : int(25 * PX), int(165 * PX) : int(192 * PX)] = 255
    save(picture, tmp_path / "2.png")
    _, scanned = scan_several([station.checklist, ck.load(twin)], [tmp_path])
    assert states(scanned) == ["accepted", "rejected"]
    assert "could be a page of more than one printed form" in scanned.pages[1].reason
    assert (scanned.ledger.of, scanned.ledger.unreadable) == ({"station": 1, "twin": 0}, 1)


def test_serials_of_one_checklist_say_nothing_about_blanks_of_another(
    station: Printed, clinic: Path, tmp_path: Path
) -> None:
    """A page without a serial is held back where forms are numbered; plain blanks of another checklist are not."""
    other = printed_of(ck.load(clinic))
    plain = picture_of(other.pages()[0], IN_CLINIC)
    plain[int(5 * PX) : int(25 * PX), int(165 * PX) : int(192 * PX)] = 255
    save(plain, tmp_path / "1.png")
    for sheet in station.pages("7"):
        save(picture_of(sheet), tmp_path / f"2-{sheet.page['page']}.png")
    tables, scanned = scan_several([station.checklist, other.checklist], [tmp_path])
    assert states(scanned) == ["accepted"] * 3
    assert {"page-by-order"} <= codes(scanned)
    assert {id: len(each.submissions) for id, each in tables.items()} == {"station": 1, "clinic": 1}


def test_pages_of_another_checklist_between_do_not_join_forms(station: Printed, clinic: Path, tmp_path: Path) -> None:
    other = printed_of(ck.load(clinic))
    first, second = station.pages()
    for number, sheet in enumerate([first, other.pages()[0], second]):
        save(picture_of(sheet, {**EVERYTHING, **IN_CLINIC}), tmp_path / f"{number}.png")
    _, scanned = scan_several([station.checklist, other.checklist], [tmp_path])
    assert len({row.submission_id for row in scanned.pages}) == 3


def test_printed_forms_of_one_of_them_may_be_handed_over(mixed: Path, clinic: Path, tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    for name, data in ck.build(ck.load(clinic), "paper").files.items():
        (forms / name).write_bytes(data)
    assert "2 of station, 1 of clinic" in run("--also", clinic, mixed, "-o", tmp_path / "out", "--forms", forms).output


def test_one_checklist_twice_is_refused(mixed: Path, tmp_path: Path) -> None:
    result = run("--also", CHECKLIST, mixed, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "are both the checklist `station`" in result.output
