"""What a document says about how it is printed."""

from __future__ import annotations

from checklist_kit.model import PAPER_FORMATS, Paper
from checklist_kit.source.nodes import Map, Seq


def paper_of(document: Map) -> Paper:
    """Return what stands under `paper`, without what is faulty."""
    node = document.get("paper")
    formats = node.get("formats") if isinstance(node, Map) else None
    known = [name for name in formats.texts() if name in PAPER_FORMATS] if isinstance(formats, Seq) else []
    return Paper(formats=tuple(dict.fromkeys(known))) if known else Paper()
