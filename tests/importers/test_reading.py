"""What the import makes of cells, of files that are not what their names say, and of forms with mistakes."""

import datetime
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

import checklist_kit as ck
from checklist_kit.importers import import_form
from checklist_kit.model import SelectOne
from checklist_kit.protocols import UnreadableFile
from tests.importers.forms import FOLDER, keeps_the_law, loaded, survey, write_xlsx


def places(path: Path) -> list[str]:
    return [f"{problem.place} {problem.code}" for problem in import_form(path).problems]


# Cells


def test_cells_of_every_kind(tmp_path: Path) -> None:
    """Numbers, truth values, dates, times, cached formulas: as the converter reads them."""
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day, hour = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        sheet = book.add_worksheet("survey")
        sheet.write_row(0, 0, ["type", "name", "label", "required", "default", "hint"])
        sheet.write_row(1, 0, ["text", "a", 0, True, 0, 1.5])
        sheet.write_row(2, 0, ["integer", "b", 7, False, 3])
        sheet.write_row(3, 0, ["date", "c", "C"])
        sheet.write_datetime(3, 4, datetime.datetime(2024, 2, 7), day)
        sheet.write_datetime(3, 5, datetime.datetime(1900, 1, 1, 8, 30), hour)
        sheet.write_row(4, 0, ["text", "d"])
        sheet.write_formula(4, 2, '="What" & "?"', None, "What?")
        sheet.write_formula(5, 0, '="te" & "xt"', None, "text")
        sheet.write_row(5, 1, ["e", "E"])
        sheet.merge_range(6, 2, 6, 5, "merged")
        sheet.write_row(6, 0, ["text", "f"])
        hidden = book.add_worksheet("choices")
        hidden.hide()
        hidden.write_row(0, 0, ["list_name", "name", "label"])
        hidden.write_row(1, 0, ["yn", 0, "none"])
        hidden.write_row(2, 0, ["yn", "01", True])
        sheet.write_row(7, 0, ["select_one yn", "g", "G"])
    checklist = loaded(keeps_the_law(path))
    items = {entry.item.name: entry.item for entry in checklist.entries}
    assert (items["a"].label, items["a"].hint) == ({"en": "0"}, {"en": "1.5"})
    assert [getattr(items[name], "required", None) for name in "ab"] == [True, False]
    assert (items["d"].label, items["f"].label) == ({"en": "What?"}, {"en": "merged"})
    assert "2024-02-07 00:00:00" in import_form(path).text
    assert isinstance(items["g"], SelectOne)
    assert [(one.code, one.label) for one in items["g"].choices.choices] == [
        ("0", {"en": "none"}),
        ("01", {"en": "TRUE"}),
    ]


