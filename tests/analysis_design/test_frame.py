"""Frames: what is read as it stands, and what is refused at its place."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.analysis.coerce import reader
from checklist_kit.analysis.frame import SHOWN, Frame, FrameError, read_frame
from checklist_kit.diagnostics import CODES, Diagnostic

EXAMPLES = [code for code in CODES.values() if code.type == "frame"]


def frame_of(text: str | bytes, folder: Path, **options: object) -> Frame:
    path = folder / "frame.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_frame(path, **options)  # type: ignore[arg-type]


def faults_of(text: str | bytes, folder: Path, **options: object) -> list[Diagnostic]:
    with pytest.raises(FrameError) as caught:
        frame_of(text, folder, **options)
    return list(caught.value.diagnostics)


def places(faults: list[Diagnostic]) -> list[str]:
    return [f"{fault.span.line}:{fault.span.column} {fault.code}" for fault in faults if fault.span]


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.code)
def test_examples_are_true(code: object, tmp_path: Path) -> None:
    assert {fault.code for fault in faults_of(code.bad.lstrip(), tmp_path)} == {code.code}  # type: ignore[attr-defined]
    frame_of(code.good.lstrip(), tmp_path)  # type: ignore[attr-defined]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_stays_as_it_is(delimiter: str, encoding: str, end: str, tmp_path: Path) -> None:
    rows = [["station", "name", "voters"], ["007", "NA", "1e3"], [" 1-2 ", f'"Bakı{delimiter} ""M"" 5"', ""]]
    text = end.join(delimiter.join(row) for row in rows) + end
    frame = frame_of(text.encode(encoding), tmp_path)
    assert frame.units == ("007", "1-2")
    assert frame.column("name") == ("NA", f'Bakı{delimiter} "M" 5')
    assert frame.column("voters") == ("1e3", "")


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    text = 'station,"place, or\nstreet",voters\n1/1,"a\nb",9\n\n,"c",8\n1/1,d,7\n1/2,"e",6\n1/2,f,5\n'
    assert places(faults_of(text, tmp_path)) == [
        "6:1 frame-unit-blank",
        "7:1 frame-unit-duplicate",
        "9:1 frame-unit-duplicate",
    ]


def test_the_first_of_two_is_shown(tmp_path: Path) -> None:
    (fault,) = faults_of("n,station\n1,1/1\n2,1/1\n", tmp_path, unit="station")
    assert str(fault.span).endswith("frame.csv:3:3")
    assert str(fault.related[0].span).endswith("frame.csv:2:3")


def test_rows_and_columns_that_do_not_fit(tmp_path: Path) -> None:
    text = "a,b,,b\n1,2,3,4\n"
    assert places(faults_of(text, tmp_path)) == ["1:5 frame-column", "1:6 frame-column"]
    assert places(faults_of('a,b\n1\n2,3,4\n5,"6,\n"\n', tmp_path)) == ["2:1 frame-cells", "3:5 frame-cells"]


def test_empty_cells_beyond_the_columns_do_no_harm(tmp_path: Path) -> None:
    frame = frame_of("\n;;;\na;b;;\n1;2;;\n;;;\n3;;;\n", tmp_path)
    assert (frame.columns, frame.rows) == (("a", "b"), (("1", "2"), ("3", "")))
    assert places([Diagnostic.of("frame-number", "", frame.place(1, "b"))]) == ["6:3 frame-number"]


def test_other_encodings_are_refused_where_they_show(tmp_path: Path) -> None:
    (fault,) = faults_of("station,name\n1,Bakı şəhəri\n".encode("cp1254", "replace"), tmp_path)
    assert places([fault]) == ["2:6 frame-encoding"]
    assert "UTF-8" in (fault.help or "")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match="no such file"):
        read_frame(tmp_path / "none.csv")
    assert places(faults_of("", tmp_path)) == ["1:1 frame-empty"]
    assert places(faults_of("station\n", tmp_path)) == ["1:1 frame-empty"]
    assert places(faults_of('station\n1/1\n"1/2\n1/3\n', tmp_path)) == ["3:1 frame-syntax"]


def test_columns_are_known_by_name(tmp_path: Path) -> None:
    frame = frame_of("station,region\n1,North\n", tmp_path)
    with pytest.raises(FrameError, match="no column `regions`") as caught:
        frame.column("regions")
    assert caught.value.diagnostics[0].help == 'did you mean "region"?'
    assert [fault.code for fault in faults_of("a,b\n1,2\n", tmp_path, unit="c")] == ["frame-column-unknown"]


def test_numbers_are_exact_or_refused(tmp_path: Path) -> None:
    frame = frame_of("station,voters\n1,900\n2,0.1\n3,007\n", tmp_path)
    assert [str(number) for number in frame.numbers("voters")] == ["900", "1/10", "7"]
    frame = frame_of('station,voters\n1,"1,200"\n2,\n3,-5\n4,1e3\n5,nan\n6,٣\n7,12\n', tmp_path)
    with pytest.raises(FrameError) as caught:
        frame.numbers("voters")
    assert places(list(caught.value.diagnostics)) == [f"{line}:3 frame-number" for line in range(2, 8)]


def test_a_long_list_of_faults_is_counted(tmp_path: Path) -> None:
    faults = faults_of("station\n" + "7\n" * 1001, tmp_path)
    assert len(faults) == SHOWN + 1
    assert faults[-1].message == f"there are {1000 - SHOWN} more of these"


CHECKLIST = """
checklist: example
unit: station
choices: {stations: {s1: First, s2: Second}}
items:
  - {name: station, type: TYPE, label: Which station is it?}
