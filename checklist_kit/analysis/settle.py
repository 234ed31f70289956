"""One pass in form order: what was asked, what was answered, what was computed, and what contradicts the checklist."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.calculations import Calculation
from checklist_kit.analysis.columns import Reading
from checklist_kit.analysis.contradictions import contradictions
from checklist_kit.analysis.frames import frame_of
from checklist_kit.analysis.instances import repeat_frame
from checklist_kit.analysis.intake import Block
from checklist_kit.analysis.pen import Pen
from checklist_kit.analysis.problems import ProblemLog
from checklist_kit.analysis.status import NOT_APPLICABLE, NOT_ASKED
from checklist_kit.analysis.store import Store
from checklist_kit.analysis.ticks import TicksReading
from checklist_kit.analysis.units import Units
from checklist_kit.analysis.vector import Data, Vector
from checklist_kit.logic import certainly
from checklist_kit.model import Calculate, Checklist, Item, Question, Repeat, SelectMultiple

_REMEMBERED = 8192  # distinct raw values of a question

Reader = Reading | TicksReading | Calculation


def readers(checklist: Checklist) -> dict[str, Reader]:
    """Return what reads the columns of each question and calculation; it remembers each distinct raw value."""
    return {entry.item.name: _reader(entry.item) for entry in checklist.questions}


def stores(checklist: Checklist, readers: Mapping[str, Reader]) -> dict[str, Store]:
    """Return what reads the raw values outside of repeats, by their keys."""
    top = [readers[entry.item.name] for entry in checklist.questions if not entry.repeats]
    return {key: store for reader in top for key, store in reader.stores().items()}


def forget(checklist: Checklist, readers: dict[str, Reader]) -> None:
    """Let go of the raw values of questions that have very many different ones."""
    for entry in checklist.questions:
        if max(map(len, readers[entry.item.name].stores().values())) > _REMEMBERED:
            readers[entry.item.name] = _reader(entry.item)


def _reader(item: Item) -> Reader:
    if isinstance(item, SelectMultiple):
        return TicksReading(item)
    if isinstance(item, Calculate):
        return Calculation(item)
    assert isinstance(item, Question)
    return Reading(item)


@dataclass(slots=True)
class Settled:
    """Some submissions as columns, relevance applied and calculations done. `kept` counts cells that became values."""

    data: Data
    kept: int = 0


def settle(
    checklist: Checklist,
    readers: Mapping[str, Reader],
    block: Block,
    today: datetime.date,
    log: ProblemLog,
    known: Units | None = None,
) -> Settled:
    """Read and settle some submissions. Each item only depends on earlier ones, so one pass is enough.

    `known` is what the frame says of units.
    """
    top, submissions = block.frame, block.submissions
    data = Data({"": top}, _days(block.meta.received, today))
    vectors = {"": Vector(data, top)}
    settled = Settled(data)
    for entry in checklist.entries:
        vector = vectors[frame_of(entry)]
        frame = vector.frame
        asked = vector.compile(certainly(entry.relevance)) if entry.relevance else np.ones(len(frame), np.bool_)
        if isinstance(entry.item, Repeat):
            inside = data.frames[entry.item.name] = repeat_frame(entry.item, frame, asked, submissions, log)
            vectors[entry.item.name] = Vector(data, inside)
        elif isinstance(entry.item, Question | Calculate):
            reader = readers[entry.item.name]
            column, cells = reader.read(vector) if isinstance(reader, Calculation) else reader.read(frame)
            applies = np.ones(len(frame), np.bool_)
            if known is not None and entry.applies:
                applies = known.where(entry, checklist, data, frame)
                column = column.without(asked & ~applies, NOT_APPLICABLE)
            column.status[~asked] = NOT_ASKED
            data.columns[entry.item.name] = frame, column
            pen = Pen(log, submissions, frame, entry.item.name)
            settled.kept += sum(pen.settle(group, asked, applies) for group in cells)
            if isinstance(entry.item, Question):
                for mask, fault in contradictions(checklist, entry.item, column, vector):
                    pen.contradiction(mask, fault, cells)
    return settled


def _days(received: Sequence[str], today: datetime.date) -> NDArray[np.float64]:
    """The day that `today()` means for each submission: the one on which it was received, if that is known."""
    days = {moment: day_of(moment, today).toordinal() for moment in set(received)}
    return np.array([days[moment] for moment in received], np.float64)


def day_of(received_at: str, today: datetime.date) -> datetime.date:
    """Return the day of an ISO time, else `today`."""
    try:
        return datetime.date.fromisoformat(received_at[:10])
    except ValueError:
        return today
