"""Roles and attributes: who is asked what, at which units, in the forms, in the tables and in the findings."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner, Result

import checklist_kit as ck
from checklist_kit import api
from checklist_kit.analysis.frame import FrameError
from checklist_kit.cli import cli
from checklist_kit.diagnostics import DefinitionError
from checklist_kit.model import Checklist
from tests.translation.test_beside import write

FORM = """\
checklist: form
languages: {en: English, az: Azərbaycanca}
unit: station
role: task
title: {en: Observation, az: Müşahidə}
attributes:
  kind:
    label: {en: kind of station, az: məntəqənin növü}
    choices: {normal: {en: normal, az: adi}, dual: {en: dual, az: ikili}, abroad: {en: abroad, az: xaricdə}}
choices:
  tasks: {fixed: {en: At one station, az: Bir məntəqədə}, mobile: {en: Mobile team, az: Səyyar qrup}}
  yes_no: {yes: {en: "Yes", az: Bəli}, no: {en: "No", az: Xeyr}}
  sides: {left: {en: Left, az: Sol}, right: {en: Right, az: Sağ}}
items:
  - {name: station, type: text, required: true, label: {en: Station, az: Məntəqə}}
  - {name: task, type: select_one, choices: tasks, required: true, label: {en: Your task, az: Vəzifəniz}}
  - {name: opened, type: select_one, choices: yes_no, label: {en: Opened, az: Açıldı}, roles: [fixed]}
  - {name: why, type: text, label: {en: Why not, az: Niyə}, relevant: opened = 'no', roles: [fixed]}
  - {name: visits, type: integer, label: {en: Visits, az: Ziyarətlər}, roles: [mobile]}
  - {name: second, type: select_one, choices: yes_no, required: true, label: {en: Second box, az: İkinci qutu},
     hint: {en: Look behind the door, az: Qapının arxasına baxın}, applies: {kind: dual}}
  - name: two
    type: section
    label: {en: Second contest, az: İkinci seçki}
    applies: {kind: [dual, abroad]}
    items:
      - {name: ballots, type: integer, required: true, label: {en: Ballots, az: Bülletenlər}}
      - {name: faults, type: select_multiple, choices: sides, label: {en: Faults, az: Qüsurlar}}
      - {name: twice, type: calculate, label: {en: Twice, az: İki dəfə}, calculation: ballots * 2}
      - name: rows
        type: repeat
        over: sides
        label: {en: Rows, az: Sıralar}
        items:
          - {name: votes, type: integer, label: {en: Votes, az: Səslər}}
  - {name: after, type: text, label: {en: Why so many, az: Niyə bu qədər}, relevant: ballots > 5}
indicators:
  - {name: no_second, label: {en: No second box, az: İkinci qutu yoxdur}, when: second = 'no'}
