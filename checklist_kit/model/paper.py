"""How a checklist is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checklist_kit.diagnostics import Span
from checklist_kit.model.choices import Words

PAPER_FORMATS = ("a4", "a5", "large", "bilingual", "sheet", "questions", "trainer", "poster")
"""What can be printed. Each makes files of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked example for trainings: what happened, and what is marked then.

    `answers` holds, by question and instance (empty outside of repeats), a choice's code, several of them, or what is
    written. `spans` holds the place of each answer.
    """

    story: Words = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What to print beside what the checklist asks.

    `formats` are some of PAPER_FORMATS. `example` is answered in the trainer's edition.
    `copies` are the units that numbered forms are printed for, empty where the observer writes the unit's code; no
    copies are one plain blank without a number. `serial_from` is the number of the first copy.
    """

    example: Example | None = None
    formats: tuple[str, ...] = PAPER_FORMATS[:1]
    copies: tuple[str, ...] = ()
    serial_from: int = 1
