"""Puts typeset pages onto sheets: numbered copies of a form, without typesetting it again for each of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checklist_kit.targets.paper.codes import qr_picture
from checklist_kit.targets.paper.glyphs import families, scripts
from checklist_kit.targets.paper.typesetting import STANDARDS, Document, Typeset, compiled

if TYPE_CHECKING:
    from typst import PDFStandard

_TEMPLATE = "press.typ"


@dataclass(frozen=True, slots=True)
class Copy:
    """One numbered copy: what its QR symbols say, page by page, its number as printed, and its unit's code or none."""

    identities: tuple[str, ...]
    number: str
    unit: str


def press(form: Typeset, document: Document, copies: Sequence[Copy]) -> bytes:
    """Return copies of a form as one PDF, in order.

    The form was typeset from `document` with places for numbers. Raises MissingGlyphs for a letter in a unit's code.
    """
    return _press(form, document, copies, [[(0.0, page)] for page in _numbers(form)], 1)


def booklet(form: Typeset, document: Document, copies: Sequence[Copy]) -> bytes:
    """Return a form, or copies of it, two pages to a side, so that sheets laid into each other fold into booklets."""
    count = len(form.pages)
    whole = -(-count // 4) * 4
    spreads = []
    for sheet in range(0, whole // 2, 2):
        spreads += [(whole - sheet, sheet + 1), (sheet + 2, whole - sheet - 1)]
    if document["dir"] == "rtl":
        spreads = [(right, left) for left, right in spreads]
    width = _width(form)
    sides = [[(x, page) for x, page in zip((0.0, width), pair, strict=True) if page <= count] for pair in spreads]
    return _press(form, document, copies, sides, 2)


def _numbers(form: Typeset) -> range:
    return range(1, len(form.pages) + 1)


def _width(form: Typeset) -> float:
    return float(str(form.pages[0]["width_mm"]))


def _press(
    form: Typeset,
    document: Document,
    copies: Sequence[Copy],
    sides: list[list[tuple[float, int]]],
    across: int,
) -> bytes:
    """Put pages onto sheets that are `across` pages wide; a side lists pages, each with how far from the left it is."""
    texts = [f"{copy.number} {copy.unit}" for copy in copies]
    needed = scripts(json.dumps([document["title"], texts], ensure_ascii=False))
    look = {key: document[key] for key in ("title", "lang", "dir")} | {"fonts": families(needed)}
    # Pages that are put onto sheets can follow no standard that refuses letters without a glyph, so those come alone.
    _pressed(look | {"letters": "".join(sorted(set("".join(texts))))}, STANDARDS, bool(needed))
    job = {
        "pdf": list(form.pdf),
        "pages": len(form.pages),
        "width": _width(form),
        "sheet": [_width(form) * across, form.pages[0]["height_mm"]],
        "sides": sides,
        "rooms": form.rooms,
        "copies": [_texts(copy) for copy in copies] if copies else [None],
    }
    return _pressed(look | job, [], bool(needed))


def _texts(copy: Copy) -> dict[str, object]:
    return {
        "symbols": [qr_picture(said) for said in copy.identities],
        "number": copy.number,
        "unit": copy.unit,
    }


def _pressed(job: dict[str, object], standards: list[PDFStandard], system_fonts: bool) -> bytes:
    inputs = {"job": json.dumps(job, ensure_ascii=False)}
    return compiled(_TEMPLATE, inputs, standards, system_fonts=system_fonts)
