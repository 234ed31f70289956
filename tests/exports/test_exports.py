"""Names that fit, what is published, workbooks and DDI, and the command."""

from __future__ import annotations

import csv
import json
import string
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis import tabulate
from checklist_kit.analysis.export import FORMATS, Dataset, export, read
from checklist_kit.analysis.export.names import short_names
from checklist_kit.analysis.export.publish import published
from checklist_kit.analysis.write import write
from checklist_kit.cli import cli
from checklist_kit.cli import export as export_command
from tests.analysis.helpers import checklist_of, submission
from tests.engines.libreoffice import LibreOffice

TEXT = """
checklist: visit
version: "2"
title: {en: A visit, az: Baxış}
languages: {en: English, az: Azərbaycanca}
unit: station
choices:
  kinds:
    school: {en: School, az: Məktəb}
    tent: {en: Tent, az: Çadır}
    unseen: {label: {en: Unseen, az: Görünməyib}, missing: not_observed}
  faults: {ink: {en: Ink, az: Mürəkkəb}, box: {en: Box, az: Qutu}}
items:
  - {name: station, type: text, required: true, label: {en: Station, az: Məntəqə}}
  - {name: place, type: select_one, choices: kinds, label: {en: What is it?, az: Bu nədir?}}
  - {name: faults, type: select_multiple, choices: faults, label: {en: Which faults?, az: Hansı nöqsanlar?}}
  - name: voters
    type: integer
    missing: {9999: not_permitted}
    label: {en: Voters, az: Seçicilər}
    relevant: place = 'school'
  - {name: remark, type: text, label: {en: Remark, az: Qeyd}}
  - {name: threat, type: text, sensitive: true, label: {en: Threat, az: Təhdid}}
"""
ANSWERS = [
    {"station": "1/1", "place": "school", "faults": ["ink"], "voters": 120, "remark": "=HYPERLINK(1)", "threat": "me"},
    {"station": "1/2", "place": "school", "faults": [], "voters": 9999, "remark": "-5"},
    {"station": "1/3", "place": "tent", "faults": ["ink", "box"], "voters": 7},
    {"station": "1/4", "place": "unseen", "remark": "NA"},
]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    checklist = checklist_of(tmp_path, TEXT)
    found = tabulate(checklist, [submission(dict(one), f"s{n}") for n, one in enumerate(ANSWERS)])
    write(found, tmp_path / "tables")
    return tmp_path / "tables"


@pytest.fixture
def dataset(tables: Path) -> Dataset:
    return read(tables)


names = st.lists(
    st.text(string.ascii_letters + string.digits + "_.Əш-", min_size=1, max_size=50), max_size=8, unique=True
)


@given(names, st.sampled_from(["", "."]))
def test_short_names_are_accepted_distinct_and_stable(given_names: list[str], keep: str) -> None:
    found = short_names(given_names, 32, {"if", "using"}, keep)
    assert len({name.casefold() for name in found.values()}) == len(found)
    for name, short in found.items():
        assert len(short) <= 32
        assert short[0] in string.ascii_letters
        assert set(short) <= set(string.ascii_letters + string.digits + "_" + keep)
        assert short.casefold() not in ("if", "using")
        alone = short_names([name], 32, {"if", "using"}, keep)[name]
        clashes = alone.casefold() in {other.casefold() for other in found.values()}
        assert (
            short in (alone, name) or clashes or sum(other.casefold() == name.casefold() for other in given_names) > 1
        )


