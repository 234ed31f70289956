"""Banks of items: a checklist records their versions, and can be seen as it would be with another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit import api
from checklist_kit.cli import cli
from checklist_kit.diagnostics import DefinitionError
from tests.translation.test_beside import write

FORM = """\
checklist: form
unit: station
items:
  - {name: station, type: text, required: true, label: Station}
  - {include: banks/seals.yaml, with: {where: hall}}
"""
BANK = """\
bank: seals
version: "1"
choices: {colours: {red: Red, blue: Blue}}
items:
  - {name: seal, type: text, label: Seal in the $(where)}
  - {include: more.yaml}
"""
MORE = """\
bank: more
version: "7"
items:
  - {name: colour, type: select_one, choices: colours, label: Its colour}
"""
NEW = (
    BANK.replace('"1"', '"2"')
    .replace("Seal in", "Number of the seal in")
    .replace("blue: Blue", "blue: Blue, green: Green")
)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return write(tmp_path / "mine", {"form.yaml": FORM, "banks/seals.yaml": BANK, "banks/more.yaml": MORE})


def test_a_checklist_records_its_banks(form: Path) -> None:
    assert {bank.name: bank.version for bank in ck.load(form).banks} == {"seals": "1", "more": "7"}


def test_tables_name_the_banks(form: Path, tmp_path: Path) -> None:
    from checklist_kit.analysis.write import write as write_tables

    (tmp_path / "web.jsonl").write_text('{"station": "1", "seal": "A"}\n')
    write_tables(ck.parse(ck.load(form), [tmp_path / "web.jsonl"]), tmp_path / "tables", "csv")
    assert '"name": "seals"' in (tmp_path / "tables" / "datapackage.json").read_text()


def test_a_checklist_with_another_version_of_a_bank(form: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", {"seals.yaml": NEW})
    before, after = ck.load(form), api.with_bank(form, new)
    assert {bank.name: bank.version for bank in after.banks} == {"seals": "2", "more": "7"}
    assert before.by_name["seal"].item.label["en"] == "Seal in the hall"
    assert after.by_name["seal"].item.label["en"] == "Number of the seal in the hall"
    assert after.by_name["colour"].item.choices.codes == ("red", "blue", "green")  # type: ignore[attr-defined]
    assert before.hash != after.hash == api.with_bank(form, new).hash
    assert ck.load(form).hash == before.hash


def test_diff_says_what_taking_a_bank_would_change(form: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", {"seals.yaml": NEW})
    told = CliRunner().invoke(cli, ["diff", str(form), str(new)])
    assert "`seal`" in told.output
    assert "green" in told.output
    other = write(tmp_path / "new", {"other.yaml": "bank: other\nitems: []\n"})
    told = CliRunner().invoke(cli, ["diff", str(form), str(other)])
    assert told.exit_code == 1
    assert "includes no bank `other`" in told.output


def test_faults_of_the_other_version_are_found_in_its_file(form: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", {"seals.yaml": NEW.replace("type: text", "type: txt")})
    with pytest.raises(DefinitionError) as raised:
        api.with_bank(form, new)
    assert [one.span.file for one in raised.value.diagnostics if one.is_error and one.span] == [str(new)]


def test_a_bank_that_is_not_included(form: Path, tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="includes no bank `other`; it has seals, more"):
        api.with_bank(form, write(tmp_path, {"other.yaml": "bank: other\nitems: []\n"}))
    with pytest.raises(DefinitionError, match="has no name as a bank"):
        api.with_bank(form, write(tmp_path, {"nameless.yaml": "items: []\n"}))


def test_misspelt_keys_of_a_bank_are_found(form: Path) -> None:
    write(form.parent, {"banks/more.yaml": MORE.replace("version:", "verson:")})
    found = [one for one in ck.check(form) if one.code == "schema-unknown-key"]
    assert [(one.help, one.span.line) for one in found if one.span] == [('did you mean "version"?', 2)]
