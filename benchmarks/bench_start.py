"""The start of the command line, beside the bare import of the library under it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.work import Work, nothing


def help_page(_folder: Path) -> None:
    """Show the help page twenty times."""
    _repeat("import sys; sys.argv = ['checklist', '--help']; from checklist_kit.cli import main; main()")


def import_click(_folder: Path) -> None:
    """Import click twenty times."""
    _repeat("import click")


def _repeat(code: str) -> None:
    for _ in range(20):
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


WORKS = [Work("checklist --help, 20 times", nothing, help_page, import_click, 'python -c "import click"', 2.0)]
