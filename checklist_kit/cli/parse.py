"""`checklist parse`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist_kit.cli.progress import rate
from checklist_kit.cli.shared import FILE, FOLDER, executor, load_or_exit, refuse_frame, writing_to
from checklist_kit.cli.watching import state, wait_for_change

if TYPE_CHECKING:
    from checklist_kit.analysis.pieces import Summary

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
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True,
              help="How many parts of the files to read at a time.")  # fmt: skip
@click.option("--dask", metavar="ADDRESS", help="Read the parts on this Dask cluster, which sees the same files.")
@click.option("--watch", is_flag=True, help="Read files as they arrive, until stopped with Ctrl-C.")
def command(file: Path, responses: tuple[Path, ...], output: Path, watch: bool, **options: Any) -> None:
    r"""Read filled forms into tidy tables.

    RESPONSES are filled workbooks, files of web responses, and exports of ODK Central and KoboToolbox (CSV, archives
    of it, XLSX, JSON, XML of single submissions), or folders of them; the channel is found by looking at each file.
    Exits with 1 when a file could not be read at all; the others are read all the same. Files that are in the tables
    already are not read again, and a run that was interrupted goes on where it stopped.

    \b
    Example:
      checklist parse election_day.yaml responses -o tables
      checklist parse election_day.yaml north.xlsx web.jsonl -o tables --format parquet
      checklist parse election_day.yaml submissions.csv.zip -o tables
      checklist parse election_day.yaml instances --key private.pem -o tables
      checklist parse election_day.yaml responses --frame stations.csv -o tables
      checklist parse election_day.yaml responses -o tables --workers 4
      checklist parse election_day.yaml --watch inbox -o tables
    """
    while True:
        before = state([file, *responses])
        try:
            _parse(file, responses, output, **options)
        except (click.exceptions.Exit, click.ClickException) as error:
            if not watch:
                raise
            if isinstance(error, click.ClickException):
                error.show()
        if not watch:
            return
        wait_for_change([file, *responses], before)


def _parse(file: Path, responses: tuple[Path, ...], output: Path, strict: bool, **options: Any) -> None:
    from checklist_kit.analysis.frame import FrameError
    from checklist_kit.api import files_in, parse_into

    checklist = load_or_exit(file)
    frame = options["frame"]
    if frame is not None and checklist.unit is None:
        raise click.UsageError("the checklist names no `unit`, so reports cannot be found in a frame")
    key = options["key"].read_bytes() if options["key"] is not None else None
    files = [file for path in responses for file in files_in(path)]
    if not files:
        raise click.UsageError("there is no file in these folders")
    how = {"file_format": options["form"], "key": key, "frame": frame}
    try:
        with executor(options["workers"], options["dask"]) as running, rate("reading") as step, writing_to(output):
            paths, summary = parse_into(checklist, files, output, executor=running, progress=step, **how)
    except FrameError as error:
        refuse_frame(error, frame or file)
    for path in paths:
        click.echo(path)
    _report(summary)
    if summary.unread or (strict and any(severity == "error" for severity, _ in summary.problems)):
        raise click.exceptions.Exit(1)


def _report(summary: Summary) -> None:
    """Print which files could not be read, the ledger, and how many problems of each kind there are."""
    for message in summary.unread[:_MOST_SHOWN]:
        click.echo(f"error: {message}", err=True)
    click.echo()
    for line in summary.ledger.lines():
        click.echo(line)
    for (severity, code), number in sorted(summary.problems.items()):
        click.echo(f"{number} x {severity} [{code}]")
    if count := sum(summary.problems.values()):
        click.echo(f"{count} {'problem' if count == 1 else 'problems'}: see the table `problems`")
