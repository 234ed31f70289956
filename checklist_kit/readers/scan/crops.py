"""Pictures of what a person should look at: an answer with its question around it."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cv2
import numpy as np

from checklist_kit.readers.scan.layout import Mark, PageLayout
from checklist_kit.readers.scan.printed import PX, Picture

_SHRINK = 0.6  # of the flattened page: 122 dpi
_QUALITY = 60  # of the JPEG
_MARGIN = 12.0  # mm of paper's edge that hold nothing
_ABOVE, _BELOW = 11.0, 5.0  # mm around the marks, so that the wording can be read
_ABOVE_DIGITS, _BESIDE_DIGITS = 24.0, 12.0


@dataclass(frozen=True, slots=True)
class Crop:
    """A JPEG in base64. `area` is its left, top, width and height in mm on the page."""

    jpeg: str
    area: tuple[float, float, float, float]


def crop(flat: Picture, layout: PageLayout, key: tuple[str, str]) -> Crop:
    """Cut the answer with this item and instance out of a flattened page."""
    marks = [layout.marks[position] for position in layout.fields[key]]
    left, top, right, bottom = _frame(marks, layout)
    part = flat[round(top * PX) : round(bottom * PX), round(left * PX) : round(right * PX)]
    small = cv2.resize(part, None, fx=_SHRINK, fy=_SHRINK, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return Crop(base64.b64encode(np.asarray(jpeg).tobytes()).decode("ascii"), (left, top, right - left, bottom - top))


def _frame(marks: list[Mark], layout: PageLayout) -> tuple[float, float, float, float]:
    digits = any(mark.shape == "digit" for mark in marks)
    top = min(mark.y - mark.h / 2 for mark in marks) - (_ABOVE_DIGITS if digits else _ABOVE)
    bottom = max(mark.y + mark.h / 2 for mark in marks) + _BELOW
    left, right = _MARGIN, layout.width - _MARGIN
    if digits:
        left = max(left, min(mark.x for mark in marks) - _BESIDE_DIGITS)
        right = min(right, max(mark.x for mark in marks) + 3 * _BESIDE_DIGITS)
    return left, max(top, 0.0), right, min(bottom, layout.height)
