"""Checks of each report: across its questions, the frame, and the reports of the same unit on other forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.coerce import format_number, guarded, read_decimal
from checklist_kit.analysis.columns import Column, Mask
from checklist_kit.analysis.frame import Frame
from checklist_kit.analysis.frames import Frame as Rows
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.reload import Source
from checklist_kit.analysis.status import NOT_ANSWERED
from checklist_kit.analysis.store import Store
from checklist_kit.analysis.vector import Data, Vector
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import Kind, Symbol, certainly, certainly_not, symbols_in
from checklist_kit.logic.tree import CountRows
from checklist_kit.model import Check, Checklist

CHECKS = ("check", "level", "label", "checked", "failed")
FAILURES = ("check", "level", "unit", "submission_id", "answers", "label")
_WITHHELD = "withheld"


@dataclass(frozen=True, eq=False)
class OtherForm:
    """What reports on another form tell: `units` (one a submission, None where it names none) and their columns.

    `chosen` is the row of the report that stands for each unit.
    """

    checklist: Checklist
    units: Sequence[str | None]
    data: Data
    chosen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """What checks came to.

    `table` has one row a check that was made: how many reports it could be told of, and how many failed. `failures` has
    one row a report that failed, with the answers that the check looked at. `notes` say which checks were not made.
    """

    table: pd.DataFrame
    failures: pd.DataFrame
    notes: tuple[Diagnostic, ...] = ()

    @property
    def hard(self) -> int:
        """How many reports say what cannot be."""
        return int((self.failures["level"] == "hard").sum())


def outside_in(check: Check) -> dict[str, list[str]]:
    """Return the columns of the frame, and the questions of other forms, that a check looks at, by their owner."""
    found: dict[str, list[str]] = {}
    for symbol in symbols_in(check.that.tree):
        owner, dot, name = symbol.name.replace("/", ".").partition(".")
        if dot:
            found.setdefault(owner, []).append(name)
    return found


def run_checks(
    checklist: Checklist,
    source: Source,
    data: Data,
    frame: Frame | None,
    forms: Mapping[str, OtherForm],
) -> Checked:
    """Return what the checks come to on each report. `data` gets the columns from outside beside its own.

    Raises FrameError for a frame without a column that a check looks at, or with cells that hold no numbers.
    """
    made, notes = [], []
    units = [None if pd.isna(unit) else str(unit) for unit in source.submissions["unit"]]
    for name, form in forms.items():
        _join_form(name, form, units, data)
    for check in checklist.checks:
        missing = _missing(checklist, check, frame, forms)
        if missing is not None:
            notes.append(missing)
            continue
        for column in outside_in(check).get("frame", ()):
            assert frame is not None
            _join_frame(frame, column, units, data)
        made.append(check)
    vector = Vector(data, data.frames[""])
    table, failures = [], []
    for check in made:
        false, true = (
            vector.compile(certainly_not(check.that.condition)),
            vector.compile(certainly(check.that.condition)),
        )
        about = {"check": check.name, "level": "hard" if check.hard else "soft", "label": checklist.text(check.label)}
        table.append({**about, "checked": int((true | false).sum()), "failed": int(false.sum())})
        failures += [about | row for row in _failed(checklist, check, false, vector, source.submissions)]
    return Checked(
        pd.DataFrame(table, columns=list(CHECKS)), pd.DataFrame(failures, columns=list(FAILURES)), tuple(notes)
    )


def _missing(
    checklist: Checklist, check: Check, frame: Frame | None, forms: Mapping[str, OtherForm]
) -> Diagnostic | None:
    """Say what a check cannot do without."""
    used = {symbol.name.replace("/", ".").partition(".")[0] for symbol in symbols_in(check.that.tree)}
    if "frame" in outside_in(check) and frame is None:
        help_ = "give it with --frame"
        return Diagnostic.of("check-not-made", f"the check `{check.name}` looks at the frame", help=help_)
    absent = sorted(name for name in used & set(checklist.forms) if name not in forms)
    if absent:
        message = f"the check `{check.name}` looks at reports on the form `{absent[0]}`"
        return Diagnostic.of("check-not-made", message, help=f"give their tables with --form {absent[0]}=FOLDER")
    return None


def _join_frame(frame: Frame, name: str, units: Sequence[str | None], data: Data) -> None:
    """Put the number of each report's unit beside its answers."""
    frame.numbers(name, blanks=True)
    store = Store(guarded(read_decimal), Kind.NUMBER)
    cell = dict(zip(frame.units, frame.column(name), strict=True))
    index = store.encode([cell.get(unit) if unit is not None else None for unit in units])
    data.columns[f"frame.{name}"] = data.frames[""], Column(store, index, store.statuses[index])


