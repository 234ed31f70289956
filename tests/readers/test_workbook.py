"""What people do to a workbook before they send it back, and what the reader makes of it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from checklist_kit.protocols import UnreadableFile
from tests.engines.libreoffice import LibreOffice
from tests.readers.books import Change, Read, columns, filled, template
from tests.strategies.checklists import load_text

ROW = {
    "submission_id": "a1",
    "station": "12/3",
    "opened": "yes",
    "faults.ink": 1,
    "faults.box": 0,
    "voters": 120,
    "staff": 5,
    "share": 0.25,
    "day": datetime.date(2024, 2, 7),
    "hour": datetime.time(8, 30),
    "seen": datetime.datetime(2024, 2, 7, 8, 30),
}
SECOND = {"submission_id": "a2", "station": "12/4", "opened": "no", "voters": 0}
VALUES = {key: value for key, value in ROW.items() if key != "submission_id"}
BOTH = {"Responses": [ROW, SECOND]}


def main(book: openpyxl.Workbook) -> Any:
    return book["Responses"]


def column(page: Any, name: str) -> int:
    return columns(page)[name]


# As it should be


def test_a_filled_template(tmp_path: Path) -> None:
    read = Read(filled(tmp_path / "a.xlsx", BOTH))
    assert [(s.id, s.channel, s.version, s.cells) for s in read.submissions] == [
        ("a1", "workbook", "3", 10),
        ("a2", "workbook", "3", 3),
    ]
    assert read.values() == VALUES
    assert read.values(1) == {"station": "12/4", "opened": "no", "voters": 0}
    assert read.problems == []
    place = read.submissions[1].record.place
    assert (place("station"), place("voters"), place("faults")) == ("Responses!B6", "Responses!F6", "Responses!D6")


def test_repeats_and_nested_repeats(tmp_path: Path) -> None:
    rows = {
        **BOTH,
        "votes": [
            {"submission_id": "a1", "instance": "red", "count_of": 7},
            {"submission_id": "a2", "instance": "red", "count_of": 9},
            {"submission_id": "a1", "instance": "blue", "count_of": 8},
        ],
        "rounds": [
            {"submission_id": "a1", "instance": 1, "start": datetime.time(9)},
            {"submission_id": "a1", "instance": 2},
        ],
        "people": [
            {"submission_id": "a1", "instance": "2/1", "role": "chair"},
            {"submission_id": "a1", "instance": "2/2", "role": "clerk"},
        ],
    }
    read = Read(filled(tmp_path / "a.xlsx", rows))
    first, second = (submission.record for submission in read.submissions)
    assert [(r.instance, r.values) for r in first.repeats["votes"]] == [
        ("red", {"count_of": 7}),
        ("blue", {"count_of": 8}),
    ]
    assert [(r.instance, r.values) for r in second.repeats["votes"]] == [("red", {"count_of": 9})]
    assert [r.instance for r in first.repeats["rounds"]] == [1, 2]
    assert [(r.instance, r.values["role"]) for r in first.repeats["rounds"][1].repeats["people"]] == [
        ("1", "chair"),
        ("2", "clerk"),
    ]
    assert first.repeats["votes"][1].place("count_of") == "votes!C7"
    assert read.submissions[0].cells == 10 + 2 + 1 + 2
    assert read.problems == []


def test_a_libreoffice_round_trip(libreoffice: LibreOffice, tmp_path: Path) -> None:
    rows = {**BOTH, "votes": [{"submission_id": "a1", "instance": "red", "count_of": 7}]}
    path = filled(tmp_path / "a.xlsx", rows)
    read = Read(libreoffice.save(path, tmp_path / "b.xlsx"))
    assert read.values() == VALUES
    assert [(s.id, s.version) for s in read.submissions] == [("a1", "3"), ("a2", "3")]
    assert read.problems == []


def test_typed_in_libreoffice(libreoffice: LibreOffice, tmp_path: Path) -> None:
    typed = {"A5": "007", "B5": "1/2", "C5": "no", "D5": "1", "F5": "12", "I5": "2024-02-07", "J5": "08:30"}
    path = filled(tmp_path / "a.xlsx", {})
    read = Read(
        libreoffice.save(path, tmp_path / "b.xlsx", {f"Responses!{cell}": text for cell, text in typed.items()})
    )
    assert read.only.id == "007"
    assert read.values() == {
        "station": "1/2",
        "opened": "no",
        "faults.ink": 1,
        "voters": 12,
        "day": datetime.date(2024, 2, 7),
        "hour": datetime.time(8, 30),
    }


# Columns that moved


def delete_ids(book: openpyxl.Workbook) -> None:
    main(book).delete_rows(1)


def delete_all_but_ids(book: openpyxl.Workbook) -> None:
    main(book).delete_rows(2, 3)


def delete_labels(book: openpyxl.Workbook) -> None:
    main(book).delete_rows(3)


def insert_rows_above(book: openpyxl.Workbook) -> None:
    main(book).insert_rows(1, 3)


def ids_below_hints(book: openpyxl.Workbook) -> None:
    page = main(book)
    page.insert_rows(5)
    for cell in list(page[1]):
        page.cell(5, cell.column, cell.value)
    page.delete_rows(1)


def swap_columns(book: openpyxl.Workbook) -> None:
    page = main(book)
    first, second = column(page, "opened"), column(page, "voters")
    for row in range(1, 8):
        one, other = page.cell(row, first), page.cell(row, second)
        one.value, other.value = other.value, one.value


def move_to_new_sheet(book: openpyxl.Workbook) -> None:
    page, copy = main(book), book.create_sheet("Sheet1")
    for row in page.iter_rows():
        for cell in row:
            copy.cell(cell.row, cell.column, cell.value)
    del book["Responses"]


def labels_in_another_language(book: openpyxl.Workbook) -> None:
    other = template("az")["Responses"]
    for cell in other[3]:
        main(book).cell(3, cell.column, cell.value)
    main(book).delete_rows(1)


def capital_ids(book: openpyxl.Workbook) -> None:
    for cell in main(book)[1]:
        cell.value = f" {cell.value} ".upper()


def delete_meta(book: openpyxl.Workbook) -> None:
    del book["_meta"]


def hide_rows_and_columns(book: openpyxl.Workbook) -> None:
    main(book).row_dimensions[5].hidden = True
    main(book).column_dimensions["C"].hidden = True


def merge_cells(book: openpyxl.Workbook) -> None:
    main(book).merge_cells("P5:Q6")


def blank_rows_between(book: openpyxl.Workbook) -> None:
    main(book).insert_rows(6, 40)


@pytest.mark.parametrize(
    "change",
    [
        delete_ids, delete_all_but_ids, delete_labels, insert_rows_above, ids_below_hints, swap_columns,
        move_to_new_sheet, labels_in_another_language, capital_ids, delete_meta, hide_rows_and_columns, merge_cells,
        blank_rows_between,
    ],
)  # fmt: skip
def test_changes_that_lose_nothing(change: Change, tmp_path: Path) -> None:
    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert [submission.id for submission in read.submissions] == ["a1", "a2"]
    assert read.values() == VALUES
    assert read.problems == []


def test_equal_labels_without_numbers_are_not_guessed(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book).delete_rows(1, 2)

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert read.values() == {key: value for key, value in VALUES.items() if key not in ("voters", "staff")}
    assert read.facts()[:2] == [
        ("value-unknown-question", "Responses!F3", "120", True),
        ("value-unknown-question", "Responses!G3", "5", True),
    ]


def test_a_renamed_column_is_set_aside(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book).cell(1, column(main(book), "voters"), "voter count")

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert "voters" not in read.values()
    assert [(p.code, p.item, p.raw, p.place, p.aside) for p in read.problems] == [
        ("value-unknown-question", "voter count", "120", "Responses!F5", True),
        ("value-unknown-question", "voter count", "0", "Responses!F6", True),
    ]


def test_a_column_without_heading(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book)["Z5"] = "remark"

    assert Read(filled(tmp_path / "a.xlsx", BOTH, change)).facts() == [
        ("value-unknown-question", "Responses!Z5", "remark", True)
    ]


def test_ids_and_labels_that_disagree(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page["B1"], page["C1"] = page["C1"].value, page["B1"].value

    read = Read(filled(tmp_path / "a.xlsx", {"Responses": [SECOND]}, change))
    assert read.values() == {"opened": "12/4", "station": "no", "voters": 0}
    assert [(p.code, p.item, p.raw, p.place) for p in read.loose] == [
        ("file-headings-disagree", "opened", "Which station? *", "Responses!B1"),
        ("file-headings-disagree", "station", "Was it open?", "Responses!C1"),
    ]


def test_former_names_pass(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page.cell(1, column(page, "opened"), "was_open")
        page.cell(1, column(page, "faults.box"), "faults.urn")

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert (read.values()["was_open"], read.values()["faults.urn"]) == ("yes", 0)
    assert read.problems == []


def test_choices_in_one_cell(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page["D1"], page["D5"] = "faults", "ink; box"
        page.delete_cols(5)

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert read.values()["faults"] == "ink; box"
    assert read.problems == []


# Columns that are there twice


def again(values: tuple[Any, Any]) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page["P1"] = "opened"
        page["P5"], page["P6"] = values

    return change


def test_an_equal_column_counts_once(tmp_path: Path) -> None:
    read = Read(filled(tmp_path / "a.xlsx", BOTH, again(("yes", None))))
    assert (read.values()["opened"], read.values(1)["opened"]) == ("yes", "no")
    assert read.facts() == [("file-duplicate-column", "Responses!P5", "yes", True)]


def test_a_different_column_is_set_aside_with_its_twin(tmp_path: Path) -> None:
    read = Read(filled(tmp_path / "a.xlsx", BOTH, again(("no", "no"))))
    assert "opened" not in read.values()
    assert read.values(1)["opened"] == "no"
    assert read.facts() == [
        ("value-contradiction", "Responses!C5", "yes", True),
        ("value-contradiction", "Responses!P5", "no", True),
        ("file-duplicate-column", "Responses!P6", "no", True),
    ]


def test_a_second_column_of_ids_is_no_question(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book)["P1"], main(book)["P5"] = "submission_id", "a7"

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert [submission.id for submission in read.submissions] == ["a1", "a2"]
    assert read.facts() == [("value-unknown-question", "Responses!P5", "a7", True)]


# Rows


def test_blank_rows_are_no_submissions_and_an_id_alone_is_one(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for row in range(7, 60):
            main(book).cell(row, 3).fill = openpyxl.styles.PatternFill("solid", "FFFF00")
        main(book)["C20"] = "  "
        main(book)["A30"] = "a3"

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert [(submission.id, submission.cells) for submission in read.submissions] == [("a1", 10), ("a2", 3), ("a3", 0)]


def test_a_missing_id_is_made_of_content_and_place(tmp_path: Path) -> None:
    rows = {"Responses": [{"station": "1"}, {"station": "1"}, {"station": "2"}]}
    first, again = (Read(filled(tmp_path / name, rows)) for name in ("a.xlsx", "a.xlsx"))
    ids = [submission.id for submission in first.submissions]
    assert len(set(ids)) == 3
    assert ids == [submission.id for submission in again.submissions]
    assert [(p.code, p.place) for p in first.problems] == [("value-no-id", f"Responses!A{row}") for row in (5, 6, 7)]


def test_ids_that_are_numbers(tmp_path: Path) -> None:
    rows = {"Responses": [{"submission_id": 12, "station": "1"}], "votes": [{"submission_id": "12", "instance": "red"}]}
    read = Read(filled(tmp_path / "a.xlsx", rows))
    assert read.only.id == "12"
    assert len(read.only.record.repeats["votes"]) == 1


def test_answers_in_place_of_the_headings_are_kept(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page.delete_rows(2, 3)
        page.insert_rows(2)
        page["A2"], page["B2"], page["F2"] = "a0", "1", 5

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert [submission.id for submission in read.submissions] == ["a0", "a1", "a2"]
    assert read.values() == {"station": "1", "voters": 5}


def test_cells_above_the_headings_are_set_aside(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book).insert_rows(1, 2)
        main(book)["A1"] = "Team 4"

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert read.facts() == [("file-above-answers", "Responses!A1", "Team 4", True)]
    assert len(read.submissions) == 2


# Repeats


@pytest.mark.parametrize("key", ["a9", None, "a1"])
def test_rows_that_belong_to_no_submission(key: str | None, tmp_path: Path) -> None:
    twins = [ROW, {**SECOND, "submission_id": "a1"}]
    votes = [{"submission_id": key, "instance": "red", "count_of": 7}, {"submission_id": key, "instance": "blue"}]
    read = Read(filled(tmp_path / "a.xlsx", {"Responses": twins if key == "a1" else [ROW, SECOND], "votes": votes}))
    assert [(p.code, p.item, p.place, p.raw, p.aside, p.submission_id) for p in read.loose] == [
        ("file-lost-row", "count_of", "votes!C5", "7", True, key or ""),
        ("file-lost-row", "", "votes!A6", "", False, key or ""),
    ]
    assert not any(submission.record.repeats for submission in read.submissions)


def test_nested_rows_without_the_row_around_them(tmp_path: Path) -> None:
    people = [
        {"submission_id": "a1", "instance": "1/1", "role": "chair"},
        {"submission_id": "a1", "instance": "1", "role": "clerk"},
    ]
    read = Read(filled(tmp_path / "a.xlsx", {**BOTH, "people": people}))
    (around,) = read.submissions[0].record.repeats["rounds"]
    assert (around.instance, around.values) == ("1", {})
    assert [person.values for person in around.repeats["people"]] == [{"role": "chair"}]
    assert read.facts() == [
        ("file-lost-row", "people!C6", "clerk", True),
        ("file-missing-instance", "people!B5", "1", False),
    ]


# Cells


def test_errors_and_formulas_that_were_never_computed(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page["B5"], page["C5"], page["Z6"] = "#DIV/0!", "=A1&B1", "=1+1"
        page["A7"] = "=NOW()"

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert read.facts() == [
        ("file-cell-error", "Responses!B5", "#DIV/0!", True),
        ("file-formula", "Responses!C5", "=A1&B1", True),
        ("file-formula", "Responses!Z6", "=1+1", True),
        ("file-formula", "Responses!A7", "=NOW()", False),
        ("value-no-id", "Responses!A7", "", False),
    ]
    assert read.values() == {key: value for key, value in VALUES.items() if key not in ("station", "opened")}


def test_computed_formulas_and_their_errors(libreoffice: LibreOffice, tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book)["F5"], main(book)["G5"], main(book)["H5"] = "=100+20", "=1/0", "=VLOOKUP(1,A1:B2,2,0)"

    path = filled(tmp_path / "a.xlsx", BOTH, change)
    read = Read(libreoffice.save(path, tmp_path / "b.xlsx"))
    assert read.values()["voters"] == 120
    assert [(p.code, p.place, p.raw) for p in read.problems] == [
        ("file-cell-error", "Responses!G5", "#DIV/0!"),
        ("file-cell-error", "Responses!H5", "#N/A"),
    ]


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert {key: read.values()[key] for key in ("day", "hour", "seen")} == {
        key: ROW[key] for key in ("day", "hour", "seen")
    }


def test_values_pass_as_they_are(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = main(book)
        page["B5"], page["C5"], page["J5"] = True, 1.5, datetime.timedelta(hours=26)
        page["J5"].number_format = "[h]:mm"

    values = Read(filled(tmp_path / "a.xlsx", BOTH, change)).values()
    assert (values["station"], values["opened"], values["hour"]) == (True, 1.5, datetime.timedelta(hours=26))


# Other workbooks


OTHER = """
checklist: other
version: "1"
title: Other
languages: {en: English}
default_language: en
items: [{name: station, type: text, label: Station}]
"""


@pytest.mark.parametrize("change", [None, delete_meta])
def test_another_checklist_is_rejected_whole(change: Change | None, tmp_path: Path) -> None:
    rows = {"Responses": [SECOND], "votes": [{"submission_id": "a2", "instance": "red", "count_of": 9}]}
    path = filled(tmp_path / "a.xlsx", rows, change)
    read = Read(path, load_text(OTHER))
    assert (read.only.id, read.only.rejected, read.only.cells, read.only.record.values) == ("a2", True, 3, {})
    assert read.facts() == [
        ("file-other-checklist", "votes!C5", "9", True),
        ("file-other-checklist", "Responses!B5", "12/4", True),
        ("file-other-checklist", "Responses!C5", "no", True),
        ("file-other-checklist", "Responses!F5", "0", True),
    ]


def test_another_version_is_told(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["_meta"]["B2"] = "2"

    assert {s.version for s in Read(filled(tmp_path / "a.xlsx", BOTH, change)).submissions} == {"2"}


def test_other_sheets_are_named_and_copies_read(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("Notes")["A1"] = "remember"
        book.create_sheet("Empty")
        copy = book.copy_worksheet(main(book))
        copy["A5"], copy["A6"] = "b1", "b2"

    read = Read(filled(tmp_path / "a.xlsx", BOTH, change))
    assert [submission.id for submission in read.submissions] == ["a1", "a2", "b1", "b2"]
    assert [(p.code, p.place) for p in read.problems] == [("file-unread-sheet", "Notes")]


def test_no_column_at_all(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "hello"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UnreadableFile) as caught:
        Read(tmp_path / "a.xlsx")
    assert caught.value.code == "file-no-columns"
