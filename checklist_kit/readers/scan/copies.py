"""Numbered copies: the unit that each was printed for, and whether its printed code stands alone in its box."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan.crops import Crop
from checklist_kit.readers.scan.decide import BLANK, WRITTEN, Answer
from checklist_kit.readers.scan.layout import BadLayout, Mark
from checklist_kit.readers.scan.printed import Floats, Picture
from checklist_kit.readers.scan.review import read_rows

BESIDE = "the printed code is changed, or something stands beside it"

_MM = 25.4 / 72  # a point
_FOOT = 25.0  # mm from the lower edge of a page in which a copy says its number
_AROUND = 1.5  # mm that a crop may be off
_EDGE = 1.2  # mm of a box's outline
_NEAR = 0.5  # mm around print in which ink is print
_INK = 0.35  # of black, from which it is ink
_FREE = 0.6  # square mm of ink beside the print; clean boxes stay below 0.4, the shortest stroke through a code above 1
_ALIKE = (
    0.9  # how a box must correlate with its print; clean scans stay above 0.93, a stroke within the code below 0.91
)
_PRINTED = 0.5  # square mm of print that are a code


@dataclass(frozen=True, eq=False)
class Copies:
    """What is known of the numbered copies of a checklist.

    `units` are the codes of their units by version and serial, empty where the observer writes the code. `pdfs` are the
    copies as they were printed, by the key of their form.
    """

    units: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pdfs: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)

    def page(self, form: str, serial: str, pages: int, page: int) -> pypdfium2.PdfPage | None:
        """Return a page of a copy as it was printed; None where it is not there. A form has `pages` pages."""
        for pdf in self.pdfs.get(form, ()) if serial.isascii() and serial.isdigit() else ():
            document = _opened(pdf)
            place = (int(serial) - _number(document[0])) * pages + page - 1
            if 0 <= place < len(document) and _number(document[place]) == int(serial):
                return document[place]
        return None


@dataclass(frozen=True, eq=False)
class Copy:
    """What one copy was printed for, and its pages as they were printed by number, where they are there."""

    unit: str
    page: Callable[[int], pypdfium2.PdfPage | None]


NO_COPIES = Copies()


def read_copies(path: Path) -> dict[str, str]:
    """Return the units of a `copies.csv` by serial. Raises UnreadableFile."""
    try:
        return {row["serial"]: row["unit"] for row in read_rows(path, ("serial", "unit"))}
    except LookupError as missing:
        raise UnreadableFile("file-unreadable", f"{path} has no column `{missing.args[0]}`") from missing
    except OSError as error:
        raise UnreadableFile("file-unreadable", f"cannot open {path}: {(error.strerror or '').lower()}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile("file-unreadable", f"{path} is no CSV in UTF-8") from error


def first_copy(pdf: bytes, pages: int) -> bytes:
    """Return the first pages of a PDF of many copies, the same bytes in every run. Raises BadLayout for no such PDF."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        if len(document) <= pages:
            return pdf
        first, written = pypdfium2.PdfDocument.new(), io.BytesIO()
        first.import_pages(document, list(range(pages)))
        first.save(written)
    except pypdfium2.PdfiumError as error:
        raise BadLayout("its PDF is damaged") from error
    # What is written names the time, and a number of its own.
    still = re.sub(rb"(?<=CreationDate\(D:)[0-9]+", lambda when: b"0" * len(when[0]), written.getvalue())
    return re.sub(rb"/ID\[<[0-9A-F]*><[0-9A-F]*>\]", b"", still)


@lru_cache(maxsize=64)
def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(pdf)


def _number(page: pypdfium2.PdfPage) -> int:
    """Return the number that a copy says it has; -1 where it says none."""
    width, _ = page.get_size()
    foot = page.get_textpage().get_text_bounded(left=0, bottom=0, right=width, top=_FOOT / _MM)
    said = re.search("№ ?([0-9]+)", foot)
    return int(said[1]) if said else -1