def _join_form(name: str, form: OtherForm, units: Sequence[str | None], data: Data) -> None:
    """Put the answers of the same unit on another form beside ours: those of its report, and those of all of them."""
    top = data.frames[""]
    chosen = np.array([form.chosen.get(unit, -1) if unit is not None else -1 for unit in units], np.intp)
    of_unit: dict[str, list[int]] = {}
    for row, unit in enumerate(form.units):
        if unit is not None:
            of_unit.setdefault(unit, []).append(row)
    pairs = [(own, row) for own, unit in enumerate(units) for row in of_unit.get(unit or "", ())]
    owner, rows = (np.array(part, np.intp) for part in (zip(*pairs, strict=True) if pairs else ((), ())))
    every = data.frames[name] = Rows(name, top, [], [""] * len(owner), owner, owner)
    for question, (inner, column) in form.data.columns.items():
        if inner is form.data.frames[""]:
            data.columns[f"{name}.{question}"] = top, _taken(column, chosen)
            data.columns[f"{name}/{question}"] = every, _taken(column, rows)


def _taken(column: Column, rows: NDArray[np.intp]) -> Column:
    """Return the answers at some rows; a row of -1 has none."""
    none = rows < 0
    if not len(column.status):
        rows, column = np.zeros(len(rows), np.intp), _blank(column)
    ticks = column.ticks
    if ticks is not None:
        ticks = np.where(none[:, None], np.int8(-1 - NOT_ANSWERED), ticks[rows])
    index = np.where(none, 0, column.index[rows]).astype(np.int32)
    return Column(column.store, index, np.where(none, NOT_ANSWERED, column.status[rows]).astype(np.int8), ticks)


def _blank(column: Column) -> Column:
    """One row without an answer, to take from where there is none."""
    ticks = None if column.ticks is None else np.zeros((1, column.ticks.shape[1]), np.int8)
    return Column(column.store, np.zeros(1, np.int32), np.full(1, NOT_ANSWERED, np.int8), ticks)


def _failed(
    checklist: Checklist, check: Check, failed: Mask, vector: Vector, submissions: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    rows = np.flatnonzero(failed)
    if not len(rows):
        return
    told = [_told(checklist, symbol, vector) for symbol in symbols_in(check.that.tree)]
    for row in rows:
        who = {name: submissions[name].iloc[row] for name in ("unit", "submission_id")}
        answers = [f"{name} = {values[int(row)]}" for name, values in told if values is not None]
        yield {**who, "answers": ", ".join(answers)}


def _told(checklist: Checklist, symbol: Symbol, vector: Vector) -> tuple[str, Sequence[str] | None]:
    """What each report answered to a question, as text; None for questions inside of a repeat."""
    if symbol.kind is Kind.REPEAT:
        numbers = vector.term(CountRows(symbol))
        return f"count({symbol.name})", [format_number(float(number)) for number in numbers]
    frame, column = vector.data.columns.get(symbol.name, (None, None))
    if column is None or frame is not vector.frame:
        return symbol.name, None
    if _is_withheld(checklist, symbol.name):
        return symbol.name, [_WITHHELD] * len(column.status)
    if column.ticks is not None:
        return symbol.name, [";".join(np.array(symbol.codes)[ticks == 1]) for ticks in column.ticks]
    return symbol.name, [column.store.values[at] for at in column.index.tolist()]


def _is_withheld(checklist: Checklist, name: str) -> bool:
    owner, dot, question = name.partition(".")
    holder = checklist.forms[owner].checklist if dot and owner in checklist.forms else checklist
    entry = holder.by_name.get(question if dot else name)
    return entry is not None and is_sensitive(entry.item)
