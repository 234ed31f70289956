"""Printed forms: every mark is where the layout says, every question is whole, every text is shown as it is written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from pypdfium2 import raw

import checklist_kit as ck
from checklist_kit.model import (
    Acknowledge,
    Checklist,
    Decimal,
    Entry,
    Geopoint,
    Image,
    Integer,
    Question,
    Repeat,
    SelectMultiple,
    SelectOne,
)
from checklist_kit.protocols import Artifact
from checklist_kit.targets.paper import build
from checklist_kit.targets.paper.bounds import positions
from checklist_kit.targets.paper.document import FREE_ROWS
from tests.strategies.checklists import checklist_texts, load_text

ROOT = Path(__file__).parents[2]
FORMS = [
    *sorted((Path(__file__).parent / "paper" / "forms").glob("*.yaml")),
    *sorted(ROOT.glob("checklists/az_2024_presidential/*.yaml")),
]
DPI = 200
PX = DPI / 25.4

each_form = pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)


@cache
def checklist_of(path: Path) -> Checklist:
    return ck.load(path)


@cache
def artifact_of(path: Path) -> Artifact:
    checklist = checklist_of(path)
    return build(checklist, tuple(checklist.languages))


def layouts(artifact: Artifact) -> Iterator[tuple[bytes, dict]]:
    """Yield each form's PDF with its layout."""
    for name, content in artifact.files.items():
        if name.endswith(".layout.json"):
            yield artifact.files[name.removesuffix("layout.json") + "pdf"], json.loads(content)


def pictures(pdf: bytes) -> Iterator[np.ndarray]:
    """Yield the pages as arrays of grey values."""
    for page in pypdfium2.PdfDocument(pdf):
        yield page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze()


def darkest(picture: np.ndarray, x: float, y: float, reach: int = 1) -> int:
    """Return the darkest grey value near a place in mm."""
    column, row = round(x * PX), round(y * PX)
    return int(picture[row - reach : row + reach + 1, column - reach : column + reach + 1].min())


def outline(mark: dict) -> list[tuple[float, float]]:
    """Return places in mm that the outline of a mark runs through."""
    x, y, half_w, half_h = mark["x_mm"], mark["y_mm"], mark["w_mm"] / 2, mark["h_mm"] / 2
    if mark["shape"] in ("circle", "digit"):
        return [(x + half_w * np.cos(a), y + half_h * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)]
    sides = np.linspace(-0.9, 0.9, 5)
    across = [(x + half_w * k, y + half_h * side) for k in sides for side in (-1, 1)]
    return across + [(x + half_w * side, y + half_h * k) for k in sides for side in (-1, 1)]


def check_ink(pdf: bytes, layout: dict, margin: int = 13) -> None:
    """Every mark has its outline where the layout says and nothing inside, and no text runs into the margins."""
    for picture, page in zip(pictures(pdf), layout["pages"], strict=True):
        for mark in page["marks"]:
            assert max(darkest(picture, *place) for place in outline(mark)) < 128, mark
            inside = round(min(mark["w_mm"], mark["h_mm"]) * 0.3 * PX)
            row, column = round(mark["y_mm"] * PX), round(mark["x_mm"] * PX)
            if mark["shape"] != "box":  # boxes hold ticks between their characters
                assert picture[row - inside : row + inside, column - inside : column + inside].min() > 250, mark
        between = picture[round(24 * PX) : round((page["height_mm"] - 19) * PX)]
        right = round((page["width_mm"] - margin) * PX)
        assert min(between[:, : round(margin * PX)].min(), between[:, right:].min()) == 255


@each_form
def test_every_mark_is_where_the_layout_says(path: Path) -> None:
    for pdf, layout in layouts(artifact_of(path)):
        check_ink(pdf, layout)


def expected_choices(entry: Entry) -> list[str | None]:
    """Return the choices that a question's marks have, by the contract of the layout file."""
    item = entry.item
    if isinstance(item, SelectOne | SelectMultiple):
        return list(item.choices.codes)
    sentinels = [sentinel.text for sentinel in item.missing] if isinstance(item, Integer | Decimal) else []
    if isinstance(item, Integer):
        return [f"{place}:{digit}" for place in range(positions(item)) for digit in range(10)] + sentinels
    if isinstance(item, Image | Geopoint):
        return []
    return ["OK"] if isinstance(item, Acknowledge) else [None, *sentinels]


def instances(repeats: tuple[Repeat, ...]) -> list[str]:
    """Return the instances of nested repeats as `answers` names them."""
    names = [""]
    for repeat in repeats:
        rows = list(repeat.over.codes) if repeat.over else [str(k + 1) for k in range(repeat.repeat_count or FREE_ROWS)]
        names = [f"{name}/{row}".lstrip("/") for name in names for row in rows]
    return names


