"""Codes that were printed beforehand: a copy belongs to its unit, unless somebody wrote something else."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

import checklist_kit as ck
from checklist_kit.api import scan
from checklist_kit.model import Checklist, Missing, Paper
from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan import Review
from checklist_kit.readers.scan.copies import BESIDE, first_copy, preprinted
from checklist_kit.readers.scan.decide import BLANK, TWO, WRITTEN, Answer
from checklist_kit.readers.scan.layout import Mark
from tests.scan.conftest import Printed
from tests.scan.filled import NEAT
from tests.scan.pages import EVERYTHING, codes, picture_of, save, states, values
from tests.scan.simulator import DEVICES, Sheet
from tests.scan.test_review import rows, run

WITHOUT_CODE = {key: value for key, value in EVERYTHING.items() if key != ("code", "")}
DPI = 300


def print_copies(checklist: Checklist, folder: Path, units: tuple[str, ...], serial_from: int) -> None:
    folder.mkdir(parents=True)
    paper = Paper(copies=units, serial_from=serial_from)
    for name, data in ck.build(replace(checklist, paper=paper), "paper").files.items():
        (folder / name).write_bytes(data)


@pytest.fixture(scope="module")
def forms(station: Printed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three copies of a form for units and one without, of two runs of printing."""
    folder = tmp_path_factory.mktemp("forms")
    print_copies(station.checklist, folder / "first", ("101", "102", ""), 41)
    print_copies(station.checklist, folder / "more", ("207",), 44)
    return folder


def sheet(station: Printed, folder: Path, place: int, page: int = 1) -> Sheet:
    """Return a page of a copy as it comes out of the printer."""
    document = pypdfium2.PdfDocument(folder / "station.paper.en.pdf")
    leaf = document[place * len(station.layout["pages"]) + page - 1]
    picture = leaf.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze()
    return Sheet(np.ascontiguousarray(picture), station.layout["pages"][page - 1], "")


def strike(sheet: Sheet) -> Sheet:
    """Draw a stroke through the printed code, a millimetre longer than it."""
    box = next(mark for mark in sheet.page["marks"] if mark["item"] == "code")
    picture, x, y = sheet.picture.copy(), box["x_mm"], box["y_mm"]
    ends = [(round((x + side * 5) * DPI / 25.4), round((y - side * 0.3) * DPI / 25.4)) for side in (-1, 1)]
    cv2.line(picture, ends[0], ends[1], 50, 6)
    return replace(sheet, picture=picture)


