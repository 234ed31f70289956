"""`checklist build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist_kit.cli.progress import track
from checklist_kit.cli.shared import FILE, FOLDER, load_or_exit, refuse_frame, write_files

if TYPE_CHECKING:
    from checklist_kit.diagnostics import Diagnostic
    from checklist_kit.model import Checklist
    from checklist_kit.protocols import Artifact


_MOST_COPIES = 10_000


@click.command("build")
@click.argument("file", type=FILE)
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write to.")
@click.option(
    "-t",
    "--target",
    "names",
    multiple=True,
    help="What to make: paper, workbook, surveyjs, jsonschema, codebook. Everything, if absent.",
)
@click.option("--lang", "languages", multiple=True, help="A language of the checklist. All, if absent.")
@click.option("--role", help="Make the forms of the observers of this role only.")
@click.option("--strict", is_flag=True, help="Fail when a target cannot express something.")
@click.option("--paper", "formats", metavar="FORMAT,...",
              help="Formats of the paper form: a4, a5, large, bilingual, sheet, questions, trainer, poster. "
              "Those that the checklist names, else a4.")  # fmt: skip
@click.option("--copies", metavar="N|FRAME.CSV",
              help="Print numbered copies: so many, or one for each unit of a frame, with its code.")  # fmt: skip
@click.option("--serial-from", type=click.IntRange(min=1), default=1, show_default=True,
              help="The number of the first copy.")  # fmt: skip
def command(
    file: Path,
    output: Path,
    names: tuple[str, ...],
    languages: tuple[str, ...],
    role: str | None,
    strict: bool,
    **printing: Any,
) -> None:
    r"""Make paper forms, workbooks, web forms and more from a checklist.

    \b
    Example:
      checklist build election_day.yaml -o out
      checklist build election_day.yaml -o out -t paper --lang az
      checklist build election_day.yaml -o out -t paper --paper a4,a5 --copies stations.csv
      checklist build election_day.yaml -o out/mobile --role mobile
    """
    from checklist_kit.registry import targets

    known(names, list(targets()))
    checklist = _printed(load_or_exit(file) if role is None else _for_role(file, role), **printing)
    files: dict[str, bytes] = {}
    losses: list[Diagnostic] = []
    for name in track(names or tuple(targets()), "building"):
        artifact = make(checklist, name, languages, chosen=bool(names))
        if artifact is not None:
            files |= artifact.files
            losses += artifact.losses
    for loss in dict.fromkeys(losses):
        place = f"{loss.span}: " if loss.span else ""
        click.echo(f"{place}{'error' if strict else loss.severity}: {loss.message} [{loss.code}]", err=True)
    if losses and strict:
        raise click.exceptions.Exit(1)
    for path in write_files(output, files):
        click.echo(path)
    if any(loss.is_error for loss in losses):  # something was left out altogether
        raise click.exceptions.Exit(1)


def _for_role(file: Path, role: str) -> Checklist:
    from checklist_kit.api import for_role
    from checklist_kit.diagnostics import DefinitionError

    load_or_exit(file)
    try:
        return for_role(file, role)
    except DefinitionError as error:
        raise click.ClickException(str(error)) from error
    except LookupError as error:
        raise click.UsageError(str(error)) from error


def _printed(checklist: Checklist, formats: str | None, copies: str | None, serial_from: int) -> Checklist:
    """Return a checklist with what the command line says about printing in place of what it says itself."""
    from checklist_kit.analysis.frame import FrameError
    from checklist_kit.api import printed

    names = None if formats is None else [name.strip() for name in formats.split(",")]
    number = int(copies) if copies is not None and copies.isdecimal() else None
    if number is not None and number not in range(1, _MOST_COPIES + 1):
        raise click.UsageError(f"--copies is a number from 1 to {_MOST_COPIES:,}, or a CSV file of units")
    if copies is not None and number is None and not Path(copies).is_file():
        raise click.UsageError(f"--copies is a number or a CSV file of units, and there is no file {copies}")
    try:
        return printed(checklist, formats=names, copies=copies if number is None else number, serial_from=serial_from)
    except FrameError as error:
        refuse_frame(error, Path(copies or ""))
    except (LookupError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def known(names: tuple[str, ...], targets: list[str]) -> None:
    """Refuse what is no target."""
    from checklist_kit.diagnostics import did_you_mean

    for name in names:
        if name not in targets:
            raise click.UsageError(
                f"there is no target `{name}`; {did_you_mean(name, targets) or 'targets are ' + ', '.join(targets)}"
            )


def make(checklist: Checklist, name: str, languages: tuple[str, ...], *, chosen: bool) -> Artifact | None:
    """Build one target. One whose libraries are missing is an error where it was asked for by name, else a note."""
    from checklist_kit.api import build
    from checklist_kit.diagnostics import DefinitionError
    from checklist_kit.registry import MissingExtra

    try:
        return build(checklist, name, languages or None)
    except MissingExtra as missing:
        if chosen:
            raise click.ClickException(str(missing)) from missing
        click.echo(f"left out: {missing}", err=True)
        return None
    except DefinitionError as error:
        raise click.ClickException(str(error)) from error
    except LookupError as error:
        raise click.UsageError(str(error)) from error
