"""Files that are damaged, hostile, enormous, or of another kind: one clear line each; and .ods, .xls and .csv."""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers import workbook
from tests.engines import requires_engine
from tests.readers.books import Read, checklist, filled
from tests.readers.test_workbook import BOTH, ROW, VALUES, main

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def good(tmp_path: Path) -> Path:
    return filled(tmp_path / "good.xlsx", BOTH)


def refusal(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        list(workbook.read(checklist(), path))
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message
    return caught.value


# Kinds of damage; each returns the file that is read


def cut_off(tmp_path: Path) -> Path:
    path = good(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def one_byte_changed(tmp_path: Path) -> Path:
    path = good(tmp_path)
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo(SHEET).header_offset + 500
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    return path


def encrypted(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500
    )
    return path


def encrypted_parts(tmp_path: Path) -> Path:
    path = good(tmp_path)
    data = path.read_bytes()
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data = data[: at + flag] + bytes([data[at + flag] | 1]) + data[at + flag + 1 :]
    path.write_bytes(data)
    return path


def no_office_file_inside(tmp_path: Path) -> Path:
    return packed(tmp_path / "a.xlsx", {"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"})


def a_picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    return path


def an_old_file_with_nothing_in_it(tmp_path: Path) -> Path:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    return path


def a_binary_workbook(tmp_path: Path) -> Path:
    return packed(tmp_path / "a.xlsb", {"xl/workbook.bin": b"\0"})


def garbage_for_a_sheet(tmp_path: Path) -> Path:
    return packed(tmp_path / "a.xlsx", {**parts_of(good(tmp_path)), SHEET: b"<worksheet><sheetData><row r='1'><c"})


def without_the_list_of_sheets(tmp_path: Path) -> Path:
    parts = parts_of(good(tmp_path))
    del parts["xl/_rels/workbook.xml.rels"]
    return packed(tmp_path / "a.xlsx", parts)


def a_bomb(tmp_path: Path) -> Path:
    sheet = b"<worksheet><sheetData>" + b" " * 300_000_000 + b"</sheetData></worksheet>"
    return packed(tmp_path / "a.xlsx", {**parts_of(good(tmp_path)), SHEET: sheet})


def many_parts_of_a_bomb(tmp_path: Path) -> Path:
    path = packed(tmp_path / "a.xlsx", parts_of(good(tmp_path)))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * 3_000_000)
    return path


def cells_far_apart(tmp_path: Path) -> Path:
    def change(book: openpyxl.Workbook) -> None:
        main(book)["XFD1048576"] = " "

    return filled(tmp_path / "a.xlsx", BOTH, change)


def cells_far_apart_in_strange_spelling(tmp_path: Path) -> Path:
    parts = parts_of(good(tmp_path))
    cell = b"<x:c r='XFD1048576'><x:v>1</x:v></x:c>"
    head = b"<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><x:sheetData>"
    sheet = head + b"<x:row><x:c><x:v>1</x:v></x:c></x:row><x:row>" + cell + b"</x:row></x:sheetData></x:worksheet>"
    return packed(tmp_path / "a.xlsx", {**parts, SHEET: sheet})


LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"


def entities_in_a_sheet(tmp_path: Path) -> Path:
    parts = parts_of(good(tmp_path))
    return packed(tmp_path / "a.xlsx", {**parts, SHEET: LAUGHS + parts[SHEET].partition(b"?>")[2].lstrip()})


def entities_in_the_styles(tmp_path: Path) -> Path:
    parts = parts_of(good(tmp_path))
    name = "xl/styles.xml"
    return packed(tmp_path / "a.xlsx", {**parts, name: LAUGHS + parts[name].partition(b"?>")[2].lstrip()})


def an_external_entity_in_the_properties(tmp_path: Path) -> Path:
    evil = b"<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Properties>&x;</Properties>"
    return packed(tmp_path / "a.xlsx", {**parts_of(good(tmp_path)), "docProps/custom.xml": evil})


def a_table_in_another_encoding(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes("submission_id,station\na1,Məntəqə\n".encode("cp1251", errors="replace") + "ö".encode("cp1254"))
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (cut_off, "file-truncated"),
        (one_byte_changed, "file-truncated"),
        (encrypted, "file-encrypted"),
        (encrypted_parts, "file-encrypted"),
        (no_office_file_inside, "file-not-a-workbook"),
        (a_picture, "file-not-a-workbook"),
        (an_old_file_with_nothing_in_it, "file-damaged"),
        (a_binary_workbook, "file-not-a-workbook"),
        (garbage_for_a_sheet, "file-damaged"),
        (without_the_list_of_sheets, "file-damaged"),
        (a_bomb, "file-too-large"),
        (many_parts_of_a_bomb, "file-too-large"),
        (cells_far_apart, "file-too-large"),
        (cells_far_apart_in_strange_spelling, "file-too-large"),
        (entities_in_a_sheet, "file-unsafe"),
        (entities_in_the_styles, "file-unsafe"),
        (an_external_entity_in_the_properties, "file-unsafe"),
        (a_table_in_another_encoding, "file-encoding"),
    ],
)
def test_one_clear_line(make: Callable[[Path], Path], code: str, tmp_path: Path) -> None:
    path = make(tmp_path)
    started = time.process_time()
    assert refusal(path).code == code
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "head", [b'{"a": 1, "b": 2}', b'[{"a": 1, "b": 2}]', b"<html>a,b</html>", b"%PDF-1.7, x", b"\0\1,\2", b"plain"]
)
def test_other_kinds_are_not_claimed(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(head)
    assert not workbook.recognises(path, head)


def test_a_million_blank_rows_take_no_time(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", BOTH)
    parts = parts_of(path)
    blank = b"".join(
        b'<row r="%d" spans="1:3"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n) for n in range(7, 1_048_577)
    )
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", blank + b"</sheetData>")
    started = time.process_time()
    read = Read(packed(tmp_path / "b.xlsx", parts))
    assert [submission.id for submission in read.submissions] == ["a1", "a2"]
    assert time.process_time() - started < 12  # packing them takes most of it


def test_ten_thousand_rows_in_bearable_time(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("Responses")
        page.write_row(0, 0, ["submission_id", "station", "opened", "voters", "share"])
        for row in range(10_000):
            page.write_row(row + 1, 0, [f"s{row}", "12/3", "yes", row, 0.5])
    started = time.process_time()
    read = Read(path)
    assert time.process_time() - started < 4
    assert len(read.submissions) == 10_000
    assert sum(submission.cells for submission in read.submissions) == 40_000


# Other formats


def converted(path: Path, kind: str, tmp_path: Path) -> Path:
    requires_engine("libreoffice")
    profile = (tmp_path / "profile").as_uri()
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={profile}",
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{kind}")


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats(kind: str, tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        main(book)["F6"] = "=1/0"

    rows = {**BOTH, "votes": [{"submission_id": "a1", "instance": "red", "count_of": 7}]}
    read = Read(converted(filled(tmp_path / "a.xlsx", rows, change), kind, tmp_path))
    assert read.values() == VALUES
    assert [(s.id, s.version) for s in read.submissions] == [("a1", "3"), ("a2", "3")]
    assert read.submissions[0].record.repeats["votes"][0].values == {"count_of": 7}
    expected = {"ods": [("file-cell-error", "Responses!F6")], "xls": [("file-old-format", "")]}
    assert [(problem.code, problem.place) for problem in read.problems] == expected[kind]


def content_xml(cells: bytes, row: bytes = b"") -> bytes:
    return (
        b'<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">'
        b'<o:body><o:spreadsheet><table:table table:name="Responses">'
        b"<table:table-row "
        + row
        + b">"
        + cells
        + b"</table:table-row></table:table></o:spreadsheet></o:body></o:document-content>"
    )


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        (b'<table:table-cell o:value-type="float" o:value="1" table:number-columns-repeated="2000000000"/>', b""),
        (
            b'<table:table-cell o:value-type="float" o:value="1" table:number-columns-repeated="9000"/>',
            b'table:number-rows-repeated="9000"',
        ),
        (b'<table:table-cell table:number-columns-repeated="99999999"/>', b""),
    ],
)
def test_repeated_cells_without_end(cells: bytes, row: bytes, tmp_path: Path) -> None:
    kind = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": b"<m/>"}
    assert (
        refusal(packed(tmp_path / "a.ods", {**kind, "content.xml": content_xml(cells, row)})).code == "file-too-large"
    )


TABLE = 'submission_id{0}station{0}faults.ink{0}voters\na1{0}12/3{0}1{0}120\n\na2{0}"two\nlines"{0}{0}\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimited_text(delimiter: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE.format(delimiter).encode(encoding))
    read = Read(path)
    assert [submission.id for submission in read.submissions] == ["a1", "a2"]
    assert read.values() == {"station": "12/3", "faults.ink": "1", "voters": "120"}
    assert read.values(1) == {"station": "two\nlines"}
    assert (read.submissions[0].record.place("voters"), read.submissions[1].record.place("station")) == ("2:4", "4:2")
    assert read.problems == []


def test_a_line_that_names_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n" + TABLE.format(";"), encoding="utf-8")
    assert Read(path).submissions[0].record.place("voters") == "3:4"


@pytest.mark.parametrize("word", ["M?nt?q?", "MÉ™ntÉ™qÉ™", "M\ufffdnt"])
def test_lost_letters_are_told(word: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"submission_id,station\na1,{word}\n", encoding="utf-8")
    assert [(problem.code, problem.place) for problem in Read(path).problems] == [("file-lost-letters", "2:2")]


def test_questions_are_no_lost_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Which station?,Was it open?\nWhy? Məntəqə Ünvan,yes\n", encoding="utf-8")
    assert Read(path).codes == ["value-no-id"]


def test_a_row_is_where_its_place_says(tmp_path: Path) -> None:
    read = Read(filled(tmp_path / "a.xlsx", {"Responses": [ROW]}))
    page = openpyxl.load_workbook(io.BytesIO((tmp_path / "a.xlsx").read_bytes()))["Responses"]
    for key, value in read.values().items():
        cell = page[read.only.record.place(key).partition("!")[2]].value
        assert value == (cell.date() if key == "day" else cell)
