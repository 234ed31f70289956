"""A gettext catalogue, `translations/<language>.po`: its entries with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checklist_kit.diagnostics import Diagnostic, Span
from checklist_kit.source.files import Source
from checklist_kit.source.nodes import Mark, span_of

if TYPE_CHECKING:
    from polib import POEntry, POFile

FOLDER = "translations"
SOURCE_LANGUAGE = "X-Source-Language"
_LINE = re.compile(
    r"\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*)?"
    r"(?P<text>\"(?:[^\"\\]|\\.)*\"\s*)?)"
)


class BadCatalogue(ValueError):
    """A text that is no catalogue. `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Message:
    """The translation of one text: `context` says where the text stands, `source` is what was translated."""

    context: str
    source: str
    text: str
    fuzzy: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of a file by context and source, and the language that they were translated from, if it says so."""

    name: str
    source_language: str | None
    messages: Mapping[tuple[str, str], Message]

    def span(self, message: Message) -> Span:
        """Where a translation stands."""
        return span_of(self.name, message.mark)


class _Text(str):
    """A text whose lines end at line feeds only: other separators are a part of what was translated."""

    __slots__ = ()

    def splitlines(self, _keepends: bool = False) -> list[str]:
        return self.split("\n")


def parse_po(text: str) -> POFile:
    """Return the catalogue that a text is. Raises BadCatalogue."""
    import polib

    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found is None or (line.strip() and line.strip()[0] not in '#"' and found["text"] is None):
            raise BadCatalogue("this is no line of a catalogue, or its quotes are not in pairs", number)
    try:
        return polib.pofile(_Text(text), wrapwidth=0)
    except OSError as error:
        place = re.search(r"line (\d+)", str(error))
        raise BadCatalogue("this line does not belong here", int(place[1]) if place else 1) from error


def read_catalogue(source: Source) -> tuple[Catalogue, list[Diagnostic]]:
    """Return the catalogue of a file, as far as it can be read, and what is wrong with it."""
    try:
        entries = parse_po(source.text)
    except BadCatalogue as error:
        span = Span(source.name, error.line, 1, error.line, len(source.lines[error.line - 1]) + 1)
        help_ = "repair the line, or take the file anew from where it was translated"
        return Catalogue(source.name, None, {}), [Diagnostic.of("text-bad-catalogue", str(error), span, help=help_)]
    lines = source.text.split("\n")
    messages: dict[tuple[str, str], Message] = {}
    findings = []
    for entry in entries:
        if entry.obsolete:
            continue
        message = _message(entry, lines)
        key = (message.context, message.source)
        if messages.setdefault(key, message) is not message:
            found = f"`{message.context}` is translated twice"
            place = span_of(source.name, message.mark)
            findings.append(Diagnostic.of("text-bad-catalogue", found, place, help="remove one of the two"))
    return Catalogue(source.name, entries.metadata.get(SOURCE_LANGUAGE), messages), findings


def _message(entry: POEntry, lines: list[str]) -> Message:
    first = max((entry.linenum or 1) - 1, 0)
    line = next((at for at in range(first, len(lines)) if lines[at].lstrip().startswith("msgstr")), first)
    last = line
    while last + 1 < len(lines) and lines[last + 1].lstrip().startswith('"'):
        last += 1
    column = max(lines[line].find('"'), 0)
    mark = Mark(line, column, last, len(lines[last].rstrip()))
    return Message(entry.msgctxt or "", entry.msgid, entry.msgstr, entry.fuzzy, mark)
