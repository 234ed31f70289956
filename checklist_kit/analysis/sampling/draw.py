"""The draw: strata of a frame, how many of each, and which."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checklist_kit.analysis.frame import Frame, FrameError, shortened
from checklist_kit.analysis.sampling.allocate import allocate
from checklist_kit.analysis.sampling.chance import digest, fraction, systematic
from checklist_kit.analysis.sampling.request import Allocation, Request
from checklist_kit.analysis.sampling.size import expected_margin, sample_size
from checklist_kit.diagnostics import Diagnostic

BETWEEN = " / "
"""What stands between the values of several columns in the name of a stratum."""

WITHOUT_STRATA = "all"
ADDED_COLUMNS = ("unit", "stratum", "weight", "probability", "order")
"""The columns of the sample that are not the frame's."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit that was drawn: its row in the frame, the order in its stratum from 1, and the chance it had."""

    row: int
    order: int
    probability: Fraction


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum: its rows in the frame, those drawn, and those in reserve, in order."""

    name: str
    rows: tuple[int, ...]
    picks: tuple[Pick, ...]
    reserves: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn from a frame. `margin` is the expected margin of a share, None where it cannot be told."""

    frame: Frame
    request: Request
    strata: tuple[Stratum, ...]
    margin: float | None
    notes: tuple[Diagnostic, ...]

    @property
    def size(self) -> int:
        """How many units were drawn."""
        return sum(len(stratum.picks) for stratum in self.strata)


def draw(frame: Frame, request: Request) -> Draw:
    """Draw a sample. The same frame, in whatever order, and the same request give the same one.

    Raises FrameError where the frame does not hold what the request needs, or not enough units.
    """
    strata = strata_of(frame, request.by)
    _refuse_added_columns(frame, request)
    sizes = _sizes(frame, request)
    counts = _allocation(frame, request, strata, sizes)
    drawn = tuple(
        _drawn(frame, request, name, rows, sizes, count)
        for (name, rows), count in zip(strata.items(), counts, strict=True)
    )
    margin = None
    if sizes is None:
        margin = expected_margin([(len(stratum.rows), len(stratum.picks)) for stratum in drawn], request.share)
    return Draw(frame, request, drawn, margin, tuple(_notes(drawn)))


def strata_of(frame: Frame, by: Sequence[str]) -> dict[str, list[int]]:
    """Return the rows of each stratum, by name, in the order of names; `by` are the columns that make them.

    Raises FrameError where a unit belongs to no stratum, or two strata would have one name.
    """
    columns = [frame.column(name) for name in by]
    blank = [
        Diagnostic.of(
            "frame-stratum-blank",
            f"unit `{frame.units[row]}` has no `{name}`, so it belongs to no stratum",
            frame.place(row, name),
            help="fill it in; a unit in no stratum could never be drawn",
        )
        for name, column in zip(by, columns, strict=True)
        for row, cell in enumerate(column)
        if not cell
    ]
    if blank:
        raise FrameError(shortened(blank))
    found: dict[str, list[int]] = {}
    values: dict[str, tuple[str, ...]] = {}
    for row in range(len(frame.rows)):
        value = tuple(column[row] for column in columns)
        name = BETWEEN.join(value) if value else WITHOUT_STRATA
        if values.setdefault(name, value) != value:
            place = frame.place(row, by[0])
            message = f"`{name}` is the name of two strata"
            raise FrameError(
                [Diagnostic.of("frame-stratum-clash", message, place, help=f"leave `{BETWEEN}` out of values")]
            )
        found.setdefault(name, []).append(row)
    return dict(sorted(found.items()))


def _refuse_added_columns(frame: Frame, request: Request) -> None:
    own = {frame.unit} | ({"stratum"} if request.by == ("stratum",) else set())
    clash = [name for name in ADDED_COLUMNS if name in frame.columns and name not in own]
    if clash:
        raise FrameError(
            [
                Diagnostic.of(
                    "frame-column-taken",
                    f"the frame has a column `{name}`, and the sample adds one of that name",
                    frame.heading(name),
                    help="rename it in the frame",
                )
                for name in clash
            ]
        )


def _sizes(frame: Frame, request: Request) -> tuple[Fraction, ...] | None:
    if request.pps is None:
        return None
    sizes = frame.numbers(request.pps)
    none = [
        Diagnostic.of(
            "frame-size",
            f"unit `{frame.units[row]}` has the size 0, so it could never be drawn",
            frame.place(row, request.pps),
            help="give it a size, or take it out of the frame and say so",
        )
        for row, size in enumerate(sizes)
        if size == 0
    ]
    if none:
        raise FrameError(shortened(none))
    return sizes


