"""The words that a form says beside the checklist's own: one small file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from checklist_kit.model import base_language, is_right_to_left

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language: on the form, for missing kinds, for conditions and for terms in them."""

    language: str
    form: Mapping[str, str]
    missing: Mapping[str, str]
    condition: Mapping[str, str]
    term: Mapping[str, str]

    def quote(self, text: str) -> str:
        """Return a text in this language's quotation marks."""
        return fill(self.form["quote"], text=text)

    def either(self, texts: list[str]) -> str:
        """Return texts as a list that ends in `or`."""
        *first, last = texts
        return self.condition["or"].join([", ".join(first), last] if first else [last])


def fill(template: str, **values: object) -> str:
    """Put values into the `{…}` of a template in one pass, so that braces inside a value stay what they are."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        filled.append(str(values[name]) + rest)
    return "".join(filled)


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words for a language: of itself, else of its base language, else English."""
    folder = files("checklist_kit.targets.paper").joinpath("words")
    for candidate in (language.lower(), base_language(language), FALLBACK):
        resource = folder.joinpath(f"{candidate}.toml")
        if candidate.replace("-", "").isalnum() and resource.is_file():
            break
    return Vocabulary(candidate, **tomllib.loads(resource.read_text(encoding="utf-8")))


def direction(language: str) -> str:
    """Return `rtl` for languages that are written from right to left, else `ltr`."""
    return "rtl" if is_right_to_left(language) else "ltr"


def language_tag(language: str) -> str:
    """Return a language as typesetters and screen readers know it; English for a name that is no language code."""
    tag = base_language(language)
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else FALLBACK
