"""Records find their places in a frame: their strata, what they weigh, and which of them are no part of the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import reader
from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.design import Design
from checklist_kit.analysis.frame import Frame, FrameError, read_frame
from checklist_kit.analysis.sampling import Draw, Record, draw, read_record, strata_of, verify
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist, Question

NOT_IN_FRAME = "the unit is not in the frame"
NOT_DRAWN = "the unit was not drawn"

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """What the reports are a sample of: a frame, and how it was drawn from.

    With a `record` of a draw the strata, the chances and the units drawn are those of the draw; without one it is a
    random sample of the same chance for all units of a stratum, and `by` are the columns whose values make strata.
    Raises ValueError for strata beside a record.
    """

    frame: Frame
    by: tuple[str, ...] = ()
    record: Record | None = None

    def __post_init__(self) -> None:
        if self.by and self.record is not None:
            raise ValueError("the strata are those of the draw: leave out either the columns (by) or the draw")


@dataclass(frozen=True, eq=False)
class Placed:
    """Where records stand in a frame.

    `kept` (bool, one a record) are those that belong to the sample, and `reason` says why the others do not. `design`
    and `rows` (intp, the row in the frame) have one element a record that is kept. `planned` is the design of these
    records and, after them, of the units that were to be observed and were not reached; `silent` (intp) are the rows of
    the latter.
    """

    kept: Mask
    reason: str
    design: Design
    rows: NDArray[np.intp]
    silent: NDArray[np.intp]
    planned: Design
    notes: tuple[Diagnostic, ...]


def read_sample(checklist: Checklist, frame: Path, by: Sequence[str] = (), record: Path | None = None) -> Sample:
    """Return the sample that a frame file, and the record of a draw from it, tell.

    The ids stand in the column that the draw took them from, else in that named as the checklist's unit. Raises
    FrameError for files that cannot be used, and ValueError where the checklist has no unit that is a question.
    """
    entry = checklist.by_name.get(checklist.unit or "")
    if entry is None or not isinstance(entry.item, Question):
        raise ValueError("the checklist names no question as its `unit`, so reports cannot be found in a frame")
    drawn = read_record(_bytes(record), str(record)) if record is not None else None
    unit = drawn.request.unit if drawn is not None else entry.item.name
    return Sample(read_frame(frame, unit, reader(entry.item)), tuple(by), drawn)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise FrameError([Diagnostic.of("draw-record", f"cannot open {path}: {reason}")]) from error


def place(sample: Sample, names: Sequence[str], expected: Sequence[str] = ()) -> Placed:
    """Find records, by the names of their units, in a frame; `expected` are units that were to be observed.

    Raises FrameError where frame and draw do not agree.
    """
    frame = sample.frame
    found = _redraw(sample.record, frame) if sample.record is not None else None
    strata = strata_of(frame, sample.by) if found is None else {one.name: list(one.rows) for one in found.strata}
    row_of = {unit: row for row, unit in enumerate(frame.units)}
    rows = np.array([row_of.get(name, -1) for name in names], np.intp)
    taken = np.ones(len(frame.rows), np.bool_) if found is None else _taken(found)
    inside = rows >= 0
    kept = inside & taken[rows]
    silent = _silent(found, expected, set(_among(names, kept)), row_of)
    stratum = np.empty(len(frame.rows), object)
    for name, members in strata.items():
        stratum[members] = name
    sizes = {name: float(len(members)) for name, members in strata.items()}

    def design_of(some: NDArray[np.intp]) -> Design:
        if found is None or found.request.pps is None:
            return Design.of(stratum[some], sizes)
        return Design.of(stratum[some], dict.fromkeys(sizes, np.inf), _weights(found, stratum, some, sizes))

    design = design_of(rows[kept])
    notes = [
        *_unknown(frame, names, inside),
        *_undrawn(names, inside & ~kept),
        *_reach(frame, silent, int(kept.sum())),
        *design.notes,
        *design.collapsed,
    ]
    planned = design_of(np.concatenate([rows[kept], silent])) if len(silent) else design
    return Placed(kept, NOT_IN_FRAME if found is None else NOT_DRAWN, design, rows[kept], silent, planned, tuple(notes))


def _silent(
    found: Draw | None, expected: Sequence[str], reached: set[str], row_of: Mapping[str, int]
) -> NDArray[np.intp]:
    """The rows of the frame whose units were to be observed and are not in the reports, in the order of the frame."""
    planned = {row_of[unit] for unit in expected if unit in row_of}
    if found is not None:
        picks = {pick.row for one in found.strata for pick in one.picks}
        planned = planned & picks if planned else picks
    return np.array(sorted(planned - {row_of[unit] for unit in reached}), np.intp)


def _redraw(record: Record, frame: Frame) -> Draw:
    """Redo a draw, whose record does not hold the chances. A frame that gives another draw is refused."""
    faults = verify(record, frame, {})
    if any(fault.code != "draw-other-frame" for fault in faults):
        raise FrameError(faults)
    return draw(frame, record.request)


def _taken(found: Draw) -> Mask:
    """Which rows of a frame were drawn, reserves included: they stand in for units that do not exist."""
    taken = np.zeros(len(found.frame.rows), np.bool_)
    taken[[pick.row for one in found.strata for pick in (*one.picks, *one.reserves)]] = True
    return taken


def _weights(
    found: Draw, stratum: NDArray[np.object_], rows: NDArray[np.intp], units: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return the weights of units drawn with chances proportional to size, so that a stratum's sum to its units.

    A unit weighs 1 / its chance; those that were reached stand in for those of their stratum that were not (Särndal,
    Swensson & Wretman 1992, 15.6). A reserve has the chance that its size would have given it in the draw.
    """
    assert found.request.pps is not None
    sizes = found.frame.numbers(found.request.pps)
    chances: dict[int, Fraction] = {}
    for one in found.strata:
        whole = sum((sizes[row] for row in one.rows), Fraction())
        chances |= {pick.row: min(Fraction(1), len(one.picks) * sizes[pick.row] / whole) for pick in one.reserves}
        chances |= {pick.row: pick.probability for pick in one.picks}
    weights = np.array([float(1 / chances[row]) for row in rows], np.float64)
    names, of = np.unique(stratum[rows].astype(str), return_inverse=True)
    factor = np.array([units[str(name)] for name in names]) / np.bincount(of, weights, len(names))
    scaled: NDArray[np.float64] = weights * factor[of] if len(names) else weights
    return scaled


