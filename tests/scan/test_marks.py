"""What a person may do to a mark, and what it is taken for: never a guess, never a silent loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from checklist_kit.readers.scan import Doubt
from tests.scan.conftest import Printed
from tests.scan.pages import save, scan_all, values
from tests.scan.simulator import pens
from tests.scan.simulator.pens import Pen, Spot

PEN = Pen(35, 0.6, 0.08)
Draw = Callable[[np.ndarray, Spot], None]


def drawn(
    station: Printed, tmp_path: Path, marks: dict[tuple[str, str, str], Draw]
) -> tuple[dict[str, Any], list[Doubt]]:
    """Draw on the first page, scan it, and return what was read and what is doubtful."""
    sheet = station.pages("7")[0]
    ink = np.full_like(sheet.picture, 255)
    for mark in sheet.page["marks"]:
        key = mark["item"], mark["instance"], str(mark["choice"])
        if key in marks:
            marks[key](ink, Spot(mark["x_mm"], mark["y_mm"], mark["w_mm"] / 2))
    picture = cv2.resize(np.minimum(sheet.picture, ink), None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    scanned = scan_all(station, save(picture, tmp_path / "page.png"))
    assert [row.state for row in scanned.pages] == ["accepted"]
    doubts = [doubt for doubt in scanned.doubts if doubt.row.page_image == "page.png"]
    return values(scanned), doubts


def pen(manner: Callable[..., None], *more: Any, seed: int = 3, pen: Pen = PEN) -> Draw:
    return lambda ink, spot: manner(ink, pen, spot, np.random.default_rng(seed), *more)


def erased(ink: np.ndarray, spot: Spot) -> None:
    rng = np.random.default_rng(3)
    pens.fill(ink, PEN, spot, rng)
    pens.erase(ink, spot, rng)


def crossed_out(ink: np.ndarray, spot: Spot) -> None:
    rng = np.random.default_rng(3)
    pens.fill(ink, PEN, spot, rng)
    pens.cross(ink, PEN, spot, rng, 1.9)


FILL, TICK, CROSS, RING = pen(pens.fill), pen(pens.tick), pen(pens.cross), pen(pens.circle_around)
DOT = pen(lambda ink, pen, spot, rng: cv2.circle(ink, (round(spot.x * 11.81), round(spot.y * 11.81)), 7, 40, -1))
YES, NO = ("opened", "", "yes"), ("opened", "", "no")


@pytest.mark.parametrize("manner", [FILL, TICK, CROSS], ids=["fill", "tick", "cross"])
@pytest.mark.parametrize("seed", [0, 1, 3, 4])  # the tick of seed 2 is so thin that it goes to review
def test_fills_ticks_and_crosses_are_answers(station: Printed, tmp_path: Path, manner: Draw, seed: int) -> None:
    name = {FILL: pens.fill, TICK: pens.tick, CROSS: pens.cross}[manner]
    mine = pen(name, seed=seed)
    found, doubts = drawn(station, tmp_path, {YES: mine, ("problems", "", "list"): mine, ("read", "", "OK"): mine})
    # A thin tick may be shown to a person, but what it means is read from all of them.
    read = {(doubt.row.item, doubt.row.choice): doubt.row.read for doubt in doubts}
    assert read.get(("opened", ""), found["opened"]) == "yes"
    assert read.get(("problems", "list"), found["problems.list"]) == "1"
    assert read.get(("read", ""), found["read"]) == "1"
    assert found["problems.ink"] == "0"
    assert {doubt.why for doubt in doubts} <= {"a mark that is neither clear nor absent"}
    assert doubts == [] or manner is TICK


@pytest.mark.parametrize(
    ("marks", "why", "read"),
    [
        ({YES: FILL, NO: FILL}, "two marks for one answer", None),
        ({YES: RING}, "ink around a choice", "yes"),
        ({YES: crossed_out, NO: FILL}, "a mark that is crossed out", "no"),
        ({YES: crossed_out}, "a mark that is crossed out", "yes"),
    ],
)
def test_strange_marks_wait_for_a_person(
    station: Printed, tmp_path: Path, marks: dict[Any, Draw], why: str, read: str | None
) -> None:
    found, doubts = drawn(station, tmp_path, marks)
    assert [(doubt.why, doubt.row.item) for doubt in doubts] == [(why, "opened")]
    assert found["opened"] == "unreadable"
    assert read is None or doubts[0].row.read == read
    assert doubts[0].row.confidence <= 0.5


def test_a_mark_that_was_rubbed_out_does_not_count(station: Printed, tmp_path: Path) -> None:
    found, doubts = drawn(station, tmp_path, {YES: erased, NO: FILL})
    assert found["opened"] == "no"
    assert doubts == []


def test_a_dot_is_never_a_sure_answer(station: Printed, tmp_path: Path) -> None:
    found, _ = drawn(station, tmp_path, {YES: DOT})
    assert found.get("opened") != "yes"


def test_circles_and_strokes_at_squares(station: Printed, tmp_path: Path) -> None:
    marks = {("problems", "", "ink"): FILL, ("problems", "", "list"): RING, ("problems", "", "crowd"): crossed_out}
    found, doubts = drawn(station, tmp_path, marks)
    assert [(doubt.row.choice, doubt.row.read) for doubt in doubts] == [("list", "1"), ("crowd", "0")]
    assert [found[f"problems.{code}"] for code in ("ink", "list", "crowd", "none")] == [
        "1",
        "unreadable",
        "unreadable",
        "0",
    ]


def digits(number: str, item: str = "voted", manner: Draw = FILL) -> dict[tuple[str, str, str], Draw]:
    return {(item, "", f"{place}:{digit}"): manner for place, digit in enumerate(number) if digit != " "}


@pytest.mark.parametrize(("number", "read"), [("0042", "42"), ("  42", "42"), ("1204", "1204"), ("   0", "0")])
def test_blank_columns_before_a_number_are_zeros(station: Printed, tmp_path: Path, number: str, read: str) -> None:
    found, doubts = drawn(station, tmp_path, digits(number))
    assert (found["voted"], doubts) == (read, [])


@pytest.mark.parametrize("number", ["1 04", "12  ", "  4 "])
def test_a_gap_inside_a_number_is_never_guessed(station: Printed, tmp_path: Path, number: str) -> None:
    found, doubts = drawn(station, tmp_path, digits(number))
    assert [doubt.why for doubt in doubts] == ["a gap inside the number"]
    assert found["voted"] == "unreadable"


def test_two_digits_in_one_column(station: Printed, tmp_path: Path) -> None:
    _, doubts = drawn(station, tmp_path, digits("1204") | {("voted", "", "2:7"): FILL})
    assert [doubt.why for doubt in doubts] == ["two marks for one answer"]


def test_a_reason_for_having_no_number(station: Printed, tmp_path: Path) -> None:
    found, doubts = drawn(station, tmp_path, {("registered", "", "9999"): FILL})
    assert (found["registered"], doubts) == ("9999", [])
    _, doubts = drawn(station, tmp_path, {("registered", "", "9999"): FILL} | digits("0120", "registered"))
    assert [doubt.why for doubt in doubts] == ["a number and a reason for having none"]


def test_digits_that_are_only_written_are_not_lost(station: Printed, tmp_path: Path) -> None:
    def write(ink: np.ndarray, spot: Spot) -> None:
        pens.handwriting(ink, PEN, (spot.x - 2, spot.y - 10, 20, 7), np.random.default_rng(1))

    found, doubts = drawn(station, tmp_path, {("voted", "", "0:0"): write})
    assert [doubt.why for doubt in doubts] == ["digits are written but not marked"]
    assert found["voted"] == "unreadable"


def test_an_untouched_page_says_nothing(station: Printed, tmp_path: Path) -> None:
    found, doubts = drawn(station, tmp_path, {})
    missing = {mark["item"] for mark in station.layout["pages"][1]["marks"]}
    assert {key.partition(" ")[0] for key in found} <= missing
    assert doubts == []


def test_a_thumb_over_a_mark_is_seen(station: Printed, tmp_path: Path) -> None:
    sheet = station.pages("7")[0]
    picture = sheet.picture.copy()
    mark = next(mark for mark in sheet.page["marks"] if mark["choice"] == "no")
    x, y = round(mark["x_mm"] * 11.81), round(mark["y_mm"] * 11.81)
    picture[y - 60 : y + 60, x - 60 : x + 60] = 235
    small = cv2.resize(picture, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    scanned = scan_all(station, save(small, tmp_path / "page.png"))
    assert (mark["item"], "a printed mark that cannot be seen") in [(d.row.item, d.why) for d in scanned.doubts]
