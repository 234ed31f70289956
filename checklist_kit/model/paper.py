"""How a checklist is printed."""

from __future__ import annotations

from dataclasses import dataclass

PAPER_FORMATS = ("a4", "a5", "large", "bilingual", "sheet", "questions")
"""What can be printed. Each makes files of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What to print beside what the checklist asks.

    `formats` are some of PAPER_FORMATS.
    `copies` are the units that numbered forms are printed for, empty where the observer writes the unit's code; no
    copies are one plain blank without a number. `serial_from` is the number of the first copy.
    """

    formats: tuple[str, ...] = PAPER_FORMATS[:1]
    copies: tuple[str, ...] = ()
    serial_from: int = 1
