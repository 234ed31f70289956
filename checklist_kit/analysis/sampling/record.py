"""The files of a draw: the sample, the reserves, and the record from which anyone can redo and compare it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import PurePath
from typing import Any

from checklist_kit.analysis.coerce import format_number
from checklist_kit.analysis.frame import Frame, FrameError
from checklist_kit.analysis.sampling.chance import HOW, HOW_BY_SIZE, METHOD
from checklist_kit.analysis.sampling.draw import ADDED_COLUMNS, Draw, Pick, Stratum, draw
from checklist_kit.analysis.sampling.request import Request
from checklist_kit.analysis.sampling.size import FORMULA
from checklist_kit.diagnostics import Diagnostic

SAMPLE, RESERVES, RECORD = "sample.csv", "reserves.csv", "draw.json"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read: what was asked, and what was drawn of which frame.

    `drawn` holds, by stratum, the number of its units, the ids that were drawn and the ids in reserve, both in order.
    `files` holds the SHA-256 of the frame, the sample and the reserves.
    """

    request: Request
    drawn: Mapping[str, tuple[int, tuple[str, ...], tuple[str, ...]]]
    files: Mapping[str, str]

    @property
    def population(self) -> dict[str, float]:
        """How many units each stratum has, as a `Design` needs it; nothing where the chances were not equal."""
        return {} if self.request.pps else {name: float(units) for name, (units, _, _) in self.drawn.items()}


def files(found: Draw) -> dict[str, bytes]:
    """Return the contents of the sample, the reserves and the record, by file name."""
    sample = _table(found, ("stratum", "weight", "probability", "order"), _sample_rows(found.strata))
    reserves = _table(found, ("stratum", "order"), _reserve_rows(found.strata))
    record = {
        "program": f"checklist_kit {version('checklist_kit')}",
        "method": METHOD,
        "how": HOW_BY_SIZE if found.request.pps else HOW,
        "request": replace(found.request, unit=found.frame.unit).as_record(),
        "frame": {"file": PurePath(found.frame.file).name, "units": len(found.frame.rows)},
        "size": found.size,
        "formula": FORMULA if found.request.margin is not None else None,
        "expected_margin": found.margin,
        "sha256": {"frame": found.frame.sha256, SAMPLE: _sha256(sample), RESERVES: _sha256(reserves)},
        "strata": [_stratum(found.frame, stratum) for stratum in found.strata],
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    return {SAMPLE: sample, RESERVES: reserves, RECORD: text.encode()}


def read_record(data: bytes, name: str) -> Record:
    """Return the record in a file. Raises FrameError where it is none, or of another way of drawing."""
    try:
        record = json.loads(data)
        if record["method"] != METHOD:
            raise ValueError(f"it was drawn by the method `{record['method']}`, and this program knows `{METHOD}`")
        drawn = {
            str(one["stratum"]): (int(one["units"]), tuple(map(str, one["drawn"])), tuple(map(str, one["reserves"])))
            for one in record["strata"]
        }
        prints = {str(file): str(print_) for file, print_ in record["sha256"].items()}
        return Record(Request.from_record(record["request"]), drawn, prints)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        reason = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        message = f"{name} is no record of a draw: {reason}"
        help_ = f"give the {RECORD} that stands beside {SAMPLE}"
        raise FrameError([Diagnostic.of("draw-record", message, help=help_)]) from error


def verify(record: Record, frame: Frame, beside: Mapping[str, bytes]) -> list[Diagnostic]:
    """Redo a draw, and return what comes out differently; nothing, where the record is true.

    `beside` are the files of the draw that are there to be compared, by name. Raises FrameError where the frame does
    not hold what the draw needs.
    """
    found = draw(frame, record.request)
    redone = {one.name: _content(frame, one) for one in found.strata}
    faults = [*_differences(record, redone)]
    if frame.sha256 != record.files.get("frame"):
        message = f"{frame.file} is not the very file that was drawn from"
        help_ = "it was saved anew or edited since" + ("" if faults else ", though the same units follow from it")
        faults.append(Diagnostic.of("draw-other-frame", message, help=help_))
    for name, data in beside.items():
        if _sha256(data) != record.files.get(name):
            message = f"{name} is not what the draw wrote"
            faults.append(Diagnostic.of("draw-differs", message, help="it was saved anew or edited since"))
    return faults


def _differences(
    record: Record, redone: Mapping[str, tuple[int, tuple[str, ...], tuple[str, ...]]]
) -> Iterator[Diagnostic]:
    for name in dict.fromkeys((*record.drawn, *redone)):
        if record.drawn.get(name) == redone.get(name):
            continue
        units, drawn, reserves = record.drawn.get(name, (0, (), ()))
        units_now, drawn_now, reserves_now = redone.get(name, (0, (), ()))
        if units != units_now:
            yield _differs(f"stratum `{name}` had {units:,} units and has {units_now:,} in the frame")
        if drawn != drawn_now:
            yield _differs(f"stratum `{name}`: {_other(drawn, drawn_now)}")
        if reserves != reserves_now:
            yield _differs(f"stratum `{name}`, reserves: {_other(reserves, reserves_now)}")


def _other(recorded: tuple[str, ...], redone: tuple[str, ...]) -> str:
    """Say how two lists of units differ."""
    only = [unit for unit in recorded if unit not in set(redone)]
    new = [unit for unit in redone if unit not in set(recorded)]
    if not only and not new:
        return "the same units follow in another order"
    return f"recorded and not drawn: {_listed(only)}; drawn and not recorded: {_listed(new)}"


def _listed(units: list[str]) -> str:
    more = f" and {len(units) - _SHOWN:,} more" if len(units) > _SHOWN else ""
    return (", ".join(f"`{unit}`" for unit in units[:_SHOWN]) + more) or "none"


def _differs(message: str) -> Diagnostic:
    return Diagnostic.of("draw-differs", message, help="the record does not follow from this frame")


def _stratum(frame: Frame, stratum: Stratum) -> dict[str, Any]:
    units, drawn, reserves = _content(frame, stratum)
    return {"stratum": stratum.name, "units": units, "sample": len(drawn), "drawn": drawn, "reserves": reserves}


def _content(frame: Frame, stratum: Stratum) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    drawn, reserves = (tuple(frame.units[pick.row] for pick in picks) for picks in (stratum.picks, stratum.reserves))
    return len(stratum.rows), drawn, reserves


def _sample_rows(strata: Iterable[Stratum]) -> Iterator[tuple[Pick, list[str]]]:
    for stratum in strata:
        for pick in stratum.picks:
            weight, chance = (format_number(float(value)) for value in (1 / pick.probability, pick.probability))
            yield pick, [stratum.name, weight, chance, str(pick.order)]


def _reserve_rows(strata: Iterable[Stratum]) -> Iterator[tuple[Pick, list[str]]]:
    for stratum in strata:
        for pick in stratum.reserves:
            yield pick, [stratum.name, str(pick.order)]


def _table(found: Draw, added: tuple[str, ...], rows: Iterable[tuple[Pick, list[str]]]) -> bytes:
    """Return a CSV table: the id as `unit`, the columns of the frame, and those that were added."""
    frame = found.frame
    kept = [at for at, name in enumerate(frame.columns) if name not in ADDED_COLUMNS]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["unit", *(frame.columns[at] for at in kept), *added])
    for pick, cells in rows:
        row = frame.rows[pick.row]
        writer.writerow([frame.units[pick.row], *(row[at] for at in kept), *cells])
    return text.getvalue().encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
