"""`checklist import`, as people type it."""

from pathlib import Path

from click.testing import CliRunner

from checklist_kit.cli import cli
from tests.importers.forms import FOLDER, survey


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["import", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_form_is_written_and_told_of(tmp_path: Path) -> None:
    output = tmp_path / "new" / "form.yaml"
    code, told, problems = run(FOLDER / "names_of_all_kinds.md", "-o", output)
    assert code == 0
    assert told == f"{output}\n6 questions, 1 choice lists, 2 expressions, 0 of them kept as XPath\n"
    assert "survey!A2: info: `FirstName` is `firstname` here [import-name]" in problems
    assert output.read_text(encoding="utf-8").startswith("checklist: names_of_all_kinds\n")


def test_what_is_no_form_is_one_line(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(b"%PDF-1.7")
    code, told, problem = run(form, "-o", tmp_path / "form.yaml")
    assert (code, told) == (1, "")
    assert problem.count("\n") == 1
    assert "is no XLSForm" in problem
    assert not (tmp_path / "form.yaml").exists()


def test_a_form_without_expressions(tmp_path: Path) -> None:
    form = survey(tmp_path / "form.xlsx", "type | name | label", "text | a | A")
    assert run(form, "-o", tmp_path / "form.yaml")[1].endswith("\n1 questions, 0 choice lists\n")