"""


@pytest.mark.parametrize(
    ("type_", "unit", "message"),
    [
        ("text, matches: '[0-9]{1,3}/[0-9]{1,2}'", "1/12", None),
        ("text, matches: '[0-9]{1,3}/[0-9]{1,2}'", "01-Feb", "does not have the form"),
        ("integer", "12", None),
        ("integer", "012", "is read as `12`"),
        ("integer", "1,200", "is no answer"),
        ("integer, missing: {99: refused}", "99", "means that there is no answer"),
        ("select_one, choices: stations", "s2", None),
        ("select_one, choices: stations", "Second", "is no answer"),
        ("select_one, choices: stations", "s3", "is no answer"),
    ],
)
def test_ids_are_answers_to_the_units_question(type_: str, unit: str, message: str | None, tmp_path: Path) -> None:
    path = tmp_path / "checklist.yaml"
    path.write_text(CHECKLIST.replace("TYPE", type_))
    question = ck.load(path).by_name["station"].item
    text = f'station\n"{unit}"\n'
    if message is None:
        assert frame_of(text, tmp_path, read=reader(question)).units == (unit,)
    else:
        (fault,) = faults_of(text, tmp_path, read=reader(question))
        assert fault.code == "frame-unit-form"
        assert message in fault.message


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_what_was_written_is_read_and_found_again(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "x", "y"])
    writer.writerows([f"u{number}", *row[1:]] for number, row in enumerate(rows))
    with tempfile.TemporaryDirectory() as folder:
        frame = frame_of(text.getvalue(), Path(folder))
    for number, row in enumerate(rows):
        assert frame.rows[number] == (
            f"u{number}",
            *(one.replace("\r\n", "\n").replace("\r", "\n").strip() for one in row[1:]),
        )
        place = frame.place(number, "id")
        assert frame.lines[place.line - 1][place.column :].startswith(f"u{number}")


@given(st.binary(max_size=60) | st.text(st.sampled_from('ab1,;\t"\n\r '), max_size=40).map(str.encode))
def test_no_file_breaks_it(data: bytes) -> None:
    """Whatever a file holds, there is a frame or a list of faults, each in the file."""
    faults: tuple[Diagnostic, ...] = ()
    with tempfile.TemporaryDirectory() as folder:
        try:
            assert frame_of(data, Path(folder)).units
        except FrameError as error:
            faults = error.diagnostics
            known = len(data.splitlines()) + 1
    assert all(fault.span is None or (1 <= fault.span.line <= known and fault.span.column >= 1) for fault in faults)
