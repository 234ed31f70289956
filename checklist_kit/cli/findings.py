"""`checklist findings`."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from checklist_kit.cli.watching import wait_for_change

if TYPE_CHECKING:
    from checklist_kit.analysis.findings import Findings
    from checklist_kit.diagnostics import Diagnostic
    from checklist_kit.model import Checklist


_MINIMUM = 5


@click.command("findings")
@click.argument("file", type=FILE)
@click.argument("tables", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write the findings to.")
@click.option("--frame", type=FILE, help="A CSV of all units, of which those reported are a sample.")
@click.option("--by", multiple=True, metavar="COLUMN", help="A column of the frame that makes strata. May be repeated.")
@click.option("--draw", type=FILE, help="The draw.json of `checklist sample`: its strata, chances and units.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="COLUMN",
    help="Tell apart by a column of the frame or a select_one question. May be repeated.",
)
@click.option(
    "--resolve",
    type=click.Choice(["first", "latest", "senior", "any_adverse", "majority", "none"]),
    help="What counts where a unit was reported more than once, in the place of the checklist's `resolve`.",
)
@click.option("--deployment", type=FILE, help="A CSV of who was sent where: response rates, and who has not reported.")
@click.option("--at", type=click.DateTime(TIMES), help="The time at which reports are due or not.  [default: now]")
@click.option(
    "--form",
    "forms",
    multiple=True,
    metavar="NAME=FOLDER",
    help="The tables of another form that checks look into. May be repeated.",
)
@click.option("--publish", is_flag=True, help="Withhold small figures, and leave out what rests on sensitive answers.")
@click.option(
    "--minimum",
    type=click.IntRange(min=2),
    help="With --publish: withhold what fewer units tell than this.  [default: 5]",
)
@click.option(
    "--compare",
    type=FILE,
    help="A CSV with the columns indicator and percent, such as published figures, to show beside.",
)
@click.option("--watch", is_flag=True, help="Compute again whenever a report arrives, until stopped with Ctrl-C.")
def command(file: Path, tables: Path, watch: bool, **wanted: Any) -> None:
    r"""Compute the indicators from the tables that `checklist parse` wrote, or from a folder of responses.

    Each has the number of units reported, the base, the share, and its 95% interval. Writes findings.csv and
    findings.html, and without --publish also what tells of single units: conflicts.csv are reports of one unit that do
    not agree, checks.csv reports that fail a check.

    \b
    Example:
      checklist findings election_day.yaml tables -o findings
      checklist findings election_day.yaml tables --frame stations.csv --by region -o findings
      checklist findings election_day.yaml tables --frame stations.csv --draw sample/draw.json --group region -o out
      checklist findings election_day.yaml inbox --deployment deployment.csv --watch -o findings
    """
    while True:
        try:
            _findings(file, tables, **wanted)
        except (click.exceptions.Exit, click.ClickException) as error:
            if not watch:
                raise
            if isinstance(error, click.ClickException):
                error.show()
        if not watch:
            return
        beside = (wanted[name] for name in ("frame", "draw", "deployment") if wanted[name] is not None)
        wait_for_change([file, tables, *beside, *dict(map(_form, wanted["forms"])).values()])
        click.clear()


def _findings(file: Path, tables: Path, output: Path, compare: Path | None, **wanted: Any) -> None:
    from checklist_kit.analysis.publish import publishable
    from checklist_kit.analysis.report import PRIVATE, files

    checklist = load_or_exit(file)
    if not checklist.indicators:
        raise click.UsageError(f"{file} has no `indicators:`")
    published = _published(compare) if compare else {}
    publish, minimum = wanted["publish"], wanted["minimum"]
    if minimum is not None and not publish:
        raise click.UsageError("--minimum goes with --publish")
    private = [name for name in PRIVATE if (output / name).exists()]
    if publish and private:
        raise click.UsageError(f"{output} holds {private[0]}, which is not for publication: choose another folder")
    found = _find(checklist, tables, wanted)
    if publish:
        found = publishable(checklist, found, minimum or _MINIMUM)
    made, notes = files(checklist, found)
    paths = write_files(output, made)
    _show(found, published, compare)
    _tell(found, notes)
    for path in paths:
        click.echo(path)


def _find(checklist: Checklist, tables: Path, wanted: dict[str, Any]) -> Findings:
    from checklist_kit.analysis.frame import FrameError
    from checklist_kit.api import findings
    from checklist_kit.model import Resolve
    from checklist_kit.protocols import UnreadableFile

    try:
        rule = wanted["resolve"]
        beside = {name: wanted[name] for name in ("deployment", "at")} | {"forms": dict(map(_form, wanted["forms"]))}
        sample = {name: wanted[name] for name in ("frame", "by", "draw", "groups")}
        return findings(checklist, tables, beside=beside, resolve=Resolve(rule) if rule else None, **sample)
    except UnreadableFile as error:
        raise click.ClickException(error.message) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except FrameError as error:
        refuse_frame(error, wanted["frame"], wanted["deployment"])


def _form(text: str) -> tuple[str, Path]:
    name, equals, folder = text.partition("=")
    if not equals or not Path(folder).is_dir():
        raise click.UsageError(f"--form {text}: write the name of the form, `=`, and the folder of its tables")
    return name, Path(folder)


def _published(path: Path) -> dict[str, str]:
    """Return the published percentages by indicator."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"indicator", "percent"} <= set(rows.fieldnames or ()):
            raise click.UsageError(f"{path} needs the columns `indicator` and `percent`")
        return {row["indicator"]: row["percent"] or "" for row in rows}


def _show(found: Findings, published: dict[str, str], source: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    table.add_column("finding", overflow="fold")
    for name in ("base", "count", "share or number", "95% interval", *([source.stem] if source else [])):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.rows():
        name = "" if row["group"] else row["indicator"]
        beside = [f"{published[name]}%" if published.get(name) else "–"] if source else []
        table.add_row(*_cells(row), *beside)
    console = Console(width=None if Console().is_terminal else 120, highlight=False, markup=False)
    console.print(table)


def _tell(found: Findings, notes: Sequence[Diagnostic]) -> None:
    """Say what is not counted, what reports do not agree on, and what is odd."""
    for reason, number in found.unused["reason"].value_counts().items():
        click.echo(f"{number} submissions are not counted: {reason}")
    if len(found.conflicts):
        units = found.conflicts["unit"].nunique()
        click.echo(f"{units} units were reported more than once with answers that do not agree: see conflicts.csv")
    if found.checked is not None and len(found.checked.failures):
        failed = len(found.checked.failures)
        click.echo(f"{failed} checks failed, {found.checked.hard} of them hard: see checks.csv")
    if found.response is not None:
        tell_response(found.response)
    tell_notes([*found.notes, *notes])


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    label = f"  {row['group']}" if row["group"] else str(row["label"])
    base, count = ("–" if row[name] is None else str(row[name]) for name in ("base", "count"))
    if row["value"] is None:
        return label, base, count, "–", "–"
    scale, unit = (100, "%") if row["kind"] in ("share", "ratio") else (1, "")
    interval = "–" if row["low"] is None else f"{scale * row['low']:.1f}–{scale * row['high']:.1f}"
    return label, base, count, f"{scale * row['value']:.1f}{unit}", interval
