"""`checklist export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist_kit.cli.shared import FOLDER

if TYPE_CHECKING:
    from checklist_kit.analysis.export import Dataset, Note

# As in `analysis.export`, which would load pandas for the help.
FORMATS = ("csv", "csv-bom", "datapackage", "parquet", "feather", "xlsx", "sav", "dta", "ddi")
_DEFAULT = ("csv", "xlsx")
_SHOWN = 10


@click.command("export")
@click.argument("tables", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write to.")
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    type=click.Choice(FORMATS),
    help="A format; several may be given. CSV and workbook, if none is.",
)
@click.option("--lang", help="The language of labels; the checklist's default, if none is given.")
@click.option("--publish", is_flag=True, help="Leave out what must not be given to everybody.")
@click.option(
    "--k",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="With --publish: how many must share a combination of answers for it to be shown.",
)
@click.option(
    "--key", "keys", multiple=True, help="With --publish: a question by which somebody could be recognised; repeatable."
)
def command(
    tables: Path, output: Path, targets: tuple[str, ...], lang: str | None, publish: bool, k: int, keys: tuple[str, ...]
) -> None:
    r"""Write tables for SPSS, Stata, R, Excel, archives and others.

    TABLES is a folder that `checklist parse` wrote. What a format cannot hold as it is, such as a name that is too
    long, is made to fit the same way in every export, and listed in notes.csv. Sensitive answers are never exported.
    With --publish, free text, photos, places, moments, the unit and all that tells who sent a report are left out as
    well, and answers by which somebody could be recognised are blanked where fewer than --k share their combination.

    \b
    Example:
      checklist export tables -o exports -t sav -t dta --lang az
      checklist export tables -o public -t csv -t ddi --publish --k 5 --key station_type
    """
    from checklist_kit.analysis.export import export

    if keys and not publish:
        raise click.UsageError("--key goes with --publish")
    dataset = _dataset(tables, lang)
    dropped: list[Note] = []
    if publish:
        dataset, dropped = _published(dataset, k, keys)
    try:
        notes = export(dataset, output, targets or _DEFAULT, lang, dropped)
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'checklist_kit[export]'") from error
    except OSError as error:
        raise click.ClickException(f"cannot write to {output}: {(error.strerror or str(error)).lower()}") from error
    for path in sorted(output.iterdir()):
        click.echo(path)
    for note in notes[:_SHOWN]:
        click.echo(f"note: {': '.join(part for part in (note.file, note.variable, note.text) if part)}")
    if len(notes) > _SHOWN:
        click.echo(f"{len(notes)} notes in all: see {output / 'notes.csv'}")


def _dataset(tables: Path, lang: str | None) -> Dataset:
    from checklist_kit.analysis.export import read
    from checklist_kit.protocols import UnreadableFile

    try:
        dataset = read(tables)
    except UnreadableFile as error:
        raise click.ClickException(f"{error.message} [{error.code}]") from error
    if lang is not None and lang not in dataset.languages:
        raise click.UsageError(f"there are no labels in {lang!r}; the languages are {', '.join(dataset.languages)}")
    return dataset


def _published(dataset: Dataset, k: int, keys: tuple[str, ...]) -> tuple[Dataset, list[Note]]:
    from checklist_kit.analysis.export.publish import UnknownKey, published

    try:
        return published(dataset, k, keys)
    except UnknownKey as error:
        raise click.UsageError(f"no question that is published is called {error.args[0]!r}") from error