def test_csv_neutralises_formulas_and_says_so(dataset: Dataset, tmp_path: Path) -> None:
    notes = export(dataset, tmp_path / "out", ["csv-bom"])
    raw = (tmp_path / "out" / "submissions.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert [row["remark"] for row in rows] == ["'=HYPERLINK(1)", "-5", "", "NA"]
    assert [row["voters"] for row in rows] == ["120", "", "", ""]  # a sentinel, and one who was not asked
    assert any(note.variable == "remark" and "formula" in note.text for note in notes)
    assert "threat" not in rows[0]


def test_a_workbook_in_libreoffice(dataset: Dataset, tmp_path: Path, libreoffice: LibreOffice) -> None:
    export(dataset, tmp_path / "out", ["xlsx"], "az")
    got = libreoffice.read(tmp_path / "out" / "visit.xlsx", "values!A1:N5", "labels!A1:N5")
    head = {got[f"values!{letter}1"]: letter for letter in "ABCDEFGHIJKLMN" if got.get(f"values!{letter}1")}
    assert got[f"values!{head['remark']}2"] == "=HYPERLINK(1)"
    assert got[f"values!{head['voters']}2"] == 120
    assert [got[f"values!{head['place']}{row}"] for row in range(2, 6)] == ["school", "school", "tent", "unseen"]
    assert [got[f"labels!{head['place']}{row}"] for row in range(1, 4)] == ["Bu nədir?", "Məktəb", "Məktəb"]


def test_ddi_describes_every_variable(dataset: Dataset, tmp_path: Path) -> None:
    export(dataset, tmp_path / "out", ["ddi"], "az")
    root = ET.parse(tmp_path / "out" / "visit.ddi.xml").getroot()
    ddi = {"d": "ddi:codebook:2_5"}
    assert root.tag == "{ddi:codebook:2_5}codeBook"
    assert root.attrib["version"] == "2.5"
    assert root.findtext("d:stdyDscr/d:citation/d:titlStmt/d:titl", namespaces=ddi) == "A visit"
    assert root.findtext("d:stdyDscr/d:citation/d:titlStmt/d:IDNo", namespaces=ddi) == "visit"
    assert root.findtext("d:stdyDscr/d:citation/d:verStmt/d:version", namespaces=ddi) == "2"
    assert root.findtext("d:fileDscr/d:fileTxt/d:dimensns/d:caseQnty", namespaces=ddi) == "4"
    variables = {one.attrib["name"]: one for one in root.iterfind("d:dataDscr/d:var", ddi)}
    assert list(variables) == ["station", "place", "faults.ink", "faults.box", "voters", "remark"]
    assert {one.attrib["files"] for one in variables.values()} == {"F1"}
    place = variables["place"]
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {one.attrib[language]: one.text for one in place.iterfind("d:labl", ddi)} == {
        "en": "What is it?",
        "az": "Bu nədir?",
    }
    assert [one.text for one in place.iterfind("d:qstn/d:qstnLit", ddi)] == ["What is it?", "Bu nədir?"]
    assert [one.attrib["VALUE"] for one in place.iterfind("d:invalrng/d:item", ddi)] == ["unseen"]
    shown = [
        (one.findtext("d:catValu", namespaces=ddi), one.findtext("d:catStat", namespaces=ddi), one.attrib["missing"])
        for one in place.iterfind("d:catgry", ddi)
    ]
    assert shown == [("school", "2", "N"), ("tent", "1", "N"), ("unseen", "1", "Y")]
    voters = variables["voters"]
    assert voters.findtext("d:universe", namespaces=ddi) == "place = 'school'"
    statistics = {one.attrib["type"]: one.text for one in voters.iterfind("d:sumStat", ddi)}
    assert statistics == {"vald": "1", "invd": "3", "min": "120.0", "max": "120.0", "mean": "120.0"}
    form = voters.find("d:varFormat", ddi)
    assert form is not None
    assert form.attrib["type"] == "numeric"


def test_what_is_published(dataset: Dataset) -> None:
    open_data, notes = published(dataset, 2, ["place"])
    sheet = open_data.sheets[0]
    assert set(sheet.keys) == {"submission_id", "checklist", "version"}
    assert sheet.keys["submission_id"] == ["1", "2", "3", "4"]
    columns = {column.name: column for column in sheet.columns}
    assert set(columns) == {"place", "faults.ink", "faults.box", "voters"}
    places = [text for text in columns["place"].texts if isinstance(text, str)]
    assert places == ["school", "school"]
    assert list(columns["place"].texts.categories) == ["school"]  # not even the list of codes that were given
    said = {note.variable: note.text for note in notes}
    assert {"station", "remark", "unit", "source", "received_at", "channel"} <= set(said)
    assert said["place"] == "blanked in 2 submissions: fewer than 2 share the combination"


def test_the_unit_describes_itself_by_the_questions_beside_it(dataset: Dataset) -> None:
    open_data, _ = published(dataset, 3)
    columns = {column.name: column for column in open_data.sheets[0].columns}
    assert not any(isinstance(text, str) for text in columns["place"].texts)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-t", "sav", "--lang", "ru"], 2, "there are no labels in 'ru'; the languages are en, az"),
        (["--publish", "--key", "nothing"], 2, "no question that is published is called 'nothing'"),
        (["--key", "place"], 2, "--key goes with --publish"),
        (["--publish", "--k", "1"], 2, "1 is not in the range x>=2"),
    ],
)
def test_mistakes_of_the_command(tables: Path, tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    result = CliRunner().invoke(cli, ["export", str(tables), "-o", str(tmp_path / "out"), *arguments])
    assert (result.exit_code, message in result.output) == (code, True), result.output


def test_the_command_offers_what_the_library_has() -> None:
    assert export_command.FORMATS == FORMATS


def test_a_folder_without_tables(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["export", str(tmp_path), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "run `checklist parse` first" in result.output
    (tmp_path / "datapackage.json").write_text("[1", encoding="utf-8")
    result = CliRunner().invoke(cli, ["export", str(tmp_path), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "is not what `checklist parse` wrote" in result.output


@pytest.mark.parametrize("name", ["../../evil", "/evil", "a/b", ".hidden", "a\x00b", ""])
def test_names_of_a_changed_folder_lead_nowhere(tables: Path, tmp_path: Path, name: str) -> None:
    path = tables / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for changed in (
        package | {"name": name},
        package | {"resources": [*package["resources"], {"name": name, "schema": {"fields": []}}]},
    ):
        path.write_text(json.dumps(changed), encoding="utf-8")
        result = CliRunner().invoke(cli, ["export", str(tables), "-o", str(tmp_path / "out" / "in"), "-t", "xlsx"])
        assert result.exit_code == 1
        assert "[file-unsafe]" in result.output
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("answers.csv", ",120,", ",many,"),
        ("answers.csv", ",answered,", ",perhaps,"),
        ("codebook.csv", "item,", "thing,"),
        ("codebook.csv", "place,2,", "place,2"),
    ],
)
def test_changed_tables_are_said_in_a_line(tables: Path, tmp_path: Path, file: str, old: str, new: str) -> None:
    path = tables / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = CliRunner().invoke(cli, ["export", str(tables), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1, result.output
    assert result.output.startswith("Error: ")
    assert "[file-unreadable]" in result.output


def test_the_command_names_its_files_and_notes(tables: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["export", str(tables), "-o", str(tmp_path / "out"), "-t", "sav", "-t", "dta"])
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "out" / "submissions.sav") in result.output
    noted = (tmp_path / "out" / "notes.csv").read_text(encoding="utf-8")
    assert noted.startswith("file,variable,note\n")
    assert "threat" in noted
