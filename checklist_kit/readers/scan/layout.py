"""Printed forms as they are handed to the reader: the layout file, and the PDF that was printed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form as it travels to other processes: its layout file and its PDF, as bytes.

    `preprinted` is the question of which numbered copies hold the answer in print, if any.
    """

    layout: bytes
    pdf: bytes
    preprinted: str = ""

    @property
    def key(self) -> str:
        """What tells this form from others, of whatever version, language and format."""
        return hashlib.sha256(self.layout).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to mark. `x`, `y` are its centre and `w`, `h` its size, in mm from the page's top left."""

    item: str
    instance: str
    choice: str | None
    shape: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Fiducial:
    """A corner marker: its ArUco number, its centre and the size of its black square, in mm."""

    id: int
    x: float
    y: float
    size: float

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Its corners in mm, clockwise from the top left, as the detector gives them."""
        half = self.size / 2
        return [(self.x + dx * half, self.y + dy * half) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


@dataclass(frozen=True)
class PageLayout:
    """One page of a form."""

    page: int
    width: float
    height: float
    marks: tuple[Mark, ...]
    fiducials: tuple[Fiducial, ...]

    @cached_property
    def fields(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """The positions in `marks` of each answer's marks, by item and instance."""
        found: dict[tuple[str, str], list[int]] = {}
        for position, mark in enumerate(self.marks):
            found.setdefault((mark.item, mark.instance), []).append(position)
        return {key: tuple(positions) for key, positions in found.items()}


@dataclass(frozen=True)
class Layout:
    """A form in one language: what it is, and its pages in order."""

    checklist: str
    version: str
    hash: str
    language: str
    pages: tuple[PageLayout, ...]


class BadLayout(ValueError):
    """A layout file that does not say what a layout file says."""


_HEAD = ("checklist", "version", "hash", "language")


def read_layout(data: bytes) -> Layout:
    """Return the layout that a file holds. Raises BadLayout."""
    try:
        found = json.loads(data)
        pages = tuple(map(_page, found["pages"]))
        checklist, version, meaning, language = (str(found[key]) for key in _HEAD)
        layout = Layout(checklist, version, meaning, language, pages)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadLayout(f"this is no layout of a printed form ({type(error).__name__}: {error})") from error
    ids = [fiducial.id for page in pages for fiducial in page.fiducials]
    if not pages or len(ids) != len(set(ids)) or any(len(page.fiducials) < 3 for page in pages):
        raise BadLayout("each page of a layout needs three or more corner markers that no other page has")
    return layout


def _page(found: dict[str, Any]) -> PageLayout:
    return PageLayout(
        int(found["page"]),
        float(found["width_mm"]),
        float(found["height_mm"]),
        tuple(_marks(found["marks"])),
        tuple(
            Fiducial(int(each["id"]), float(each["x_mm"]), float(each["y_mm"]), float(each["size_mm"]))
            for each in found["fiducials"]
        ),
    )


def _marks(found: list[dict[str, Any]]) -> Iterator[Mark]:
    for each in found:
        choice = each["choice"]
        lengths = (float(each[key]) for key in ("x_mm", "y_mm", "w_mm", "h_mm"))
        yield Mark(
            str(each["item"]),
            str(each["instance"]),
            None if choice is None else str(choice),
            str(each["shape"]),
            *lengths,
        )
