"""Writing pages to files as devices do, and scanning them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from checklist_kit.readers.scan import Blanks, Scanned, scan
from tests.scan.conftest import Printed
from tests.scan.filled import NEAT
from tests.scan.simulator import Person, Sheet, write_answers

EVERYTHING: Mapping[tuple[str, str], Any] = {
    ("code", ""): True,
    ("opened", ""): "yes",
    ("problems", ""): {"ink", "crowd"},
    ("read", ""): {"OK"},
    ("registered", ""): "1204",
    ("voted", ""): "87",
    ("closed", ""): None,
    ("party_votes", "red"): "0",
    ("party_votes", "blue"): "450",
    ("present", "red"): "no",
    ("what", "1"): True,
    ("seen", "1"): "not_observed",
}


def picture_of(
    sheet: Sheet, answers: Mapping[tuple[str, str], Any] = EVERYTHING, person: Person = NEAT, dpi: int = 200
) -> np.ndarray:
    """Return a clean scan of a page with some answers."""
    picture, _ = write_answers(sheet, person, np.random.default_rng(7), answers)
    return cv2.resize(picture, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)


def save(picture: np.ndarray, path: Path) -> Path:
    if path.suffix in (".heic", ".tiff", ".pdf"):
        from pillow_heif import register_heif_opener

        register_heif_opener()
        Image.fromarray(picture).save(path)
    else:
        cv2.imwrite(str(path), picture)
    return path


def scan_all(station: Printed, *paths: Path, **options: Any) -> Scanned:
    return scan([Blanks(station.checklist, (station.form,))], list(paths), **options)


def states(scanned: Scanned) -> list[str]:
    return [row.state for row in scanned.pages]


def codes(scanned: Scanned) -> set[str]:
    from checklist_kit.protocols import Problem, Submission

    found = {thing.code for thing in scanned.submissions if isinstance(thing, Problem)}
    return found | {
        each.code for thing in scanned.submissions if isinstance(thing, Submission) for each in thing.problems
    }


def values(scanned: Scanned, number: int = 0) -> dict[str, Any]:
    """Return the raw values of a submission by item, and by item and instance inside repeats; blanks left out."""
    from checklist_kit.protocols import Record, Submission

    found: dict[str, Any] = {}

    def collect(record: Record, path: str) -> None:
        for name, value in record.values.items():
            if value is not None:
                found[f"{name} {path}".strip()] = value
        for instances in record.repeats.values():
            for each in instances:
                collect(each, f"{path}/{each.instance}".lstrip("/"))

    collect([thing for thing in scanned.submissions if isinstance(thing, Submission)][number].record, "")
    return found
