"""Turns a document into a PDF and into the places of its marks, both out of one run of the typesetter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import typst

from checklist_kit.targets.paper.codes import aruco_markers, page_identity, qr_rows
from checklist_kit.targets.paper.glyphs import families, missing, scripts

Document = dict[str, object]

MOST_PAGES = len(aruco_markers()) // 4
"""How many pages can have four corner markers each that no other page has."""

_QUERY = "(marks: query(<mark>), corners: query(<fiducial>), pages: counter(page).final().first())"
_FOUND = "it => it.location().position()"


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished form: the PDF, and its pages as the layout file lists them."""

    pdf: bytes
    pages: list[dict[str, object]]


class MissingGlyphs(Exception):
    """No font has these letters."""

    def __init__(self, letters: list[str]) -> None:
        self.letters = letters
        super().__init__(" ".join(letters))


class TooManyPages(Exception):
    """The form is longer than its corner markers can tell apart."""


def typeset(document: Document, language: str) -> Typeset:
    """Typeset a document. Raises MissingGlyphs or TooManyPages.

    The QR symbols must be there before the pages can be counted, so their number is guessed, and the run repeated when it was low.
    """
    text = json.dumps(document, ensure_ascii=False)
    needed = scripts(text)
    guess = _guess(document)
    while True:
        codes = [qr_rows(_identity(document, page, language)) for page in range(1, guess + 1)]
        content = {**document, "fonts": families(needed), "fiducials": aruco_markers()[: 4 * guess], "qr": codes}
        result = _run(json.dumps(content, ensure_ascii=False), bool(needed))
        if len(result.pages) <= guess:
            return result
        guess = len(result.pages)
        if guess > MOST_PAGES:
            raise TooManyPages
