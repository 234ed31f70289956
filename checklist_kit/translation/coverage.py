"""How much of a checklist is translated."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from checklist_kit.source import Text


@dataclass(frozen=True, slots=True)
class Coverage:
    """The texts to be translated into a language, and those of them that are missing."""

    language: str
    texts: int
    missing: tuple[Text, ...]

    @property
    def percent(self) -> float:
        """The share that is translated, rounded down to a tenth, so that 100 means all."""
        if not self.texts:
            return 100.0
        return math.floor(1000 * (self.texts - len(self.missing)) / self.texts) / 10


def coverage(texts: Iterable[Text], language: str) -> Coverage:
    """Return how much of some texts is there in a language; translations that are stale or fuzzy do not count."""
    wanted = [text for text in texts if text.original != language]
    missing = (text for text in wanted if not text.words.get(language, "").strip())
    return Coverage(language, len(wanted), tuple(sorted(missing, key=lambda text: text.span)))
