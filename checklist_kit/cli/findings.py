"""`checklist findings`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist_kit.cli.shared import FILE, FOLDER, load_or_exit, write_files

if TYPE_CHECKING:
    from checklist_kit.analysis.findings import Findings


@click.command("findings")
@click.argument("file", type=FILE)
@click.argument("tables", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write findings.csv to.")
@click.option(
    "--compare",
    type=FILE,
    help="A CSV with the columns indicator and percent, such as published figures, to show beside.",
)
def command(file: Path, tables: Path, output: Path, compare: Path | None) -> None:
    r"""Compute the indicators from the tables that `checklist parse` wrote.

    Each has the number of units reported, the base, the share, and its 95% interval.

    \b
    Example:
      checklist findings election_day.yaml tables -o findings
    """
    from checklist_kit.api import findings
    from checklist_kit.protocols import UnreadableFile

    checklist = load_or_exit(file)
    if not checklist.indicators:
        raise click.UsageError(f"{file} has no `indicators:`")
    published = _published(compare) if compare else {}
    try:
        found = findings(checklist, tables)
    except UnreadableFile as error:
        raise click.ClickException(error.message) from error
    text = found.table.to_csv(index=False, lineterminator="\n")
    (path,) = write_files(output, {"findings.csv": text.encode("utf-8")})
    _show(found, published, compare)
    click.echo(path)


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
    for name in ("base", "count", "share", "95% interval", *([source.stem] if source else [])):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.table.to_dict("records"):
        name = row["indicator"]
        beside = [f"{published[name]}%" if published.get(name) else "–"] if source else []
        table.add_row(*_cells(row), *beside)
    console = Console(width=None if Console().is_terminal else 120, highlight=False, markup=False)
    console.print(table)
    for reason, number in found.unused["reason"].value_counts().items():
        console.print(f"{number} submissions are not counted: {reason}")


def _cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    label, base, count = str(row["label"]), str(row["base"]), str(row["count"])
    if row["base"] == 0:
        return label, base, count, "–", "–"
    return label, base, count, f"{100 * row['share']:.1f}%", f"{100 * row['low']:.1f}–{100 * row['high']:.1f}"
