"""Where each mark really is on a flattened page: the blank's picture around it, looked for nearby.

Paper bends and lenses distort, so a mark is up to two millimetres from where four corners put it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from checklist_kit.readers.scan.printed import PX, Floats, Picture, Printed, windows

_HALF = PX // 2  # pixels a mm at which marks are looked for
_PATCH = 28  # pixels: 7 mm around a mark
_FAR, _NEAR = 8, 3  # pixels to each side: 2 mm, and 0.75 mm
_SAMPLE = 12  # marks that are looked for far away first
_LITTLE = 0.35  # mm
_EDGE = 6.5  # mm
_SURE = 0.55  # a match that good is believed unless the marks around it disagree
_AGREE = 0.45  # mm


@dataclass(frozen=True, eq=False)
class Alignment:
    """`spots` (n x 2, mm) are the marks' places on the flattened page, `scores` (n) how well each matched, -1 to 1."""

    spots: Floats
    scores: Floats


def align(flat: Picture, page: Printed) -> Alignment:
    """Look for each mark around the place where the layout has it.

    A few marks are looked for far around; where they lie as expected, the others are looked for nearby.
    """
    half = np.asarray(cv2.resize(flat, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    every = np.arange(len(page.spots))
    some = every[:: max(1, len(every) // _SAMPLE)]
    moved, scores = _look(half, page, some, _FAR)
    flat_there = scores >= _SURE
    if flat_there.sum() * 2 >= len(some) and float(np.abs(moved[flat_there]).max(initial=0.0)) < _LITTLE:
        moved, scores = _look(half, page, every, _NEAR)
    else:
        moved, scores = _look(half, page, every, _FAR)
    common = _common(moved, scores, page.near)
    lost = (scores < _SURE) | (np.abs(moved - common).max(1) > _AGREE)
    spots = page.spots + np.where(lost[:, None], common, moved)
    return Alignment(np.asarray(spots, np.float32), scores)


def _look(half: Picture, page: Printed, rows: NDArray[np.intp], reach: int) -> tuple[Floats, Floats]:
    """Look for some marks at most `reach` pixels away; return how far each moved (mm), and how well it matched."""
    patches = _patches(page)[rows]
    areas = windows(half, page.spots[rows], _PATCH + 2 * reach, _HALF)
    moved = np.zeros((len(rows), 2), np.float32)
    scores = np.zeros(len(rows), np.float32)
    for row, (area, patch) in enumerate(zip(areas, patches, strict=True)):
        match = np.asarray(cv2.matchTemplate(area, patch, cv2.TM_CCOEFF_NORMED), np.float32)
        _, scores[row], _, place = cv2.minMaxLoc(match)
        moved[row] = _peak(match, place)
    return np.asarray((moved - reach) / _HALF, np.float32), scores


def likeness(flat: Picture, page: Printed, px: int) -> float:
    """Return how alike a page and a blank are as wholes, at `px` pixels a mm: a correlation, -1 to 1.

    With few pixels it says whether the print is the same, with more also how clearly it can be seen.
    """
    seen = cv2.matchTemplate(_contrast(flat, px), _blank(page, px), cv2.TM_CCOEFF_NORMED)
    return float(np.asarray(seen)[0, 0])


@lru_cache(maxsize=64)
def _blank(page: Printed, px: int) -> Floats:
    return _contrast(page.picture, px)


def _contrast(picture: Picture, px: int) -> Floats:
    """A page without its edges, where copies are black, and without its light and shadow; slightly blurred."""
    edge = round(_EDGE * PX)
    inner = picture[edge:-edge, edge:-edge]
    small = cv2.resize(inner, None, fx=px / PX, fy=px / PX, interpolation=cv2.INTER_AREA).astype(np.float32)
    light = cv2.blur(small, (20 * px + 1, 20 * px + 1))
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0) / np.maximum(light, 1.0), np.float32)


@lru_cache(maxsize=16)
def _patches(page: Printed) -> NDArray[np.uint8]:
    half = np.asarray(cv2.resize(page.picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return windows(np.asarray(cv2.GaussianBlur(half, (0, 0), 0.7), np.uint8), page.spots, _PATCH, _HALF)


def _peak(match: NDArray[np.float32], place: Sequence[int]) -> tuple[float, float]:
    """Return the top of the hill between pixels, x and y, by a parabola through three of them."""
    column, row = place
    x = _vertex(match[row, max(column - 1, 0) : column + 2])
    y = _vertex(match[max(row - 1, 0) : row + 2, column])
    return column + x, row + y


def _vertex(values: NDArray[np.float32]) -> float:
    if len(values) < 3:
        return 0.0
    before, middle, after = map(float, values)
    bend = before - 2 * middle + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _common(moved: Floats, scores: Floats, near: NDArray[np.intp]) -> Floats:
    """Return how far the marks around each mark moved: the median of those that matched well, all if none did."""
    sure = scores >= _SURE
    around = np.where(sure[near][:, :, None], moved[near], np.nan)
    everywhere = np.median(moved[sure], axis=0) if sure.any() else np.zeros(2, np.float32)
    around[~sure[near].any(1)] = everywhere
    return np.asarray(np.nanmedian(around, axis=1), np.float32)