def test_a_copy_is_of_the_unit_that_it_was_printed_for(station: Printed, forms: Path, tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    save(picture_of(sheet(station, forms / "first", 0), WITHOUT_CODE), pages / "41.png")
    save(picture_of(sheet(station, forms / "first", 1), EVERYTHING), pages / "42.png")
    save(picture_of(sheet(station, forms / "first", 2), EVERYTHING), pages / "43.png")
    save(picture_of(sheet(station, forms / "more", 0), WITHOUT_CODE), pages / "44.png")
    save(picture_of(strike(sheet(station, forms / "first", 0)), WITHOUT_CODE)[::-1, ::-1].copy(), pages / "struck.png")
    (pages / "struck.png").rename(tmp_path / "struck.png")
    assert run(pages, "-o", out, "--forms", forms).exit_code == 0
    known = {row["submission_id"]: row["unit"] for row in rows(out / "submissions.csv")}
    assert known == {"paper-41": "101", "paper-42": "", "paper-43": "", "paper-44": "207"}
    review = {row["submission_id"]: row["read"] for row in rows(out / "review.csv") if row["item"] == "code"}
    assert review == {"paper-42": "102", "paper-43": ""}  # somebody wrote into the box beside its code
    read = {row["submission_id"]: row for row in rows(out / "readings.csv") if row["item"] == "code"}
    assert (read["paper-41"]["read"], read["paper-41"]["confidence"], read["paper-41"]["doubt"]) == ("101", "1.0", "")
    assert read["paper-42"]["doubt"] == BESIDE
    _, struck = scan(station.checklist, [tmp_path / "struck.png"], forms=forms)
    assert values(struck)["code"] == Missing.UNREADABLE
    assert [(doubt.row.read, doubt.why) for doubt in struck.doubts if doubt.row.item == "code"] == [("101", BESIDE)]


@pytest.mark.parametrize("device", ["scan", "photocopy", "phone"])
def test_the_code_is_known_on_what_devices_make_of_it(
    station: Printed, forms: Path, tmp_path: Path, device: str
) -> None:
    """A clean code may wait where a picture is poor; a changed one always does."""
    for number, page in enumerate([sheet(station, forms / "first", 0), strike(sheet(station, forms / "first", 1))]):
        for seed in range(2):
            clean = picture_of(page, WITHOUT_CODE, NEAT, DPI)
            taken = DEVICES[device].take(clean, np.random.default_rng(seed))
            save(taken, tmp_path / f"{number}{seed}.jpg")
            _, scanned = scan(station.checklist, [tmp_path / f"{number}{seed}.jpg"], forms=forms)
            assert states(scanned) == ["accepted"]
            assert values(scanned)["code"] in ((Missing.UNREADABLE,) if number else ("101", Missing.UNREADABLE))
            assert device == "phone" or number or values(scanned)["code"] == "101"


def test_the_unit_of_a_copy_is_known_without_its_first_page(station: Printed, forms: Path, tmp_path: Path) -> None:
    save(picture_of(sheet(station, forms / "first", 1, page=2), WITHOUT_CODE), tmp_path / "2.png")
    _, scanned = scan(station.checklist, [tmp_path], forms=forms)
    assert values(scanned)["code"] == "102"
    assert values(scanned)["opened"] == Missing.UNREADABLE
    assert "page-missing" in codes(scanned)


def test_a_serial_that_is_in_no_list_is_reported(station: Printed, forms: Path, tmp_path: Path) -> None:
    save(picture_of(station.pages("99")[0]), tmp_path / "99.png")
    _, scanned = scan(station.checklist, [tmp_path], forms=forms)
    assert "page-copy" in codes(scanned)
    assert values(scanned)["code"] == Missing.UNREADABLE


def test_a_decision_counts_and_is_reported_where_it_differs(station: Printed, forms: Path, tmp_path: Path) -> None:
    save(picture_of(sheet(station, forms / "first", 0), WITHOUT_CODE), tmp_path / "41.png")
    for decision, reported in (("101", False), ("555", True)):
        review = Review({("paper-41", "code", "", ""): decision})
        _, scanned = scan(station.checklist, [tmp_path], forms=forms, review=review)
        assert values(scanned)["code"] == decision
        assert ("page-copy" in codes(scanned)) == reported


def test_without_the_pdf_the_code_is_proposed(station: Printed, forms: Path, tmp_path: Path) -> None:
    """Then nobody can tell the printed code from one that was written over it."""
    (tmp_path / "list").mkdir()
    (tmp_path / "list/station.paper.copies.csv").write_text("serial;unit\n41;101\n", "utf-8-sig")
    save(picture_of(sheet(station, forms / "first", 0), WITHOUT_CODE), tmp_path / "41.png")
    _, scanned = scan(station.checklist, [tmp_path / "41.png"], forms=tmp_path / "list")
    assert [(doubt.row.read, doubt.why) for doubt in scanned.doubts if doubt.row.item == "code"] == [("101", WRITTEN)]


def test_lists_that_cannot_be_used(station: Printed, forms: Path, tmp_path: Path) -> None:
    path = tmp_path / "station.paper.copies.csv"
    for text, message in (
        ("number,unit\n1,2\n", "has no column `serial`"),
        ("serial,unit\n41,\xff\n", "is no CSV in UTF-8"),
    ):
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(UnreadableFile, match=message):
            scan(station.checklist, [tmp_path], forms=tmp_path)
    for name, unit in (("a", "101"), ("b", "102")):
        (tmp_path / name).mkdir()
        with (tmp_path / name / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("serial", "unit"), ("1", unit)])
    path.unlink()
    with pytest.raises(UnreadableFile, match="serial 1 is of `102` here, and of `101` in another list"):
        scan(station.checklist, [tmp_path], forms=tmp_path)


def test_forms_of_many_copies_are_known_again(forms: Path) -> None:
    """What was read is kept for a form, so the same copies must be the same form in every run."""
    pdf = (forms / "first/station.paper.en.pdf").read_bytes()
    first = first_copy(pdf, 2)
    assert first == first_copy(pdf, 2)
    assert len(pypdfium2.PdfDocument(first)) == 2
    assert first_copy(first, 2) == first


@pytest.mark.parametrize(
    ("read", "doubt", "now"),
    [
        (BLANK, "", ("101", "")),
        ("101", "", ("101", "")),
        ("102", "", ("102", "the form was printed for `101`, and something else is marked")),
        ("102", TWO, ("102", TWO)),
    ],
)
def test_a_unit_that_is_marked(read: str, doubt: str, now: tuple[str, str]) -> None:
    marks = [Mark("station", "", code, "circle", 10, 10, 4, 4) for code in ("101", "102")]
    answer = preprinted(Answer("station", "", "", read, 0.99, doubt), marks, "101", None, None)
    assert (answer.read, answer.doubt) == now
