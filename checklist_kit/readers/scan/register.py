"""Where on a picture the page lies: corner markers, a homography, and gates that refuse what does not fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from checklist_kit.readers.scan.layout import Fiducial
from checklist_kit.readers.scan.printed import PX, Picture

Corners = Mapping[int, NDArray[np.float32]]
"""The corners (4 x 2, pixels) of each marker that was found, by its number."""

Points = NDArray[np.float64]

# How markers are looked for, one way after the other until enough are found: pixels of the longer side, the share of
# correctable errors that is accepted (a marker that is misread does not fit the others), and how much to sharpen.
_ATTEMPTS = ((900, 0.6, 0), (1200, 1.0, 0), (1200, 1.0, 3))
_NEEDED = 3  # markers
_RESIDUAL = 0.45  # mm, root mean square over the markers' corners
_GOOD = 0.15  # mm, from which it is asked whether some corners are wrong
_OFF = 0.35  # mm by which a corner may be off from where the others say it is
_LEAST_SCALE = 3.0  # pixels a mm (76 dpi); below, a mark's outline is no longer seen


@dataclass(frozen=True)
class Registration:
    """How a page lies in a picture.

    `matrix` (3 x 3) takes mm on the page to pixels; `residual` is how far in mm the markers are from where it puts
    them; `scale` is the least number of pixels a mm.
    """

    matrix: NDArray[np.float64]
    residual: float
    scale: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a pixel lies on the page, in mm."""
        across, down, depth = np.linalg.solve(self.matrix, (x, y, 1.0))
        return float(across / depth), float(down / depth)


class NotRegistered(ValueError):
    """A picture in which the page cannot be placed; the message says why."""


def find_markers(picture: Picture, pages: Collection[frozenset[int]] = ()) -> Corners:
    """Return the markers in a picture: at a glance where that is enough, else with more pixels, then sharpened.

    `pages` are the markers of each page that may be there. Raises NotRegistered where two sheets of one page are.
    """
    found: dict[int, NDArray[np.float32]] = {}
    for side, errors, sharpen in _ATTEMPTS:
        factor = 1 / max(1, round(max(picture.shape) / side))  # whole pixels together, which is fast
        small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else picture
        if sharpen:
            small = cv2.addWeighted(small, 1 + sharpen, cv2.GaussianBlur(small, (0, 0), sharpen), -sharpen, 0)
        squares, numbers, _ = _detector(errors).detectMarkers(small)
        many = [int(number) for number in numbers.ravel()] if squares else []
        if len(many) - len(set(many)) >= 2:
            raise NotRegistered("it shows two sheets of one page; take a picture of each")
        for square, number in zip(squares, many, strict=True):
            near = _refined(np.asarray(small, np.uint8), np.asarray(square, np.float32).reshape(4, 2))
            found.setdefault(number, _refined(picture, (near + 0.5) / factor - 0.5))
        if len(found) > _NEEDED and all(ids <= found.keys() for ids in pages if not ids.isdisjoint(found)):
            break
    return found


def register(found: Corners, fiducials: Sequence[Fiducial]) -> Registration:
    """Place a page by those of its markers that were found. Raises NotRegistered.

    Three markers are enough. Corners that do not fit the others (dirt at a marker, a folded corner of the paper) are
    left out.
    """
    known = [fiducial for fiducial in fiducials if fiducial.id in found]
    if len(known) < _NEEDED:
        raise NotRegistered(f"{len(known)} of {len(fiducials)} corner markers can be seen, and three are needed")
    page = np.array([corner for fiducial in known for corner in fiducial.corners], np.float64)
    seen = np.concatenate([found[fiducial.id] for fiducial in known]).astype(np.float64)
    best = _fit(page, seen)
    if best is None or best.residual > _GOOD:
        best = _fit_most(page, seen, best)
    if best is None:
        raise NotRegistered("the corner markers do not lie as on a page")
    if best.residual > _RESIDUAL:
        raise NotRegistered(f"the corner markers do not fit together: they are off by {best.residual:.1f} mm")
    if best.scale < _LEAST_SCALE:
        raise NotRegistered(f"the page is too small in the picture: {best.scale:.1f} pixels a mm, and 3 are needed")
    return best


