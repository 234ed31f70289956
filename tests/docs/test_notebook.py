"""Every notebook of the examples runs from its first cell to its last, and its figures are those of `findings`."""

import csv
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

from checklist_kit.cli import cli

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples").rglob("*.ipynb"))


@pytest.mark.filterwarnings("ignore")  # those of the kernel's own libraries
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    form = ROOT / "checklists" / "az_2024_presidential" / "election_day.yaml"
    tables, findings = str(tmp_path / "tables"), tmp_path / "findings"
    for arguments in (
        ["parse", str(form), str(path.parent / "responses"), "-o", tables],
        ["findings", str(form), tables, "-o", str(findings)],
    ):
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
    shutil.copy(path, tmp_path)
    notebook = nbformat.read(tmp_path / path.name, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)  # what it prints is made anew, and never stale
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    shown = "\n".join(output["data"]["text/plain"] for output in outputs)
    with (findings / "findings.csv").open(encoding="utf-8", newline="") as file:
        box = next(row for row in csv.DictReader(file) if row["indicator"] == "box_not_shown_empty")
    assert f"({box['count']}, {box['base']}, " in shown