def _allocation(
    frame: Frame, request: Request, strata: Mapping[str, list[int]], sizes: tuple[Fraction, ...] | None
) -> list[int]:
    """Return how many units to draw of each stratum."""
    units = len(frame.rows)
    total = request.size if request.margin is None else sample_size(units, request.margin, request.share)
    assert total is not None
    if total > units:
        message = f"{total:,} units cannot be drawn: the frame has {units:,}"
        raise FrameError([Diagnostic.of("draw-too-large", message, help="ask for fewer")])
    at_most = [len(rows) for rows in strata.values()]
    at_least = [min(request.minimum, most) for most in at_most]
    if sum(at_least) > total:
        message = (
            f"{total:,} units are too few: {request.minimum} of each of {len(strata)} strata are {sum(at_least):,}"
        )
        help_ = "ask for more, or for a smaller minimum, or make larger strata"
        raise FrameError([Diagnostic.of("draw-too-small", message, help=help_)])
    return allocate(total, _measures(frame, request, strata, sizes), at_least, at_most)


def _measures(
    frame: Frame, request: Request, strata: Mapping[str, list[int]], sizes: tuple[Fraction, ...] | None
) -> list[Fraction]:
    """Return what the allocation is proportional to: units, sizes, nothing, or units times deviation (Cochran 5.5)."""
    if request.allocation is Allocation.EQUAL:
        return [Fraction(1)] * len(strata)
    if sizes is not None:
        return [sum((sizes[row] for row in rows), Fraction()) for rows in strata.values()]
    counts = [Fraction(len(rows)) for rows in strata.values()]
    if request.allocation is Allocation.PROPORTIONAL:
        return counts
    deviations = _deviations(frame, request, strata)
    if not any(deviations):
        message = "the units do not differ within any stratum, so there is nothing to allocate by"
        raise FrameError([Diagnostic.of("draw-no-spread", message, help="use --allocation proportional")])
    return [count * deviation for count, deviation in zip(counts, deviations, strict=True)]


def _deviations(frame: Frame, request: Request, strata: Mapping[str, list[int]]) -> list[Fraction]:
    """Return the standard deviation of each stratum, as the frame gives it or from its expected share."""
    name = request.deviation or request.expected or ""
    values = frame.numbers(name)
    faults = []
    for stratum, rows in strata.items():
        other = next((row for row in rows if values[row] != values[rows[0]]), None)
        if other is not None:
            message = f"`{name}` says two things about stratum `{stratum}`"
            help_ = "write the same number at each unit of a stratum"
            faults.append(Diagnostic.of("frame-stratum-varies", message, frame.place(other, name), help=help_))
        if request.expected and values[rows[0]] > 1:
            message = f"`{name}` of stratum `{stratum}` is no share"
            help_ = "write a number from 0 to 1"
            faults.append(Diagnostic.of("frame-number", message, frame.place(rows[0], name), help=help_))
    if faults:
        raise FrameError(shortened(faults))
    own = [values[rows[0]] for rows in strata.values()]
    return [Fraction(math.sqrt(p * (1 - p))) for p in own] if request.expected else own


def _drawn(
    frame: Frame, request: Request, name: str, rows: list[int], sizes: tuple[Fraction, ...] | None, count: int
) -> Stratum:
    """Draw from one stratum: the first units in the order of their numbers, or systematically along that order."""
    units = frame.units
    order = sorted(rows, key=lambda row: digest(request.seed, name, units[row]))
    if sizes is None:
        chance = Fraction(count, len(rows))
        picked = [(row, chance) for row in order[:count]]
        held = [(row, chance) for row in order[count : count + request.reserves]]
    else:
        picked = _by_size(order, sizes, count, fraction(request.seed, name, ""))
        taken = {row for row, _ in picked}
        rest = [row for row in order if row not in taken]
        reserves = min(request.reserves, len(rest))
        held = _by_size(rest, sizes, reserves, fraction(request.seed, name, ":reserves"))
    picks, reserve = (
        tuple(Pick(row, at, chance) for at, (row, chance) in enumerate(some, 1)) for some in (picked, held)
    )
    return Stratum(name, tuple(rows), picks, reserve)


def _by_size(order: list[int], sizes: tuple[Fraction, ...], count: int, start: Fraction) -> list[tuple[int, Fraction]]:
    positions, chances = systematic([sizes[row] for row in order], count, start)
    return [(order[position], chances[position]) for position in positions]


def _notes(strata: tuple[Stratum, ...]) -> Iterator[Diagnostic]:
    for stratum in strata:
        drawn, units = len(stratum.picks), len(stratum.rows)
        if drawn == 0:
            message = (
                f"no unit was drawn from stratum `{stratum.name}`: estimates will not speak of its {units:,} units"
            )
            yield Diagnostic.of("draw-left-out", message, help="use a minimum of 1 or more")
        elif drawn == 1 < units:
            message = f"one unit was drawn from stratum `{stratum.name}`, which shows nothing of how its units differ"
            yield Diagnostic.of(
                "draw-single", message, help="use a minimum of 2, so that the variance can be estimated"
            )
