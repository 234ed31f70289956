"""Batches: any file, any order, any way up; every page gets a state, and one bad page never stops the others."""

from __future__ import annotations

import os
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

import checklist_kit as ck
from checklist_kit.api import scan
from checklist_kit.cli import cli
from checklist_kit.model import Missing
from checklist_kit.readers.scan import Form, WorkersFailed, batch
from checklist_kit.readers.scan import page as page_module
from checklist_kit.readers.scan.page import read_page
from checklist_kit.readers.scan.sources import Page
from tests.scan.conftest import CHECKLIST, Printed, printed_of
from tests.scan.pages import EVERYTHING, codes, picture_of, save, scan_all, states, values

READ = {
    "code": Missing.UNREADABLE,
    "opened": "yes",
    "problems.ink": "1",
    "problems.list": "0",
    "problems.crowd": "1",
    "problems.none": "0",
    "read": "1",
    "registered": "1204",
    "voted": "87",
    "party_votes red": "0",
    "party_votes blue": "450",
    "present red": "no",
    "what 1": Missing.UNREADABLE,
    "seen 1": "not_observed",
}


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tiff", ".heic", ".pdf"])
def test_every_kind_of_file(station: Printed, tmp_path: Path, suffix: str) -> None:
    for sheet in station.pages("7"):
        save(picture_of(sheet), tmp_path / f"{sheet.page['page']}{suffix}")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["accepted", "accepted"]
    assert values(scanned) == READ
    assert {row.submission_id for row in scanned.pages} == {"paper-7"}


def test_many_pages_in_one_file(station: Printed, tmp_path: Path) -> None:
    from PIL import Image

    arrays = [picture_of(sheet) for serial in "12" for sheet in station.pages(serial)]
    for name in ("all.pdf", "all.tiff"):
        pictures = list(map(Image.fromarray, arrays))
        pictures[0].save(tmp_path / name, save_all=True, append_images=pictures[1:])
        scanned = scan_all(station, tmp_path / name)
        assert [(row.source, row.page, row.submission_id) for row in scanned.pages] == [
            (name, 1, "paper-1"),
            (name, 2, "paper-1"),
            (name, 3, "paper-2"),
            (name, 4, "paper-2"),
        ]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("covered", [None, 0, 1, 2, 3])
def test_any_way_up_and_three_markers_are_enough(
    station: Printed, tmp_path: Path, turns: int, covered: int | None
) -> None:
    sheet = station.pages("7")[0]
    picture = picture_of(sheet)
    if covered is not None:
        mark, px = sheet.page["fiducials"][covered], 200 / 25.4
        x, y, reach = mark["x_mm"] * px, mark["y_mm"] * px, 6 * px
        picture[int(max(0, y - reach)) : int(y + reach), int(max(0, x - reach)) : int(x + reach)] = 255
    save(np.ascontiguousarray(np.rot90(picture, turns)), tmp_path / "page.png")
    found = values(scan_all(station, tmp_path))
    on_page = {(mark["item"], mark["instance"]) for mark in sheet.page["marks"]}
    wanted = {key: value for key, value in READ.items() if _field(key) in on_page}
    assert {key: value for key, value in found.items() if _field(key) in on_page} == wanted


def _field(key: str) -> tuple[str, str]:
    name, _, instance = key.partition(" ")
    return name.partition(".")[0], instance


