"""The docs say what is so: reference pages come from the code, and commands on a page work in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generate import PAGES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A command, with what it reads up to a line `END`.
COMMAND = re.compile(r"^\$ (.*<<'END'\n(?:.*\n)*?END$|.*)", re.MULTILINE)
# What a page says is saved as a file, or typed into a workbook, the tests save and type.
SAVED = re.compile(r"^<!-- saved as (\S+) -->\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^<!-- typed into (\S+) -->\n\n((?:\|.*\n)+)", re.MULTILINE)
TYPIST = Path(__file__).with_name("typed.py")
TUTORIAL = DOCS / "tutorial.md"
TOLD = [
    page
    for page in [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("examples/*/README.md"))]
    if page != TUTORIAL and CONSOLE.search(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("name", PAGES)
def test_reference_pages_are_those_of_the_code(name: str) -> None:
    """`make docs` writes them anew."""
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == PAGES[name](), "run make docs"


def commands(page: Path) -> list[str]:
    """Return the console lines of a page in order, with the files that it shows and the rows that it types."""
    text = page.read_text(encoding="utf-8")
    parts = [found for kind in (CONSOLE, SAVED, TYPED) for found in kind.finditer(text)]
    lines = []
    for part in sorted(parts, key=re.Match.start):
        if part.re is SAVED:
            lines.append(f"cat > {part[1]} <<'SAVED'\n{part[2]}SAVED")
        elif part.re is TYPED:
            lines.append(f"'{sys.executable}' '{TYPIST}' {part[1]} <<'TYPED'\n{part[2]}TYPED")
        else:
            lines += [found[1] for found in COMMAND.finditer(part[1])]
    return lines


@pytest.mark.parametrize("page", TOLD, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_commands_on_a_page_work(page: Path, tmp_path: Path) -> None:
    """All console lines of a page, one after the other in one shell; the installation is left out."""
    for folder in ("checklists", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    run("\n".join(line for line in commands(page) if not line.startswith("pip install")), tmp_path)


def run(script: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-euc", script],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_afternoon_is_long_enough(tmp_path: Path) -> None:
    """From nothing to printed forms, filled workbooks and findings in fewer than ten commands, the typed rows found."""
    lines = commands(TUTORIAL)
    assert sum("TYPED" not in line for line in lines) < 10
    run("\n".join(line for line in lines if not line.startswith("pip install")), tmp_path)
    project = tmp_path / "my_election"
    assert sorted(path.suffix for path in (project / "forms").glob("*.pdf")) == [".pdf", ".pdf"]
    assert (project / "findings" / "findings.html").stat().st_size > 0
    rows = (project / "tables" / "submissions.csv").read_text(encoding="utf-8")
    assert {"r1", "north-1", "north-2"} <= {line.split(",")[0] for line in rows.splitlines()}


def test_links_lead_somewhere() -> None:
    """Every relative link of the docs and the README names a file that is there."""
    for page in [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