def test_a_formula_that_was_never_computed_is_found(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("survey")
        sheet.write_row(0, 0, ["type", "name", "label"])
        sheet.write_row(1, 0, ["text", "a", "A"])
        sheet.write_formula(2, 2, "=C2", None, "")
        sheet.write_row(2, 0, ["text", "b"])
    assert places(path) == ["survey!C3 import-formula"]


def test_an_old_workbook_reads_like_a_new_one(tmp_path: Path) -> None:
    """Whatever it is called."""
    text = import_form(FOLDER / "election_day.md").text
    assert import_form(FOLDER / "election_day.xls").text == text
    renamed = shutil.copy(FOLDER / "election_day.xls", tmp_path / "form.xlsx")
    assert import_form(renamed).text == text
    renamed = shutil.copy(FOLDER / "election_day.md", tmp_path / "form.xls")
    assert import_form(renamed).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_delimited_text(encoding: str, separator: str, tmp_path: Path) -> None:
    rows = ["survey", ",type,name,label", ",text,a,Ə?", "choices", ",list_name,name,label", ",yn,yes,Bəli"]
    path = tmp_path / "form.csv"
    path.write_bytes("\r\n".join(rows).replace(",", separator).encode(encoding))
    imported = import_form(path)
    assert loaded(imported).by_name["a"].item.label == {"en": "Ə?"}
    assert list(loaded(imported).choices) == ["yn"]


def test_a_survey_alone(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text("type,name,label\ntext,a,A\n", encoding="utf-8")
    assert list(loaded(import_form(path)).by_name) == ["a"]


# Files that are no forms


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 ...", "import-no-survey"),
        (b"<!DOCTYPE html><html>", "import-no-survey"),
        (b"\xff\x00\xfe\x01", "file-encoding"),
        (b"PK\x03\x04garbage", "file-truncated"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-damaged"),
        (b"| survey |\n| | type | name |\n", "import-no-survey"),
        (b"| survey |\n| | type | name |\n| | end group | |\n", "import-no-survey"),
        (b"a,b\n1,2\n", "import-no-survey"),
    ],
)
def test_what_is_no_form_is_one_clear_line(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refusal:
        import_form(path)
    assert refusal.value.code == code
    assert "\n" not in refusal.value.message


def rewritten(path: Path, part: str, change: bytes) -> Path:
    """A workbook with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, part: change}.items():
            archive.writestr(name, data)
    return path


def test_bombs_and_entities_are_refused(tmp_path: Path) -> None:
    form = survey(tmp_path / "form.xlsx", "type | name | label", "text | a | A")
    bomb = rewritten(Path(shutil.copy(form, tmp_path / "bomb.xlsx")), "xl/worksheets/sheet1.xml", b" " * 100_000_000)
    with pytest.raises(UnreadableFile) as refusal:
        import_form(bomb)
    assert refusal.value.code == "file-too-large"
    entities = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
    hostile = rewritten(form, "xl/worksheets/sheet1.xml", entities)
    with pytest.raises(UnreadableFile) as refusal:
        import_form(hostile)
    assert refusal.value.code == "file-unsafe"


def test_groups_without_end_are_refused(tmp_path: Path) -> None:
    rows = [["begin group", f"g{number}", "G"] for number in range(5_000)]
    path = write_xlsx(tmp_path / "form.xlsx", {"survey": [["type", "name", "label"], *rows]})
    with pytest.raises(UnreadableFile) as refusal:
        import_form(path)
    assert refusal.value.code == "import-too-deep"


def test_many_choices(tmp_path: Path) -> None:
    choices = [["stations", f"s{number}", f"Station {number}"] for number in range(10_000)]
    sheets = {
        "survey": [["type", "name", "label"], ["select_one stations", "station", "Which?"]],
        "choices": [["list_name", "name", "label"], *choices],
    }
    imported = import_form(write_xlsx(tmp_path / "form.xlsx", sheets))
    assert imported.text.count("Station ") == 10_000


def test_more_than_a_checklist_can_hold_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = survey(tmp_path / "form.xlsx", "type | name | label", *(f"text | q{number} | Q" for number in range(100)))
    monkeypatch.setattr("checklist_kit.source.compose.MAX_NODES", 500)
    with pytest.raises(UnreadableFile) as refusal:
        import_form(form)
    assert refusal.value.code == "import-too-large"
    assert "\n" not in refusal.value.message


def test_references_in_a_circle(tmp_path: Path) -> None:
    path = survey(
        tmp_path / "form.xlsx",
        "type | name | label | relevant | calculation",
        "integer | a | A | ${b} > 1 |",
        "integer | b | B | ${a} > 1 |",
        "calculate | c | | | ${d} + 1",
        "calculate | d | | | ${c} + 1",
        "calculate | e | | | ${e} + 1",
    )
    imported = import_form(path)
    assert imported.xpaths == 4
    assert {finding.code for finding in ck.check(_written(imported.text, tmp_path))} >= {"logic-xpath"}


def _written(text: str, folder: Path) -> Path:
    path = folder / "form.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# Forms with mistakes


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["begin group | g | G", "text | a | A"], ["survey!A2 import-nesting"]),
        (["text | a | A", "end group | |"], ["survey!A3 import-nesting"]),
        (["begin repeat | g | G", "text | a | A", "end group | |"], ["survey!A4 import-nesting"]),
        (["texxt | a | A"], ["survey!A2 import-unknown-type"]),
        (["select_one nowhere | a | A"], ["survey!A2 import-list"]),
        (["text | First Name | A"], ["survey!A2 import-name"]),
        (["integer | | A"], ["survey!A2 import-name"]),
        (["text | a | A", " | b | B"], ["survey!A3 import-row"]),
        (["text | a | A | stray"], ["survey!D2 import-column"]),
    ],
)
def test_mistakes_are_found_at_their_cells(rows: list[str], found: list[str], tmp_path: Path) -> None:
    path = survey(tmp_path / "form.xlsx", "type | name | label", *rows)
    assert places(path) == found
    assert ck.build(loaded(import_form(path)), "xlsform").files


def test_a_language_of_rows_that_nobody_sees_is_none(tmp_path: Path) -> None:
    path = survey(
        tmp_path / "form.xlsx",
        "type | name | label | label::fr | disabled",
        "begin group | g | G | | ",
        "text | a | A | | ",
        "text | b | B | Bé | yes",
        "end group | | | Fin | ",
    )
    assert keeps_the_law(path).text.endswith("extra: {xlsform: {verbatim: true, languages: {en: ''}}}\n")


def test_more_mistakes(tmp_path: Path) -> None:
    path = survey(
        tmp_path / "form.xlsx",
        "type | name | label | caption | disabled",
        "text | a | A | B | no",
        "text | b | B | | yes",
        "select_one yn | c | C | |",
        choices=["list_name | name | label", "yn | yes | Yes", "yn | Yes | Yes!", "yn | | nobody"],
    )
    assert places(path) == [
        "survey!D1 import-column",
        "survey!A3 import-row",
        "choices!A4 import-row",
        "choices!A3 import-code",
    ]


def test_dead_questions_do_not_stop_a_form(tmp_path: Path) -> None:
    path = _written(import_form(FOLDER / "dead_questions.md").text, tmp_path)
    findings = {finding.code: finding.severity for finding in ck.check(path)}
    assert findings["logic-never-relevant"] == "warning"
    assert findings["logic-never-valid"] == "warning"
    for target in ("paper", "workbook", "surveyjs", "xlsform"):
        assert ck.build(ck.load(path), target).files


def test_a_dead_question_is_an_error_where_it_was_written_here(tmp_path: Path) -> None:
    text = import_form(FOLDER / "dead_questions.md").text.replace("verbatim: true, ", "")
    findings = {finding.code: finding.severity for finding in ck.check(_written(text, tmp_path))}
    assert findings["logic-never-relevant"] == "error"


def test_what_a_phone_records_and_computes_is_left_out_of_the_tables(tmp_path: Path) -> None:
    """Its column is no question that nobody knows; what a device tells of a person is said to be left out."""
    form = survey(
        tmp_path / "form.xlsx",
        "type | name | label | calculation",
        "start | Begun | |",
        "phonenumber | number | |",
        "text | Why | Why? |",
        "calculate | told | | concat(${Why}, '!')",
    )
    export = tmp_path / "export.csv"
    day = "2024-02-07T09:00:00Z"
    export.write_text(
        f"SubmissionDate,Begun,number,Why,told,KEY\n{day},{day},555,rain,rain!,uuid:1\n", encoding="utf-8"
    )
    tables = ck.parse(loaded(import_form(form)), [export])
    assert list(tables.answers["item"]) == ["why"]
    assert set(tables.problems["code"]) <= {"file-left-out"}
    assert "555" not in tables.problems.to_csv()


def test_a_file_of_another_kind_is_said_in_a_short_line(tmp_path: Path) -> None:
    path = tmp_path / "checklist.yaml"
    path.write_text("".join(f"line {number}: with, many, words\n" for number in range(500)), encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        import_form(path)
    assert len(refused.value.message) < 400
