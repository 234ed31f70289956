"""What makes a printed page findable: ArUco markers for its corners, a QR symbol for what it is."""

from __future__ import annotations

from functools import cache
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


@cache
def qr_rows(text: str) -> tuple[str, ...]:
    """Return a QR symbol with medium error correction and without its quiet zone: its rows, `1` is dark."""
    symbol = segno.make(text, error="m", micro=False, boost_error=False, encoding="utf-8")
    return tuple("".join(str(module) for module in row) for row in symbol.matrix)
