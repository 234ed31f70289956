"""What makes a printed page findable: ArUco markers for its corners, a QR symbol for what it is."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from urllib.parse import quote

import segno


@cache
def aruco_markers() -> tuple[tuple[str, ...], ...]:
    """Return the 250 markers of ArUco's DICT_4X4_250 by id: four rows from the top, `1` is white."""
    text = files("checklist_kit.targets.paper").joinpath("aruco_4x4_250.txt").read_text(encoding="ascii")
    return tuple(tuple(line.split()) for line in text.splitlines() if not line.startswith("#"))


def page_identity(checklist: str, version: str, page: int, language: str, serial: str = "") -> str:
    """Return what a page's QR symbol says: id, version, page, language and serial, separated by `/`.

    A slash or percent sign inside a field is percent-encoded. The serial is empty on plain blanks.
    """
    return "/".join(quote(field, safe=_UNTOUCHED) for field in (checklist, version, str(page), language, serial))


# quote() leaves letters, digits and _.-~ alone; of ASCII, only the separator and the escape itself need escaping here.
_UNTOUCHED = "".join(chr(code) for code in range(32, 127) if chr(code) not in "/%")


@cache
def qr_rows(text: str) -> tuple[str, ...]:
    """Return a QR symbol with medium error correction and without its quiet zone: its rows, `1` is dark."""
    symbol = segno.make(text, error="m", micro=False, boost_error=False, encoding="utf-8")
    return tuple("".join(str(module) for module in row) for row in symbol.matrix)
