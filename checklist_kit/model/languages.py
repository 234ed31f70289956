"""What a language code tells of a language."""

from __future__ import annotations

_RIGHT_TO_LEFT = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "prs", "ps", "sd", "syr", "ug", "ur", "yi"]
)


def base_language(language: str) -> str:
    """Return a language without its region or script.

    >>> base_language("pt-BR")
    'pt'
    """
    return language.replace("_", "-").partition("-")[0].lower()


def is_right_to_left(language: str) -> bool:
    """Return whether a language is written from right to left.

    >>> is_right_to_left("fa"), is_right_to_left("az")
    (True, False)
    """
    return base_language(language) in _RIGHT_TO_LEFT
