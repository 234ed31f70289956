"""`checklist sample`."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist_kit.cli.shared import FILE, FOLDER, count, load_or_exit, refuse_frame, write_files

if TYPE_CHECKING:
    from checklist_kit.analysis.frame import Frame, ReadAnswer
    from checklist_kit.analysis.sampling import Draw
    from checklist_kit.model import Checklist

_STRATA_SHOWN = 30


class _Portion(click.ParamType[Fraction]):
    """A part of a whole, as `5%` or `0.05`, read exactly."""

    name = "portion"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        if isinstance(value, Fraction):
            return value
        found = re.fullmatch(r"(\d*\.?\d+)(%?)", str(value).strip())
        portion = Fraction(found[1]) / (100 if found[2] else 1) if found else None
        if portion is None or not 0 < portion < 1:
            self.fail(f"`{value}` is no portion between 0 and 1: write 5% or 0.05", param, ctx)
        return portion


@click.command("sample")
@click.argument("frame", type=FILE)
@click.option("--size", type=click.IntRange(min=1), help="How many units to draw.")
@click.option("--margin", type=_Portion(), help="Draw so many that a share is known to within this, as 5%.")
@click.option("--share", type=_Portion(), default="50%", show_default=True, help="The share that --margin is about.")
@click.option("--by", multiple=True, metavar="COLUMN", help="A column whose values make strata. May be repeated.")
@click.option(
    "--allocation",
    type=click.Choice(["proportional", "equal", "neyman"]),
    default="proportional",
    show_default=True,
    help="How the sample is shared out among strata.",
)
@click.option("--deviation", metavar="COLUMN", help="For neyman: the standard deviation in each unit's stratum.")
@click.option("--expected", metavar="COLUMN", help="For neyman: the share expected in each unit's stratum.")
@click.option("--minimum", type=click.IntRange(min=0), default=1, show_default=True, help="Units of each stratum.")
@click.option("--pps", metavar="COLUMN", help="A column of sizes: draw with chances proportional to them.")
@click.option("--reserves", type=click.IntRange(min=0), default=0, show_default=True, help="Reserves a stratum.")
@click.option("--unit", metavar="COLUMN", help="The column of ids. That of the checklist's unit, or the first one.")
@click.option("--checklist", type=FILE, help="Check that the ids are answers to this checklist's unit question.")
@click.option("--seed", type=int, help="A number that determines the draw, such as one thrown with dice in public.")
@click.option("-o", "--output", type=FOLDER, help="The folder to write the sample and its record to.")
@click.option("--verify", "record", type=FILE, help="Redo the draw of this record, and compare.")
def command(frame: Path, checklist: Path | None, output: Path | None, record: Path | None, **wanted: Any) -> None:
    r"""Draw a sample of units from FRAME, a CSV with one row a unit, in a way that anyone can redo.

    Writes sample.csv, reserves.csv, and draw.json, the record.

    \b
    Example:
      checklist sample stations.csv --margin 5% --by region --seed 20240207 -o sample
      checklist sample stations.csv --size 300 --by region --by type --minimum 2 --reserves 3 --seed 7 -o sample
      checklist sample stations.csv --verify sample/draw.json
    """
    from checklist_kit.analysis.frame import FrameError

    try:
        if record is not None:
            _refuse_others(click.get_current_context(), {"frame", "record", "checklist"})
            _verify(frame, record, checklist)
        elif output is None or wanted["seed"] is None:
            raise click.UsageError(f"missing option {'-o' if output is None else '--seed'}")
        else:
            _draw(frame, output, checklist, wanted)
    except FrameError as error:
        refuse_frame(error, frame)


def _refuse_others(context: click.Context, allowed: set[str]) -> None:
    """Refuse options that would have no effect."""
    for name in context.params:
        if name not in allowed and context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--verify takes what was asked from the record: leave out --{name}")


def _draw(path: Path, output: Path, checklist_path: Path | None, wanted: dict[str, Any]) -> None:
    from checklist_kit.analysis.sampling import Allocation, Request, draw, files

    checklist = load_or_exit(checklist_path) if checklist_path else None
    if wanted["unit"] is None and checklist is not None:
        wanted["unit"] = _unit_of(checklist)
    try:
        request = Request(**{**wanted, "allocation": Allocation(wanted["allocation"])})
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    found = draw(_frame(path, request.unit, checklist), request)
    _show(found)
    for note in found.notes:
        click.echo(f"{note.severity}: {note.message} [{note.code}]", err=True)
    for written in write_files(output, files(found)):
        click.echo(written)


def _verify(path: Path, record_path: Path, checklist_path: Path | None) -> None:
    from checklist_kit.analysis.sampling import RESERVES, SAMPLE, read_record, verify

    record = read_record(record_path.read_bytes(), str(record_path))
    checklist = load_or_exit(checklist_path) if checklist_path else None
    frame = _frame(path, record.request.unit, checklist)
    files = {name: record_path.with_name(name) for name in (SAMPLE, RESERVES)}
    beside = {name: file.read_bytes() for name, file in files.items() if file.is_file()}
    faults = verify(record, frame, beside)
    for fault in faults:
        click.echo(f"{fault.severity}: {fault.message} [{fault.code}]\n  help: {fault.help}", err=True)
    if any(fault.is_error for fault in faults):
        click.echo(count(faults), err=True)
        raise click.exceptions.Exit(1)
    drawn = sum(len(units) for _, units, _ in record.drawn.values())
    compared = " and ".join(["the record", *beside])
    click.echo(f"the draw was redone: {drawn:,} of {len(frame.rows):,} units, the same as in {compared}")


def _unit_of(checklist: Checklist) -> str:
    if checklist.unit is None:
        raise click.UsageError("the checklist names no `unit`: add it, or name the column of ids with --unit")
    return checklist.unit


def _frame(path: Path, unit: str | None, checklist: Checklist | None) -> Frame:
    from checklist_kit.analysis.frame import read_frame

    return read_frame(path, unit, _reader(checklist) if checklist is not None else None)


def _reader(checklist: Checklist) -> ReadAnswer:
    from checklist_kit.analysis.coerce import reader
    from checklist_kit.model import Question

    question = checklist.by_name[_unit_of(checklist)].item
    if not isinstance(question, Question):
        raise click.UsageError(f"the checklist's unit `{question.name}` is no question")
    return reader(question)


def _show(found: Draw) -> None:
    """Say how many were drawn, and of which strata."""
    for stratum in found.strata[:_STRATA_SHOWN] if len(found.strata) > 1 else ():
        reserves = f", {len(stratum.reserves)} in reserve" if stratum.reserves else ""
        click.echo(f"{stratum.name}: {len(stratum.picks):,} of {len(stratum.rows):,}{reserves}")
    if len(found.strata) > _STRATA_SHOWN:
        click.echo(f"… and {len(found.strata) - _STRATA_SHOWN:,} more strata")
    click.echo(f"{found.size:,} of {len(found.frame.rows):,} units drawn, seed {found.request.seed}")
    if found.margin is not None:
        share = 100 * float(found.request.share)
        click.echo(f"expected margin of a share of {share:g}%: ±{100 * found.margin:.1f} points")
