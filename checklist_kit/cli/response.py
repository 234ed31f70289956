"""`checklist response`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from checklist_kit.cli.shared import (
    FILE,
    FOLDER,
    TIMES,
    load_or_exit,
    refuse_frame,
    tell_notes,
    tell_response,
    write_files,
)


@click.command("response")
@click.argument("file", type=FILE)
@click.argument("tables", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--deployment", type=FILE, required=True, help="A CSV of who was sent where.")
@click.option("--at", type=click.DateTime(TIMES), help="The time at which reports are due or not.  [default: now]")
@click.option("--frame", type=FILE, help="A CSV of all units, whose columns make groups.")
@click.option("--by", multiple=True, metavar="COLUMN", help="A column of the frame to tell apart by. May be repeated.")
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write the tables to.")
def command(file: Path, tables: Path, output: Path, **wanted: Any) -> None:
    r"""Say who has reported, who is overdue, and which questions stay without an answer.

    TABLES is the folder that `checklist parse` wrote. Writes response.csv, the dispositions and response rates of each
    report; dispositions.csv, what became of each unit; and items.csv, the answers that are missing in reports.

    \b
    Example:
      checklist response election_day.yaml tables --deployment deployment.csv -o response
      checklist response election_day.yaml tables --deployment deployment.csv --at 2024-02-07T12:30 -o response
      checklist response election_day.yaml tables --deployment d.csv --frame stations.csv --by region -o response
    """
    from checklist_kit.analysis.frame import FrameError
    from checklist_kit.analysis.report import response_files
    from checklist_kit.api import response
    from checklist_kit.protocols import UnreadableFile

    checklist = load_or_exit(file)
    try:
        found = response(checklist, tables, **wanted)
    except UnreadableFile as error:
        raise click.ClickException(error.message) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except FrameError as error:
        refuse_frame(error, wanted["frame"], wanted["deployment"])
    paths = write_files(output, response_files(found))
    tell_response(found)
    tell_notes(found.notes)
    for path in paths:
        click.echo(path)