def test_two_markers_are_refused_and_nothing_is_made_up(station: Printed, tmp_path: Path) -> None:
    picture = picture_of(station.pages("7")[0])
    picture[: picture.shape[0] // 2] = 255
    save(picture, tmp_path / "half.png")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["rejected"]
    assert "three" in scanned.pages[0].reason
    assert not [thing for thing in scanned.submissions if hasattr(thing, "record")]


def test_a_mirrored_page_is_refused(station: Printed, tmp_path: Path) -> None:
    save(np.ascontiguousarray(picture_of(station.pages("7")[0])[:, ::-1]), tmp_path / "mirrored.png")
    assert states(scan_all(station, tmp_path)) == ["rejected"]


def test_a_bad_page_never_stops_the_others(station: Printed, tmp_path: Path) -> None:
    good = picture_of(station.pages("7")[0])
    save(good, tmp_path / "d.png")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    (tmp_path / "c.png").write_bytes((tmp_path / "d.png").read_bytes()[:5000])
    save(np.full_like(good, 252), tmp_path / "e.png")
    save(np.random.default_rng(1).integers(0, 255, good.shape, np.uint8), tmp_path / "f.png")
    scanned = scan_all(station, tmp_path, tmp_path / "missing.png")
    assert sorted((row.source, row.state) for row in scanned.pages) == [
        ("a.pdf", "rejected"),
        ("b.jpg", "rejected"),
        ("c.png", "rejected"),
        ("d.png", "accepted"),
        ("e.png", "rejected"),
        ("f.png", "rejected"),
        ("missing.png", "rejected"),
    ]
    assert {"page-unreadable", "page-empty", "page-markers"} <= codes(scanned)
    assert {Path(path).name for path in scanned.unopened} == {"a.pdf", "b.jpg", "missing.png"}
    assert all(row.reason for row in scanned.pages if row.state != "accepted")


def test_foreign_pages_and_other_versions(station: Printed, tmp_path: Path) -> None:
    sheet = station.pages()[0]
    for name, old, new in (
        ("foreign", "station/", "clinic/"),
        ("version", "/1/1/", "/2/1/"),
        ("page", "/1/1/", "/1/2/"),
    ):
        changed = type(sheet)(sheet.picture, sheet.page, sheet.identity.replace(old, new, 1)).with_serial("3")
        save(picture_of(changed), tmp_path / f"{name}.png")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["rejected"] * 3
    assert {"page-foreign", "page-version", "page-mixed"} == codes(scanned)


def test_the_same_page_twice(station: Printed, tmp_path: Path) -> None:
    first, second = station.pages("7")
    save(picture_of(first), tmp_path / "1.png")
    save(picture_of(second), tmp_path / "2.png")
    (tmp_path / "3.png").write_bytes((tmp_path / "1.png").read_bytes())
    save(picture_of(first, dpi=220), tmp_path / "4.png")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["accepted", "accepted", "rejected", "rejected"]
    assert codes(scanned) == {"page-twice", "page-doubtful"}
    assert values(scanned) == READ


def test_two_sheets_of_one_serial_wait_for_a_person(station: Printed, tmp_path: Path) -> None:
    first, _ = station.pages("7")
    save(picture_of(first), tmp_path / "1.png")
    save(picture_of(first, {**EVERYTHING, ("opened", ""): "no"}), tmp_path / "2.png")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["review", "review"]
    assert "page-conflict" in codes(scanned)
    assert values(scanned)["opened"] == Missing.UNREADABLE
    assert {doubt.row.item for doubt in scanned.doubts} >= {"opened", "registered"}


def test_a_missing_page_is_unreadable_and_not_blank(station: Printed, tmp_path: Path) -> None:
    save(picture_of(station.pages("7")[0]), tmp_path / "1.png")
    scanned = scan_all(station, tmp_path)
    assert "page-missing" in codes(scanned)
    last = station.layout["pages"][1]["marks"][-1]["item"]
    assert values(scanned)[last] == Missing.UNREADABLE


def test_blanks_without_serial_go_by_order(station: Printed, tmp_path: Path) -> None:
    for number in range(3):
        for sheet in station.pages():
            answers = {**EVERYTHING, ("voted", ""): str(100 + number)}
            save(picture_of(sheet, answers, dpi=200 + number), tmp_path / f"{number}{sheet.page['page']}.png")
    scanned = scan_all(station, tmp_path)
    ids = [row.submission_id for row in scanned.pages]
    assert ids[0::2] == ids[1::2]
    assert len(set(ids)) == 3
    assert "page-by-order" in codes(scanned)
    assert [values(scanned, number)["voted"] for number in range(3)] == ["100", "101", "102"]
    assert [row.submission_id for row in scan_all(station, tmp_path).pages] == ids


def test_after_a_lost_page_forms_are_not_mixed(station: Printed, tmp_path: Path) -> None:
    first, second = station.pages()
    save(picture_of(first), tmp_path / "1.png")
    save(np.full((2000, 1400), 250, np.uint8), tmp_path / "2.png")
    save(np.full((2000, 1400), 251, np.uint8), tmp_path / "3.png")
    save(picture_of(second), tmp_path / "4.png")
    scanned = scan_all(station, tmp_path)
    ids = [row.submission_id for row in scanned.pages if row.state == "accepted"]
    assert len(set(ids)) == 2


def test_exchanged_sheets_are_reported(station: Printed, tmp_path: Path) -> None:
    save(picture_of(station.pages("7")[0]), tmp_path / "1.png")
    save(picture_of(station.pages("8")[1]), tmp_path / "2.png")
    assert {"page-serials", "page-missing"} <= codes(scan_all(station, tmp_path))


def test_without_its_symbol_a_page_is_not_given_to_a_serial(station: Printed, tmp_path: Path) -> None:
    first, second = station.pages("7")
    save(picture_of(first), tmp_path / "1.png")
    picture = picture_of(second)
    px = 200 / 25.4
    picture[int(5 * px) : int(25 * px), int(165 * px) : int(192 * px)] = 255
    save(picture, tmp_path / "2.png")
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["accepted", "review"]
    assert codes(scanned) >= {"page-symbol", "page-missing"}
    alone = scan_all(station, tmp_path / "2.png")
    assert states(alone) == ["accepted"]


def test_an_interrupted_batch_goes_on(station: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, kept = tmp_path / "pages", tmp_path / "kept"
    pages.mkdir()
    for sheet in station.pages("7"):
        save(picture_of(sheet), pages / f"{sheet.page['page']}.png")
    first = scan_all(station, pages / "1.png", folder=kept)
    read: list[str] = []
    load = page_module.load
    monkeypatch.setattr(page_module, "load", lambda page: read.append(Path(page.path).name) or load(page))
    second = scan_all(station, pages, folder=kept)
    assert read == ["2.png"]
    for file in kept.glob("*.json"):
        file.write_text("{ damaged", encoding="utf-8")
    third = scan_all(station, pages, folder=kept)
    assert read == ["2.png", "1.png", "2.png"]
    assert second.pages == third.pages
    assert values(second) == values(third) == READ
    assert first.pages == second.pages[:1]


def test_processes_read_the_same(station: Printed, tmp_path: Path) -> None:
    for serial in "123":
        for sheet in station.pages(serial):
            save(picture_of(sheet), tmp_path / f"{serial}{sheet.page['page']}.png")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        there = scan_all(station, tmp_path, executor=executor)
    here = scan_all(station, tmp_path)
    assert there.pages == here.pages
    assert [doubt.row for doubt in there.doubts] == [doubt.row for doubt in here.doubts]


def test_a_cluster_reads_the_same(station: Printed, tmp_path: Path) -> None:
    from distributed import LocalCluster

    pages = tmp_path / "pages"
    pages.mkdir()
    for sheet in station.pages("7"):
        save(picture_of(sheet), pages / f"{sheet.page['page']}.png")
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
    ) as there:
        result = _command(pages, tmp_path / "there", "--dask", there.scheduler_address)
        gone = there.scheduler_address
    assert result.exit_code == 0
    assert "2 pages = 2 accepted" in result.output
    _command(pages, tmp_path / "here")
    for name in ("answers.csv", "pages.csv", "readings.csv", "review.html"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    for address in (gone, "nonsense"):
        refused = _command(pages, tmp_path / "there", "--dask", address)
        assert refused.exit_code == 1
        assert f"there is no Dask scheduler at {address}" in refused.output


def _command(pages: Path, output: Path, *options: str) -> Result:
    words = ["scan", str(CHECKLIST), str(pages), "-o", str(output), *options]
    return CliRunner().invoke(cli, words, catch_exceptions=False)


def test_a_cluster_that_fails_is_told(station: Printed, tmp_path: Path) -> None:
    """Such as one that lacks this package. Pages are not to blame for it."""
    save(picture_of(station.pages("7")[0]), tmp_path / "page.png")
    with ThreadPoolExecutor(1) as executor:
        executor.submit = lambda *_: _cancelled()
        with pytest.raises(WorkersFailed, match="CancelledError"):
            scan_all(station, tmp_path, executor=executor)


def _cancelled() -> Future[None]:
    future: Future[None] = Future()
    future.cancel()
    future.set_running_or_notify_cancel()
    return future


def test_photographs_keep_their_colours_to_themselves(station: Printed, tmp_path: Path) -> None:
    """A blue pen on yellowish paper, in colour."""
    picture = picture_of(station.pages("7")[0]).astype(np.float32)
    colour = np.stack([picture * 0.75 + 30, picture * 0.9, picture * 0.95], axis=2).clip(0, 255).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "colour.jpg"), colour)
    assert states(scan_all(station, tmp_path)) == ["accepted"]


