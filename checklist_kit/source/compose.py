"""Text of a YAML file -> Map and Seq, without recursion and within bounds.

The parser's events are enough: they carry the marks, and building our own nodes from them lets us find duplicate
keys, bound aliases and depth, and resolve scalars by YAML 1.2, all in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from checklist_kit.diagnostics import Diagnostic, Related, Span
from checklist_kit.source.nodes import Map, Mark, Seq, Slot, span_of
from checklist_kit.source.scalars import resolve
from checklist_kit.source.scanner import Loader, in_plain_words

_MARK = "\ufeff"
MAX_DEPTH = 60
MAX_NODES = 1_000_000
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")


class _Stop(Exception):
    """A fault after which the rest of the file cannot be read."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def compose(text: str, file: str, loader: type[Any] = Loader) -> tuple[object, list[Diagnostic]]:
    """Return the document of a file and what is wrong with it as YAML. The document is None where it cannot be read.

    `file` is the name that spans carry. `loader` is the parser; the C and the pure one give the same result.
    """
    composer = _Composer(file, text.splitlines())
    if _MARK in text:  # invisible, and each parser makes something else of it
        return None, [_bad_character(text, text.index(_MARK), ord(_MARK), file)]
    try:
        parser = loader(text)
        try:
            composer.run(iter(parser.get_event, None))  # which is None behind the last one
        finally:
            parser.dispose()
    except _Stop as stop:
        return None, [*composer.findings, stop.finding]
    except yaml.MarkedYAMLError as error:
        return None, [*composer.findings, _syntax_error(error, file, composer.lines)]
    except yaml.reader.ReaderError as error:
        return None, [*composer.findings, _character_error(error, text, file)]
    return composer.document, composer.findings


@dataclass(slots=True)
class _Open:
    """A collection that is being filled."""

    node: Map | Seq
    start: Any
    anchor: str | None
    size: int = 1
    key: str | None = None
    key_mark: Mark | None = None


