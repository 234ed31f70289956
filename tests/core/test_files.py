"""Reading files: encodings, sizes, includes, choice files, and staying inside the project folder."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import pytest

import checklist_kit as ck
from checklist_kit import source
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.source.files import MAX_BYTES

FORM = """\
checklist: form
items:
  - {name: station, type: text, required: true, label: Hansı məntəqədir?}
"""


def put(folder: Path, **files: str | bytes) -> Path:
    """Write files (`__` stands for a folder, names without an ending are YAML); return the path of `form`."""
    for name, content in files.items():
        path = folder / (name.replace("__", "/") + ("" if name.endswith("_csv") else ".yaml"))
        if name.endswith("_csv"):
            path = path.with_name(path.name.removesuffix("_csv") + ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "form.yaml"


def only(findings: list[Diagnostic]) -> Diagnostic:
    errors = [finding for finding in findings if finding.is_error]
    assert len(errors) == 1, errors
    return errors[0]


# Encodings and broken files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(tmp_path: Path, encoding: str) -> None:
    checklist = ck.load(put(tmp_path, form=FORM.encode(encoding)))
    assert checklist.items[0].label["en"] == "Hansı məntəqədir?"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    path = put(tmp_path, form=FORM.replace("\n", end).replace("text", "txt").encode())
    span = only(ck.check(path)).span
    assert span is not None
    assert (span.line, span.column) == (3, 27)


def test_an_old_encoding_is_refused_where_it_begins(tmp_path: Path) -> None:
    text = "checklist: form\nitems:\n  - {name: station, type: text, label: Участок}\n"
    finding = only(ck.check(put(tmp_path, form=text.encode("cp1251"))))
    assert (finding.code, finding.help) == ("yaml-encoding", "save the file as UTF-8")
    assert finding.span is not None
    assert (finding.span.line, finding.span.column) == (3, 40)


def test_half_a_utf_16_character(tmp_path: Path) -> None:
    assert only(ck.check(put(tmp_path, form=FORM.encode("utf-16")[:-1]))).code == "yaml-encoding"


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing\n", "just words", "- a\n- b\n", "12", "null"])
def test_a_file_without_a_checklist(tmp_path: Path, content: str) -> None:
    finding = only(ck.check(put(tmp_path, form=content)))
    assert finding.code == "schema-type"
    assert finding.span is not None


def test_missing_file_and_directory(tmp_path: Path) -> None:
    for path in (tmp_path / "no.yaml", tmp_path):
        finding = only(ck.check(path))
        assert finding.code == "yaml-file"
        assert str(path) in finding.message


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to the superuser")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = put(tmp_path, form=FORM)
    path.chmod(0)
    assert only(ck.check(path)).code == "yaml-file"


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = put(tmp_path, form=FORM + "#" * MAX_BYTES)
    assert only(ck.check(path)).code == "yaml-too-large"


def test_the_name_of_a_path_may_hold_anything(tmp_path: Path) -> None:
    assert ck.check(str(tmp_path / "a\0b.yaml"))[0].code == "yaml-file"


# Includes


def form_with(*includes: str) -> str:
    return FORM + "".join(f"  - include: {include}\n" for include in includes)


BANK = "- {name: closed, type: time, label: When did it close?}\n"


def names(checklist: object) -> list[str]:
    return [entry.item.name for entry in checklist.entries]  # type: ignore[attr-defined]


@pytest.mark.parametrize("bank", [BANK, f"items:\n{BANK}", BANK.removeprefix("- ")])
def test_a_bank_is_a_list_or_a_mapping_or_one_item(tmp_path: Path, bank: str) -> None:
    path = put(tmp_path, form=form_with("banks/closing.yaml"), banks__closing=bank)
    assert names(ck.load(path)) == ["station", "closed"]


def test_includes_in_includes_are_relative_to_their_own_file(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        form=form_with("banks/day.yaml"),
        banks__day="- include: parts/closing.yaml\n- include: ../opening.yaml\n",
        banks__parts__closing=BANK,
        opening="- {name: opened, type: time, label: When did it open?}\n",
    )
    assert names(ck.load(path)) == ["station", "closed", "opened"]


def test_includes_inside_sections_and_repeats(tmp_path: Path) -> None:
    form = FORM + "  - {name: end, type: section, label: End, items: [{include: closing.yaml}]}\n"
    assert names(ck.load(put(tmp_path, form=form, closing=BANK))) == ["station", "end", "closed"]


def test_a_bank_brings_its_lists(tmp_path: Path) -> None:
    bank = (
        "choices: {yn: {yes: Yes, no: No}}\nitems:\n- {name: ok, type: select_one, choices: yn, label: Was it fine?}\n"
    )
    checklist = ck.load(put(tmp_path, form=form_with("bank.yaml"), bank=bank))
    assert checklist.choices["yn"].codes == ("yes", "no")


def test_parameters_stand_in_texts_names_expressions_and_whole_values(tmp_path: Path) -> None:
    bank = """\