"""
FRAME = "station,kind\n1,normal\n2,dual\n3,abroad\n4,\n"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return write(tmp_path, {"form.yaml": FORM, "stations.csv": FRAME})


def answers(form: Path, responses: list[dict[str, Any]], **options: Any) -> dict[tuple[str, str, str, str], str]:
    (form.parent / "web.jsonl").write_text("\n".join(map(json.dumps, responses)), encoding="utf-8")
    tables = ck.parse(ck.load(form), [form.parent / "web.jsonl"], **options)
    rows = tables.answers.astype(object).fillna("")
    return {(r.unit, r.item, r.instance, r.choice): f"{r.status}={r.value}" for r in rows.itertuples(index=False)}


def build(checklist: Checklist, target: str) -> bytes:
    files = ck.build(checklist, target).files
    return next(data for name, data in files.items() if ".az." not in name and not name.endswith(".layout.json"))


def checklist_of(*words: object, fails: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == fails, result.output
    return result


def test_a_role_is_a_condition_in_every_channel(form: Path) -> None:
    checklist = ck.load(form)
    assert [one for one in ck.check(form) if one.severity != "info"] == []
    conditions = {e.item.name: e.item.relevant.source for e in checklist.entries if e.item.relevant}
    assert conditions["opened"] == "task in ('fixed')"
    assert conditions["why"] == "(opened = 'no') and task in ('fixed')"
    survey = json.loads(build(checklist, "surveyjs"))
    questions = {one["name"]: one for page in survey["pages"] for one in page["elements"]}
    assert questions["visits"]["visibleIf"] == "{#task} anyof ['mobile']"
    found = answers(
        form,
        [
            {"station": "1", "task": "mobile", "visits": 3, "opened": "yes"},
            {"station": "2", "task": "fixed", "opened": "yes"},
        ],
    )
    assert found["1", "opened", "", ""] == found["1", "why", "", ""] == "not_asked="
    assert found["1", "visits", "", ""] == "answered=3"
    assert found["2", "opened", "", ""] == "answered=yes"
    assert found["2", "visits", "", ""] == "not_asked="


def test_a_role_joins_a_condition_that_is_given_as_xpath(form: Path) -> None:
    form.write_text(FORM.replace("relevant: opened = 'no'", "relevant: {xpath: \"${opened} = 'no'\"}"))
    survey = openpyxl.load_workbook(io.BytesIO(build(ck.load(form), "xlsform")))["survey"]
    cells = {str(cell.value) for row in survey.iter_rows() for cell in row}
    assert "(${opened} = 'no') and (${task} = 'fixed')" in cells


def test_the_form_of_a_role_holds_what_it_is_asked(form: Path) -> None:
    mobile = api.for_role(form, "mobile")
    names = [entry.item.name for entry in mobile.entries]
    assert "visits" in names
    assert "opened" not in names
    assert mobile.title["az"] == "Müşahidə · Səyyar qrup"
    assert mobile.by_name["visits"].relevance is None
    task = mobile.by_name["task"].item
    assert task.choices.codes == ("mobile",)  # type: ignore[attr-defined]
    assert mobile.hash == ck.load(form).hash
    for target in ("paper", "workbook", "surveyjs", "xlsform", "jsonschema", "codebook"):
        assert build(mobile, target)
    survey = json.loads(build(mobile, "surveyjs"))
    questions = {one["name"]: one for page in survey["pages"] for one in page["elements"]}
    assert questions["task"]["defaultValue"] == "mobile"


def test_a_role_that_is_not_there_and_a_form_that_would_lack_something(form: Path) -> None:
    assert (
        "has no role `mobil`" in checklist_of("build", form, "-o", form.parent / "o", "--role", "mobil", fails=2).output
    )
    form.write_text(FORM.replace("relevant: ballots > 5", "relevant: visits > 5"))
    with pytest.raises(DefinitionError) as raised:
        api.for_role(form, "fixed")
    assert [one.code for one in raised.value.diagnostics] == ["logic-role-reference"]
    out = form.parent / "out"
    checklist_of("build", form, "-o", out, "--role", "fixed", "-t", "surveyjs", fails=1)
    checklist_of("build", form, "-o", out, "--role", "mobile", "-t", "surveyjs")
    assert (out / "form.surveyjs.json").is_file()


def test_forms_say_where_a_question_applies(form: Path) -> None:
    checklist = ck.load(form)
    words = "Only where kind of station: dual."
    page = pypdfium2.PdfDocument(build(checklist, "paper"))
    printed = " ".join(" ".join(one.get_textpage().get_text_range() for one in page).split())
    assert f"{words} Look behind the door" in printed
    assert "Second contest (Only where kind of station: dual / abroad)" in printed
    sheet = openpyxl.load_workbook(io.BytesIO(build(checklist, "workbook")))["Responses"]
    assert any(words in str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row)
    survey = json.loads(build(checklist, "surveyjs"))
    questions = {one["name"]: one for page in survey["pages"] for one in page["elements"]}
    assert questions["second"]["description"]["az"] == "Yalnız burada: məntəqənin növü: ikili. Qapının arxasına baxın"
    assert not questions["second"].get("isRequired")
    survey = openpyxl.load_workbook(io.BytesIO(build(checklist, "xlsform")))["survey"]
    assert any(words in str(cell.value) for row in survey.iter_rows() for cell in row)
    for target in ("workbook", "surveyjs", "xlsform"):
        found = [one for one in ck.build(checklist, target).losses if one.code == "channel-applies"]
        assert [one.message.split("`")[1] for one in found] == ["second", "two"]
    assert "channel-applies" not in [one.code for one in ck.build(checklist, "paper").losses]


def test_what_does_not_apply_is_told_from_the_frame(form: Path) -> None:
    response = {
        "task": "fixed",
        "opened": "yes",
        "second": "no",
        "ballots": 7,
        "faults": ["left"],
        "rows": [{"_instance": "left", "votes": 3}],
        "after": "many",
    }
    given = [{**response, "station": station} for station in ("1", "2", "3", "4", "5")]
    blank = answers(form, given)
    assert {status for key, status in blank.items() if key[1] == "second"} == {"answered=no"}
    found = answers(form, given, frame=form.parent / "stations.csv")
    assert [found[station, "second", "", ""] for station in "12345"] == [
        "not_applicable=",
        "answered=no",
        "not_applicable=",
        "answered=no",
        "answered=no",
    ]
    none = {key[1:]: status for key, status in found.items() if key[0] == "1" and status.startswith("not_applicable")}
    assert set(none) == {
        ("second", "", ""),
        ("ballots", "", ""),
        ("faults", "", "left"),
        ("faults", "", "right"),
        ("twice", "", ""),
        ("votes", "left", ""),
        ("votes", "right", ""),
    }
    assert found["3", "ballots", "", ""] == "answered=7"
    assert found["1", "after", "", ""] == "not_asked="  # what it depends on is blank there
    assert found["2", "twice", "", ""] == "answered=14"


def test_nothing_is_lost_of_what_does_not_apply(form: Path) -> None:
    (form.parent / "web.jsonl").write_text('{"station": "1", "task": "fixed", "second": "no", "faults": ["left"]}\n')
    checklist = ck.load(form)
    tables = ck.parse(checklist, [form.parent / "web.jsonl"], frame=form.parent / "stations.csv")
    kept = tables.problems[tables.problems["code"] == "value-not-applicable"]
    assert dict(zip(kept["item"], kept["raw"], strict=True)) == {"second": "no", "faults": '["left"]'}
    assert "4 cells read = 2 values + 2 problems" in " ".join(tables.ledger.lines())
    assert "value-required" not in set(tables.problems["code"])


def test_findings_leave_out_units_that_it_does_not_apply_to(form: Path) -> None:
    lines = [{"station": station, "task": "fixed", "second": "no"} for station in "1234"]
    (form.parent / "web.jsonl").write_text("\n".join(map(json.dumps, lines)))
    out = form.parent / "tables"
    checklist_of("parse", form, form.parent / "web.jsonl", "-o", out, "--frame", form.parent / "stations.csv")
    (row,) = ck.findings(ck.load(form), out).table.to_dict("records")
    assert (row["base"], row["not_applicable"]) == (2, 2)


def test_a_frame_with_other_values_is_refused(form: Path) -> None:
    write(form.parent, {"stations.csv": FRAME.replace("2,dual", "2,duel")})
    with pytest.raises(FrameError, match=r"`duel` is no value of the attribute `kind` \[frame-attribute\]"):
        answers(form, [{"station": "1"}], frame=form.parent / "stations.csv")
    write(form.parent, {"stations.csv": "station\n1\n"})
    with pytest.raises(FrameError, match="the frame has no column `kind`"):
        answers(form, [{"station": "1"}], frame=form.parent / "stations.csv")


def test_diff_tells_where_a_question_applies_now(form: Path) -> None:
    def told(old: str, new: str) -> list[tuple[str, str]]:
        paths = [
            write(form.parent, {f"{name}.yaml": FORM.replace("{kind: dual}", text)})
            for name, text in (("old", old), ("new", new))
        ]
        found = api.diff(*map(ck.load, paths)).changes
        return [(change.item, change.effect.word) for change in found if change.kind.endswith("-applies")]

    assert told("{kind: dual}", "{kind: dual}") == []
    (narrower,) = told("{kind: [dual, abroad]}", "{kind: dual}")
    (wider,) = told("{kind: dual}", "{kind: [dual, abroad]}")
    assert narrower[0] == wider[0] == "second"
    assert narrower[1] != wider[1] == "none"
