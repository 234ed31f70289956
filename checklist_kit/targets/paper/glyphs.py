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
# Words of the scripts that put spaces between words. Twenty letters fit the narrowest column.
_LONG = re.compile(r"[!-\u00ac\u00ae-\u058f\u10a0-\u10ff]{21,}")
_PIECE = 5
_REFUSED = re.compile(r"the (?:text|PDF contains the codepoint) `\"(.*?)\"`")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def printable(text: str) -> str:
    """Return a text with spaces for the control characters, which have no place on paper; line ends stay."""
    return "".join(" " if char != "\n" and unicodedata.category(char) in ("Cc", "Cs") else char for char in text)


def breakable(text: str) -> str:
    """Return a text whose very long words may break, so that none runs out of its column.

    Letters break with a hyphen; what else has no spaces, such as an address, without one.
    """
    return _LONG.sub(_with_breaks, text)


def _with_breaks(run: re.Match[str]) -> str:
    pieces = [run[0][start : start + _PIECE] for start in range(0, len(run[0]), _PIECE)]
    return ("\u00ad" if run[0].isalpha() else "\u200b").join(pieces)


def scripts(text: str) -> list[str]:
    """Return the scripts of a text beside the bundled font's, by the first word of their letters' Unicode names."""
    letters = [char for char in set(text) if unicodedata.category(char)[0] in "LM"]
    found = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
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
    found = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _REFUSED.findall(diagnostic))
    return list(dict.fromkeys(found))


def advice(letter: str) -> str:
    """Return what to do about a letter that no font has; packages are named as on Debian."""
    category = unicodedata.category(letter[0])
    if category in ("Co", "Cn"):
        return "replace it: it has no meaning outside one font"
    if unicodedata.name(letter[0], "").partition(" ")[0] in _CJK:
        return "install the font package fonts-noto-cjk"
    return f"install the font package {'fonts-noto-core' if category[0] in 'LMN' else 'fonts-symbola'}"
