"""Which fonts a text needs, and what to install when a letter is in none of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

BUNDLED = "Libertinus Serif"
"""The typesetter's own font: with it, a form has the same bytes on every machine."""

_BUNDLED_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_CJK = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
_NAMED_OTHERWISE = {"ARABIC": ("Noto Naskh Arabic", "Noto Sans Arabic"), "NKO": ("Noto Sans NKo",)}
_REFUSED = re.compile(r"the text `(\".*?\")` could not be displayed")


def printable(text: str) -> str:
    """Return a text without the characters that nobody can see on paper and that a typesetter refuses."""
    return "".join(char for char in text if char in "\n\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"))


def scripts(text: str) -> list[str]:
    """Return the scripts of a text beside the bundled font's, by the first word of their letters' Unicode names."""
    found = {unicodedata.name(char, "").partition(" ")[0] for char in set(text) if unicodedata.category(char)[0] in "LM"}
    return sorted(found - _BUNDLED_SCRIPTS - {"", "COMBINING", "MODIFIER"})


def families(needed: Iterable[str]) -> list[str]:
    """Return the font families for some scripts, best first, the bundled font before them all."""
    names = [BUNDLED]
    for script in needed:
        if script in _CJK:
            names += ["Noto Serif CJK SC", "Noto Sans CJK SC"]
        else:
            title = script.title()
            names += _NAMED_OTHERWISE.get(script, (f"Noto Serif {title}", f"Noto Sans {title}"))
    return list(dict.fromkeys(names))


def missing(diagnostic: str) -> list[str]:
    """Return the letters that a failed compilation could not display, in order."""
    return list(dict.fromkeys(found.strip('"') for found in _REFUSED.findall(diagnostic)))


def package(char: str) -> str:
    """Return the font package (by its name on Debian) that brings a letter."""
    name = unicodedata.name(char[0], "")
    if name.partition(" ")[0] in _CJK:
        return "fonts-noto-cjk"
    return "fonts-noto-core" if unicodedata.category(char[0])[0] in "LMN" else "fonts-noto-core or fonts-symbola"