def flatten(picture: Picture, registration: Registration, width: float, height: float) -> Picture:
    """Return the page as if it lay flat, PX pixels a mm, right way up."""
    shrink = min(1.0, 1.5 * PX / registration.scale)
    matrix = registration.matrix
    if shrink < 1.0:
        picture = np.asarray(cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = np.diag([shrink, shrink, 1.0]) @ matrix
    offset = 0.5 / PX  # a pixel's middle
    to_mm = np.array([[1 / PX, 0, offset], [0, 1 / PX, offset], [0, 0, 1.0]])
    size = round(width * PX), round(height * PX)
    flat = cv2.warpPerspective(
        picture, matrix @ to_mm, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


@cache
def _detector(errors: float) -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.errorCorrectionRate = errors
    parameters.adaptiveThreshWinSizeStep = 20  # two windows, 3 and 23 pixels; the one between finds nothing more
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250), parameters)


def _refined(picture: Picture, corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return corners to a fraction of a pixel of the full picture."""
    side = float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean())
    reach = int(np.clip(side / 8, 2, 16))  # inside the marker's border, a sixth of its side
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.02)
    start = np.ascontiguousarray(corners.reshape(-1, 1, 2), np.float32)
    low, high = corners.min(0) - reach - 2, corners.max(0) + reach + 2
    if low.min() < 0 or (high >= picture.shape[::-1]).any():
        return corners
    return np.asarray(cv2.cornerSubPix(picture, start, (reach, reach), (-1, -1), criteria), np.float32).reshape(4, 2)


def _fit_most(page: Points, seen: Points, whole: Registration | None) -> Registration | None:
    """Fit the corners that agree with each other, if that leaves enough of them; else return the fit of all.

    Where all fit fairly well, as on a page that is not quite flat, no marker is left out altogether: each pulls the
    page into its place.
    """
    _, inside = cv2.findHomography(seen, page, cv2.RANSAC, _OFF)
    kept = np.asarray(inside, np.bool_).reshape(-1)
    if len(kept) != len(page):
        return whole
    by_marker = kept.reshape(-1, 4).sum(1)
    fair = whole is not None and whole.residual <= _RESIDUAL
    if (by_marker >= 3).sum() < _NEEDED or (fair and by_marker.min() < 2):
        return whole
    return _fit(page[kept], seen[kept]) or whole


def _fit(page: Points, seen: Points) -> Registration | None:
    """Fit corners in mm (n x 2) to corners in pixels; None where they are not those of a page seen from above."""
    found_matrix, _ = cv2.findHomography(page, seen, 0)
    matrix = np.asarray(found_matrix, np.float64)
    if matrix.shape != (3, 3) or not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-9:
        return None
    back = cv2.perspectiveTransform(seen.reshape(-1, 1, 2), np.linalg.inv(matrix)).reshape(-1, 2)
    residual = float(np.sqrt(((back - page) ** 2).sum(1).mean()))
    low, high = page.min(0), page.max(0)
    frame = np.array([[low, (high[0], low[1]), high, (low[0], high[1])]], np.float64).reshape(-1, 1, 2)
    quad = np.asarray(cv2.perspectiveTransform(frame, matrix), np.float64).reshape(-1, 2)
    if not _is_page(quad):
        return None
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    lengths = np.tile(high - low, 2)
    return Registration(matrix, residual, float((sides / lengths).min()))


def _is_page(quad: NDArray[np.float64]) -> bool:
    """Whether four corners turn clockwise without a dent: not mirrored, not crossed."""
    sides = np.roll(quad, -1, axis=0) - quad
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    return bool((turns > 0).all())
