"""Names as they stand in a form -> names as a checklist has them: small Latin letters, digits and _."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_FITTING = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MAX = 60
TABLES = frozenset(("submissions", "answers", "problems", "codebook", "restricted", "restricted_problems"))
"""The tables that every checklist has; no repeat can be called like one."""

# No expression can mention a question of such a name.
_TAKEN = frozenset(("and", "or", "not", "in", "has", "is", "blank", "answered"))
# Letters that no decomposition turns into Latin ones.
_LETTERS = str.maketrans({"ə": "e", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})


def is_fitting(name: str) -> bool:
    """Whether a name can be that of an item."""
    return _FITTING.fullmatch(name) is not None and name not in _TAKEN


def fitting(name: str, taken: Collection[str], otherwise: str) -> str:
    """Return a name for a checklist that is not taken: the same one if it can be, else one that looks like it."""
    if is_fitting(name) and name not in taken:
        return name
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    plain = plain or otherwise
    if not plain[0].isalpha():
        plain = f"{otherwise}_{plain}"
    plain, number = plain[:_MAX].rstrip("_"), 1
    candidate = plain
    while candidate in taken or candidate in _TAKEN:
        number += 1
        candidate = f"{plain}_{number}"
    return candidate


def fitting_code(code: str, taken: Collection[str]) -> str:
    """Return a choice code that no app takes for another one: no white space, no other case, no zeros before."""
    plain = re.sub(r"[\s;]+", "_", code.strip()) or "blank"
    candidate, number = plain, 1
    while same_code(candidate) in taken:
        number += 1
        candidate = f"{plain}_{number}"
    return candidate


def same_code(code: str) -> str:
    """Return what two codes that some app takes for the same have in common."""
    try:
        return repr(float(code)) if code.isascii() else code.casefold()
    except ValueError:
        return code.casefold()