# Several sheets, versions and checklists


def side_by_side(*pictures: np.ndarray) -> np.ndarray:
    """Pages on a table, next to each other."""
    height = max(picture.shape[0] for picture in pictures)
    tall = [np.pad(each, ((0, height - each.shape[0]), (0, 40)), constant_values=120) for each in pictures]
    return np.concatenate(tall, axis=1)


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_two_pages_in_one_picture_are_both_read(station: Printed, tmp_path: Path, turns: int) -> None:
    first, second = (picture_of(sheet) for sheet in station.pages("7"))
    save(np.ascontiguousarray(np.rot90(side_by_side(second, first), turns)), tmp_path / "spread.png")
    scanned = scan_all(station, tmp_path, folder=tmp_path / "kept")
    assert [(row.page, row.state, row.submission_id) for row in scanned.pages] == [(1, "accepted", "paper-7")] * 2
    assert values(scanned) == READ
    again = scan_all(station, tmp_path, folder=tmp_path / "kept")
    assert (again.pages, again.doubts) == (scanned.pages, scanned.doubts)


def test_plain_blanks_by_the_sheet(station: Printed, tmp_path: Path) -> None:
    for number in range(2):
        answers = {**EVERYTHING, ("voted", ""): str(100 + number)}
        first, second = (picture_of(sheet, answers, dpi=200 + number) for sheet in station.pages())
        save(side_by_side(second, first), tmp_path / f"{number}.png")
    scanned = scan_all(station, tmp_path)
    ids = [row.submission_id for row in scanned.pages]
    assert (ids[0], ids[2]) == (ids[1], ids[3])
    assert ids[0] != ids[2]
    assert [values(scanned, number)["voted"] for number in range(2)] == ["100", "101"]