- {name: "$(race)_votes", type: integer, label: $(title), constraint: "$(race)_votes <= $(most)"}
- {name: "$(race)_who", type: select_one, choices: $(list), label: "Who won, $(title)?"}
"""
    form = (
        FORM
        + "  - include: race.yaml\n    with: {race: mayor, title: Votes for mayor, most: 3000, list: {a: A, b: Bob}}\n"
    )
    checklist = ck.load(put(tmp_path, form=form, race=bank))
    votes, who = checklist.items[1:]
    assert (votes.name, votes.label["en"], votes.constraint.source) == (
        "mayor_votes",
        "Votes for mayor",
        "mayor_votes <= 3000",
    )  # type: ignore[attr-defined]
    assert (who.choices.codes, who.label["en"]) == (("a", "b"), "Who won, Votes for mayor?")  # type: ignore[attr-defined]


def test_one_bank_twice_with_other_parameters(tmp_path: Path) -> None:
    bank = "- {name: $(race), type: integer, label: Votes}\n"
    form = FORM + "  - {include: race.yaml, with: {race: mayor}}\n  - {include: race.yaml, with: {race: council}}\n"
    assert names(ck.load(put(tmp_path, form=form, race=bank))) == ["station", "mayor", "council"]


DAY = """\
- {name: opened, type: time, label: When did it open?}
- name: end
  type: section
  label: End
  items:
  - {name: closed, type: time, label: When did it close?}
  - {name: counted, type: time, label: When was the count over?}
