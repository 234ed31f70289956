"""`checklist new`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from checklist_kit.cli.shared import FOLDER, write_files


@click.command("new")
@click.argument("folder", type=FOLDER)
def command(folder: Path) -> None:
    r"""Start a project in FOLDER: a checklist in two languages, example responses, and a README with the next commands.

    \b
    Example:
      checklist new my_election
      cd my_election
      checklist check .
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty")
    name = _name(folder.resolve().name)
    for part in _walk(files("checklist_kit.cli").joinpath("project")):
        for path in write_files(folder / part.parent, {part.name: _content(part, name)}):
            click.echo(path)
    click.echo(f"\nnext: cd {folder} && checklist check .")


def _name(folder: str) -> str:
    """Make a checklist id of a folder's name."""
    name = re.sub(r"[^a-z0-9]+", "_", folder.casefold()).strip("_")
    return name if re.match(r"[a-z]", name) else f"checklist_{name}".rstrip("_")


def _walk(folder: Traversable, inside: Path = Path()) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _walk(entry, inside / entry.name)
        else:
            yield inside / entry.name


def _content(part: Path, name: str) -> bytes:
    text = files("checklist_kit.cli").joinpath("project", *part.parts).read_text(encoding="utf-8")
    return text.replace("__ID__", name).encode("utf-8")
