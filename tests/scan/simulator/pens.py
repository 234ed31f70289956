"""Strokes of pens and pencils. Ink is an array of grey values that only ever gets darker; lengths are in mm."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tests.scan.simulator.paper import PX

_SHIFT = 4  # binary digits behind the point of OpenCV's coordinates


@dataclass(frozen=True)
class Pen:
    """A pen: how dark (a grey value), how wide its line (mm), and how unsteady the hand (mm)."""

    grey: int
    width: float
    shake: float = 0.12


@dataclass(frozen=True)
class Spot:
    """A printed mark: centre and half its size, in mm."""

    x: float
    y: float
    r: float


def stroke(ink: np.ndarray, pen: Pen, points: np.ndarray, rng: np.random.Generator) -> None:
    """Draw a line through points (n x 2, mm) with pressure that changes along it."""
    steady = _smooth(points + rng.normal(0, pen.shake / 2, points.shape)) * PX
    width = max(1, round(pen.width * PX * rng.uniform(0.85, 1.15)))
    low = np.maximum(np.floor(steady.min(0)).astype(int) - width - 2, 0)
    high = np.ceil(steady.max(0)).astype(int) + width + 3
    area = ink[low[1] : high[1], low[0] : high[0]]
    layer = np.full_like(area, 255)
    grey = int(np.clip(pen.grey + rng.normal(0, 8), 0, 230))
    fixed = np.round((steady - low) * 2**_SHIFT).astype(np.int32)
    cv2.polylines(layer, [fixed], False, grey, width, cv2.LINE_AA, _SHIFT)
    np.minimum(area, layer, out=area)


def _smooth(points: np.ndarray) -> np.ndarray:
    """Put more points between points, on a curve through them."""
    if len(points) < 3:
        return points
    steps = np.linspace(0, len(points) - 1, 8 * len(points))
    known = np.arange(len(points))
    curve = np.stack([np.interp(steps, known, points[:, axis]) for axis in (0, 1)], axis=1)
    kernel = np.ones(5) / 5
    inner = np.stack([np.convolve(curve[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    return np.concatenate([curve[:1], inner, curve[-1:]])


def fill(ink: np.ndarray, pen: Pen, spot: Spot, rng: np.random.Generator, care: float = 0.9) -> None:
    """Fill a mark with a zigzag. With little care it is narrow, shifted, or runs over the outline."""
    reach = spot.r * rng.uniform(care - 0.12, care + 0.12)
    centre = np.array([spot.x, spot.y]) + rng.normal(0, 0.12 + 0.3 * (1 - care), 2)
    lines = max(4, round(2 * reach / (pen.width * rng.uniform(0.6, 0.9))))
    heights = np.linspace(-reach, reach, lines)
    half = np.sqrt(np.maximum(reach**2 - heights**2, (0.25 * reach) ** 2))
    points = np.stack([half * np.resize([-1, 1], lines), heights], axis=1)
    stroke(ink, pen, _turned(points, rng.uniform(0, np.pi)) + centre, rng)


def tick(ink: np.ndarray, pen: Pen, spot: Spot, rng: np.random.Generator) -> None:
    """Draw a tick whose long arm leaves the mark to the upper right."""
    r = spot.r * rng.uniform(0.9, 1.25)
    points = np.array([[-0.75, -0.05], [-0.2, 0.65], [rng.uniform(0.8, 1.25), rng.uniform(-1.35, -0.8)]]) * r
    stroke(ink, pen, points + np.array([spot.x, spot.y]) + rng.normal(0, 0.15, 2), rng)


def cross(ink: np.ndarray, pen: Pen, spot: Spot, rng: np.random.Generator, reach: float = 0.0) -> None:
    """Draw an X through a mark."""
    r = spot.r * (reach or rng.uniform(0.65, 1.1))
    centre = np.array([spot.x, spot.y]) + rng.normal(0, 0.15, 2)
    for side in (1, -1):
        stroke(ink, pen, np.array([[-r, -r * side], [0, 0], [r, r * side]]) + centre, rng)


def circle_around(ink: np.ndarray, pen: Pen, spot: Spot, rng: np.random.Generator) -> None:
    """Draw a ring around a mark instead of marking it."""
    turn = np.linspace(0, 2 * np.pi * rng.uniform(0.98, 1.08), 24) + rng.uniform(0, 6)
    radii = np.array([spot.r * rng.uniform(1.35, 1.75), spot.r * rng.uniform(1.35, 1.7)])
    points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * radii
    stroke(ink, pen, points + np.array([spot.x, spot.y]) + rng.normal(0, 0.1, 2), rng)


def cross_out(ink: np.ndarray, pen: Pen, spot: Spot, rng: np.random.Generator) -> None:
    """Cancel a mark that was filled: a large X or a scribble over it and beyond."""
    if rng.random() < 0.6:
        cross(ink, pen, spot, rng, reach=rng.uniform(1.6, 2.1))
        return
    across = np.linspace(-1, 1, 9) * spot.r * rng.uniform(1.6, 2.0)
    points = np.stack([across, np.resize([-1.5, 1.5], 9) * spot.r], axis=1)
    stroke(ink, pen, points + np.array([spot.x, spot.y]), rng)


def erase(ink: np.ndarray, spot: Spot, rng: np.random.Generator) -> None:
    """Rub out what is in a mark: a faint, smeared rest stays."""
    reach = round(spot.r * 1.6 * PX)
    x, y = round(spot.x * PX), round(spot.y * PX)
    area = np.s_[y - reach : y + reach, x - reach : x + reach]
    smeared = cv2.GaussianBlur(ink[area], (0, 0), rng.uniform(3, 6)).astype(float)
    rest = rng.uniform(0.06, 0.22)
    ink[area] = np.round(255 - (255 - smeared) * rest)


def handwriting(ink: np.ndarray, pen: Pen, box: tuple[float, float, float, float], rng: np.random.Generator) -> None:
    """Scribble something like words into a box (left, top, width, height in mm)."""
    left, top, width, height = box
    size = min(height * 0.55, 4.0)
    letters = int(rng.integers(3, max(4, int(width * 0.8 / size))))
    for letter in range(letters):
        points = rng.uniform(-0.5, 0.5, (int(rng.integers(3, 6)), 2)) * size * (0.8, 1)
        stroke(ink, pen, points + np.array([left + size * (0.9 + letter * 0.85), top + height / 2]), rng)


def _turned(points: np.ndarray, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]])
