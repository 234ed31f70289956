"""`checklist parse`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist_kit.cli.progress import bar
from checklist_kit.cli.shared import FILE, FOLDER, load_or_exit, refuse_frame

if TYPE_CHECKING:
    from checklist_kit.analysis import Tables

_MOST_SHOWN = 20


@click.command("parse")
@click.argument("file", type=FILE)
@click.argument("responses", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write the tables to.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="How to write them.",
)
@click.option("--frame", type=FILE, help="The CSV of all units, which tells where a question does not apply.")
@click.option("--key", type=FILE, help="The private key of an encrypted ODK form, as PEM; used in memory only.")
@click.option("--strict", is_flag=True, help="Fail when a response has a problem of the level error.")
def command(
    file: Path, responses: tuple[Path, ...], output: Path, form: str, frame: Path | None, key: Path | None, strict: bool
) -> None:
    r"""Read filled forms into tidy tables.

    RESPONSES are filled workbooks, files of web responses, and exports of ODK Central and KoboToolbox (CSV, archives
    of it, XLSX, JSON, XML of single submissions), or folders of them; the channel is found by looking at each file.
    Exits with 1 when a file could not be read at all; the others are read all the same.

    \b
    Example:
      checklist parse election_day.yaml responses -o tables
      checklist parse election_day.yaml north.xlsx web.jsonl -o tables --format parquet
      checklist parse election_day.yaml submissions.csv.zip -o tables
      checklist parse election_day.yaml instances --key private.pem -o tables
      checklist parse election_day.yaml responses --frame stations.csv -o tables
    """
    from checklist_kit.analysis.frame import FrameError
    from checklist_kit.analysis.write import write
    from checklist_kit.api import files_in, parse

    checklist = load_or_exit(file)
    if frame is not None and checklist.unit is None:
        raise click.UsageError("the checklist names no `unit`, so reports cannot be found in a frame")
    secret = key.read_bytes() if key is not None else None
    files = [file for path in responses for file in files_in(path)]
    if not files:
        raise click.UsageError("there is no file in these folders")
    try:
        with bar("reading") as step:
            tables = parse(checklist, files, frame=frame, key=secret, progress=step)
    except FrameError as error:
        refuse_frame(error, frame or file)
    try:
        paths = write(tables, output, form)
    except OSError as error:
        raise click.ClickException(f"cannot write to {output}: {(error.strerror or str(error)).lower()}") from error
    for path in paths:
        click.echo(path)
    unread = _report(tables)
    errors = int((tables.problems["severity"] == "error").sum())
    if unread or (strict and errors):
        raise click.exceptions.Exit(1)


def _report(tables: Tables) -> int:
    """Print the ledger, and how many problems of each kind there are; return how many files could not be read."""
    problems = tables.problems
    unread = problems[(problems["submission_id"] == "") & (problems["place"] == "") & (problems["severity"] == "error")]
    for message in unread["message"][:_MOST_SHOWN]:
        click.echo(f"error: {message}", err=True)
    click.echo()
    for line in tables.ledger.lines():
        click.echo(line)
    kinds = Counter(zip(problems["severity"], problems["code"], strict=True))
    for (severity, code), number in sorted(kinds.items()):
        click.echo(f"{number} x {severity} [{code}]")
    if len(problems):
        click.echo(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}: see the table `problems`")
    return len(unread)
