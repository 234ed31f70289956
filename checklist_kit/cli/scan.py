"""`checklist scan`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist_kit.cli.progress import bar
from checklist_kit.cli.shared import FILE, FOLDER, executor, load_or_exit, write_files, writing_to

if TYPE_CHECKING:
    from checklist_kit.analysis import Tables
    from checklist_kit.model import Checklist
    from checklist_kit.readers.scan import Scanned

_KEPT = "pages"  # the folder beside the tables in which readings are kept


@click.command("scan")
@click.argument("file", type=FILE)
@click.argument("pages", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write the tables and the review to.")
@click.option("--also", type=FILE, multiple=True, metavar="FILE",
              help="A further checklist whose pages are among these; may be repeated.")  # fmt: skip
@click.option("--review", type=FILE, help="A review.csv whose column `decision` was filled in.")
@click.option("--check", type=click.FloatRange(0, 1), default=0, metavar="SHARE",
              help="Show this share of the sure answers in the review too, to check the reading.")  # fmt: skip
@click.option("--forms", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A folder that `build` wrote: forms unlike those it makes now, or copies for units.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True,
              help="How to write the tables.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True,
              help="How many pages to read at a time.")  # fmt: skip
@click.option("--dask", metavar="ADDRESS", help="Read pages on this Dask cluster, which sees the same files.")
def command(
    file: Path, pages: tuple[Path, ...], output: Path, also: tuple[Path, ...], review: Path | None, **options: Any
) -> None:
    r"""Read scanned or photographed paper forms into tidy tables.

    PAGES are PDF, TIFF, JPEG, PNG or HEIC files, or folders of them, in any order and any way up. What cannot be told
    for certain waits in review.html; save its decisions and run the command again with --review. A batch that was
    interrupted goes on where it stopped. With --also, each page goes to its own checklist, whose tables have a folder
    of their own. Exits with 1 when a file could not be opened.

    \b
    Example:
      checklist scan election_day.yaml scans -o tables
      checklist scan election_day.yaml scans -o tables --review review.csv
      checklist scan election_day.yaml --also opening.yaml scans -o tables --workers 4
    """
    checklists = _load(file, *also)
    tables, scanned = _scan(checklists, pages, output, review, options)
    for path in _write(checklists, tables, scanned, output, options["form"]):
        click.echo(path)
    _report(tables, scanned)
    if scanned.unopened:
        raise click.exceptions.Exit(1)


def _load(*files: Path) -> list[Checklist]:
    checklists = [load_or_exit(file) for file in files]
    files_of: dict[str, Path] = {}
    for file, checklist in zip(files, checklists, strict=True):
        if first := files_of.get(checklist.id):
            message = f"{first} and {file} are both the checklist `{checklist.id}`"
            raise click.UsageError(f"{message}; hand over the forms of its other versions with --forms")
        if checklist.id == _KEPT and len(files) > 1:
            raise click.UsageError(f"the tables of `{_KEPT}` cannot lie beside others; scan its pages alone")
        files_of[checklist.id] = file
    return checklists


def _scan(
    checklists: list[Checklist], pages: tuple[Path, ...], output: Path, review: Path | None, options: dict[str, Any]
) -> tuple[dict[str, Tables], Scanned]:
    from checklist_kit.api import scan_several
    from checklist_kit.diagnostics import DefinitionError
    from checklist_kit.protocols import UnreadableFile
    from checklist_kit.registry import MissingExtra, load_scanner

    try:
        scanner = load_scanner()
    except MissingExtra as error:
        raise click.ClickException(str(error)) from error
    try:
        decisions = scanner.read_decisions(review) if review else {}
        with executor(options["workers"], options["dask"]) as running, bar("reading") as step:
            return scan_several(
                checklists,
                pages,
                forms=options["forms"],
                executor=running,
                folder=output / _KEPT,
                review=scanner.Review(decisions, options["check"]),
                progress=step,
            )
    except (MissingExtra, DefinitionError, scanner.WorkersFailed) as error:
        raise click.ClickException(str(error)) from error
    except UnreadableFile as unreadable:
        raise click.ClickException(f"{unreadable.message} [{unreadable.code}]") from unreadable
    except OSError as error:
        raise click.ClickException(f"cannot write to {output}: {(error.strerror or str(error)).lower()}") from error


def _write(
    checklists: list[Checklist], tables: dict[str, Tables], scanned: Scanned, output: Path, form: str
) -> list[Path]:
    """Write the tables, of several checklists each into a folder with its id, and beside them what they share."""
    from checklist_kit.analysis.write import write
    from checklist_kit.readers.scan import AnswerRow, PageRow
    from checklist_kit.readers.scan.html import as_html
    from checklist_kit.readers.scan.review import ReviewRow

    written: list[Path] = []
    with writing_to(output):
        for id, each in tables.items():
            written += write(each, output / id if len(tables) > 1 else output, form)
    queue = {
        "pages.csv": _as_csv(PageRow, scanned.pages),
        "readings.csv": _as_csv(AnswerRow, scanned.answers),
        "review.csv": _as_csv(ReviewRow, [doubt.row for doubt in scanned.doubts]),
        "review.html": as_html([each.text(each.title) for each in checklists], scanned.doubts),
    }
    return [*written, *write_files(output, queue)]


def _as_csv(kind: type[Any], rows: Iterable[Any]) -> bytes:
    """Return rows of one dataclass, whose fields are the columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(each.name for each in fields(kind))
    writer.writerows(map(astuple, rows))
    return text.getvalue().encode()


def _report(tables: dict[str, Tables], scanned: Scanned) -> None:
    """Print how many pages got which state, how many forms they make up, and what waits."""
    from checklist_kit.readers.scan.review import CHECK

    states = Counter(row.state for row in scanned.pages)
    parts = ", ".join(f"{states[state]} {state}" for state in ("accepted", "review", "rejected"))
    click.echo(f"\n{len(scanned.pages)} pages = {parts}")
    if len(tables) > 1:
        own = "".join(f"{number} of {id}, " for id, number in scanned.ledger.of.items())
        rest = f"{scanned.ledger.foreign} foreign, {scanned.ledger.unreadable} of which nothing can be read"
        click.echo(f"{len(scanned.pages)} pages = {own}{rest}")
    for row in scanned.pages:
        if row.state != "accepted":
            click.echo(f"{row.source} page {row.page}: {row.state}: {row.reason}", err=True)
    doubts = [doubt for doubt in scanned.doubts if doubt.why != CHECK]
    waiting = sum(not doubt.row.decision for doubt in doubts)
    forms = ", ".join(f"{len(each.submissions)} forms{f' of {id}' * (len(tables) > 1)}" for id, each in tables.items())
    click.echo(f"{forms}; {waiting} answers wait for review, see review.html")
    if checks := [doubt.row for doubt in scanned.doubts if doubt.why == CHECK]:
        checked = [row for row in checks if row.decision]
        right = sum(row.decision == row.read for row in checked)
        click.echo(f"{len(checks)} sure answers to check; {len(checked)} checked, {right} of them are as read")
    for each in tables.values():
        _report_problems(each)


def _report_problems(tables: Tables) -> None:
    kinds = Counter(zip(tables.problems["severity"], tables.problems["code"], strict=True))
    for (severity, code), number in sorted(kinds.items()):
        click.echo(f"{number} x {severity} [{code}]")