def _unknown(frame: Frame, names: Sequence[str], inside: Mask) -> Iterator[Diagnostic]:
    strange = _among(names, ~inside)
    if strange:
        verb = "is" if len(strange) == 1 else "are"
        yield Diagnostic.of(
            "frame-unit-unknown",
            f"{_listed(strange)} {verb} in the reports and not in {frame.file}, so {verb} not counted",
            help="compare the spelling of the ids in the frame and in the reports",
        )


def _undrawn(names: Sequence[str], others: Mask) -> Iterator[Diagnostic]:
    strange = _among(names, others)
    if strange:
        verb = "was" if len(strange) == 1 else "were"
        yield Diagnostic.of(
            "draw-not-drawn",
            f"{_listed(strange)} {verb} reported and not drawn, so {verb} not counted",
            help="only units that were drawn, or are in reserve, speak of those that were not observed",
        )


def _reach(frame: Frame, silent: NDArray[np.intp], reached: int) -> Iterator[Diagnostic]:
    if len(silent):
        units = [frame.units[row] for row in silent]
        yield Diagnostic.of(
            "draw-not-reached",
            f"{len(units):,} of {reached + len(units):,} units to be observed are not in the reports: {_listed(units)}",
            help="the others of their strata, and reserves, stand in for them; say so beside the figures",
        )


def _among(names: Sequence[str], mask: Mask) -> list[str]:
    return list(dict.fromkeys(name for name, chosen in zip(names, mask, strict=True) if chosen))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown
