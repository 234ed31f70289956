"""What makes a printed page findable: ArUco markers for its corners, a QR symbol for what it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

import segno


@cache
def aruco_markers() -> tuple[tuple[str, ...], ...]:
    """Return the 250 markers of ArUco's DICT_4X4_250 by id: four rows from the top, `1` is white."""
    text = files("checklist_kit.targets.paper").joinpath("aruco_4x4_250.txt").read_text(encoding="ascii")
    return tuple(tuple(line.split()) for line in text.splitlines() if not line.startswith("#"))


def page_identity(checklist: str, version: str, page: int, language: str, serial: str = "") -> str:
    """Return what a page's QR symbol says: id, version, page, language and serial, separated by `/`.

    None of them can hold a slash. The serial is empty on plain blanks.
    """
    return "/".join((checklist, version, str(page), language, serial))


@lru_cache(maxsize=64)
def qr_picture(text: str) -> str:
    """Return a QR symbol with medium error correction and without its quiet zone, as SVG."""
    symbol = segno.make(text, error="m", micro=False, boost_error=False, encoding="utf-8")
    size = len(symbol.matrix)
    rows = ("".join(str(module) for module in row) for row in symbol.matrix)
    runs = ((run.start(), y, run.end()) for y, row in enumerate(rows) for run in re.finditer("1+", row))
    path = "".join(f"M{start} {y}H{end}v1H{start}z" for start, y, end in runs)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}"/></svg>'