def test_two_sheets_of_one_page_are_refused(station: Printed, tmp_path: Path) -> None:
    one, two = (picture_of(station.pages(serial)[0]) for serial in "78")
    save(side_by_side(one, two), tmp_path / "both.png")
    scanned = scan_all(station, tmp_path)
    assert [(row.state, row.submission_id) for row in scanned.pages] == [("rejected", "")]
    assert codes(scanned) == {"page-mixed"}


def test_the_symbol_of_another_paper_in_the_picture_does_not_count(station: Printed, tmp_path: Path) -> None:
    px = 200 / 25.4
    mine, other = picture_of(station.pages("7")[0]), picture_of(station.pages("8")[0])
    mine[int(5 * px) : int(25 * px), int(165 * px) : int(192 * px)] = 255
    corner = other[: int(40 * px), int(120 * px) : int(192 * px)]
    save(side_by_side(mine, corner), tmp_path / "page.png")
    (row,) = scan_all(station, tmp_path).pages
    assert row.state == "accepted"
    assert row.submission_id != "paper-8"


def test_versions_and_checklists_in_one_batch(tmp_path: Path) -> None:
    """Forms of two versions and of another checklist, with the same serial, mixed."""
    text = CHECKLIST.read_text(encoding="utf-8")
    new = text.replace('version: "1"', 'version: "2"').replace(
        "{name: opened,", "{name: opened_on_time, was: [opened],"
    )
    lit = "  - {name: lit, type: select_one, choices: yes_no, label: Lit?}\n"
    new = new.replace("  - {name: sealed", f"{lit}  - {{name: sealed")
    texts = {"old": text, "new": new, "other": text.replace("checklist: station", "checklist: clinic")}
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, each in texts.items():
        (tmp_path / f"{name}.yaml").write_text(each, encoding="utf-8")
        printed = printed_of(ck.load(tmp_path / f"{name}.yaml"))
        (tmp_path / name).mkdir()
        (tmp_path / name / "station.paper.en.layout.json").write_bytes(printed.form.layout)
        (tmp_path / name / "station.paper.en.pdf").write_bytes(printed.form.pdf)
        for sheet in printed.pages("7"):
            answers = {**EVERYTHING, ("opened_on_time", ""): "no", ("lit", ""): "yes"}
            save(picture_of(sheet, answers), pages / f"{sheet.page['page']}-{name}.png")
    tables, scanned = scan(ck.load(tmp_path / "new.yaml"), [pages], forms=tmp_path / "old")
    assert {(row.source[2:-4], row.state, row.submission_id) for row in scanned.pages} == {
        ("new", "accepted", "paper-7"),
        ("old", "accepted", "paper-1-7"),
        ("other", "rejected", ""),
    }
    rows = tables.submissions.astype(object).fillna("").set_index("submission_id")
    assert rows.version.to_dict() == {"paper-7": "2", "paper-1-7": "1"}
    assert rows.opened_on_time.to_dict() == {"paper-7": "no", "paper-1-7": "yes"}
    assert rows.lit.to_dict() == {"paper-7": "yes", "paper-1-7": ""}
    assert rows.voted.to_dict() == {"paper-7": 87, "paper-1-7": 87}
    _, alone = scan(ck.load(tmp_path / "new.yaml"), [pages])
    assert [row.state for row in alone.pages if "old" in row.source] == ["rejected"] * 2


