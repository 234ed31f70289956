"""Characters that look alike or cannot be seen, made plain before a code, a number or a date is looked for."""

from __future__ import annotations

import unicodedata

# Marks without width that copying from documents, chats and right-to-left texts leaves behind.
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF])


def plain(text: str) -> str:
    """Return a text without invisible marks, with plain spaces, and with the digits of any script as ASCII."""
    if text.isascii():
        return text.strip()
    shown = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return "".join(map(_plain_character, shown)).strip()


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isspace():
        return " "
    return {"−": "-", "‐": "-", "‑": "-", "–": "-", "٫": ".", "٬": ",", "،": ",", "؛": ";"}.get(character, character)


def folded(text: str) -> str:
    """Return what two spellings of one label or code have in common: no case, single spaces, plain characters."""
    return unicodedata.normalize("NFC", " ".join(plain(text).split()).casefold())
