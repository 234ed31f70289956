"""Printed pages: the PDF as an array of grey values, with a serial number in its QR symbol where one is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import cv2
import numpy as np
import pypdfium2
import segno

DPI = 300
PX = DPI / 25.4  # pixels a mm


@dataclass(frozen=True, eq=False)
class Sheet:
    """A printed page: grey values (uint8, 300 dpi) and its page of the layout file."""

    picture: np.ndarray
    page: Mapping[str, Any]
    identity: str

    @cached_property
    def symbol(self) -> tuple[int, int, int]:
        """Where the QR symbol of the clean page begins, and its size, in pixels."""
        _, corners, _ = cv2.QRCodeDetector().detectAndDecode(self.picture)
        corners = corners.reshape(4, 2)
        (left, top), (right, _) = corners.min(0).round(), corners.max(0).round()
        return int(left), int(top), int(right - left) + 1

    def with_serial(self, serial: str) -> Sheet:
        """Return the page with another serial in its QR symbol."""
        text = self.identity.rpartition("/")[0] + "/" + serial
        picture = self.picture.copy()
        left, top, size = self.symbol
        rows = np.array([list(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix])
        edges = np.linspace(0, size, len(rows) + 1).round().astype(int)
        picture[top - 8 : top + size + 8, left - 8 : left + size + 8] = 255
        for y, x in np.argwhere(rows):
            picture[top + edges[y] : top + edges[y + 1], left + edges[x] : left + edges[x + 1]] = 0
        return Sheet(picture, self.page, text)


def form_of(files: Mapping[str, bytes], language: str) -> tuple[bytes, Mapping[str, Any]]:
    """Return the PDF and the layout of one language among the files that the paper target made."""
    (name,) = (name for name in files if name.endswith(f".paper.{language}.layout.json"))
    return files[name.removesuffix("layout.json") + "pdf"], json.loads(files[name])


@lru_cache(maxsize=8)
def _pictures(pdf: bytes) -> tuple[np.ndarray, ...]:
    document = pypdfium2.PdfDocument(pdf)
    return tuple(
        np.ascontiguousarray(page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze()) for page in document
    )


def sheets(pdf: bytes, layout: Mapping[str, Any], serial: str = "") -> list[Sheet]:
    """Return the pages of a form, with a serial where one is given."""
    blank = []
    for picture, page in zip(_pictures(pdf), layout["pages"], strict=True):
        identity = f"{layout['checklist']}/{layout['version']}/{page['page']}/{layout['language']}/"
        sheet = Sheet(picture, page, identity)
        blank.append(sheet.with_serial(serial) if serial else sheet)
    return blank
