"""`checklist new --from`: a project of one's own from any checklist of the library, also from an installed package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit.cli import cli
from checklist_kit.cli.starters import starters

ROOT = Path(__file__).parents[2]


def new(folder: Path, *words: str, fails: int = 0) -> str:
    result = CliRunner().invoke(cli, ["new", str(folder), *words], catch_exceptions=False)
    assert result.exit_code == fails, result.output
    return result.output


def checklists_in(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.yaml") if "\nchecklist: " in f"\n{path.read_text(encoding='utf-8')}"]


@pytest.mark.parametrize("name", starters())
def test_every_checklist_of_the_library_makes_a_project(name: str, tmp_path: Path) -> None:
    """It checks clean by itself, has an id of its own, and all that it needs lies inside."""
    new(tmp_path / "mine", "--from", name)
    found = checklists_in(tmp_path / "mine")
    assert found
    for path in found:
        assert [one for one in ck.check(path) if one.severity != "info"] == []
        checklist = ck.load(path)
        assert checklist.id == "mine" or checklist.id.startswith("mine_")
        assert checklist.version == "1"
        assert path.name in (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
        if checklist.unit:
            frame = (tmp_path / "mine" / f"{checklist.unit}s.csv").read_text(encoding="utf-8")
            assert frame.startswith(f"{checklist.unit},")


def test_a_checklist_is_found_by_its_folder_and_by_its_id(tmp_path: Path) -> None:
    new(tmp_path / "one", "--from", "az2024_election_day")
    new(tmp_path / "all", "--from", "az_2024_presidential")
    assert ck.load(tmp_path / "one" / "election_day.yaml").id == "one"
    assert ck.load(tmp_path / "all" / "election_day.yaml").id == "all_election_day"
    assert (tmp_path / "one" / "stations.csv").read_text() == "station,region,registered\n"
    assert 'did you mean "generic"?' in new(tmp_path / "no", "--from", "genric", fails=2)
    assert "there are az2024_critical_incident, " in new(tmp_path / "no", "--from", "x", fails=2)
    assert not (tmp_path / "no").exists()


def test_the_installed_package_has_the_library(tmp_path: Path) -> None:
    """A wheel is built and installed; the copy that is being developed is out of reach."""

    def run(*words: str, cwd: Path = tmp_path, **environment: str) -> str:
        done = subprocess.run(
            words, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    python, site = sys.executable, str(tmp_path / "site")
    run(python, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist"), cwd=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", site, str(wheel))
    script = "import checklist_kit, sys; print(checklist_kit.__file__); from checklist_kit.cli import main; main()"
    output = run(python, "-c", script, "new", "mine", "--from", "fast", PYTHONPATH=site)
    assert output.startswith(site)
    assert ck.load(tmp_path / "mine" / "checklist.yaml").id == "mine"