def check_layout(checklist: Checklist, layout: dict, edge: tuple[int, int] = (10, 20)) -> None:
    """Every question has each of its marks once in each instance; marks keep clear of each other and of the edge."""
    side, foot = edge
    marks = [mark for page in layout["pages"] for mark in page["marks"]]
    found = sorted((mark["item"], mark["instance"], str(mark["choice"])) for mark in marks)
    expected = [
        (entry.item.name, instance, str(choice))
        for entry in checklist.entries
        if isinstance(entry.item, Question)
        for instance in instances(entry.repeats)
        for choice in expected_choices(entry)
    ]
    assert found == sorted(expected)
    for page in layout["pages"]:
        for mark in page["marks"]:
            assert mark["x_mm"] - mark["w_mm"] / 2 >= side
            assert mark["x_mm"] + mark["w_mm"] / 2 <= page["width_mm"] - side
            assert mark["y_mm"] - mark["h_mm"] / 2 >= 20
            assert mark["y_mm"] + mark["h_mm"] / 2 <= page["height_mm"] - foot
        in_order = sorted(page["marks"], key=lambda mark: (mark["y_mm"], mark["x_mm"]))
        for number, mark in enumerate(in_order):
            for other in in_order[number + 1 :]:
                apart_x = abs(mark["x_mm"] - other["x_mm"]) - (mark["w_mm"] + other["w_mm"]) / 2
                apart_y = abs(mark["y_mm"] - other["y_mm"]) - (mark["h_mm"] + other["h_mm"]) / 2
                assert max(apart_x, apart_y) >= 0.7, (mark, other)
                if other["y_mm"] - mark["y_mm"] > 60:
                    break


@each_form
def test_the_layout_is_complete(path: Path) -> None:
    checklist = checklist_of(path)
    seen = []
    for pdf, layout in layouts(artifact_of(path)):
        seen.append(layout["language"])
        assert (layout["checklist"], layout["version"], layout["hash"]) == (
            checklist.id,
            checklist.version,
            checklist.hash,
        )
        assert [page["page"] for page in layout["pages"]] == list(range(1, len(pypdfium2.PdfDocument(pdf)) + 1))
        check_layout(checklist, layout)
    assert seen == list(checklist.languages)


@each_form
def test_a_question_stays_on_its_page(path: Path) -> None:
    for _, layout in layouts(artifact_of(path)):
        for page, following in pairwise(layout["pages"]):
            split = {(m["item"], m["instance"]) for m in page["marks"]} & {
                (m["item"], m["instance"]) for m in following["marks"]
            }
            assert all(len(page["marks"]) > 20 and item == "town" for item, _ in split)  # longer than a page


@each_form
def test_corner_markers_and_qr_can_be_read(path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250))
    for pdf, layout in layouts(artifact_of(path)):
        ids = [fiducial["id"] for page in layout["pages"] for fiducial in page["fiducials"]]
        assert ids == list(range(4 * len(layout["pages"])))
        for picture, page in zip(pictures(pdf), layout["pages"], strict=True):
            corners, found, _ = detector.detectMarkers(np.ascontiguousarray(picture))
            centres = {
                int(number): square[0].mean(0) / PX for number, square in zip(found.ravel(), corners, strict=True)
            }
            for fiducial in page["fiducials"]:
                assert np.allclose(centres[fiducial["id"]], (fiducial["x_mm"], fiducial["y_mm"]), atol=0.2)
            said, *_ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(picture))
            assert said == f"{layout['checklist']}/{layout['version']}/{page['page']}/{layout['language']}/"


@each_form
def test_the_pdf_is_accessible(path: Path) -> None:
    checklist = checklist_of(path)
    for pdf, layout in layouts(artifact_of(path)):
        document = pypdfium2.PdfDocument(pdf)
        assert raw.FPDFCatalog_IsTagged(document)
        assert document.get_metadata_dict()["Title"] == checklist.text(checklist.title, layout["language"])
        assert f"/Lang({layout['language']})".encode() in pdf.replace(b" ", b"")


def test_texts_are_shown_as_they_are_written() -> None:
    path = FORMS[[form.stem for form in FORMS].index("every_type")]
    pdf, _ = next(layouts(artifact_of(path)))
    shown = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    shown = " ".join(shown.split())
    for text in (
        'Every type #panic("x") *a* _b_ $x$ <lab> @ref \\ " [',
        'Arrival = $pi$ #include "x"',
        "// no comment /* here */",
        "Read `this` first ~ it is short -- really...",
        "Red #set text(red)",
        "*Blue*",
        "Remarks on ____ (question 1)",
    ):
        assert text in shown


def test_the_same_bytes_in_another_process() -> None:
    path = FORMS[0]
    script = (
        "import sys, hashlib, checklist_kit as ck; from checklist_kit.targets.paper import build; "
        "c = ck.load(sys.argv[1]); a = build(c, tuple(c.languages)); "
        "print([(n, hashlib.sha256(b).hexdigest()) for n, b in a.files.items()])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(checklist_texts())
def test_any_checklist_can_be_printed(text: str) -> None:
    # These two are in no font that is certain to be installed; what happens then is tested elsewhere.
    checklist = load_text(text.replace("中", "z").replace("🗳", "z"))
    artifact = build(checklist, (checklist.default_language,))
    assert not [loss for loss in artifact.losses if loss.is_error]
    ((pdf, layout),) = layouts(artifact)
    check_layout(checklist, layout)
    check_ink(pdf, layout)
