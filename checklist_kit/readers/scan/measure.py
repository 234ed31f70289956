"""How much ink there is in and around each mark, relative to the paper and the print of the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from checklist_kit.readers.scan.printed import PX, Floats, Picture, Printed

_TILE = 9  # mm in which there is white paper somewhere
_INK = 90  # darkness (0 to 255) from which a pixel is ink
_STROKE = 3  # pixels across the thinnest stroke that is no speck
_SECTOR_INK = 0.06  # share of ink in a direction from which there is a stroke


Area = tuple[float, float, float, float]
"""Left, top, right and bottom in mm."""


@dataclass(frozen=True, eq=False)
class Inks:
    """The ink of each mark (n).

    `dark` is the mean darkness inside, 0 for paper and 1 for black print; `covered` the share of the inside that is
    ink; `strokes` in how many of eight directions there is ink around it.
    """

    dark: Floats
    covered: Floats
    strokes: NDArray[np.intp]


def darkness(flat: Picture, black: float) -> Picture:
    """Return how dark each pixel is against the paper around it, 0 to 255.

    `black` is the grey that black print has where paper is 255.
    """
    height, width = flat.shape
    small = cv2.resize(flat, (width // PX, height // PX), interpolation=cv2.INTER_AREA)
    white = cv2.dilate(small, np.ones((_TILE, _TILE), np.uint8))
    white = cv2.blur(white, (_TILE, _TILE))
    full = cv2.resize(white, (width, height), interpolation=cv2.INTER_LINEAR)
    against = np.asarray(cv2.divide(flat, full, scale=255), np.uint8)
    scale = 255.0 / max(255.0 - black, 1.0)
    return np.asarray(cv2.convertScaleAbs(cv2.bitwise_not(against), alpha=scale), np.uint8)


def measure(dark: Picture, page: Printed, spots: Floats) -> Inks:
    """Measure the ink in and around marks at places in mm."""
    zones = page.zones
    columns, rows = np.round(spots * PX).astype(np.int32).T
    centres = np.repeat(rows * dark.shape[1] + columns, zones.bounds[:, -1] - zones.bounds[:, 0])
    values = dark.ravel().take(centres + zones.offsets, mode="clip")
    sizes = np.maximum(np.diff(zones.bounds, axis=1), 1)
    mean = _sums(values, zones.bounds[:, :2]) / (255 * sizes[:, :1])
    ink = _sums(values > _INK, zones.bounds) / sizes
    strokes = (ink[:, 1:] > _SECTOR_INK).sum(1)
    return Inks(mean[:, 0].astype(np.float32), ink[:, 0].astype(np.float32), strokes)


def free_ink(dark: Picture, page: Printed, area: Area, moved: tuple[float, float]) -> float:
    """Return how many square mm of ink are in an area (mm) of the page and not in its print.

    `moved` is how far (mm, x and y) the page around there is from where the layout has it. Specks do not count.
    """
    left, top, right, bottom = (round(edge * PX) for edge in area)
    dx, dy = (round(way * PX) for way in moved)
    height, width = dark.shape
    rows = np.clip(np.arange(top, bottom), 0, height - 1)
    columns = np.clip(np.arange(left, right), 0, width - 1)
    there = dark[np.clip(rows + dy, 0, height - 1)[:, None], np.clip(columns + dx, 0, width - 1)]
    ink = ((there > _INK) & ~page.print[rows[:, None], columns]).astype(np.uint8)
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_STROKE, _STROKE), np.uint8))
    return float(strokes.sum()) / PX**2


def _sums(values: NDArray[Any], bounds: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the sums of values between bounds that follow each other in each row."""
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    return np.asarray(np.diff(sums[bounds], axis=1), np.int64)
