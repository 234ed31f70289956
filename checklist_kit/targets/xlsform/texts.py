"""Texts as an XLSForm holds them: a column a language, answers put in by name, nothing else that an app would obey."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist, Words
from checklist_kit.model.formnames import form_name
from checklist_kit.targets.xlsform.xpath import STRAIGHT

Row = dict[str, str]
"""Cells by column."""

_FALLBACK = "en"
_PLACEHOLDER = re.compile(r"\$\{\s*([^\s{}]+)\s*\}")
_REFUSED_BY_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The emphasis and headings that Collect and Enketo read as Markdown; a backslash takes the meaning from a sign.
_MARKDOWN = re.compile(r"_[^\s_][^_\n]*_|__.*?__|\*[^\s*][^*\n]*\*|\*\*.*?\*\*|^#|\\[\\*_#]", re.MULTILINE)
_MARKDOWN_SIGN = re.compile(r"[\\*_#]")
# Links, tags, entities, list items, and references that a converter would look up; an invisible letter breaks them up.
_ELSE_OBEYED = re.compile(
    r"""(?<=\])(?=\() | (?<=<)(?=\s?span|[A-Za-z/!?]) | (?<=&)(?=\#?\w+;) | (?<=\n)(?=[*+-][ ]|\d+\.[ ])
      | (?<=instance)(?=\() | (?<=\$)(?=\{)""",
    re.VERBOSE,
)
_WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class Texts:
    """Makes the text cells of one form, whose first language is `shown`; `losses` fills up on the way."""

    checklist: Checklist
    shown: str
    losses: list[Diagnostic] = field(default_factory=list)

    @cached_property
    def unnamed(self) -> frozenset[object]:
        """The columns of the XLSForm that this was taken over from whose texts name no language."""
        kept = self.checklist.extra.get("xlsform")
        found = kept.get("unnamed") if isinstance(kept, Mapping) else None
        return frozenset(found if isinstance(found, list) else ())

    def language(self, code: str) -> str:
        """Return what a language is called in column headers and settings: `Azərbaycanca (az)`.

        One that came from an XLSForm keeps the name that it had there, which may be empty.
        """
        kept = foreign(self.checklist, "languages").get(code)
        if isinstance(kept, str):
            return kept
        name = self.checklist.languages[code].translate(STRAIGHT).replace("::", ":").strip()
        return f"{name} ({code})" if name else code

    def column(self, column: str, code: str) -> str:
        """Return the header of a column of texts in a language."""
        language = self.language(code)
        return f"{column}::{language}" if language else column

    def cells(self, column: str, words: Words, suffix: Callable[[str], str] | None = None, sheet: str = "") -> Row:
        """Return a text in all languages, by column; no cell where there is none.

        `suffix` gives what our own texts add to it in a language.
        """
        if sheet + column in self.unnamed and list(words) == [self.checklist.default_language]:
            return {column: text} if (text := self._in(words, self.checklist.default_language)) else {}
        row = {}
        for code in self.checklist.languages:
            text = self._in(words, code) + (suffix(code) if suffix else "")
            if text:
                row[self.column(column, code)] = text
        return row

    def _in(self, words: Words, code: str) -> str:
        if self.checklist.verbatim:
            return _PLACEHOLDER.sub(self._named, clean(words.get(code, "")))
        return self._safe(self.checklist.text(words, code))

    def _named(self, match: re.Match[str]) -> str:
        return self._answer(match[1]) if match[1] in self.checklist.by_name else match[0]

    def own(self, code: str, *keys: str) -> str:
        """Return one of our own texts in a language."""
        found: Any = vocabulary(code)
        for key in keys:
            found = found[key]
        return str(found)

    @staticmethod
    def shown_as_it_is(text: str) -> str:
        """Return a text that an app puts into a label, where it would still read Markdown in it."""
        return _plain(clean(text), _MARKDOWN.search(text) is not None)

    def is_plain(self, text: str) -> bool:
        """Whether a text means nothing to any app beyond what it says, in one line."""
        return "${" not in text and self._safe(text) == text and text.splitlines() == [text] and text.strip() == text

    def _safe(self, text: str) -> str:
        pieces = _PLACEHOLDER.split(clean(text))  # text, name, text, name, …, text
        # Emphasis may reach over a placeholder, whose own name is none of it.
        marked = _MARKDOWN.search("x".join(pieces[0::2])) is not None
        pieces[0::2] = [_plain(piece, marked) for piece in pieces[0::2]]
        pieces[1::2] = [self._answer(name) for name in pieces[1::2]]
        return "".join(pieces)

    def _answer(self, name: str) -> str:
        return (
            f"${{{form_name(self.checklist, name)}}}"
            if name in self.checklist.by_name
            else f"${_WORD_JOINER}{{{name}}}"
        )


def foreign(checklist: Checklist, part: str) -> Mapping[object, object]:
    """Return a part of what was taken over from an XLSForm and means nothing here; it goes back as it came."""
    kept = checklist.extra.get("xlsform")
    found = kept.get(part) if isinstance(kept, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def clean(text: str) -> str:
    """Return a text without the characters that no XML file can hold."""
    return _REFUSED_BY_XML.sub("", text)


def _plain(text: str, marked: bool) -> str:
    return _ELSE_OBEYED.sub(_WORD_JOINER, _MARKDOWN_SIGN.sub(r"\\\g<0>", text) if marked else text)


@cache
def vocabulary(language: str) -> Mapping[str, object]:
    """Return the words for a language: of itself, else of its base language, else English."""
    folder = files("checklist_kit.targets.xlsform").joinpath("words")
    for candidate in (language, language.partition("-")[0], _FALLBACK):
        resource = folder.joinpath(f"{candidate}.toml")
        if resource.is_file():
            break
    return tomllib.loads(resource.read_text(encoding="utf-8"))