"""


def test_some_items_of_a_bank_come_with_the_sections_that_hold_them(tmp_path: Path) -> None:
    def found(*only: str) -> list[str]:
        form = FORM + f"  - {{include: day.yaml, only: [{', '.join(only)}]}}\n"
        return names(ck.load(put(tmp_path, form=form, day=DAY)))

    assert found("counted") == ["station", "end", "counted"]
    assert found("counted", "opened") == ["station", "opened", "end", "counted"]
    assert found("end") == ["station", "end", "closed", "counted"]


def test_what_a_bank_lacks_cannot_be_picked(tmp_path: Path) -> None:
    form = FORM + "  - {include: day.yaml, only: [opened, closd]}\n"
    finding = only(ck.check(put(tmp_path, form=form, day=DAY)))
    assert (finding.code, finding.help) == ("name-unknown-item", 'did you mean "closed"?')
    assert finding.span is not None
    assert finding.span.file.endswith("form.yaml")


def test_a_bank_may_speak_more_languages_than_the_checklist(tmp_path: Path) -> None:
    bank = "- {name: closed, type: time, label: {en: When did it close?, az: Nə vaxt bağlandı?}}\n"
    assert ck.check(put(tmp_path, form=form_with("closing.yaml"), closing=bank)) == []


def test_errors_point_into_the_included_file(tmp_path: Path) -> None:
    bank = "# a bank\n- {name: closed, type: time, label: When?, relevant: sation is answered}\n"
    finding = only(ck.check(put(tmp_path, form=form_with("bank.yaml"), bank=bank)))
    assert finding.code == "logic-unknown-name"
    assert finding.span is not None
    assert finding.span.file == str(tmp_path / "bank.yaml")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (2, 54, 60)


def test_a_syntax_error_in_an_included_file(tmp_path: Path) -> None:
    finding = only(ck.check(put(tmp_path, form=form_with("bank.yaml"), bank="- {name: 'x\n")))
    assert (finding.code, finding.span.file) == ("yaml-syntax", str(tmp_path / "bank.yaml"))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "written",
    [
        "/etc/passwd",
        "../bank.yaml",
        "a/../../bank.yaml",
        "~/bank.yaml",
        "file:///etc/passwd",
        "http://a/b",
        "C:/b.yaml",
        '"..\\\\b"',
        "''",
    ],
)
def test_paths_out_of_the_project_are_refused(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "project"
    put(tmp_path, bank=BANK)
    finding = only(ck.check(put(folder, form=form_with(written))))
    assert finding.code in ("yaml-path", "schema-type")
    assert finding.span is not None
    assert finding.span.line == 4


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_links_out_of_the_project_are_refused(tmp_path: Path, kind: str) -> None:
    put(tmp_path, outside__bank=BANK)
    folder = tmp_path / "project"
    form = put(folder, form=form_with("linked/bank.yaml" if kind == "folder" else "bank.yaml"))
    link, target = ("linked", "outside") if kind == "folder" else ("bank.yaml", "outside/bank.yaml")
    (folder / link).symlink_to(tmp_path / target)
    assert only(ck.check(form)).code == "yaml-path"


def test_a_link_inside_of_the_project_is_followed(tmp_path: Path) -> None:
    form = put(tmp_path, form=form_with("linked.yaml"), banks__bank=BANK)
    (tmp_path / "linked.yaml").symlink_to(tmp_path / "banks" / "bank.yaml")
    assert names(ck.load(form)) == ["station", "closed"]


def test_the_project_file_widens_what_may_be_read(tmp_path: Path) -> None:
    put(tmp_path, project="choices: {yn: {yes: Yes, no: No}}\n", banks__bank=BANK)
    form = (
        FORM + "  - include: ../banks/bank.yaml\n  - {name: ok, type: select_one, choices: yn, label: Was it fine?}\n"
    )
    checklist = ck.load(put(tmp_path / "forms", form=form))
    assert names(checklist) == ["station", "closed", "ok"]
    assert ck.check(tmp_path / "forms" / "form.yaml") == []


def test_own_lists_come_before_those_of_the_project(tmp_path: Path) -> None:
    put(tmp_path, project="choices: {yn: {yes: Yes, no: No}}\n")
    form = (
        FORM
        + "  - {name: ok, type: select_one, choices: yn, label: Was it fine?}\nchoices: {yn: {fine: Fine, bad: Bad}}\n"
    )
    assert ck.load(put(tmp_path, form=form)).choices["yn"].codes == ("fine", "bad")


@pytest.mark.parametrize("length", [1, 2, 5])
def test_cycles(tmp_path: Path, length: int) -> None:
    banks = {f"b{n}": f"- include: b{(n + 1) % length}.yaml\n" for n in range(length)}
    finding = only(ck.check(put(tmp_path, form=form_with("b0.yaml"), **banks)))
    assert finding.code == "yaml-include-cycle"
    assert finding.span is not None
    assert finding.span.file == str(tmp_path / f"b{length - 1}.yaml")


def test_includes_that_multiply_are_bounded(tmp_path: Path) -> None:
    banks = {f"b{n}": f"- include: b{n + 1}.yaml\n" * 10 for n in range(9)}
    findings = ck.check(put(tmp_path, form=form_with("b0.yaml"), **banks, b9=BANK))
    assert "yaml-too-large" in {finding.code for finding in findings}


# Choice files

LISTED = """\
checklist: form
choices:
  regions: {file: regions.csv}
items:
  - {name: station, type: text, required: true, label: Station}
  - {name: region, type: select_one, choices: regions, label: Region}
