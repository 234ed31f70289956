"""What the report says beside the texts of a checklist, and numbers as a language writes them."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, parse_pattern

from checklist_kit.model import base_language, is_right_to_left

_OTHERWISE = "en"


@dataclass(frozen=True, slots=True)
class Speech:
    """How a report speaks in one language. `words` are in `spoken`, which is English where they were not translated."""

    language: str
    spoken: str
    words: Mapping[str, Any]
    locale: Locale

    @property
    def direction(self) -> str:
        """The direction of the checklist's texts, as HTML has it."""
        return "rtl" if is_right_to_left(self.language) else "ltr"

    @property
    def foreign(self) -> bool:
        """Whether the report's own words are in another language than the checklist's texts."""
        return base_language(self.language) != self.spoken

    def say(self, key: str, **values: object) -> str:
        """Return some words, with values in their places."""
        text: str = self.words[key]
        return text.format(**values)

    def whole(self, number: int) -> str:
        """Return a count, its thousands apart."""
        return str(format_decimal(number, locale=self.locale))

    def number(self, number: float, like: float | None = None) -> str:
        """Return a number with as many decimals as suit its size, or that of another one it stands beside."""
        size = abs(number if like is None else like)
        return self.decimal(number, 0 if size >= 100 else 1 if size >= 1 else 2)

    def decimal(self, number: float, digits: int) -> str:
        """Return a number with a set number of decimals."""
        pattern = parse_pattern("#,##0" + ("." + "0" * digits if digits else ""))
        return str(pattern.apply(_exact(number, digits), self.locale))

    def share(self, share: float) -> str:
        """Return a share (0 to 1) in percent with one decimal and its sign, where the language puts it."""
        return str(self._percent(1).apply(_exact(share, 3), self.locale))

    def percent(self, share: float) -> str:
        """Return a share (0 to 1) in whole percent with its sign."""
        return str(self._percent(0).apply(_exact(share, 2), self.locale))

    def interval(self, low: float, high: float) -> str:
        """Return an interval of shares in percent, with one sign."""
        sign_first = "%" in self.locale.percent_formats[None].prefix[0]
        if sign_first:
            return f"{self.share(low)}–{self.decimal(100 * high, 1)}"
        return f"{self.decimal(100 * low, 1)}–{self.share(high)}"

    def span(self, low: float, high: float) -> str:
        """Return an interval of numbers; a minus sign is kept apart from the dash between them."""
        like = max(abs(low), abs(high))
        dash = " … " if low < 0 or high < 0 else "–"
        return f"{self.number(low, like)}{dash}{self.number(high, like)}"

    def _percent(self, digits: int) -> Any:
        pattern = copy.copy(self.locale.percent_formats[None])
        pattern.frac_prec = (digits, digits)
        return pattern


def _exact(number: float, digits: int) -> float:
    """Round as Python does when it formats, so that tables and sentences agree; there is no minus on zero."""
    return float(f"{number:.{digits}f}") + 0.0


def speech_in(language: str) -> Speech:
    """Return how a report speaks in a language, such as `az` or `pt-BR`."""
    base = base_language(language)
    words = _words(base)
    spoken = base if words is not None else _OTHERWISE
    words = words or _words(_OTHERWISE)
    assert words is not None
    return Speech(language, spoken, words, _locale(language, base))


def _locale(language: str, base: str) -> Locale:
    for code in (language.replace("-", "_"), base, _OTHERWISE):
        try:
            return Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError(_OTHERWISE)


@cache
def _words(language: str) -> Mapping[str, Any] | None:
    path = files("checklist_kit.analysis.report").joinpath("words", f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8")) if language.isalpha() and path.is_file() else None
