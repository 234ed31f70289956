"""Choices from files: as a file beside the form where that loses nothing, which the engine of ODK reads."""

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Checklist
from tests.engines.javarosa import JavaRosa, Step

pytest.importorskip("pyxform")

FORM = """
checklist: visit
version: "1"
title: Visit
{head}
choices:
  regions: {{n: North, s: South}}
  stations: {{file: stations.csv}}
items:
  - {{name: region, type: select_one, choices: regions, label: Region}}
  - {{name: station, type: select_one, choices: stations, label: Station, choice_filter: "region = ${{region}}"}}
  - {{name: others, type: select_multiple, choices: stations, label: Others, choice_filter: "size != '1'"}}
"""
STATIONS = """\
code,label.en,region,size
01,Old school,n,1
02,"Hall, new",s,
03,"The ""Big"" one",n,2
"""


def visit(folder: Path, stations: str = STATIONS, head: str = "") -> Checklist:
    (folder / "stations.csv").write_text(stations, encoding="utf-8")
    (folder / "visit.yaml").write_text(FORM.format(head=head), encoding="utf-8")
    return ck.load(folder / "visit.yaml")


def beside(checklist: Checklist) -> dict[str, bytes]:
    """The files beside the form."""
    files = dict(ck.build(checklist, "xlsform").files)
    del files[f"{checklist.id}.xlsform.xlsx"]
    return files


def answered(javarosa: JavaRosa, checklist: Checklist, *steps: Step) -> tuple[dict[str, list[str]], str]:
    """What the form offers when it is filled in, and what it then hands in."""
    files = dict(ck.build(checklist, "xform").files)
    xform = files.pop(f"{checklist.id}.xform.xml").decode()
    assert javarosa.validate(xform) == ""
    run = javarosa.run(xform, steps, files)
    assert run.refused == []
    return run.choices, run.submission


def test_a_list_from_a_file_is_a_file_beside_the_form(tmp_path: Path) -> None:
    assert beside(visit(tmp_path)) == {
        "visit_stations.csv": STATIONS.replace("code,label.en", "name,label").encode(),
    }
    artifact = ck.build(visit(tmp_path), "xform")
    assert list(artifact.files) == ["visit.xform.xml", "visit_stations.csv"]
    assert b'src="jr://file-csv/visit_stations.csv"' in artifact.files["visit.xform.xml"]
    assert b"Old school" not in artifact.files["visit.xform.xml"]
    assert artifact.losses == ()


def test_no_file_replaces_the_one_that_choices_came_from(tmp_path: Path) -> None:
    visit(tmp_path)
    (tmp_path / "stations.csv").rename(tmp_path / "visit_stations.csv")
    form = FORM.replace("stations.csv", "visit_stations.csv").format(head="")
    (tmp_path / "visit.yaml").write_text(form, encoding="utf-8")
    assert list(beside(ck.load(tmp_path / "visit.yaml"))) == ["visit_stations_.csv"]


def test_filters_offer_what_the_file_says_and_answers_come_back(javarosa: JavaRosa, tmp_path: Path) -> None:
    checklist = visit(tmp_path)
    choices, submission = answered(
        javarosa, checklist, ("/data/region", "n"), ("/data/station", "03"), ("/data/others", "02 03")
    )
    assert choices == {"/data/region": ["n", "s"], "/data/station": ["01", "03"], "/data/others": ["02", "03"]}
    (tmp_path / "submission.xml").write_text(submission, encoding="utf-8")
    tables = ck.parse(checklist, [tmp_path / "submission.xml"])
    rows = tables.answers.astype(object).fillna("")
    found = {(row["item"], row["choice"]): row["value"] for row in rows.to_dict("records") if row["value"] != "0"}
    assert found == {("region", ""): "n", ("station", ""): "03", ("others", "02"): "1", ("others", "03"): "1"}
    assert tables.ledger.balanced
    assert tables.ledger.problems == 0


def test_a_filter_means_the_same_in_a_sheet_and_in_a_file(javarosa: JavaRosa, tmp_path: Path) -> None:
    in_file = visit(tmp_path)
    in_sheet = visit(tmp_path, STATIONS.replace("Old school", "The *old* one"))
    assert beside(in_file)
    assert not beside(in_sheet)
    assert (
        answered(javarosa, in_file, ("/data/region", "s"))[0] == answered(javarosa, in_sheet, ("/data/region", "s"))[0]
    )


@pytest.mark.parametrize(
    ("label", "goes"),
    [
        ("Old school", True),
        ("2 * 3", True),
        ("=1+1", True),
        ("Köhnə məktəb", True),
        ("*old*", False),  # as it stands, apps would show it slanted
        ("two\nlines", False),
        ("<b>", False),
        ("${region}", False),
    ],
)
def test_only_a_plain_text_goes_into_a_file(label: str, goes: bool, tmp_path: Path) -> None:
    rows = io.StringIO()
    csv.writer(rows).writerows([["code", "label", "region", "size"], ["01", label, "n", "1"], ["02", "", "n", "2"]])
    files = beside(visit(tmp_path, rows.getvalue()))
    assert bool(files) is goes
    for data in files.values():
        assert [row[:2] for row in csv.reader(io.StringIO(data.decode()))] == [
            ["name", "label"],
            ["01", label],
            ["02", "02"],
        ]


CODES = ("yes", "10", "01", "x.y", "Ə", "50+", "p-q", "'", "=1", "0")
LETTERS = "abcXYZ0123456789əğıİƏйцЖ中ع ?!.,:;'\"&{}()|%@`=+-/~^€–“”🗳"
LABELS = st.text(LETTERS, min_size=1, max_size=30).filter(lambda text: text == text.strip())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=st.dictionaries(st.sampled_from(CODES), LABELS, min_size=2), answer=st.randoms())
def test_the_engine_reads_codes_and_labels_as_they_are(
    javarosa: JavaRosa, labels: dict[str, str], answer: random.Random, tmp_path: Path
) -> None:
    rows = io.StringIO()
    csv.writer(rows).writerows([["code", "label", "region", "size"], *([*one, "n", "1"] for one in labels.items())])
    files = dict(ck.build(visit(tmp_path, rows.getvalue()), "xform").files)
    xform = files.pop("visit.xform.xml").decode()
    code = answer.choice(list(labels))
    run = javarosa.run(xform, [("/data/region", "n"), ("/data/station", code)], files)
    assert run.choices["/data/station"] == list(labels)
    assert run.data["/data/station"] == code
    if files:
        assert run.labels["/data/station"] == list(labels.values())


def test_a_file_has_one_label_for_all_languages(tmp_path: Path) -> None:
    head = "languages: {en: English, az: Azərbaycanca}"
    names = "code,label.en,label.az,region,size\n01,Baku 1,Baku 1,n,1\n02,Baku 2,{},s,2\n"
    assert beside(visit(tmp_path, names.format("Baku 2"), head))
    assert beside(visit(tmp_path, names.format(""), head))  # the other language shows the one that there is
    assert not beside(visit(tmp_path, names.format("Bakı 2"), head))


def test_columns_that_no_form_can_have_are_said_to_be_left_out(tmp_path: Path) -> None:
    checklist = visit(tmp_path, "code,label,region,size,a b\n01,One,n,1,x\n")
    assert beside(checklist) == {"visit_stations.csv": b"name,label,region,size\n01,One,n,1\n"}
    assert [loss.code for loss in ck.build(checklist, "xlsform").losses] == ["xlsform-column"]
    assert not beside(visit(tmp_path, "code,label,region,size,image\n01,One,n,1,one.png\n"))
