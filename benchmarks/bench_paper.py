"""Printable forms, with the places of all their marks, in a process that has the typesetter loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.work import Work, nothing

FORM = Path(__file__).parents[1] / "checklists" / "az_2024_presidential" / "election_day.yaml"
PARTS = 7  # of the form that fill four pages
PAGES = 4
COPIES = 100


def load_form(_folder: Path) -> Any:
    """Load the definition and the typesetter with its fonts, by building the form in the other language once."""
    import checklist_kit

    checklist = checklist_kit.load(FORM)
    checklist = replace(checklist, items=checklist.items[:PARTS])
    checklist_kit.build(checklist, "paper", ["en"])
    return checklist


def build_form(checklist: Any) -> None:
    """Build the pages in Azerbaijani."""
    import checklist_kit

    artifact = checklist_kit.build(checklist, "paper", ["az"])
    assert len(artifact.files) == 2
    assert _pages(artifact) == PAGES


def build_copies(checklist: Any) -> None:
    """Build a hundred numbered copies of them."""
    import checklist_kit

    artifact = checklist_kit.build(checklist_kit.api.printed(checklist, copies=COPIES), "paper", ["az"])
    assert _pages(artifact) == PAGES


def _pages(artifact: Any) -> int:
    """Return how many pages the layout has."""
    (layout,) = (content for name, content in artifact.files.items() if name.endswith(".layout.json"))
    return int(layout.count(b'"page":'))


WORKS = [
    Work("paper form of 4 pages with layout", nothing, build_form, None, "–", 0.3, before=load_form),
    Work("100 numbered copies of 4 pages", nothing, build_copies, None, "–", 6.0, before=load_form),
]
