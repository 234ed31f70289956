"""The languages of a form, which it calls as it likes, by their codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")
_NAMES = {
    "albanian": "sq",
    "amharic": "am",
    "arabic": "ar",
    "armenian": "hy",
    "azerbaijani": "az",
    "azeri": "az",
    "bengali": "bn",
    "bosnian": "bs",
    "bulgarian": "bg",
    "burmese": "my",
    "chinese": "zh",
    "creole": "ht",
    "croatian": "hr",
    "dari": "prs",
    "deutsch": "de",
    "dutch": "nl",
    "english": "en",
    "espanol": "es",
    "farsi": "fa",
    "francais": "fr",
    "french": "fr",
    "georgian": "ka",
    "german": "de",
    "greek": "el",
    "hausa": "ha",
    "hindi": "hi",
    "indonesian": "id",
    "italian": "it",
    "kazakh": "kk",
    "khmer": "km",
    "kinyarwanda": "rw",
    "kurdish": "ku",
    "kyrgyz": "ky",
    "lao": "lo",
    "luganda": "lg",
    "macedonian": "mk",
    "malay": "ms",
    "mongolian": "mn",
    "nepali": "ne",
    "pashto": "ps",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "portugues": "pt",
    "romanian": "ro",
    "russian": "ru",
    "serbian": "sr",
    "sinhala": "si",
    "somali": "so",
    "spanish": "es",
    "swahili": "sw",
    "kiswahili": "sw",
    "tajik": "tg",
    "tamil": "ta",
    "tetum": "tet",
    "thai": "th",
    "tigrinya": "ti",
    "turkish": "tr",
    "ukrainian": "uk",
    "urdu": "ur",
    "uzbek": "uz",
    "vietnamese": "vi",
    "wolof": "wo",
    "yoruba": "yo",
}


def codes(languages: Iterable[str], default: str) -> dict[str, str]:
    """Return a code for each language: the one in its brackets, that of its name, else one made of its name.

    The texts of a form without a named language are taken for its `default` one, else for English where no other
    language is.
    """
    languages = list(languages)
    found = {name: _code(name) for name in languages if name}
    if "" in languages:
        unnamed = _code(default) if default and default not in found else "en"
        found = {"": unnamed if unnamed not in found.values() else "und", **found}
    return dict(zip(languages, _distinct([found[name] for name in languages]), strict=True))


def _code(name: str) -> str:
    inside = _IN_BRACKETS.search(name)
    for text in (inside[1].strip() if inside else "", name):
        if _CODE.fullmatch(text.replace("_", "-")):
            return text.replace("_", "-")
    plain = unicodedata.normalize("NFKD", _IN_BRACKETS.sub("", name)).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    known = next((_NAMES[word] for word in words if word in _NAMES), None)
    return known or "und-" + ("".join(words)[:8] if len("".join(words)) > 1 else "x1")


def _distinct(found: list[str]) -> list[str]:
    """The same codes, where two are equal the later one with a number."""
    taken: list[str] = []
    for code in found:
        number, one = 1, code
        while one in taken:
            number += 1
            one = f"{code}-x{number}"
        taken.append(one)
    return taken
