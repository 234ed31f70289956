"""Choices in files beside a form: they become lists, go along with the checklist, and come back."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit.cli import cli
from checklist_kit.importers import import_form
from checklist_kit.model import SelectOne, Text
from tests.engines.javarosa import JavaRosa
from tests.importers.forms import FOLDER, again, built_with_files, loaded, survey

TOWNS = "name,label,zone\n01,Old town,n\n2,New town,s\n"
OURS = """\
checklist: visit
version: "1"
title: Visit
choices: {zones: {n: North, s: South}, towns: {file: places.csv}}
items:
  - {name: zone, type: select_one, choices: zones, label: Zone}
  - {name: town, type: select_one, choices: towns, label: Town, choice_filter: "zone = ${zone}"}
"""


def form(folder: Path, kind: str = "select_one_from_file towns.csv", parameters: str = "") -> Path:
    rows = ["text | t | T | |", f"{kind} | q | Q | | {parameters}"]
    return survey(folder / "form.xlsx", "type | name | label | relevant | parameters", *rows)


def put(folder: Path, content: str | bytes, name: str = "towns.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_our_own_export_with_a_file_comes_back_byte_for_byte(tmp_path: Path) -> None:
    put(tmp_path, TOWNS.replace("name", "code"), "places.csv")
    content, files = built_with_files(ck.load(put(tmp_path, OURS, "visit.yaml")))
    assert files == {"visit_towns.csv": TOWNS.encode()}
    imported = again(content, files)
    assert imported.files == files
    assert built_with_files(loaded(imported)) == (content, files)
    assert again(*built_with_files(loaded(imported))).text == imported.text
    town = loaded(imported).by_name["town"].item
    assert isinstance(town, SelectOne)
    assert town.choice_filter is not None
    assert town.choice_filter.source == "zone = ${zone}"
    assert [(one.code, one.label) for one in town.choices.choices] == [
        ("01", {"en": "Old town"}),
        ("2", {"en": "New town"}),
    ]


def test_a_checklist_of_its_own_from_then_on_writes_a_file_of_its_own(javarosa: JavaRosa, tmp_path: Path) -> None:
    put(tmp_path, "id;title;zone\n01;Old town;n\n2;New town;s\n")
    imported = import_form(form(tmp_path, parameters="randomize=false, value=id, label=title"))
    files = dict(ck.build(loaded(imported), "xform").files)
    assert b'<value ref="id"/><label ref="title"/>' in files["form.xform.xml"]
    own = replace(imported, text=imported.text.replace("verbatim: true, ", ""))
    for checklist, name in ((loaded(imported), "towns.csv"), (loaded(own), "form_towns.csv")):
        files = dict(ck.build(checklist, "xform").files)
        assert ck.build(checklist, "xform").losses == ()
        run = javarosa.run(files.pop("form.xform.xml").decode(), [("/data/q", "2")], files)
        assert list(files) == [name]
        assert run.labels["/data/q"] == ["Old town", "New town"]
        assert run.data["/data/q"] == "2"
    assert files["form_towns.csv"] == TOWNS.encode()


def test_external_choices_lie_beside_the_xform() -> None:
    files = ck.build(loaded(import_form(FOLDER / "external_choices.md")), "xform").files
    assert list(files) == ["external_choices.xform.xml", "itemsets.csv"]
    rows = list(csv.reader(io.StringIO(files["itemsets.csv"].decode())))
    assert rows == [
        ["list_name", "name", "label", "state"],
        ["county", "king", "King", "wa"],
        ["county", "cameron", "Cameron", "tx"],
    ]


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("select_one_from_file ../towns.csv", TOWNS, "is no file beside the form"),
        ("select_one_from_file /etc/towns.csv", TOWNS, "is no file beside the form"),
        ("select_one_from_file C:\\towns.csv", TOWNS, "is no file beside the form"),
        ("select_one_from_file .csv", TOWNS, "is no file beside the form"),
        ("select_one_from_file towns.xml", TOWNS, "only CSV files become lists"),
        ("select_one_from_file towns.csv", "code,title\n1,X\n", "needs the columns `name` and"),
        ("select_one_from_file towns.csv", "name,label\n", "holds no choice"),
        ("select_one_from_file towns.csv", "", "needs the columns"),
        ("select_one_from_file towns.csv", "name,label\nx,X\nX,Y\n", "line 3: `X` and `x` are the same"),
        ("select_one_from_file towns.csv", "name,label\na b,X\n", "line 2: the choice code `a b` holds white space"),
        ("select_one_from_file towns.csv", "name,label\nx,Of ${t}\n", "in a label"),
        ("select_one_from_file towns.csv", "name,label,missing\nx,X,lost\n", "no kind of missing answer"),
        ("select_one_from_file towns.csv", 'name,label\nx,"X\n', "this is no CSV"),
        ("select_one_from_file towns.csv", "name,label\nx,Bakı\n".encode("cp1254"), "is not UTF-8"),
        ("select_one_from_file towns.csv", b"\0" * 31_000_000, "is larger than"),
    ],
)
def test_a_file_that_cannot_be_a_list_leaves_a_text(kind: str, content: str | bytes, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    put(folder, content)
    put(tmp_path, TOWNS)
    imported = import_form(form(folder, kind))
    assert isinstance(loaded(imported).by_name["q"].item, Text)
    (problem,) = imported.problems
    assert (problem.code, problem.place, problem.raw) == ("import-file", "survey!A3", kind)
    assert told in problem.message
    assert "\n" not in problem.message
    assert imported.files == {}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "towns.csv").symlink_to(put(tmp_path, TOWNS))
    (problem,) = import_form(form(folder)).problems
    assert "leads out of the folder" in problem.message


def test_a_long_file_is_a_list(tmp_path: Path) -> None:
    put(tmp_path, "name,label\n" + "".join(f"t{number},Town {number}\n" for number in range(20_000)))
    imported = import_form(form(tmp_path, "select_multiple_from_file towns.csv"))
    assert imported.problems == ()
    assert len(imported.text) < 500


def test_the_command_puts_files_beside_the_checklist_and_over_no_other(tmp_path: Path) -> None:
    put(tmp_path, TOWNS)
    path = form(tmp_path)

    def run(output: Path) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["import", str(path), "-o", str(output)])
        return result.exit_code, result.output

    code, told = run(tmp_path / "new" / "form.yaml")
    assert code == 0
    assert f"{tmp_path / 'new' / 'towns.csv'}\n2 questions, 1 choice lists\n" in told
    assert (tmp_path / "new" / "towns.csv").read_text(encoding="utf-8") == TOWNS
    assert run(tmp_path / "form.yaml")[0] == 0
    mine = put(tmp_path / "new", "name,label\nmine,Mine\n")
    code, told = run(tmp_path / "new" / "other.yaml")
    assert code == 1
    assert told.count("\n") == 1
    assert "is another file than the one beside the form" in told
    assert "mine" in mine.read_text(encoding="utf-8")
    assert not (tmp_path / "new" / "other.yaml").exists()
