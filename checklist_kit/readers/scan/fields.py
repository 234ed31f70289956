"""The fields of a flattened page: which ink belongs to which, and what each answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checklist_kit.readers.scan import decide
from checklist_kit.readers.scan.align import Alignment
from checklist_kit.readers.scan.decide import Answer, Signs
from checklist_kit.readers.scan.layout import Mark, PageLayout
from checklist_kit.readers.scan.measure import Area, free_ink
from checklist_kit.readers.scan.printed import Picture, Printed

_WRITING = 0.6  # square mm of ink that are handwriting in a box
_DIGITS = 1.5  # square mm of ink that are handwriting above columns of digits
_ABOVE = 10.5  # mm above the first row of marks in which the digits are written


def black_of(flat: Picture, layout: PageLayout) -> float:
    """Return the grey of black print on white paper of 255, from the corner markers that are in the picture."""
    shares = []
    for fiducial in layout.fiducials:
        half = fiducial.size / 2 + 1.5
        left, top = (max(0, round((place - half) * 8)) for place in (fiducial.x, fiducial.y))
        right, bottom = (round((place + half) * 8) for place in (fiducial.x, fiducial.y))
        low, high = np.percentile(flat[top:bottom, left:right], (10, 95))
        shares.append(255.0 * float(low) / max(float(high), 1.0))
    return float(np.median(shares))


def answers_of(dark: Picture, sheet: Printed, alignment: Alignment, signs: Signs) -> Iterator[Answer]:
    """Yield the answers of a page. `dark` is its darkness, `signs` are those of its marks."""
    rows = {position: row for row, position in enumerate(sheet.positions)}
    moved = alignment.spots - sheet.spots
    for positions in sheet.layout.fields.values():
        marks = [sheet.layout.marks[position] for position in positions]
        boxes = [mark for mark in marks if mark.shape == "box"]
        options = [(sheet.layout.marks[position], rows[position]) for position in positions if position in rows]
        some = signs.of([row for _, row in options])
        if boxes:
            area = _inside(boxes[0])
            written = free_ink(dark, sheet, area, _moved(sheet, moved, boxes[0].x, boxes[0].y)) > _WRITING
            yield decide.box_answer(boxes[0], [mark for mark, _ in options], some, written)
            continue
        digits = [mark for mark in marks if mark.shape == "digit"]
        above = free_ink(dark, sheet, _above(digits), _moved(sheet, moved, digits[0].x, digits[0].y)) if digits else 0.0
        yield from decide.answers(marks, some, above > _DIGITS)


def _moved(sheet: Printed, moved: np.ndarray, x: float, y: float) -> tuple[float, float]:
    """Return how far the marks next to a place are from where the layout has them (mm)."""
    if not len(moved):
        return 0.0, 0.0
    nearest = np.argsort(((sheet.spots - (x, y)) ** 2).sum(1))[:5]
    dx, dy = np.median(moved[nearest], axis=0)
    return float(dx), float(dy)


def _inside(box: Mark) -> Area:
    return box.x - box.w / 2, box.y - box.h / 2, box.x + box.w / 2, box.y + box.h / 2


def _above(digits: list[Mark]) -> Area:
    """The place where the digits of a number are written by hand, above its columns of marks."""
    top = min(mark.y for mark in digits)
    half = digits[0].w / 2
    left, right = min(mark.x for mark in digits) - half, max(mark.x for mark in digits) + half
    return left, top - half - _ABOVE, right, top - half - 0.5
