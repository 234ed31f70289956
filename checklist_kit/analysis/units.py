"""What the frame says of the units of submissions: where a question applies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from checklist_kit.analysis.coerce import reader
from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.frame import Frame as UnitFrame
from checklist_kit.analysis.frame import FrameError, read_frame, shortened
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.vector import Data
from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.model import Attribute, Checklist, Entry, Question


@dataclass(frozen=True, slots=True)
class Units:
    """The attributes of each unit, by its id. What is blank is not known."""

    attributes: Mapping[str, Mapping[str, str]]

    def where(self, entry: Entry, checklist: Checklist, data: Data, frame: Frame) -> Mask:
        """Return the rows of a frame of records in which a question applies; those of unknown units are among them."""
        top, column = data.columns.get(checklist.unit or "", (None, None))
        if column is None or top is None:
            return np.ones(len(frame), np.bool_)
        elsewhere = {
            unit
            for unit, values in self.attributes.items()
            if any(values.get(name, "") and values[name] not in codes for name, codes in entry.applies.items())
        }
        outside = np.array([value in elsewhere for value in column.store.values], np.bool_)
        of_submission = outside[column.index] & column.filled
        applies: Mask = ~of_submission[frame.submission]
        return applies


def read_units(checklist: Checklist, path: Path) -> Units:
    """Return what a frame says of its units. Raises FrameError, and ValueError where the checklist has no unit."""
    entry = checklist.by_name.get(checklist.unit or "")
    if entry is None or not isinstance(entry.item, Question):
        raise ValueError("the checklist names no question as its `unit`, so reports cannot be found in a frame")
    frame = read_frame(path, entry.item.name, reader(entry.item))
    columns = {name: frame.column(name) for name in checklist.attributes}
    faults = shortened(fault for name in columns for fault in _faults(frame, checklist.attributes[name]))
    if faults:
        raise FrameError(faults)
    rows = zip(*columns.values(), strict=True) if columns else ()
    return Units({unit: dict(zip(columns, cells, strict=True)) for unit, cells in zip(frame.units, rows, strict=False)})


def _faults(frame: UnitFrame, attribute: Attribute) -> Iterator[Diagnostic]:
    known = attribute.choices.codes
    for row, cell in enumerate(frame.column(attribute.name)):
        if cell and cell not in known:
            help_ = (
                did_you_mean(cell, known) or f"it is one of {', '.join(known)}; leave it blank where it is not known"
            )
            message = f"`{cell}` is no value of the attribute `{attribute.name}`"
            yield Diagnostic.of("frame-attribute", message, frame.place(row, attribute.name), help=help_)