# What no page should be able to do


def test_a_fault_of_ours_is_told_and_the_others_are_read(
    station: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sheet in station.pages("7"):
        save(picture_of(sheet), tmp_path / f"{sheet.page['page']}.png")
    load = page_module.load
    monkeypatch.setattr(page_module, "load", lambda page: {}[page.path] if page.path.endswith("1.png") else load(page))
    scanned = scan_all(station, tmp_path)
    assert states(scanned) == ["rejected", "accepted"]
    assert "KeyError" in scanned.pages[0].reason


def _read_or_die(page: Page, forms: tuple[Form, ...]) -> object:
    if "kill" in page.path:
        os._exit(1)
    return read_page(page, forms)


def test_a_page_that_ends_its_process_ends_nothing_else(
    station: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, sheet in enumerate(station.pages("7")):
        save(picture_of(sheet), tmp_path / f"{number}.png")
    save(picture_of(station.pages("8")[0]), tmp_path / "0-kill.png")
    monkeypatch.setattr(batch, "read_page", _read_or_die)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        scanned = scan_all(station, tmp_path, executor=executor)
    assert sorted((row.source, row.state) for row in scanned.pages) == [
        ("0-kill.png", "rejected"),
        ("0.png", "accepted"),
        ("1.png", "accepted"),
    ]
