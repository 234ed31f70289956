"""The review: rows, decisions that come back, and the page on which a person decides."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit.cli import cli
from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan import Review
from checklist_kit.readers.scan.html import as_html
from checklist_kit.readers.scan.review import COLUMNS, read_decisions
from tests.scan.conftest import CHECKLIST, Printed
from tests.scan.pages import EVERYTHING, codes, picture_of, save, scan_all, states, values

if TYPE_CHECKING:
    from tests.engines.chromium import Chromium


@pytest.fixture
def batch(station: Printed, tmp_path: Path) -> Path:
    """The pages of one form, with words in two boxes and two marks for `sealed`."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for sheet in station.pages("7"):
        both = {**EVERYTHING, ("sealed", ""): "yes"}
        picture = picture_of(sheet, both)
        if any(mark["item"] == "sealed" for mark in sheet.page["marks"]):
            picture = np.minimum(picture, picture_of(sheet, {("sealed", ""): "no"}))
        save(picture, folder / f"{sheet.page['page']}.png")
    return folder


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(cli, ["scan", str(CHECKLIST), *map(str, arguments)], catch_exceptions=False)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def decide(path: Path, decisions: dict[str, str], **how: Any) -> None:
    found = rows(path)
    with path.open("w", encoding=how.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, **how)
        writer.writeheader()
        writer.writerows(row | {"decision": decisions.get(row["item"], "")} for row in found)


