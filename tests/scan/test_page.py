"""docs/how-to/scan.md: its commands run, in their order, on the pages of a form."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit.cli import cli
from tests.scan.conftest import CHECKLIST, Printed
from tests.scan.pages import picture_of, save
from tests.scan.test_several import CLINIC

PAGE = (Path(__file__).parents[2] / "docs/how-to/scan.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^checklist (scan .*)$", PAGE, re.MULTILINE)
FILES = re.findall(r"^\| `([a-z]+\.[a-z]+|pages/)` \|", PAGE, re.MULTILINE)


def test_the_page_tells_what_happens(station: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in ("scans", "printed", "Downloads"):
        (tmp_path / folder).mkdir()
    Path("election_day.yaml").write_bytes(CHECKLIST.read_bytes())
    for name in ("opening", "closing"):
        Path(f"{name}.yaml").write_text(CLINIC.replace("clinic", name), encoding="utf-8")
    for name, data in ck.build(station.checklist, "paper").files.items():
        Path("printed", name).write_bytes(data)
    for sheet in station.pages("7"):
        save(picture_of(sheet), tmp_path / "scans" / f"{sheet.page['page']}.png")
    assert {option for command in COMMANDS for option in re.findall("--[a-z]+", command)} == {
        "--review",
        "--check",
        "--forms",
        "--also",
    }
    for command in COMMANDS:
        words = [word.replace("~", str(tmp_path)) for word in command.split()]
        result = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        assert "2 pages = 2 accepted" in result.output
        Path("Downloads/review.csv").write_bytes(Path("tables/review.csv").read_bytes())
    assert len(FILES) == 5
    assert [name for name in FILES if not Path("tables", name).exists()] == []
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    with ThreadPoolExecutor(2) as executor:
        names = {"executor": executor}
        exec(script, names)
    assert list(names["tables"].submissions["submission_id"]) == ["paper-7"]


def test_options_on_the_page_exist() -> None:
    told = CliRunner().invoke(cli, ["scan", "--help"]).output
    assert set(re.findall(r"`(--[a-z]+)", PAGE)) <= set(re.findall(r"--[a-z]+", told))
