"""The scan channel: pages read in a CPU second, beside the least that any reader must do. Errors: `scan_accuracy`."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.scan_pages import FITTED, blanks, forms
from benchmarks.work import Work
from tests.scan.simulator import fill, random_person

_FILLED = 4  # times the form's five pages


def write_scans(folder: Path) -> None:
    """Write clean scans at 200 dpi, as JPEG files of usual quality, and the printed form."""
    for number in range(_FILLED * len(blanks())):
        rng = np.random.default_rng(FITTED + number)
        sheet = blanks()[number % len(blanks())].with_serial(f"{number // len(blanks()):05}")
        picture, _ = fill(sheet, random_person(rng), rng)
        small = cv2.resize(picture, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA).astype(np.float32)
        noisy = small * 0.93 + rng.standard_normal(small.shape, dtype=np.float32) * 2
        path = folder / f"{number:03}.jpg"
        cv2.imwrite(str(path), np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])
    (folder / "forms.pickle").write_bytes(pickle.dumps(forms()))


def know_forms(folder: Path) -> Any:
    """Load the libraries, and read one page of each kind, so that the blanks are known as in any longer batch."""
    from checklist_kit.readers.scan.page import read_page

    cv2.setNumThreads(1)
    printed = pickle.loads((folder / "forms.pickle").read_bytes())
    pages = sorted(folder.glob("*.jpg"))
    for path in pages[: len(pages) // _FILLED]:
        read_page(_page(path), printed)
    return printed, pages


def read_pages(state: Any) -> None:
    """Read every page, from its file to its answers."""
    from checklist_kit.readers.scan.page import read_page

    printed, pages = state
    assert all(read_page(_page(path), printed)[0].state == "accepted" for path in pages)


def only_flatten(state: Any) -> None:
    """Decode the file, find the markers at full size and flatten the page: what comes before any mark is read."""
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250))
    for path in state[1]:
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        corners, numbers, _ = detector.detectMarkers(picture)
        assert len(numbers) == 4
        centres = np.array([square.reshape(4, 2).mean(0) for square in corners], np.float32)
        ordered = centres[np.argsort(numbers.ravel())]
        target = np.array([[92, 92], [1588, 92], [92, 2284], [1588, 2284]], np.float32)
        cv2.warpPerspective(picture, cv2.getPerspectiveTransform(ordered, target), (1680, 2376))


def _page(path: Path) -> Any:
    from checklist_kit.readers.scan.sources import Page

    return Page(str(path), 1, path.name)


_GOAL = 12  # pages a CPU second

WORKS = [
    Work(
        f"read {_FILLED * 5} scanned pages at 200 dpi; the goal is {_GOAL} pages a CPU s",
        write_scans,
        read_pages,
        None,
        "–",
        round(_FILLED * 5 / _GOAL, 2),
        before=know_forms,
    ),
    Work(
        f"read {_FILLED * 5} scanned pages at 200 dpi, file to answers",
        write_scans,
        read_pages,
        only_flatten,
        "OpenCV alone: decode, find markers at full size, flatten",
        1.5,
        before=know_forms,
    ),
]
