"""The review queue as one file that works without a network: pictures, keys, and a `review.csv` to save."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from checklist_kit.readers.scan.review import COLUMNS, Doubt


def as_html(titles: Sequence[str], doubts: Sequence[Doubt]) -> bytes:
    """Return `review.html` of the checklists with these titles. Their texts and answers are data, never markup."""
    crops: dict[str, int] = {}
    rows = [_row(doubt, crops) for doubt in doubts]
    what = [[row[name] for name in COLUMNS if name != "decision"] for row in rows]
    data = {
        "title": f"Review: {', '.join(titles)}",
        "key": hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16],
        "columns": COLUMNS,
        "rows": rows,
        "crops": list(crops),
    }
    # A browser ends a script at the first `</`, whatever stands around it.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    page = files("checklist_kit.readers.scan").joinpath("review.html").read_text(encoding="utf-8")
    return page.replace("__DATA__", text).encode()


def _row(doubt: Doubt, crops: dict[str, int]) -> dict[str, Any]:
    """Return a row of the review with what is needed to show it; equal crops are kept once."""
    return asdict(doubt.row) | {
        "label": doubt.label,
        "why": doubt.why,
        "options": doubt.options,
        "typed": doubt.typed,
        "crop": crops.setdefault(doubt.crop.jpeg, len(crops)),
        "area": doubt.crop.area,
        "focus": doubt.focus,
    }
