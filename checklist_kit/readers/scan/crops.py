"""Pictures to look at: a doubtful answer with its question around it, and a page on which each answer can be shown."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import cv2
import numpy as np

from checklist_kit.readers.scan.layout import Mark, PageLayout
from checklist_kit.readers.scan.printed import PX, Picture

_SHRINK = 0.6  # of the flattened page: 122 dpi
_SHRINK_PAGE = 0.5  # 102 dpi; a half is the share that is quickest to make
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
    return Crop(_jpeg(part, _SHRINK), (left, top, right - left, bottom - top))


def page_picture(flat: Picture, layout: PageLayout) -> str:
    """Return a flattened page as SVG, in which the name of an answer (`name_in_picture`) is a view of it alone.

    A browser that opens it at such a name shows that place with a frame around the marks. Lengths are in mm.
    """
    views = "".join(_view(layout, key) for key in layout.fields)
    size = f'width="{layout.width:g}" height="{layout.height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:g} {layout.height:g}">\n'
        "<style>rect { display: none; fill: none; stroke: #b4540a; stroke-width: .4px } "
        "view:target + rect { display: inline }</style>\n"
        f'<image {size} href="data:image/jpeg;base64,{_jpeg(flat, _SHRINK_PAGE)}"/>\n{views}</svg>\n'
    )


def name_in_picture(item: str, instance: str) -> str:
    """Return what comes after `#` in the address of an answer in its page's picture."""
    return quote(f"{item}/{instance}" if instance else item, safe="/")


def _view(layout: PageLayout, key: tuple[str, str]) -> str:
    marks = [layout.marks[position] for position in layout.fields[key]]
    left, top, right, bottom = _frame(marks, layout)
    x, y = min(mark.x - mark.w / 2 for mark in marks) - 1, min(mark.y - mark.h / 2 for mark in marks) - 1
    wide, high = max(mark.x + mark.w / 2 for mark in marks) + 1 - x, max(mark.y + mark.h / 2 for mark in marks) + 1 - y
    name = escape("/".join(filter(None, key)))
    box = " ".join(f"{length:.1f}" for length in (left, top, right - left, bottom - top))
    return (
        f'<view id="{name}" viewBox="{box}"/><rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"/>\n'
    )


def _jpeg(picture: Picture, share: float) -> str:
    """Return a picture made smaller, as a JPEG in base64."""
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return base64.b64encode(np.asarray(jpeg).tobytes()).decode("ascii")


def _frame(marks: list[Mark], layout: PageLayout) -> tuple[float, float, float, float]:
    digits = any(mark.shape == "digit" for mark in marks)
    top = min(mark.y - mark.h / 2 for mark in marks) - (_ABOVE_DIGITS if digits else _ABOVE)
    bottom = max(mark.y + mark.h / 2 for mark in marks) + _BELOW
    left, right = _MARGIN, layout.width - _MARGIN
    if digits:
        left = max(left, min(mark.x for mark in marks) - _BESIDE_DIGITS)
        right = min(right, max(mark.x for mark in marks) + 3 * _BESIDE_DIGITS)
    return left, max(top, 0.0), right, min(bottom, layout.height)
