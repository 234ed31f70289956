"""Numbered copies: the form as it was typeset, with a number of its own on every page of each copy."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

import checklist_kit as ck
from checklist_kit.api import printed, scan
from checklist_kit.model import Checklist, Paper
from checklist_kit.protocols import Artifact
from checklist_kit.targets.paper import build
from checklist_kit.targets.paper.glyphs import advice

STATION = Path(__file__).parents[1] / "scan" / "station.yaml"
NAME = "station.paper.en"
DPI = 150


@pytest.fixture(scope="module")
def station() -> Checklist:
    return ck.load(STATION)


@pytest.fixture(scope="module")
def copies(station: Checklist) -> Artifact:
    return build(replace(station, paper=Paper(copies=("101", "102", ""), serial_from=41)), ("en",))


def pictures(pdf: bytes) -> list[np.ndarray]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze() for page in document]


def test_the_layout_is_that_of_the_plain_form(station: Checklist, copies: Artifact) -> None:
    plain = build(station, ("en",)).files
    assert copies.files[f"{NAME}.layout.json"] == plain[f"{NAME}.layout.json"]
    assert set(copies.files) == {*plain, "station.paper.copies.csv"}


def test_a_copy_shows_the_plain_form_and_its_number(station: Checklist, copies: Artifact) -> None:
    plain = pictures(build(station, ("en",)).files[f"{NAME}.pdf"])
    numbered_pages = pictures(copies.files[f"{NAME}.pdf"])
    assert len(numbered_pages) == 3 * len(plain)
    for number, page in enumerate(numbered_pages):
        pair = [cv2.GaussianBlur(each, (0, 0), 2).astype(int) for each in (page, plain[number % len(plain)])]
        differ = np.argwhere(np.abs(pair[0] - pair[1]) > 50) / (DPI / 25.4)  # y, x in mm
        head, foot = differ[differ[:, 0] < 25], differ[differ[:, 0] > 270]
        assert ((head[:, 1] > 160) & (head[:, 0] > 6)).all()  # the symbol
        assert len(foot) > 10
        assert (foot[:, 1] < 80).all()  # the number
        body = differ[(differ[:, 0] >= 25) & (differ[:, 0] <= 270)]
        assert bool(len(body)) == (number in (0, 2))  # the unit's code in its box


def test_each_copy_says_its_number_in_words_and_in_the_symbol(copies: Artifact) -> None:
    document = pypdfium2.PdfDocument(copies.files[f"{NAME}.pdf"])
    for position, (page, picture) in enumerate(zip(document, pictures(copies.files[f"{NAME}.pdf"]), strict=True)):
        serial, number = 41 + position // 2, 1 + position % 2
        assert f"№ {serial}" in page.get_textpage().get_text_bounded()
        said, *_ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(picture))
        assert said == f"station/1/{number}/en/{serial}"


def test_scanned_copies_are_submissions_of_their_numbers(station: Checklist, copies: Artifact, tmp_path: Path) -> None:
    for position, picture in enumerate(pictures(copies.files[f"{NAME}.pdf"])[::-1]):
        cv2.imwrite(str(tmp_path / f"{position}.png"), picture)
    tables, found = scan(station, [tmp_path])
    assert [row.state for row in found.pages] == ["accepted"] * 6
    assert sorted(tables.submissions["submission_id"]) == ["paper-41", "paper-42", "paper-43"]
    # A code that is printed beforehand is looked at as one that is written: it waits with its picture.
    assert {(doubt.row.submission_id, doubt.row.item) for doubt in found.doubts} == {
        ("paper-41", "code"),
        ("paper-42", "code"),
    }


def test_the_list_of_copies(copies: Artifact) -> None:
    rows = list(csv.reader(io.StringIO(copies.files["station.paper.copies.csv"].decode())))
    assert rows == [
        ["serial", "unit", "language", "format"],
        ["41", "101", "en", "a4"],
        ["42", "102", "en", "a4"],
        ["43", "", "en", "a4"],
    ]


def test_numbers_go_on_from_language_to_language(station: Checklist) -> None:
    checklist = replace(station, languages={"en": "English", "ru": "Русский"})
    made = build(printed(checklist, copies=2, serial_from=5), ("en", "ru")).files["station.paper.copies.csv"].decode()
    assert [line.split(",")[::2] for line in made.splitlines()[1:]] == [
        ["5", "en"],
        ["6", "en"],
        ["7", "ru"],
        ["8", "ru"],
    ]


def test_one_copy_for_each_unit_of_a_frame(station: Checklist, tmp_path: Path) -> None:
    frame = tmp_path / "frame.csv"
    frame.write_text("region,code\nNorth,007\nSouth,008\n", encoding="utf-8")
    assert printed(station, copies=frame).paper.copies == ("007", "008")


def test_the_same_copies_are_the_same_bytes(station: Checklist, copies: Artifact) -> None:
    assert build(replace(station, paper=Paper(copies=("101", "102", ""), serial_from=41)), ("en",)) == copies


def test_a_letter_of_a_code_that_no_font_has_is_an_error(station: Checklist) -> None:
    artifact = build(replace(station, paper=Paper(copies=("\ue123",))), ("en",))
    assert f"{NAME}.pdf" not in artifact.files
    assert [(loss.code, loss.help) for loss in artifact.losses if loss.is_error] == [("paper-glyph", advice("\ue123"))]
