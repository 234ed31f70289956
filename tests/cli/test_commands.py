"""Every command as a user types it: what it writes, says, and exits with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checklist_kit.cli import cli

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
# One folder is enough here: what a command does is one function, which is tried on the whole library elsewhere.
SHIPPED = sorted((ROOT / "checklists" / "az_2024_presidential").glob("*.yaml"))


@pytest.fixture
def run() -> Run:
    """Run `checklist` with some words."""

    def invoke(*words: object, fails: int = 0) -> Result:
        result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == fails, result.output
        return result

    return invoke


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A new project."""
    run("new", tmp_path / "my project")
    return tmp_path / "my project"


def test_a_new_project_checks_builds_parses_and_finds(run: Run, project: Path) -> None:
    """The commands of its README work at once, in their order."""
    assert "no findings" in run("check", project).output
    run("build", project / "checklist.yaml", "-o", project / "forms")
    made = {path.name for path in (project / "forms").iterdir()}
    assert made >= {
        "my_project.paper.en.pdf",
        "my_project.paper.fr.pdf",
        "my_project.paper.en.layout.json",
        "my_project.workbook.xlsx",
        "my_project.surveyjs.json",
        "my_project.schema.json",
        "my_project.codebook.csv",
    }
    output = run("parse", project / "checklist.yaml", project / "responses", "-o", project / "tables").output
    assert "3 submissions in = 3 rows out + 0 rejected" in output
    assert "cells read =" in output
    output = run("findings", project / "checklist.yaml", project / "tables", "-o", project / "findings").output
    assert "33.3%" in output
    assert (project / "findings" / "findings.csv").read_text().startswith("indicator,")


def test_a_filled_folder_is_not_overwritten(run: Run, project: Path) -> None:
    """`new` refuses a folder that holds something."""
    assert "is not empty" in run("new", project, fails=2).output


def test_check_shows_all_faults_at_their_places(run: Run, project: Path) -> None:
    """Exit 1, and as JSON the fields of the contract."""
    form = project / "checklist.yaml"
    form.write_text(
        form.read_text().replace("type: select_multiple", "type: select_many").replace("= 'no'\n", "= 'noo'\n")
    )
    output = run("check", form, fails=1).output
    assert "[schema-unknown-type]" in output
    assert output.count("[logic-unknown-choice]") >= 2
    findings = json.loads(run("check", form, "--format", "json", fails=1).output)
    assert set(findings[0]) == {
        "code",
        "severity",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "help",
    }
    line = form.read_text().splitlines().index("        type: select_many") + 1
    assert [(f["line"], f["column"]) for f in findings if f["code"] == "schema-unknown-type"] == [(line, 15)]
    github = run("check", form, "--format", "github", fails=1).output
    assert github.startswith("::error file=")


@pytest.mark.parametrize("words", [("check",), ("check", "nowhere.yaml"), ("build", "nowhere.yaml"), ("nonsense",)])
def test_usage_errors_exit_with_2(run: Run, words: tuple[str, ...]) -> None:
    """A command that was not understood is told apart from a checklist with errors."""
    run(*words, fails=2)


def test_a_folder_without_a_checklist_is_said(run: Run, tmp_path: Path) -> None:
    """Nothing to check is no success."""
    assert "holds no checklist" in run("check", tmp_path, fails=2).output


def test_build_makes_what_was_asked_for(run: Run, project: Path) -> None:
    """Targets and languages are chosen; unknown ones are named with what there is."""
    form = project / "checklist.yaml"
    run("build", form, "-o", project / "a", "-t", "paper", "--lang", "fr")
    assert {path.name for path in (project / "a").iterdir()} == {
        "my_project.paper.fr.pdf",
        "my_project.paper.fr.layout.json",
    }
    assert 'did you mean "paper"?' in run("build", form, "-o", project / "a", "-t", "papper", fails=2).output
    assert "no language `de`" in run("build", form, "-o", project / "a", "--lang", "de", fails=2).output


def test_build_twice_gives_the_same_bytes(run: Run, project: Path) -> None:
    """Same input, same bytes, whatever the target."""
    for folder in ("a", "b"):
        run("build", project / "checklist.yaml", "-o", project / folder)
    for path in (project / "a").iterdir():
        assert path.read_bytes() == (project / "b" / path.name).read_bytes(), path.name


def test_strict_builds_fail_on_a_loss(run: Run, project: Path) -> None:
    """A photograph cannot be taken on paper."""
    form = project / "checklist.yaml"
    text = form.read_text().replace(
        "\nindicators:", "\n  - {name: door, type: image, label: {en: Door, fr: Porte}}\n\nindicators:"
    )
    form.write_text(text)
    run("build", form, "-o", project / "a", "-t", "paper")
    assert "[paper-elsewhere]" in run("build", form, "-o", project / "b", "-t", "paper", "--strict", fails=1).output
    assert not (project / "b").exists()


def test_parse_reads_what_it_can_and_names_what_it_cannot(run: Run, project: Path) -> None:
    """A broken file costs the exit code, never the other files."""
    responses = project / "responses"
    (responses / "broken.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (responses / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (responses / "empty.json").write_bytes(b"")
    result = run("parse", project / "checklist.yaml", responses, "-o", project / "tables", fails=1)
    for name in ("broken.xlsx", "photo.png", "empty.json"):
        assert name in result.output
    assert "3 submissions in = 3 rows out + 0 rejected" in result.output
    assert len((project / "tables" / "submissions.csv").read_text().splitlines()) == 4


def test_strict_parse_fails_on_an_error(run: Run, project: Path) -> None:
    """An unknown question is a problem with its raw value, and fails only a strict run."""
    (project / "responses" / "odd.jsonl").write_text('{"id": "r4", "data": {"station": "0104", "box_emty": "yes"}}\n')
    words = ("parse", project / "checklist.yaml", project / "responses", "-o", project / "tables")
    run(*words)
    problems = (project / "tables" / "problems.csv").read_text()
    assert "box_emty" in problems
    run(*words, "--strict", fails=1)


def test_parquet_holds_the_same_answers(run: Run, project: Path) -> None:
    """`--format parquet` writes the same tables."""
    import pandas as pd

    for form in ("csv", "parquet"):
        words = ("parse", project / "checklist.yaml", project / "responses", "-o", project / form, "--format", form)
        run(*words)
    csv = pd.read_csv(project / "csv" / "answers.csv", dtype="string", keep_default_na=False)
    parquet = pd.read_parquet(project / "parquet" / "answers.parquet")
    assert csv["value"].tolist() == parquet["value"].astype("string").fillna("").tolist()


def test_explain_prints_why_and_examples(run: Run) -> None:
    """A misspelt code is met with the nearest one."""
    output = run("explain", "name-duplicate").output
    assert "bad:" in output
    assert "good:" in output
    assert 'did you mean "name-duplicate"?' in run("explain", "name-dupplicate", fails=2).output


def test_schema_is_the_one_that_ships(run: Run) -> None:
    """What is printed is a JSON schema."""
    assert json.loads(run("schema").output)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("command", ["new", "check", "explain", "schema", "build", "parse", "findings"])
def test_every_help_page_shows_an_example(run: Run, command: str) -> None:
    """A user who asks for help sees a command to copy."""
    assert f"checklist {command}" in run(command, "--help").output.partition("Example:")[2]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_checklists_are_clean_and_build(run: Run, path: Path, tmp_path: Path) -> None:
    """Every checklist that ships checks without a finding and builds for every target."""
    assert "no findings" in run("check", path).output
    run("build", path, "-o", tmp_path)
