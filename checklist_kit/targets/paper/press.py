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


def press(form: Typeset, document: Document, copies: Sequence[Copy], size: tuple[float, float]) -> bytes:
    """Return copies of a form as one PDF, in order. `size` is that of a page in mm.

    The form was typeset from `document` with places for numbers. Raises MissingGlyphs for a letter in a unit's code.
    """
    width, height = size
    texts = [f"{copy.number} {copy.unit}" for copy in copies]
    needed = scripts(json.dumps([document["title"], texts], ensure_ascii=False))
    look = {"title": document["title"], "lang": document["lang"], "dir": document["dir"], "fonts": families(needed)}
    letters = "".join(sorted(set("".join(texts))))
    # Pages that are put onto sheets can follow no standard that refuses letters without a glyph, so those come alone.
    _pressed(look | {"letters": letters}, STANDARDS, bool(needed))
    job = {
        "pdf": list(form.pdf),
        "pages": len(form.pages),
        "width": width,
        "sheet": [width, height],
        "sides": [[[0, page]] for page in range(1, len(form.pages) + 1)],
        "rooms": form.rooms,
        "copies": [
            {"symbols": [qr_picture(said) for said in copy.identities], "number": copy.number, "unit": copy.unit}
            for copy in copies
        ],
    }
    return _pressed(look | job, [], bool(needed))


def _pressed(job: dict[str, object], standards: list[PDFStandard], system_fonts: bool) -> bytes:
    inputs = {"job": json.dumps(job, ensure_ascii=False)}
    return compiled(_TEMPLATE, inputs, standards, system_fonts=system_fonts)
