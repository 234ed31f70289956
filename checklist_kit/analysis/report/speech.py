"""What the page says beside the texts of a checklist, and numbers as a language writes them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_OTHERWISE = "en"

# Languages without a file of words that have a comma before decimals.
_COMMA = re.compile(
    "be|bg|bs|ca|cs|da|de|el|es|et|fi|gl|hr|hu|hy|id|is|it|ka|kk|ky|lt|lv|mk|mn|nb|nl|nn|no|pl|pt|ro|sk|sl|sq|sr|sv|"
    "tg|tk|tr|tt|uk|uz|vi"
)
_FROM_THE_RIGHT = re.compile("ar|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi")


@dataclass(frozen=True, slots=True)
class Speech:
    """How a page speaks in one language. `words` are in `spoken`, which is English where they were not translated."""

    language: str
    spoken: str
    words: Mapping[str, Any]
    decimal: str
    group: str
    percent: str

    @property
    def direction(self) -> str:
        """The direction of the checklist's texts, as HTML has it."""
        return "rtl" if _FROM_THE_RIGHT.fullmatch(_base(self.language)) else "ltr"

    def whole(self, number: int) -> str:
        """Return a count, its thousands apart."""
        return f"{number:,}".replace(",", self.group)

    def tenths(self, share: float) -> str:
        """Return a share (0 to 1) in percent with one decimal, without the sign."""
        return f"{100 * share:.1f}".replace(".", self.decimal)

    def share(self, share: float) -> str:
        """Return a share (0 to 1) in percent with its sign."""
        return f"{self.tenths(share)}{self.percent}"

    def interval(self, low: float, high: float) -> str:
        """Return an interval of shares in percent."""
        return f"{self.tenths(low)}–{self.tenths(high)}{self.percent}"


def speech_in(language: str) -> Speech:
    """Return how a page speaks in a language, such as `az` or `pt-BR`."""
    words = _words(_base(language))
    spoken = _base(language) if words is not None else _OTHERWISE
    words = words or _words(_OTHERWISE)
    assert words is not None
    numbers = words["numbers"]
    if spoken != _base(language) and _COMMA.fullmatch(_base(language)):
        numbers = {"decimal": ",", "group": "\N{NO-BREAK SPACE}", "percent": "%"}
    return Speech(language, spoken, words, **numbers)


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


@cache
def _words(language: str) -> Mapping[str, Any] | None:
    path = files("checklist_kit.analysis.report").joinpath("words", f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8")) if language.isalpha() and path.is_file() else None