def preprinted(
    answer: Answer, marks: list[Mark], unit: str, crop: Crop | None, page: pypdfium2.PdfPage | None
) -> Answer:
    """Return the answer to the question for the unit, of a copy that was printed for `unit`.

    `crop` is a picture of the answer, `page` the page as it was printed. What else was marked or written there is
    doubtful.
    """
    certain = replace(answer, read=unit, confidence=1.0, doubt="")
    box = next((mark for mark in marks if mark.shape == "box"), None)
    if box is None or answer.read not in ("", BLANK) or answer.doubt not in ("", WRITTEN):
        return certain if not answer.doubt and answer.read in (BLANK, unit) else _doubtful(answer, unit)
    if page is None or crop is None:
        return replace(answer, read=unit, confidence=0.5) if answer.doubt else certain
    alone = stands_alone(crop, page, box)
    if alone is None:
        return answer if answer.doubt else certain
    return certain if alone else replace(certain, confidence=0.5, doubt=BESIDE)


def _doubtful(answer: Answer, unit: str) -> Answer:
    """Return what is marked otherwise than the code is printed."""
    doubt = f"the form was printed for `{unit}`, and something else is marked"
    return answer if answer.doubt else replace(answer, confidence=0.5, doubt=doubt)


def stands_alone(crop: Crop, page: pypdfium2.PdfPage, box: Mark) -> bool | None:
    """Whether what was printed into a box is all that a picture shows in it; None where nothing was."""
    left, top, wide, _ = crop.area
    seen = np.asarray(cv2.imdecode(np.frombuffer(base64.b64decode(crop.jpeg), np.uint8), cv2.IMREAD_GRAYSCALE))
    px = seen.shape[1] / wide
    blank = _print_of(page, box, px)
    edge = round(_EDGE * px)
    ink = np.asarray(1 - blank[edge:-edge, edge:-edge].astype(np.float32) / 255, np.float32)
    if float(ink.sum()) / px**2 < _PRINTED:
        return None
    x, y = (round(length * px) for length in (box.x - box.w / 2 - left - _AROUND, box.y - box.h / 2 - top - _AROUND))
    around = round(2 * _AROUND * px)
    there = seen[max(y, 0) : y + blank.shape[0] + around, max(x, 0) : x + blank.shape[1] + around]
    _, _, _, (right, down) = cv2.minMaxLoc(cv2.matchTemplate(there, blank, cv2.TM_CCOEFF_NORMED))
    inside = there[down : down + blank.shape[0], right : right + blank.shape[1]]
    dark = _darkness(inside)[edge:-edge, edge:-edge]
    soft = cv2.GaussianBlur(ink, (0, 0), 0.8)
    alike = float(np.corrcoef(dark.ravel(), soft.ravel())[0, 1])
    return alike >= _ALIKE and _free(dark, ink, px) <= _FREE


def _print_of(page: pypdfium2.PdfPage, box: Mark, px: float) -> Picture:
    """Return a box of a page as it was printed, with px pixels a mm, as soft as a scan."""
    width, height = page.get_size()
    left, top = (box.x - box.w / 2) / _MM, (box.y - box.h / 2) / _MM
    cut = left, height - top - box.h / _MM, width - left - box.w / _MM, top
    picture = page.render(scale=2 * px * _MM, grayscale=True, crop=cut).to_numpy().squeeze()
    small = cv2.resize(picture, (round(box.w * px), round(box.h * px)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.6), np.uint8)


def _darkness(picture: Picture) -> Floats:
    """Return how dark each pixel is, from the white of its paper (0) to the black of its print (1)."""
    white = float(np.quantile(picture, 0.8))
    black = min(float(np.quantile(picture, 0.02)), white - 40)
    return np.asarray(np.clip((white - picture.astype(np.float32)) / (white - black), 0, 1), np.float32)


def _free(dark: Floats, ink: Floats, px: float) -> float:
    """Return how many square mm of ink are not where the print is. Specks do not count."""
    size = round(2 * _NEAR * px) | 1
    near = cv2.dilate((ink > 0.3).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    free = ((dark > _INK) & (near == 0)).astype(np.uint8)
    return float(cv2.morphologyEx(free, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).sum()) / px**2
