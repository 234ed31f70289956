"""docs/how-to/sample.md: its program redoes draws, its commands run, its figures are right."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from checklist_kit.analysis.sampling.size import sample_size
from checklist_kit.cli import cli

PAGE = (Path(__file__).parents[2] / "docs/how-to/sample.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^checklist (sample .*-o sample)$", PAGE, re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a frame of 900 stations like that of the page."""
    monkeypatch.chdir(tmp_path)
    regions, kinds = ("North", "South", "Şərq"), ("urban", "rural")
    rows = [f"{n // 9}/{n % 9},{regions[n % 3]},{kinds[n % 2]},{20 + n}" for n in range(900)]
    (tmp_path / "stations.csv").write_text("\n".join(["station,region,kind,voters", *rows]) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_another_program_redoes_the_draws(command: str, project: Path) -> None:
    result = CliRunner().invoke(cli, command.split(), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    script = next(block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "sha256" in block)
    words = [sys.executable, "-c", script, "stations.csv", "sample/draw.json"]
    shown = subprocess.run(
        words, cwd=project, capture_output=True, check=True, encoding="utf-8", env={"PYTHONUTF8": "1"}
    ).stdout
    strata = 6 if "--by" in command else 1
    assert [line.endswith(" the same") for line in shown.splitlines()] == [True] * strata


def test_the_commands_were_found() -> None:
    assert len(COMMANDS) == 3


def test_the_table_of_sizes() -> None:
    rows = [
        re.findall(r"[\d,]+|very many", line)
        for line in re.findall(r"^\| (?:[\d,]+|very many) \|.*$", PAGE, re.MULTILINE)
    ]
    assert len(rows) == 4
    for units, *sizes in rows:
        population = 10**9 if units == "very many" else int(units.replace(",", ""))
        expected = [sample_size(population, Fraction(margin, 100), Fraction(1, 2)) for margin in (10, 5, 3)]
        assert [int(size.replace(",", "")) for size in sizes] == expected
