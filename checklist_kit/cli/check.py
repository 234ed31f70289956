"""`checklist check`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist_kit.cli.shared import count
from checklist_kit.cli.watching import wait_for_change

if TYPE_CHECKING:
    from checklist_kit.diagnostics import Diagnostic

_IS_CHECKLIST = re.compile(rb"^checklist\s*:", re.MULTILINE)


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to show the findings; github annotates a pull request.",
)
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until stopped with Ctrl-C.")
def command(paths: tuple[Path, ...], form: str, watch: bool) -> None:
    r"""Find everything that is wrong with checklists, each finding at its line and column.

    PATHS are files, or folders whose checklists are checked. Exits with 0 when there is no error, with 1 when there is
    one.

    \b
    Example:
      checklist check checklists/election_day.yaml
      checklist check --format github .
      checklist check --watch checklist.yaml
    """
    sound, read = _check(paths, form)
    while watch:
        wait_for_change(read)
        click.clear()
        sound, read = _check(paths, form)
    if not sound:
        raise click.exceptions.Exit(1)


def _check(paths: tuple[Path, ...], form: str) -> tuple[bool, list[Path]]:
    """Check and show; return whether there is no error, and the files that were read."""
    from checklist_kit.api import examine
    from checklist_kit.diagnostics import as_github, as_json, as_text

    findings: list[Diagnostic] = []
    lines: dict[str, list[str]] = {}
    files = [file for path in paths for file in _checklists(path)]
    for file in files:
        loaded = examine(file)
        findings += loaded.findings
        lines |= loaded.lines
    if form == "json":
        click.echo(as_json(findings))
    elif form == "github":
        click.echo(as_github(findings), nl=bool(findings))
    else:
        blocks = as_text(findings, lambda name: lines.get(name, []))
        summary = f"{count(findings)} in {len(files)} {'checklist' if len(files) == 1 else 'checklists'}"
        click.echo(f"{blocks}\n{summary}" if findings else summary)
    return not any(finding.is_error for finding in findings), [*files, *map(Path, lines)]


def _checklists(path: Path) -> list[Path]:
    """A file itself; of a folder, the YAML files that begin a checklist.

    Banks of items are checked where they are included.
    """
    if path.is_file():
        return [path]
    found = sorted(file for pattern in ("*.yaml", "*.yml") for file in path.rglob(pattern) if not _hidden(file, path))
    checklists = [file for file in found if file.is_file() and _IS_CHECKLIST.search(file.read_bytes())]
    if not checklists:
        raise click.UsageError(f"{path} holds no checklist (a YAML file with a line `checklist: …`)")
    return checklists


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)
