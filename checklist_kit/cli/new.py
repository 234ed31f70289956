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
@click.option("--from", "origin", help="A checklist of the library to begin with, such as generic or fast.")
def command(folder: Path, origin: str | None) -> None:
    r"""Start a project in FOLDER: a checklist in two languages, example responses, and a README with the next commands.

    With --from, the project begins with a checklist of the library, and has a list of stations to fill in. A name that
    is not known shows all that are.

    \b
    Example:
      checklist new my_election
      cd my_election
      checklist check .

    \b
      checklist new my_election --from generic
      checklist build my_election/checklist.yaml -o forms
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty")
    name = _name(folder.resolve().name)
    for part, data in (_small(name) if origin is None else _chosen(origin, name)).items():
        for path in write_files((folder / part).parent, {Path(part).name: data}):
            click.echo(path)
    click.echo(f"\nnext: cd {folder} && checklist check .")


def _small(name: str) -> dict[str, bytes]:
    """The project to begin with where nothing is chosen."""
    parts = _walk(files("checklist_kit.cli").joinpath("project"))
    return {part.as_posix(): _content(part, name) for part in parts}


def _chosen(origin: str, name: str) -> dict[str, bytes]:
    from checklist_kit.cli.starters import project, starters
    from checklist_kit.diagnostics import did_you_mean

    known = starters()
    if origin not in known:
        help_ = did_you_mean(origin, known) or f"there are {', '.join(sorted(known))}"
        raise click.UsageError(f"there is no checklist `{origin}` in the library; {help_}")
    return project(known[origin], name)


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
