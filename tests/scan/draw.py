"""Draw the pages of tests/data/scan anew: `python -m tests.scan.draw`.

Each picture has a JSON file beside it that says what was meant. The printed form lies there too, so that the pages can
be read after the form's design has changed.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

import checklist_kit as ck
from tests.scan.conftest import CHECKLIST
from tests.scan.simulator import DEVICES, Person, fill, form_of, sheets
from tests.scan.simulator.pens import Pen

DATA = Path(__file__).parents[1] / "data" / "scan"
_SIDE = 1754  # pixels: A4 at 150 dpi
PEOPLE = {
    "pen": Person("fill", Pen(40, 0.6, 0.1), care=0.9, accidents=0.1),
    "pencil": Person("fill", Pen(110, 0.7, 0.1), care=0.85, accidents=0.1),
    "ticks": Person("tick", Pen(45, 0.7, 0.15), care=0.9, accidents=0.1),
    "crosses": Person("cross", Pen(30, 0.5, 0.1), care=0.9, accidents=0.1),
}
PAGES = [("scan", "pencil"), ("scan", "crosses"), ("photocopy", "pen"), ("phone", "ticks"), ("phone", "pen")]


def main() -> None:
    """Write the form, the pictures and what they mean."""
    DATA.mkdir(parents=True, exist_ok=True)
    files = ck.build(ck.load(CHECKLIST), "paper").files
    for name, data in files.items():
        (DATA / name).write_bytes(data)
    sheet = sheets(*form_of(files, "en"), "0042")[0]
    for seed, (device, person) in enumerate(PAGES):
        rng = np.random.default_rng(seed)
        picture, truths = fill(sheet, PEOPLE[person], rng)
        taken = DEVICES[device].take(picture, rng)
        small = cv2.resize(
            taken, None, fx=_SIDE / max(taken.shape), fy=_SIDE / max(taken.shape), interpolation=cv2.INTER_AREA
        )
        path = DATA / f"{device}-{person}.jpg"
        cv2.imwrite(str(path), small, [cv2.IMWRITE_JPEG_QUALITY, 55])
        lines = ",\n".join(json.dumps(asdict(truth)) for truth in truths)
        path.with_suffix(".json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