def test_from_pages_to_tables_and_back_through_review(batch: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run(batch, "-o", out)
    assert first.exit_code == 0
    assert "2 pages = 2 accepted, 0 review, 0 rejected" in first.output
    assert "3 answers wait for review" in first.output
    assert [row["item"] for row in rows(out / "review.csv")] == ["code", "sealed", "what"]
    assert rows(out / "pages.csv")[0] == {
        "source": "1.png",
        "page": "1",
        "state": "accepted",
        "reason": "",
        "submission_id": "paper-7",
    }
    status = {(row["item"], row["instance"]): row["status"] for row in rows(out / "answers.csv")}
    assert status["sealed", ""] == status["code", ""] == "unreadable"
    assert status["opened", ""] == "answered"
    decide(out / "review.csv", {"code": "=12", "sealed": "no", "what": "a push, a shout;\nand more"})
    second = run(batch, "-o", out, "--review", out / "review.csv")
    assert second.exit_code == 0
    assert "0 answers wait" in second.output
    answers = {(row["item"], row["instance"]): row for row in rows(out / "answers.csv")}
    assert answers["sealed", ""]["value"] == "no"
    assert answers["what", "1"]["value"] == "a push, a shout;\nand more"
    assert answers["code", ""]["value"] == "=12"
    assert {row["decision"] for row in rows(out / "review.csv")} == {"=12", "no", "a push, a shout;\nand more"}
    assert (out / "submissions.csv").read_text(encoding="utf-8").splitlines()[1].startswith("paper-7,station,1,paper")


def test_a_spreadsheet_may_have_saved_the_decisions(batch: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(batch, "-o", out)
    decide(out / "review.csv", {"sealed": "yes"}, encoding="utf-8-sig", delimiter=";")
    assert run(batch, "-o", out, "--review", out / "review.csv").exit_code == 0
    assert {row["item"]: row["decision"] for row in rows(out / "review.csv")}["sealed"] == "yes"


def test_decisions_that_are_no_answers_are_refused(station: Printed, batch: Path) -> None:
    key = ("paper-7", "sealed", "", "")
    for decision in ("maybe", "1", "yes; no"):
        scanned = scan_all(station, batch, review=Review({key: decision}))
        assert values(scanned)["sealed"] == "unreadable"
        assert "page-decision" in codes(scanned)
    strange = scan_all(station, batch, review=Review({("paper-8", "sealed", "", ""): "yes"}))
    assert "page-decision" in codes(strange)
    blank = scan_all(station, batch, review=Review({key: "blank"}))
    assert "sealed" not in values(blank)


def test_a_sure_answer_can_be_corrected(station: Printed, batch: Path) -> None:
    keys = {
        ("paper-7", "opened", "", ""): "no",
        ("paper-7", "problems", "", "ink"): "0",
        ("paper-7", "voted", "", ""): "88",
    }
    found = values(scan_all(station, batch, review=Review(keys)))
    assert (found["opened"], found["problems.ink"], found["problems.crowd"], found["voted"]) == ("no", "0", "1", "88")


def test_a_page_that_waits_counts_once_all_is_decided(station: Printed, tmp_path: Path) -> None:
    import cv2

    sheet = station.pages("7")[0]
    save(cv2.GaussianBlur(picture_of(sheet), (0, 0), 6.2), tmp_path / "poor.png")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["review"]
    assert "page-poor" in codes(scanned)
    fields = {(mark["item"], mark["instance"]) for mark in sheet.page["marks"]}
    assert {(doubt.row.item, doubt.row.instance) for doubt in scanned.doubts} == fields
    assert values(scanned)["opened"] == "unreadable"
    some = {doubt.row.key: doubt.row.read or "text" for doubt in scanned.doubts}
    rest = dict(list(some.items())[:-1])
    assert states(scan_all(station, tmp_path, review=Review(rest))) == ["review"]
    decided = scan_all(station, tmp_path, review=Review(some))
    assert states(decided) == ["accepted"]
    assert values(decided)["opened"] == "yes"


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"\xff\xfe\x00", "no CSV in UTF-8"), (b"a,b\n1,2\n", "has no column `submission_id`"), (b"", "has no column")],
)
def test_a_file_of_decisions_that_cannot_be_read(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "review.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=re.escape(message)):
        read_decisions(path)


def test_the_command_says_what_it_cannot_open(batch: Path, tmp_path: Path) -> None:
    (batch / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    result = run(batch, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "broken.pdf page 1: rejected" in result.output
    assert rows(tmp_path / "out" / "pages.csv")[-1]["state"] == "rejected"


def test_printed_forms_can_be_handed_over(station: Printed, batch: Path, tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    for name, data in ck.build(station.checklist, "paper").files.items():
        (forms / name).write_bytes(data)
    assert run(batch, "-o", tmp_path / "out", "--forms", forms).exit_code == 0
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no printed form of `station`" in run(batch, "-o", tmp_path / "out", "--forms", empty).output
    (forms / "station.paper.en.layout.json").write_text("{}", encoding="utf-8")
    assert "no layout" in run(batch, "-o", tmp_path / "out", "--forms", forms).output


def test_every_answer_has_its_confidence_and_place(station: Printed, batch: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(batch, "-o", out)
    found = {(row["item"], row["instance"], row["choice"]): row for row in rows(out / "readings.csv")}
    printed = {(mark["item"], mark["instance"]) for page in station.layout["pages"] for mark in page["marks"]}
    assert {key[:2] for key in found} == printed
    assert (found["opened", "", ""]["read"], found["opened", "", ""]["doubt"]) == ("yes", "")
    assert float(found["opened", "", ""]["confidence"]) >= 0.95
    assert found["sealed", "", ""]["doubt"] == "two marks for one answer"
    mark = next(mark for page in station.layout["pages"] for mark in page["marks"] if mark["choice"] == "ink")
    row = found["problems", "", "ink"]
    assert float(row["left_mm"]) == pytest.approx(mark["x_mm"] - mark["w_mm"] / 2, abs=0.1)
    assert float(row["height_mm"]) == pytest.approx(mark["h_mm"], abs=0.1)


def test_sure_answers_can_be_checked(batch: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = run(batch, "-o", out)
    sure = [row for row in rows(out / "readings.csv") if not row["doubt"]]
    answers = (out / "answers.csv").read_bytes()
    assert "to check" not in before.output
    some = run(batch, "-o", out, "--check", 0.5)
    few = rows(out / "review.csv")
    everything = run(batch, "-o", out, "--check", 1)
    every = rows(out / "review.csv")
    assert (out / "answers.csv").read_bytes() == answers  # they count in any case
    assert 3 < len(few) < len(every) == len(sure) + 3
    assert [row for row in every if row in few] == few
    assert f"{len(few) - 3} sure answers to check; 0 checked" in some.output
    assert "3 answers wait for review" in everything.output
    decide(out / "review.csv", {"opened": "yes", "voted": "86"})
    assert (
        "2 checked, 1 of them are as read" in run(batch, "-o", out, "--check", 1, "--review", out / "review.csv").output
    )
    assert {row["item"]: row["value"] for row in rows(out / "answers.csv")}["voted"] == "86"


# The page


def press(page: Any, *keys: str) -> None:
    """Press keys as a person does: what is typed goes where the cursor is."""
    for key in keys:
        script = """(key => {
          const at = document.activeElement || document.body;
          const event = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
          const typed = at.dispatchEvent(event);
          if (typed && key.length === 1 && at.tagName === "INPUT") at.value += key;
        })"""
        page.evaluate(f"{script}({json.dumps(key)})")


def saved(page: Any) -> list[dict[str, str]]:
    """The file that the button saves."""
    page.evaluate("window.made = null; URL.createObjectURL = blob => { window.made = blob; return 'blob:none'; }")
    page.evaluate("HTMLAnchorElement.prototype.click = function () { window.madeName = this.download; }")
    press(page, "Escape", "s")
    assert page.evaluate("window.madeName") == "review.csv"
    return list(csv.DictReader(io.StringIO(page.evaluate("window.made.text()"))))


def test_review_by_keyboard_alone(station: Printed, batch: Path, tmp_path: Path, chromium: Chromium) -> None:
    scanned = scan_all(station, batch)
    path = tmp_path / "review.html"
    path.write_bytes(as_html(["Station & <count>"], scanned.doubts))
    with chromium.open(path) as page:
        assert page.errors == []
        assert "Station & <count>" in page.text()
        assert page.evaluate("document.querySelectorAll('article b').length") == 0  # labels are text, not markup
        press(page, *'=1,"2', "Enter")
        assert page.evaluate("document.querySelector('article.here h2').textContent").endswith("Sealed?")
        press(page, "2")
        press(page, *"shouting", "Enter")
        assert "3 of 3 decided" in page.text()
        decisions = {row["item"]: row["decision"] for row in saved(page)}
        assert decisions == {"code": '=1,"2', "sealed": "no", "what": "shouting"}
        assert list(saved(page)[0]) == list(COLUMNS)
        press(page, "ArrowUp", "Escape", "u")
        assert {row["item"]: row["decision"] for row in saved(page)}["sealed"] == ""
        pictures = "[...document.images].every(image => image.naturalWidth > 100)"
        page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
        page.wait_for(pictures)
    with chromium.open(path) as page:  # closed and opened again
        assert "2 of 3 decided" in page.text()


def test_the_page_asks_nothing_of_the_network(station: Printed, batch: Path) -> None:
    text = as_html([], scan_all(station, batch).doubts).decode()
    assert not re.search(r"""(src|href)\s*=\s*["'](?!data:)|https?://|@import|url\(""", text)
    assert "default-src 'none'" in text


def test_an_empty_queue_says_so(station: Printed, tmp_path: Path, chromium: Chromium) -> None:
    path = tmp_path / "review.html"
    path.write_bytes(as_html([], ()))
    with chromium.open(path) as page:
        assert "Nothing waits for review" in page.text()
        assert page.errors == []