"""


def regions(tmp_path: Path, content: str | bytes) -> tuple[str, ...]:
    checklist = ck.load(put(tmp_path, form=LISTED, regions_csv=content))
    return checklist.choices["regions"].codes


@pytest.mark.parametrize(
    "content",
    [
        "code,label.en\nbaku,Baku\nganja,Ganja\n",
        "code;label.en\r\nbaku;Baku\r\nganja;Ganja\r\n",
        "\ufeffcode,label.en\nbaku,Baku\nganja,Ganja\n",
        'code , label.en\nbaku,"Baku, the\ncapital"\n\n  ,\nganja,Ganja',
        "code,label\nbaku,Baku\nganja,Ganja\n",
    ],
)
def test_choice_files_as_spreadsheets_write_them(tmp_path: Path, content: str) -> None:
    assert regions(tmp_path, content) == ("baku", "ganja")


def test_what_a_choice_file_says(tmp_path: Path) -> None:
    content = "code,label.en,label.az,missing,exclusive,zone\nx,X,Y,not_observed,TRUE,north\n"
    put(tmp_path, form=LISTED, regions_csv=content)
    choice = source.load(tmp_path / "form.yaml").checklist.choices["regions"]["x"]  # type: ignore[union-attr]
    assert (choice.label, choice.missing, choice.exclusive) == ({"en": "X", "az": "Y"}, "not_observed", True)
    assert choice.attributes == {"zone": "north"}
    assert (choice.span.file, choice.span.line) == (str(tmp_path / "regions.csv"), 2)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("", "schema-choice-file", 1),
        ("id,label.en\nx,X\n", "schema-choice-file", 1),
        ("code,name\nx,X\n", "schema-choice-file", 1),
        ('code,label.en\nx,"X\n', "schema-choice-file", 2),
        ('code,label.en\nx,"X" y\n', "schema-choice-file", 2),
        ("code,label.en\nx,X\nX,Y\n", "name-duplicate-choice", 3),
        ('code,label.en\n"x\n",X\ny z,Y\n', "name-invalid-choice", 4),
        ("code,label.en\n,X\n", "name-invalid-choice", 2),
        ("code,label.en,missing\nx,X,lost\n", "schema-value", 2),
        ("Бaku,X\n".encode("cp1251"), "yaml-encoding", 1),
        ("code,code,label.en\nx,y,X\n", "schema-choice-file", 1),
        ("code,label.en\nx,X,more\n", "schema-choice-file", 2),
        ("code,label.en\n" + "x" * 200_000 + ",X\n", "schema-choice-file", 2),
    ],
)
def test_faults_of_choice_files_are_found_at_their_line(
    tmp_path: Path, content: str | bytes, code: str, line: int
) -> None:
    csv.field_size_limit(131_072)  # the library's own limit, which other packages in the process may have lifted
    findings = ck.check(put(tmp_path, form=LISTED, regions_csv=content))
    own = [one for one in findings if one.span is not None and one.span.file.endswith("regions.csv")]
    assert (code, line) in [(one.code, one.span.line) for one in own if one.span]


def test_columns_of_other_names_are_named_beside_the_file(tmp_path: Path) -> None:
    form = LISTED.replace("{file: regions.csv}", "{file: regions.csv, value: name, label: title}")
    put(tmp_path, form=form, regions_csv="code,name,title,label\n7,x,X,long X\n")
    regions = source.load(tmp_path / "form.yaml").checklist.choices["regions"]  # type: ignore[union-attr]
    assert [(one.code, one.label, one.attributes) for one in regions.choices] == [
        ("x", {"en": "X"}, {"code": "7", "label": "long X"})
    ]
    for header, told in (("code,title", "`name` and `title`"), ("name,label.en", None), ("name,label", "`title`")):
        findings = ck.check(put(tmp_path, form=form, regions_csv=f"{header}\nx,X\n"))
        messages = [one.message for one in findings if one.code == "schema-choice-file"]
        assert bool(messages) is bool(told)
        assert all((told or "") in message for message in messages)


def test_random_bytes_in_a_choice_file(tmp_path: Path) -> None:
    chance = random.Random(1)
    for _ in range(50):
        content = bytes(chance.choice(b'code,label.en\n";\x00\xff\xd0') for _ in range(60))
        for data in (content, b"code,label.en\n" + content):
            form = put(tmp_path, form=LISTED, regions_csv=data)
            lines = data.count(b"\n") + data.count(b"\r") + 1
            own = [one.span for one in ck.check(form) if one.span and one.span.file.endswith("regions.csv")]
            assert all(1 <= span.line <= lines + 1 for span in own)
            if b"\x00" in data or b"\xff" in data or b"\xd0" in data:
                assert any(one.is_error for one in ck.check(form)), data  # such bytes are no UTF-8 list


def test_faults_of_a_file_that_is_included_twice_are_found_once(tmp_path: Path) -> None:
    form = FORM + "  - {include: a.yaml, with: {n: x}}\n  - {include: a.yaml, with: {n: y}}\n"
    bank = "- {name: $(n), type: time, label: When?, relevent: station is answered}\n"
    assert only(ck.check(put(tmp_path, form=form, a=bank))).code == "schema-unknown-key"
