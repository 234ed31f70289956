"""Texts as SurveyJS holds them: one string a language, with other answers put in by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from checklist_kit.model import Checklist, Words

Localised = str | dict[str, str]
Pipe = Callable[[str], str | None]
Suffix = Callable[[str], str]

# What the engine takes `default` to be.
ENGINE_LANGUAGE = "en"

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_PIPE = re.compile(r"\{(?=[^{}]*\})")
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the localised strings of one checklist."""

    checklist: Checklist

    def title(self, words: Words, pipe: Pipe, suffix: Suffix | None = None) -> Localised:
        """Return a label or hint. `pipe` gives the path of a placeholder, `suffix` further text in a language."""

        def text(language: str) -> str:
            own = _piped(self.checklist.text(words, language), pipe)
            return own + suffix(language) if suffix else own

        return self._localised(text)

    def message(self, words: Words, otherwise: str = "") -> Localised:
        """Return a message, where the engine pipes nothing; where there is none, our own of the name `otherwise`."""
        if words or not otherwise:
            return self._localised(lambda language: self.checklist.text(words, language))
        return self._localised(lambda language: vocabulary(language)["own"][otherwise])

    def missing(self, kind: str, language: str) -> str:
        """Return what a kind of missing answer is called."""
        return vocabulary(language)["missing"][kind]

    def engine(self, *properties: str) -> dict[str, Localised]:
        """Return the engine's own texts in the languages in which it has none."""
        found: dict[str, Localised] = {}
        for name in properties:
            own = {language: vocabulary(language).get("engine", {}).get(name) for language in self.checklist.languages}
            texts = {"default" if language == self._base else language: text for language, text in own.items() if text}
            if texts:
                found[name] = texts
        return found

    @property
    def _base(self) -> str:
        return ENGINE_LANGUAGE if ENGINE_LANGUAGE in self.checklist.languages else self.checklist.default_language

    def _localised(self, text: Callable[[str], str]) -> Localised:
        """The engine shows `default` in English and wherever a language has no text of its own."""
        base = text(self._base)
        others = {language: text(language) for language in self.checklist.languages if language != self._base}
        differing = {language: other for language, other in others.items() if other and other != base}
        return {"default": base, **differing} if differing else base


def _piped(text: str, pipe: Pipe) -> str:
    """Turn `${name}` into `{path}`, and keep other braces from being read: an invisible letter spoils the name."""
    parts = _PLACEHOLDER.split(text)
    for index, part in enumerate(parts):
        path = pipe(part) if index % 2 else None
        if path is None:
            parts[index] = _PIPE.sub("{" + _WORD_JOINER, f"${{{part}}}" if index % 2 else part)
        else:
            parts[index] = f"{{{path}}}"
    return "".join(parts)


@cache
def vocabulary(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words for a language: of itself, else of its base language, else English."""
    folder = files("checklist_kit.targets.surveyjs").joinpath("words")
    for candidate in (language, language.partition("-")[0], ENGINE_LANGUAGE):
        resource = folder.joinpath(f"{candidate}.toml")
        if resource.is_file():
            break
    return tomllib.loads(resource.read_text(encoding="utf-8"))
