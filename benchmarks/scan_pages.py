"""Simulated filled pages for fitting and for measuring: the same page for every rule that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import checklist_kit as ck
from checklist_kit.readers.scan import Form
from tests.scan.simulator import DEVICES, Person, Sheet, Truth, fill, form_of, random_person, sheets

CHECKLIST = Path(__file__).parents[1] / "checklists" / "az_2024_presidential" / "election_day.yaml"
LEVELS = tuple(DEVICES)
FITTED, REPORTED = 1_000_000, 2_000_000
"""First seeds of the pages that thresholds are fitted on, and of those that figures are reported on."""


@dataclass(frozen=True, eq=False)
class Simulated:
    """A picture of a filled page (grey values), with what it is and what it means."""

    seed: int
    picture: np.ndarray
    sheet: Sheet
    person: Person
    truths: list[Truth]
    serial: str


@cache
def forms() -> tuple[Form, ...]:
    """The printed forms of the checklist, one a language."""
    files = ck.build(ck.load(CHECKLIST), "paper").files
    layouts = sorted(name for name in files if name.endswith(".layout.json"))
    return tuple(Form(files[name], files[name.removesuffix("layout.json") + "pdf"]) for name in layouts)


@cache
def blanks(language: str = "en") -> list[Sheet]:
    """The printed pages."""
    return sheets(*form_of(ck.build(ck.load(CHECKLIST), "paper", [language]).files, language))


def simulated(level: str, first: int, count: int) -> Iterator[Simulated]:
    """Yield pages as one kind of device sees them, one a seed."""
    for seed in range(first, first + count):
        rng = np.random.default_rng(seed)
        person = random_person(rng)
        serial = f"{seed:07}"
        sheet = blanks()[seed % len(blanks())].with_serial(serial)
        picture, truths = fill(sheet, person, rng)
        yield Simulated(seed, DEVICES[level].take(picture, rng), sheet, person, truths, serial)
