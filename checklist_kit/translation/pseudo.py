"""A language that nobody speaks, to see what a real one would meet: longer texts, letters with marks, brackets."""

from __future__ import annotations

import re

from checklist_kit.source import Invented

LANGUAGE = "qps-ploc"
"""The code that is in use for pseudo-languages; it is in the range for private use."""

_MARKED = str.maketrans(
    "ACDEGHIKLNORSTUWYZacdeghiklnorstuwyz",
    "ÅÇĐÊĞĤÎĶŁÑÖŔŠŢÛŴÝŽåçđêğĥîķłñöŕšţûŵýž",
)
_KEPT = re.compile(r"(\$?\{[^}]*\}|\$\([^)]*\))")
_LONGER = 0.35
_FILL = "~"


def pseudo(text: str) -> str:
    """Return a text that can be read, is a third longer, and has brackets where it begins and ends.

    >>> pseudo("Was the box in ${place} empty?")
    '[Ŵåš ţĥê böx îñ ${place} êmpţý? ~~~~~~~~]'
    """
    parts = _KEPT.split(text)
    marked = "".join(part if number % 2 else part.translate(_MARKED) for number, part in enumerate(parts))
    length = sum(map(len, parts[::2]))
    return f"[{marked} {_FILL * max(1, round(_LONGER * length))}]"


def pseudo_language(like: str | None = None) -> Invented:
    """Return the pseudo-language of a checklist; with `like`, only where that language lacks a text."""
    return Invented(LANGUAGE, "Pseudo", pseudo, like)
