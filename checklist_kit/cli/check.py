"""`checklist check`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist_kit.cli.shared import count

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
    help="How to show the findings.",
)
def command(paths: tuple[Path, ...], form: str) -> None:
    r"""Find everything that is wrong with checklists, each finding at its line and column.

    PATHS are files, or folders whose checklists are checked. Exits with 0 when there is no error, with 1 when there
    is one.

    \b
    Example:
      checklist check checklists/election_day.yaml
      checklist check --format github .
    """
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
        click.echo(as_text(findings, lambda name: lines.get(name, [])), nl=False)
        if findings:
            click.echo()
        click.echo(f"{count(findings)} in {len(files)} {'checklist' if len(files) == 1 else 'checklists'}")
    if any(finding.is_error for finding in findings):
        raise click.exceptions.Exit(1)


def _checklists(path: Path) -> list[Path]:
    """A file itself.

    Of a folder, the YAML files that begin a checklist (banks of items are checked where they are included).
    """
    if path.is_file():
        return [path]
    found = sorted(
        file
        for pattern in ("*.yaml", "*.yml")
        for file in path.rglob(pattern)
        if not _hidden(file, path) and file.is_file()
    )
    checklists = [file for file in found if _IS_CHECKLIST.search(file.read_bytes())]
    if not checklists:
        raise click.UsageError(f"{path} holds no checklist (a YAML file with a line `checklist: …`)")
    return checklists


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)
