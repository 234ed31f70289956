"""The blank page as a picture, and what is worked out of it once: where there is print, and how each mark looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from checklist_kit.readers.scan.layout import Form, Layout, Mark, PageLayout, read_layout

Picture = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

PX = 8
"""Pixels a mm of pages that were made flat (203 dpi)."""

WINDOW = 72
"""Pixels across the window around each mark: 9 mm."""

_PRINT = 200  # grey values below are print
_CLEAR = 0.5  # mm around print in which ink is not looked for: print never lies exactly where it should
_LINE = 0.45  # mm from the middle of a mark's outline to what is surely inside or outside
_REACH = 2.4  # mm around a mark in which ink belongs to it
_CROWD = 0.45  # mm around a neighbour that belong to the neighbour
SECTORS = 8


@dataclass(frozen=True, eq=False)
class Zones:
    """The pixels that belong to each mark, mark by mark and zone by zone.

    Zone 0 is the inside of a mark, zones 1 to SECTORS the directions around it. `offsets` (int32) is how far each pixel
    is from its mark's centre in the flattened page read row by row; those of zone z of mark n lie between
    `bounds[n, z]` and `bounds[n, z + 1]`.
    """

    offsets: NDArray[np.int32]
    bounds: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Printed:
    """A blank page.

    `picture` has PX pixels a mm; `print` is where ink counts as printed. `positions` are the marks that are no boxes,
    as positions in the layout, `spots` (n x 2, mm) their centres, `zones` their pixels, and `near` (n x k) the marks
    next to each, itself first.
    """

    layout: PageLayout
    picture: Picture
    print: Bools
    positions: tuple[int, ...]
    spots: Floats
    zones: Zones
    near: NDArray[np.intp]


@lru_cache(maxsize=64)
def layout_of(form: Form) -> Layout:
    """Return the layout of a form."""
    return read_layout(form.layout)


@lru_cache(maxsize=64)
def printed(form: Form, page: int) -> Printed:
    """Return a page of a form, from 1."""
    layout = next(each for each in layout_of(form).pages if each.page == page)
    picture = _render(form.pdf, page, layout)
    size = round(2 * _CLEAR * PX) | 1
    grown = cv2.dilate((picture < _PRINT).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    positions = tuple(k for k, mark in enumerate(layout.marks) if mark.shape != "box")
    spots = np.array([(layout.marks[k].x, layout.marks[k].y) for k in positions], np.float32).reshape(-1, 2)
    zones = _zones([layout.marks[k] for k in positions], spots, np.asarray(grown, np.uint8))
    return Printed(layout, picture, np.asarray(grown, np.bool_), positions, spots, zones, _neighbours(spots))


def windows(picture: NDArray[np.uint8], spots: Floats, size: int = WINDOW, px: int = PX) -> NDArray[np.uint8]:
    """Return the windows (n x size x size) around places in mm; white beyond the edge."""
    corner = np.round(spots * px).astype(np.intp) - size // 2
    span = np.arange(size)
    rows = np.clip(corner[:, 1, None] + span, 0, picture.shape[0] - 1)
    columns = np.clip(corner[:, 0, None] + span, 0, picture.shape[1] - 1)
    return np.asarray(picture[rows[:, :, None], columns[:, None, :]], np.uint8)


def _render(pdf: bytes, page: int, layout: PageLayout) -> Picture:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page - 1].render(scale=PX * 25.4 / 72, grayscale=True).to_numpy()
    finally:
        document.close()
    size = round(layout.width * PX), round(layout.height * PX)
    return np.asarray(cv2.resize(picture.squeeze(), size, interpolation=cv2.INTER_AREA), np.uint8)


def _zones(marks: list[Mark], spots: Floats, grown: Picture) -> Zones:
    """Find the pixels inside of each mark, and those around it that are neither print nor another mark's."""
    span = (np.arange(WINDOW, dtype=np.float32) - WINDOW // 2 + 0.5) / PX  # mm
    x, y = (np.asarray(grid, np.float32) for grid in np.meshgrid(span, span))
    direction = 1 + np.floor(np.arctan2(y, x) / (2 * np.pi) * SECTORS).astype(np.intp) % SECTORS
    taken = windows(grown, spots).astype(np.bool_)
    parts = []
    for row, mark in enumerate(marks):
        distance = _distance(mark.shape, x, y)
        around = (distance > mark.w / 2 + _LINE) & (distance < mark.w / 2 + _REACH) & ~taken[row]
        for other in np.flatnonzero(np.abs(spots - spots[row]).max(1) < WINDOW / PX):
            if other != row:
                dx, dy = spots[other] - spots[row]
                around &= _distance(marks[other].shape, x - dx, y - dy) > marks[other].w / 2 + _CROWD
        zone = np.where(distance < mark.w / 2 - _LINE, 0, np.where(around, direction, -1))
        parts.append([np.argwhere(zone == number) for number in range(SECTORS + 1)])
    counts = np.array([[len(zone) for zone in part] for part in parts], np.intp).reshape(-1, SECTORS + 1)
    ends = counts.cumsum().reshape(counts.shape)
    bounds = np.concatenate([ends[:, :1] - counts[:, :1], ends], axis=1)
    pixels = np.concatenate([zone for part in parts for zone in part] or [np.zeros((0, 2), np.intp)]) - WINDOW // 2
    return Zones(np.asarray(pixels[:, 0] * grown.shape[1] + pixels[:, 1], np.int32), bounds)


def _distance(shape: str, x: Floats, y: Floats) -> Floats:
    """The distance of pixels from a mark's centre, such that its outline is where it equals half its width."""
    if shape == "square":
        return np.maximum(np.abs(x), np.abs(y))
    return np.asarray(np.hypot(x, y), np.float32)


def _neighbours(spots: Floats, count: int = 9) -> NDArray[np.intp]:
    """Return the nearest marks of each mark, itself first (n x count)."""
    apart = ((spots[:, None, :] - spots[None, :, :]) ** 2).sum(2)
    return np.argsort(apart, axis=1, kind="stable")[:, :count]
