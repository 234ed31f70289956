"""What became of an answer: answered, a kind of missing, or invalid. Tables hold the words, arrays their positions."""

from __future__ import annotations

from checklist_kit.model import Missing

STATUSES: tuple[str, ...] = ("answered", *(kind.value for kind in Missing), "invalid")
"""All statuses; an array of statuses (int8) holds positions in this tuple."""

CODE = {status: position for position, status in enumerate(STATUSES)}
ANSWERED = CODE["answered"]
NOT_ASKED = CODE[Missing.NOT_ASKED]
NOT_APPLICABLE = CODE[Missing.NOT_APPLICABLE]
NOT_ANSWERED = CODE[Missing.NOT_ANSWERED]
INVALID = CODE["invalid"]
