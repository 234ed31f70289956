"""The docs say what is so: reference pages come from the code, and commands on a page work in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generate import PAGES

DOCS = Path(__file__).parents[2] / "docs"
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOLD = [page for page in sorted(DOCS.rglob("*.md")) if CONSOLE.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", PAGES)
def test_reference_pages_are_those_of_the_code(name: str) -> None:
    """`make docs` writes them anew."""
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == PAGES[name](), "run make docs"


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.stem)
def test_commands_on_a_page_work(page: Path, tmp_path: Path) -> None:
    """All console lines of a page, one after the other in one shell; the installation is left out."""
    blocks = CONSOLE.findall(page.read_text(encoding="utf-8"))
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    script = "\n".join(line for line in lines if not line.startswith("pip install"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["sh", "-euc", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_links_lead_somewhere() -> None:
    """Every relative link of the docs and the README names a file that is there."""
    for page in [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
