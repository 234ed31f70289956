"""Which page of which form this is: what its QR symbol says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from checklist_kit.readers.scan.printed import PX, Picture

_BAND = 34  # mm from the top of the page in which the symbol stands
_PARTS = 5
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass(frozen=True, slots=True)
class Identity:
    """What a printed page says it is. `serial` is empty on plain blanks."""

    checklist: str
    version: str
    page: int
    language: str
    serial: str


def read_flat(flat: Picture) -> Identity | None:
    """Return what the symbol on a flattened page says; None where it cannot be read."""
    band = flat[: _BAND * PX]
    for picture in _variants(band):
        for found, _ in _symbols(picture, thorough=False):
            return found
    return None


def read_anywhere(picture: Picture) -> Iterator[tuple[Identity, tuple[float, float]]]:
    """Yield what symbols anywhere on a picture say, any way up, with the pixel (x, y) in the middle of each."""
    return _symbols(picture, thorough=True)


def _variants(band: Picture) -> Iterator[Picture]:
    """Yield a band as it is, then made easier to read when it is blurred."""
    yield np.ascontiguousarray(band)
    large = cv2.resize(band, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    yield np.asarray(large, np.uint8)
    for blur in (3, 6):
        sharp = cv2.addWeighted(large, 4, cv2.GaussianBlur(large, (0, 0), blur), -3, 0)
        yield np.asarray(sharp, np.uint8)


def _symbols(picture: Picture, *, thorough: bool) -> Iterator[tuple[Identity, tuple[float, float]]]:
    for symbol in zxingcpp.read_barcodes(
        picture,
        formats=_QR,
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
    ):
        found = parse_identity(symbol.text)
        if found is not None:
            one, two = symbol.position.top_left, symbol.position.bottom_right
            yield found, ((one.x + two.x) / 2, (one.y + two.y) / 2)


def parse_identity(text: str) -> Identity | None:
    """Return what the text of a symbol means; None where it is none of ours."""
    parts = text.split("/")
    if len(parts) != _PARTS or not (parts[2].isascii() and parts[2].isdigit()) or not parts[0]:
        return None
    checklist, version, page, language, serial = parts
    return Identity(checklist, version, int(page), language, serial)