@dataclass(slots=True)
class _Composer:
    """Makes a document of the parser's events; without a text of its own, a dataclass would compose one."""

    file: str
    lines: list[str]
    document: object = None
    findings: list[Diagnostic] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[object, Slot, int] | None] = field(default_factory=dict)
    nodes: int = 0
    documents: int = 0
    hashed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.hashed = frozenset(number for number, line in enumerate(self.lines) if " #" in line)

    def run(self, events: Iterable[Any]) -> None:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._open(event, Map(self.file, _mark(event)))
            elif kind is yaml.SequenceStartEvent:
                self._open(event, Seq(self.file, _mark(event)))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(event)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    raise _Stop(
                        Diagnostic.of(
                            "yaml-several-documents",
                            "a second document starts here",
                            self._span(event),
                            help="keep one checklist a file, and remove the line `---`",
                        )
                    )

    def _span(self, event: Any) -> Span:
        return span_of(self.file, _mark(event))

    def _scalar(self, event: Any) -> None:
        mark = _mark(event)
        text: str = event.value
        if event.tag is not None and event.tag not in _TEXT_TAGS:
            self._refuse_tag(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._too_large(event)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.key is None and type(top.node) is Map and not event.anchor:
            self._key(top, text, mark)
            return
        plain = not event.style and event.tag is None
        value = resolve(text) if plain else text
        if plain and mark.end_line in self.hashed and isinstance(value, str):
            self._lint_comment(mark)
        self._add(value, _new(Slot, (self.file, mark, mark, text, event.style or None)), event.anchor, 1)

    def _refuse_tag(self, event: Any) -> None:
        self.findings.append(
            Diagnostic.of(
                "yaml-tag",
                f"tags such as `{_shown_tag(event.tag)}` are not used here",
                self._span(event),
                help="remove the tag; put a text that looks like a number in quotes",
            )
        )

    def _lint_comment(self, mark: Mark) -> None:
        """One blank before `#` after plain text is more often a text cut short than a comment."""
        line = self.lines[mark.end_line]
        rest = line[mark.end_column :]
        if rest.startswith(" #"):
            span = Span(self.file, mark.end_line + 1, mark.end_column + 2, mark.end_line + 1, len(line) + 1)
            self.findings.append(
                Diagnostic.of(
                    "yaml-text-after-hash",
                    "this is a comment and no part of the text before it",
                    span,
                    help="put the whole text in quotes, or put two blanks before a comment",
                )
            )

    def _open(self, event: Any, node: Map | Seq) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            raise _Stop(Diagnostic.of("yaml-too-deep", f"nested more than {MAX_DEPTH} deep", self._span(event)))
        if self.stack and isinstance(self.stack[-1].node, Map) and self.stack[-1].key is None:
            raise _Stop(
                Diagnostic.of(
                    "yaml-key",
                    "a key must be a plain word",
                    self._span(event),
                    help="check for `{` or `[` at the start of a text, and put that text in quotes",
                )
            )
        if event.anchor:
            self.anchors[event.anchor] = None
        self._count(1, event)
        self.stack.append(_Open(node, event, event.anchor))

    def _close(self, event: Any) -> None:
        done = self.stack.pop()
        start, end = done.start.start_mark, self._end(done, event)
        done.node.mark = Mark(start.line, start.column, *end)
        slot = Slot(self.file, done.node.mark, done.node.mark, None, None)
        self._add(done.node, slot, done.anchor, done.size)

    @staticmethod
    def _end(done: _Open, event: Any) -> tuple[int, int]:
        """Where a collection ends: a block's end event stands at the next token, so its last value counts."""
        if done.start.flow_style:
            return event.end_mark.line, event.end_mark.column
        slots = list(done.node.slots.values()) if isinstance(done.node, Map) else done.node.slots
        last = slots[-1].value if slots else _mark(done.start)
        return last.end_line, last.end_column

    def _alias(self, event: Any) -> None:
        anchored = self.anchors.get(event.anchor)
        if anchored is None:
            message = (
                f"`*{event.anchor}` stands inside its own anchor"
                if event.anchor in self.anchors
                else f"there is no anchor `&{event.anchor}` before this"
            )
            raise _Stop(Diagnostic.of("yaml-alias", message, self._span(event)))
        value, slot, size = anchored
        self._count(size, event)
        mark = _mark(event)
        self._add(value, Slot(self.file, mark, mark, slot.text, slot.style), None, size)

    def _count(self, size: int, event: Any) -> None:
        self.nodes += size
        if self.nodes > MAX_NODES:
            self._too_large(event)

    def _too_large(self, event: Any) -> None:
        message = f"more than {MAX_NODES:,} values, aliases written out"
        raise _Stop(Diagnostic.of("yaml-too-large", message, self._span(event)))

    def _add(self, value: object, slot: Slot, anchor: str | None, size: int) -> None:
        if anchor:
            self.anchors[anchor] = (value, slot, size)
        if not self.stack:
            self.document = value
            return
        top = self.stack[-1]
        top.size += size
        if isinstance(top.node, Seq):
            top.node.put(value, slot)
        elif top.key is None or top.key_mark is None:
            if slot.text is None:
                raise _Stop(Diagnostic.of("yaml-key", "a key must be a plain word", span_of(self.file, slot.value)))
            self._key(top, slot.text, slot.value)
        else:
            nothing = slot.text == "" and slot.style is None  # then its place is right behind the key
            place = top.key_mark.after() if nothing else slot.value
            top.node.put(top.key, value, _new(Slot, (self.file, top.key_mark, place, slot.text, slot.style)))
            top.key = None

    def _key(self, top: _Open, key: str, mark: Mark) -> None:
        assert isinstance(top.node, Map)
        if key in top.node:
            first = top.node.key_span(key)
            self.findings.append(
                Diagnostic.of(
                    "yaml-duplicate-key",
                    f"the key `{key}` is here twice",
                    span_of(self.file, mark),
                    help="remove one of the two, or rename it",
                    related=[Related("the first one is here", first)],
                )
            )
        top.key, top.key_mark = key, mark


_new = tuple.__new__  # a named tuple's own call costs twice as much, and this one is made for each value


def _mark(event: Any) -> Mark:
    start, end = event.start_mark, event.end_mark
    return _new(Mark, (start.line, start.column, end.line, end.column))


def _shown_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _syntax_error(error: yaml.MarkedYAMLError, file: str, lines: list[str]) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line >= len(lines) and lines:
        line, column = len(lines) - 1, len(lines[-1])
    span = Span(file, line + 1, column + 1, line + 1, column + 2)
    message, help_ = in_plain_words(
        lines[line] if lines else "", column, error.problem or "this cannot be read", error.context or ""
    )
    related = []
    context = error.context_mark
    if context and (context.line, context.column) != (line, column) and error.context:
        start = Span(file, context.line + 1, context.column + 1, context.line + 1, context.column + 2)
        related.append(Related("what is not finished there starts here", start))
    return Diagnostic.of("yaml-syntax", message, span, help=help_, related=related)


def _character_error(error: yaml.reader.ReaderError, text: str, file: str) -> Diagnostic:
    position = error.position if isinstance(error.position, int) else 0
    shown = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or "\0")
    return _bad_character(text, position, shown, file)


def _bad_character(text: str, position: int, character: int, file: str) -> Diagnostic:
    before = text[:position]
    line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    return Diagnostic.of(
        "yaml-character",
        f"the character U+{character:04X} is not allowed",
        Span(file, line + 1, column + 1, line + 1, column + 2),
        help="delete it; it often comes with text pasted from a document",
    )
