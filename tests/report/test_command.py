"""`checklist findings` as a user types it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checklist_kit.analysis.write import write
from checklist_kit.cli import cli
from tests.analysis.helpers import load, submission, tables
from tests.report.test_publish import TEXT

PUBLIC = {"findings.csv", "findings.html", "findings.en.pdf"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checklist, the tables of twelve stations of which one was reported twice, and a frame."""
    (tmp_path / "f.yaml").write_text(TEXT, encoding="utf-8")
    checklist = load(tmp_path / "f.yaml")
    stream = [
        submission({"station": str(n), "opened": "no" if n % 2 else "yes", "town": "a"}, f"s{n}") for n in range(12)
    ]
    stream += [submission({"station": "0", "opened": "no"}, "again"), submission({"station": "x", "opened": "no"}, "x")]
    write(tables(checklist, *stream), tmp_path / "tables", "csv")
    rows = "".join(f"{n},{'North' if n < 30 else 'South'}\n" for n in range(60))
    (tmp_path / "frame.csv").write_text("station,region\n" + rows, encoding="utf-8")
    return tmp_path


def run(project: Path, *words: object, fails: int = 0) -> Result:
    where = [project / "f.yaml", project / "tables", "-o", project / "out"]
    result = CliRunner().invoke(cli, ["findings", *map(str, [*where, *words])], catch_exceptions=False)
    assert result.exit_code == fails, result.output
    return result


def test_files_are_written_and_conflicts_said(project: Path) -> None:
    output = run(project).output
    assert {path.name for path in (project / "out").iterdir()} == {*PUBLIC, "conflicts.csv"}
    assert "1 submissions are not counted: the unit was reported before" in output
    assert "1 units were reported more than once with answers that do not agree" in output
    head, *lines = (project / "out" / "conflicts.csv").read_text(encoding="utf-8").splitlines()
    assert head == "unit,indicator,submission_id,received_at,finding,counted"
    assert "0,late,again,,yes,no" in lines


def test_a_frame_gives_strata_and_groups(project: Path) -> None:
    output = run(project, "--frame", project / "frame.csv", "--by", "region", "--group", "region").output
    assert "warning: no row is from `South`" in output
    assert "warning: `x` is in the reports and not in" in output
    assert "region: North" in (project / "out" / "findings.csv").read_text(encoding="utf-8")
    assert "South" in (project / "out" / "findings.html").read_text(encoding="utf-8")


def test_publishing_leaves_out_what_is_small_sensitive_or_of_one_station(project: Path) -> None:
    run(project, "--publish")
    assert {path.name for path in (project / "out").iterdir()} == PUBLIC
    assert "harmed" not in (project / "out" / "findings.csv").read_text(encoding="utf-8")
    run(project)
    assert "not for publication" in run(project, "--publish", fails=2).output


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--minimum", "5"], 2, "--minimum goes with --publish"),
        (["--by", "region"], 2, "need the frame"),
        (["--group", "areas"], 1, "[frame-group]"),
        (["--frame", "frame.csv", "--by", "areas"], 1, "the columns are"),
        (["--frame", "frame.csv", "--draw", "frame.csv"], 1, "[draw-record]"),
        (["--frame", "twice.csv"], 1, "[frame-unit-duplicate]"),
        (["--deployment", "sent.csv"], 1, "[deployment-status]"),
        (["--form", "incident=tables"], 2, "no form `incident`"),
        (["--form", "incident"], 2, "write the name of the form"),
        (["--resolve", "senior"], 2, "add `seniority`"),
    ],
)
def test_what_cannot_be_done_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(project)
    (project / "twice.csv").write_text("station\n1\n1\n", encoding="utf-8")
    (project / "sent.csv").write_text("station,status\n1,away\n", encoding="utf-8")
    assert message in run(project, *words, fails=code).output


def test_responses_need_not_be_parsed_first(project: Path) -> None:
    """A folder without tables is one of responses."""
    (project / "inbox").mkdir()
    (project / "inbox" / "a.jsonl").write_text('{"station": "1", "opened": "no"}\n', encoding="utf-8")
    where = [project / "f.yaml", project / "inbox", "-o", project / "out"]
    result = CliRunner().invoke(cli, ["findings", *map(str, where)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "late,Late,,1,1," in (project / "out" / "findings.csv").read_text(encoding="utf-8")


def test_response_is_told(project: Path) -> None:
    (project / "sent.csv").write_text("station,observer\n1,A1\n99,B1\n", encoding="utf-8")
    where = [project / "f.yaml", project / "tables", "--deployment", project / "sent.csv", "-o", project / "who"]
    result = CliRunner().invoke(cli, ["response", *map(str, where)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "f: 1 of 2 units have reported" in result.output
    assert {path.name for path in (project / "who").iterdir()} == {"response.csv", "dispositions.csv", "items.csv"}
    run(project, "--deployment", project / "sent.csv")
    assert "Reports received" in (project / "out" / "findings.html").read_text(encoding="utf-8")


def test_watching_follows_what_arrives(project: Path, tmp_path: Path) -> None:
    """Each report that arrives is in the findings soon; a fault in a file ends nothing."""
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    (inbox / "a.jsonl").write_text('{"station": "1", "opened": "no"}\n', encoding="utf-8")
    sent = tmp_path / "sent.csv"
    sent.write_text("station\n1\n", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from checklist_kit.cli import main; main()",
        "findings",
        project / "f.yaml",
        inbox,
    ]
    with subprocess.Popen(
        [*map(str, command), "--deployment", str(sent), "--watch", "-o", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_for(out / "findings.csv", "late,Late,,1,1,")
            sent.write_text("station,status\n1,away\n", encoding="utf-8")
            time.sleep(2)
            sent.write_text("station\n1\n2\n", encoding="utf-8")
            (inbox / "b.jsonl").write_text('{"station": "2", "opened": "yes"}\n', encoding="utf-8")
            wait_for(out / "findings.csv", "late,Late,,2,2,")
            assert process.poll() is None
        finally:
            process.terminate()


def wait_for(path: Path, text: str) -> None:
    """Wait until a file holds a text, a minute at most."""
    for _ in range(600):
        if path.is_file() and text in path.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    raise AssertionError(f"{path.name} never held {text}")
