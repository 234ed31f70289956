"""One difference between two versions of a checklist, and what it does to responses of the older one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from checklist_kit.diagnostics import Span


class Effect(IntEnum):
    """What a change does to answers of the older version, when the newer one reads them."""

    NONE = 0
    MAPPING = 1  # they are read under another name or code, which `was` tells
    LOSS = 2  # some may be set aside, or mean something else

    @property
    def word(self) -> str:
        """The word for it in JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in words.

    `kind` is such as `question-removed`; `item` the item, choice list or indicator that it is about, by its newer name,
    empty for the checklist itself. `span` is the place in the newer version, or in the older one of what is gone.
    """

    kind: str
    item: str
    message: str
    effect: Effect
    span: Span
