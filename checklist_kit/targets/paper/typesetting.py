"""Turns a document into a PDF and into the places of its marks, both out of one run of the typesetter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from checklist_kit.targets.paper.codes import aruco_markers, qr_picture
from checklist_kit.targets.paper.formats import FORMATS
from checklist_kit.targets.paper.glyphs import families, missing, scripts

Document = Mapping[str, object]

MOST_PAGES = len(aruco_markers()) // 4
"""How many pages can have four corner markers each that no other page has."""

_FOLDER = Path(__file__).parent / "template"
_FORM = "form.typ"
# Both ask for the tags that screen readers need, and refuse letters without a glyph instead of printing boxes.
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_QUERY = """{
  let placed(it) = (..it.value, ..it.location().position().values())
  (
    pages: query(<page>).map(it => it.value), marks: query(<mark>).map(placed),
    fiducials: query(<fiducial>).map(placed), rooms: query(<room>).map(placed),
  )
}"""
_MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished form: the PDF, and its pages as the layout file lists them. Lengths are in mm from the top left.

    `rooms` holds, by page, the places of what makes a copy its own; a place is its name, its top left and its size.
    """

    pdf: bytes
    pages: list[dict[str, object]]
    rooms: list[list[dict[str, object]]]


class MissingGlyphs(Exception):
    """No font that is installed has these letters."""

    def __init__(self, letters: list[str]) -> None:
        self.letters = letters
        super().__init__(" ".join(letters))


class TooManyPages(Exception):
    """The form is longer than its corner markers can tell apart."""


def typeset(document: Document, identities: list[str], *, numbered: bool = False, backwards: bool = False) -> Typeset:
    """Typeset a document. Raises MissingGlyphs or TooManyPages.

    `identities` is what the QR symbol of each page says, for as many pages as the form may have; the symbols' places
    stay empty where copies will be `numbered`. The corner markers of `backwards` pages are counted from the last one.
    The symbols must be there before the pages can be counted, so their number is guessed, and the run repeated where
    it was low.
    """
    guess = min(_guess(document), len(identities))
    while True:
        symbols = None if numbered else [qr_picture(identity) for identity in identities[:guess]]
        result = _typeset({**document, "fiducials": _corners(guess, backwards), "qr": symbols})
        if len(result.pages) <= guess:
            return result
        if len(result.pages) > len(identities):
            raise TooManyPages
        guess = len(result.pages)


def typeset_to_read(document: Document, template: str) -> Typeset:
    """Typeset a document that is not filled in: it has no corner markers and no symbol. Raises MissingGlyphs."""
    return _typeset({**document, "fiducials": [], "qr": None}, template)


def _corners(pages: int, backwards: bool) -> list[tuple[int, tuple[str, ...]]]:
    """Return the corner markers of some pages, four for each, with their numbers."""
    order = range(MOST_PAGES)[:: -1 if backwards else 1][:pages]
    return [(4 * page + corner, aruco_markers()[4 * page + corner]) for page in order for corner in range(4)]


def _guess(document: Document) -> int:
    """Return how many pages a document will hardly exceed, from rough heights in mm."""
    heights = {"question": 14, "heading": 12, "note": 10, "matrix": 80}
    blocks = document["blocks"]
    assert isinstance(blocks, list)
    height = sum(heights.get(block["kind"], 0) + 30 * len(block.get("cards", ())) for block in blocks)
    return 2 + height // FORMATS[str(document["format"])].page


def _typeset(document: Document, template: str = _FORM) -> Typeset:
    needed = scripts(json.dumps(document, ensure_ascii=False))
    text = json.dumps({**document, "fonts": families(needed)}, ensure_ascii=False)
    try:
        return _run(text, template, system_fonts=bool(needed))
    except MissingGlyphs:
        if needed:
            raise
        return _run(text, template, system_fonts=True)


def _run(document: str, template: str, system_fonts: bool) -> Typeset:
    pdf = compiled(template, {"document": document}, STANDARDS, system_fonts=system_fonts)
    compiler = _compiler(template, system_fonts)
    found = json.loads(compiler.eval(_QUERY))
    rooms = [[_room(room) for room in found["rooms"] if room[-3] == page] for page, *_ in found["pages"]]
    return Typeset(pdf, _pages(found), rooms)


def compiled(template: str, inputs: dict[str, str], standards: list[typst.PDFStandard], *, system_fonts: bool) -> bytes:
    """Return the PDF that a template of this folder makes of some inputs.

    Raises MissingGlyphs under standards that ask for every letter to be shown.
    """
    compiler = _compiler(template, system_fonts)
    try:
        pdf, _ = compiler.compile_with_warnings(
            sys_inputs=dict(inputs), pdf_standards=standards, timestamp=0, format="pdf"
        )
    except typst.TypstError as error:
        if letters := missing(error.diagnostic):
            raise MissingGlyphs(letters) from error
        raise
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler(template: str, system_fonts: bool) -> typst.Compiler:
    """Return a compiler that keeps a template and its fonts in memory from form to form."""
    return typst.Compiler(_FOLDER / template, font_paths=_fonts(system_fonts), ignore_system_fonts=not system_fonts)


@cache
def _fonts(system_fonts: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=system_fonts)


def _pages(found: dict[str, Any]) -> list[dict[str, object]]:
    """Sort what was found in the document by page; each entry ends in its page, x and y."""
    return [
        {
            "page": page,
            "width_mm": round(width),
            "height_mm": round(height),
            "marks": [_mark(mark) for mark in found["marks"] if mark[-3] == page],
            "fiducials": [_fiducial(fiducial) for fiducial in found["fiducials"] if fiducial[-3] == page],
        }
        for page, width, height in found["pages"]
    ]


def _mark(found: list[Any]) -> dict[str, object]:
    """Return a mark of the layout: its metadata stand at its top left, the layout names its centre."""
    item, instance, choice, shape, width, height, _, x, y = found
    return {
        "item": item,
        "instance": instance,
        "choice": choice,
        "shape": shape,
        "x_mm": _mm(x, width / 2),
        "y_mm": _mm(y, height / 2),
        "w_mm": round(width, 2),
        "h_mm": round(height, 2),
    }


def _fiducial(found: list[Any]) -> dict[str, object]:
    number, size, _, x, y = found
    return {"id": number, "x_mm": _mm(x, size / 2), "y_mm": _mm(y, size / 2), "size_mm": round(size, 2)}


def _room(found: list[Any]) -> dict[str, object]:
    name, width, height, _, x, y = found
    return {"name": name, "x": _mm(x, 0), "y": _mm(y, 0), "w": width, "h": height}


def _mm(length: str, offset: float) -> float:
    return round(float(length.removesuffix("pt")) * _MM_PER_PT + offset, 2)
