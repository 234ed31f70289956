"""What a translation must keep of a text."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(r"\$\{\s*(\w+)\s*\}|\$\(\s*(\w+)\s*\)")


def placeholders(text: str) -> set[str]:
    """Return the placeholders of a text, for an answer or for a parameter.

    >>> sorted(placeholders("${ name } voted in $(town)"))
    ['$(town)', '${name}']
    """
    return {f"${{{answer}}}" if answer else f"$({name})" for answer, name in _PLACEHOLDER.findall(text)}
