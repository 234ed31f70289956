"""From an answer's row to the picture of it, on the page as it was made flat."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checklist_kit.readers.scan.crops import name_in_picture, page_picture
from checklist_kit.readers.scan.layout import Mark, PageLayout
from checklist_kit.readers.scan.printed import printed
from tests.scan.conftest import Printed
from tests.scan.pages import picture_of, save, scan_all
from tests.scan.test_review import rows, run

if TYPE_CHECKING:
    from tests.engines.chromium import Chromium

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def out(station: Printed, tmp_path: Path) -> Path:
    pages = tmp_path / "scans"
    pages.mkdir()
    for sheet in station.pages("7"):
        save(picture_of(sheet)[::-1, ::-1].copy(), pages / f"{sheet.page['page']}.png")
    assert run(pages, "-o", tmp_path / "out").exit_code == 0
    return tmp_path / "out"


def test_every_answer_has_a_picture(out: Path) -> None:
    found = rows(out / "readings.csv")
    assert found
    for row in found:
        file, _, name = row["picture"].partition("#")
        views = {view.get("id"): view for view in ET.parse(out / file).iter(f"{SVG}view")}
        left, top, width, height = map(float, views[name].get("viewBox", "").split())
        assert left <= float(row["left_mm"]) <= float(row["left_mm"]) + float(row["width_mm"]) <= left + width
        assert top <= float(row["top_mm"]) <= float(row["top_mm"]) + float(row["height_mm"]) <= top + height
    assert {row["picture"].partition("#")[2] for row in found} >= {"opened", "party_votes/red"}


def test_the_address_shows_the_answer(out: Path, chromium: Chromium) -> None:
    (row,) = (row for row in rows(out / "readings.csv") if (row["item"], row["instance"]) == ("party_votes", "red"))
    file, _, name = row["picture"].partition("#")
    with chromium.open(out / file) as page:
        whole = page.evaluate("document.documentElement.getScreenCTM().a")
        page.evaluate(f"location.hash = {name!r}")
        page.wait_for("document.querySelector(':target')")
        shown = "[...document.querySelectorAll('rect')].filter(each => getComputedStyle(each).display != 'none')"
        assert page.evaluate(f"{shown}.length") == 1
        assert page.evaluate("document.documentElement.getScreenCTM().a") > 1.3 * whole  # pixels a mm
        at = page.evaluate(f"(({{x, y, right, bottom}}) => [x, y, right, bottom])({shown}[0].getBoundingClientRect())")
        assert 0 <= at[0] < at[2] <= 1000
        assert 0 <= at[1] < at[3] <= 800
        assert page.errors == []


def test_a_picture_that_is_gone_is_made_again(station: Printed, tmp_path: Path) -> None:
    pages, kept = tmp_path / "scans", tmp_path / "kept"
    pages.mkdir()
    save(picture_of(station.pages("7")[0]), pages / "1.png")
    first = scan_all(station, pages, folder=kept)
    (picture,) = kept.glob("*.svg")
    before = picture.read_bytes()
    picture.unlink()
    assert scan_all(station, pages, folder=kept).answers == first.answers
    assert picture.read_bytes() == before
    assert {row.picture for row in scan_all(station, pages).answers} == {""}  # where nothing is kept


def test_names_of_rows_are_text_and_never_markup(station: Printed) -> None:
    row = '"><script>1</script> ş'
    layout = PageLayout(1, 210, 297, (Mark("votes", row, "1", "circle", 50, 50, 4, 4),), ())
    picture = page_picture(printed(station.form, 1).picture, layout)
    (view,) = ET.fromstring(picture).iter(f"{SVG}view")
    assert view.get("id") == f"votes/{row}"
    assert name_in_picture("votes", row) == "votes/%22%3E%3Cscript%3E1%3C/script%3E%20%C5%9F"
