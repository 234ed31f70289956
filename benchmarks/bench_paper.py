"""A printable form, with the places of all its marks, in a process that has the typesetter loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.work import Work, nothing

FORM = Path(__file__).parents[1] / "checklists" / "az_2024_presidential" / "election_day.yaml"


def load_form(_folder: Path) -> Any:
    """Load the definition and the typesetter with its fonts, by building the form in the other language once."""
    import checklist_kit

    checklist = checklist_kit.load(FORM)
    checklist_kit.build(checklist, "paper", ["en"])
    return checklist


def build_form(checklist: Any) -> None:
    """Build the five pages in Azerbaijani."""
    import checklist_kit

    artifact = checklist_kit.build(checklist, "paper", ["az"])
    assert len(artifact.files) == 2


WORKS = [Work("paper form of 5 pages with layout", nothing, build_form, None, "–", 0.5, before=load_form)]
