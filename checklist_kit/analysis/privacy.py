"""What is sensitive: whole questions, and raw texts that may be answers to them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from checklist_kit.analysis.coerce import folded
from checklist_kit.model import Calculate, Checklist, Item, Question

_NEAR = 0.6  # of two spellings that may be meant as the same, as for suggestions


def is_sensitive(item: Item) -> bool:
    """Whether the answers to an item stay out of every table but the restricted ones."""
    return isinstance(item, Question | Calculate) and item.sensitive


class Privacy:
    """Knows whether the raw text of a problem may be the answer to a sensitive question.

    It is one under the question's name or a former one. It may be one under a name that belongs to no question but is
    near to the name or label of a sensitive one; and where the text itself mentions a sensitive question, as that of a
    whole response does which could not be read.
    """

    def __init__(self, checklist: Checklist) -> None:
        sensitive = [entry.item for entry in checklist.questions if is_sensitive(entry.item)]
        self._names = {name for item in sensitive for name in (item.name, *item.was)}
        self._open = {entry.item.name for entry in checklist.questions} - self._names
        self._spellings = [folded(word) for item in sensitive for word in (item.name, *item.was, *item.label.values())]
        self._mention = re.compile(rf"\b({'|'.join(map(re.escape, sorted(self._names)))})\b")
        self._is_near = cache(self._near)

    def covers(self, item: str, raw: str) -> bool:
        """Whether a raw text under the name of an item, or under another name, may be sensitive."""
        if not self._names or item in self._open or item.partition(".")[0] in self._open:
            return False
        return item in self._names or self._is_near(item) or self._mention.search(raw) is not None

    def _near(self, item: str) -> bool:
        return bool(get_close_matches(folded(item), self._spellings, 1, _NEAR))
