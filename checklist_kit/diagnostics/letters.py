"""Letters of other alphabets that look like Latin ones: С is not C."""

from __future__ import annotations

import re
import unicodedata

_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_OTHERS = "\u0370-\u03ff\u0400-\u052f\u0530-\u058f"
_MIXED = re.compile(f"[{_LATIN}][0-9_]*[{_OTHERS}]|[{_OTHERS}][0-9_]*[{_LATIN}]")
_OTHER = re.compile(f"[{_OTHERS}]")
_LATIN_LETTER = re.compile(f"[{_LATIN}]")
_WORD = re.compile(r"\w+")


def describe(letter: str) -> str:
    """Return a letter with its name, such as `'С' (cyrillic capital letter es)`."""
    return f"{letter!r} ({unicodedata.name(letter, f'U+{ord(letter):04X}').lower()})"


def mixed_word(text: str) -> tuple[str, str] | None:
    """Return the first word that mixes Latin letters with Cyrillic, Greek or Armenian ones, and its odd letter."""
    if text.isascii() or not _OTHER.search(text):
        return None
    for word in _WORD.findall(text):
        if _MIXED.search(word):
            latin, others = _LATIN_LETTER.findall(word), _OTHER.findall(word)
            return word, (others if len(others) <= len(latin) else latin)[0]
    return None


def foreign_letter(word: str) -> str | None:
    """Return the first letter of a word, Cyrillic, Greek or Armenian, where only Latin ones are expected."""
    found = None if word.isascii() else _OTHER.search(word)
    return found.group() if found else None
