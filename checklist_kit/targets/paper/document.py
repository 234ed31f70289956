"""A checklist as the plain document that the template prints: all texts in one language, each field with its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import Condition
from checklist_kit.model import (
    Calculate,
    Checklist,
    Integer,
    Item,
    Note,
    Question,
    Recorded,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
    Text,
    Words,
)
from checklist_kit.targets.paper import answers
from checklist_kit.targets.paper.arrows import END, arrows
from checklist_kit.targets.paper.foot import keep_together
from checklist_kit.targets.paper.formats import A4, Format
from checklist_kit.targets.paper.glyphs import breakable, printable
from checklist_kit.targets.paper.speech import Speaker, Unsayable
from checklist_kit.targets.paper.vocabulary import direction, fill, language_tag, vocabulary

Block = dict[str, object]
"""One part of the form from top to bottom; `kind` says how the template shows it."""

FREE_ROWS = 3
"""How many instances of a repeat are printed where the checklist fixes no number."""

_PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_STOPS = (".", "!", "?", ":", "։", "՝", "؟", "။", "。")
_MATRIX_LABEL = 24  # characters of a choice's label above a column of marks
_MATRIX_WORD = 11  # characters of its longest word


class Composer:
    """Composes the form of one checklist in one language and format, and notes what could not be said."""

    def __init__(self, checklist: Checklist, language: str, format: Format = A4) -> None:
        self.checklist = checklist
        self.language = language
        self.format = format
        self.words = vocabulary(language)
        self.losses: list[Diagnostic] = []
        self._speaker = Speaker(checklist, language, self.words)
        self._arrows = arrows(checklist)
        self._codes = _leading_codes(checklist)

    def document(self) -> dict[str, Any]:
        """Return all that is printed."""
        return {
            "format": self.format.name,
            "id": self.checklist.id,
            "version": printable(self.checklist.version),
            "title": self.text(self.checklist.title) or self.checklist.id,
            "lang": language_tag(self.language),
            "dir": direction(self.language),
            "words": dict(self.words.form),
            "header": list(self._header()),
            "blocks": keep_together(list(self._blocks(self.checklist.items, "", 1)), self._arrows, self.format.page),
        }

    def text(self, words: Words) -> str:
        """Return a text in the form's language, with the questions that it quotes named by their numbers."""
        return breakable(_PLACEHOLDER.sub(self._placeholder, printable(self.checklist.text(words, self.language))))

    def said(self, key: str, **values: object) -> str:
        """Return one of the form's own words."""
        return breakable(fill(self.words.form[key], **values))

    def arrow(self, question: str, code: str) -> str | None:
        """Return where a choice leads: a question's number, the words for the end, or None."""
        target = self._arrows.targets.get((question, code))
        if target is None:
            return None
        return self.said("end") if target == END else str(target)

    def condition(self, item: Item, key: str) -> str | None:
        """Return the words for an item's own relevance; None where it is always asked or an arrow says it already."""
        if item.relevant is None or item.name in self._arrows.spared:
            return None
        return self.sayable(item.relevant.condition, key, item) or self.said(f"{key}_unsaid")

    def sayable(self, condition: Condition, key: str, item: Item) -> str | None:
        """Return a condition in words, or None with a loss."""
        said = self.phrase(key, condition)
        if said is None:
            message = f"the condition of `{item.name}` is too long to be said in words"
            help = "simplify the condition, or say in the hint when the question is to be answered"
            self.losses.append(Diagnostic.of("paper-condition", message, item.span, help=help))
        return said

    def phrase(self, key: str, condition: Condition, **values: object) -> str | None:
        """Return one of the form's own phrases about a condition; None where it would take too many words."""
        try:
            return self.said(key, condition=self._speaker.say(condition), **values)
        except Unsayable:
            return None

    def quoted(self, text: str) -> str:
        """Return a text in quotation marks."""
        return self.words.quote(text)

    def _placeholder(self, match: re.Match[str]) -> str:
        entry = self.checklist.by_name.get(match[1])
        return self.said("placeholder", number=entry.number) if entry and entry.number else "____"

    def _header(self) -> Iterator[dict[str, object]]:
        """Yield the boxes for codes at the top: the form's leading codes, then what it does not ask itself."""
        names = [item.name for item in self._codes]
        if self.checklist.unit not in names and (self.checklist.unit or not names):
            yield self._code_box("station") | {"unit": True}
        for item in self._codes:
            yield self._question(item, "") | {"unit": item.name == self.checklist.unit}
        if not [name for name in names if name != self.checklist.unit]:
            yield self._code_box("observer") | {"unit": False}

    def _code_box(self, key: str) -> dict[str, object]:
        return {"text": self.said(key), "number": "", "code": "", "hint": None, "answer": None}

    def _blocks(self, items: tuple[Item, ...], instance: str, level: int) -> Iterator[Block]:
        """Yield the blocks of some items; whole numbers that follow each other stand side by side."""
        codes = {item.name for item in self._codes}
        shown = (item for item in items if item.name not in codes and not isinstance(item, Calculate | Recorded))
        for numbers, group in groupby(shown, lambda item: isinstance(item, Integer)):
            run = list(group)
            if numbers and len(run) > 1:
                yield {"kind": "cards", "head": None, "cards": [self._question(item, instance) for item in run]}
            else:
                for item in run:
                    yield from self._item(item, instance, level)

    def _item(self, item: Item, instance: str, level: int) -> Iterator[Block]:
        match item:
            case Section():
                yield from self._section(item, instance, level)
            case Repeat():
                yield from self._repeat(item, instance, level)
            case Note():
                condition = self.condition(item, "note_if")
                yield {"kind": "note", "text": self.text(item.label), "condition": condition, "hint": self._hint(item)}
            case _:
                yield {"kind": "question", **self._question(item, instance)}

    def _section(self, section: Section, instance: str, level: int) -> Iterator[Block]:
        heading = self._heading(section, level)
        blocks = list(self._blocks(section.items, instance, level + bool(heading["text"])))
        if blocks and (heading["text"] or heading["condition"] or heading["hint"]):
            yield heading
        yield from blocks

    def _heading(self, item: Section | Repeat, level: int) -> Block:
        return {
            "kind": "heading",
            "level": level,
            "text": self.text(item.label),
            "condition": self.condition(item, "section_if"),
            "hint": self._hint(item),
        }

    def _repeat(self, repeat: Repeat, instance: str, level: int) -> Iterator[Block]:
        heading = self._heading(repeat, level)
        if heading["text"] or heading["condition"] or heading["hint"]:
            yield heading
        rows = [(f"{instance}/{row}" if instance else row, label) for row, label in self._rows(repeat)]
        items = [item for item in repeat.items if not isinstance(item, Calculate | Recorded)]
        if len(items) == 1 and isinstance(items[0], Integer):
            head = self._question(items[0], "")
            cards = [self._row_card(items[0], row, label) for row, label in rows]
            yield {"kind": "cards", "head": head, "cards": cards}
        elif self._fits_matrix(items):
            yield self._matrix([item for item in items if isinstance(item, Question)], rows)
        else:
            inner = level + bool(heading["text"])
            for row, label in rows:
                yield {"kind": "heading", "level": inner, "text": label, "condition": None, "hint": None}
                yield from self._blocks(repeat.items, row, inner + 1)

    def _rows(self, repeat: Repeat) -> list[tuple[str, str]]:
        """Return the printed instances of a repeat with their labels."""
        if repeat.over:
            return [(choice.code, self.text(choice.label) or choice.code) for choice in repeat.over.choices]
        count = repeat.repeat_count or FREE_ROWS
        label = self.text(repeat.label)
        return [(str(row), f"{label} {row}".strip()) for row in range(1, count + 1)]

    def _row_card(self, item: Integer, instance: str, label: str) -> Block:
        return {
            "number": str(self.checklist.by_name[item.name].number),
            "text": label,
            "answer": answers.field(self, item, instance),
        }

    def _fits_matrix(self, items: list[Item]) -> bool:
        """Whether questions are so short that one row holds an instance's answers to all of them."""
        selects = [item for item in items if isinstance(item, SelectOne | SelectMultiple)]
        labels = [self.text(choice.label) for item in selects for choice in item.choices.choices]
        return (
            len(selects) == len(items)
            and len(labels) <= self.format.matrix_columns
            and all(len(label) <= _MATRIX_LABEL for label in labels)
            and all(len(word) <= _MATRIX_WORD for label in labels for word in label.split())
            and not any(item.relevant or item.filters for item in selects)
            and not any(name == item.name for item in selects for name, _ in self._arrows.targets)
        )

    def _matrix(self, items: list[Question], rows: list[tuple[str, str]]) -> Block:
        return {
            "kind": "matrix",
            "questions": [self._question(item, "") for item in items],
            "rows": [
                {"label": label, "cells": [answers.field(self, item, row) for item in items]} for row, label in rows
            ],
        }

    def _question(self, item: Item, instance: str) -> Block:
        assert isinstance(item, Question)
        return {
            "number": str(self.checklist.by_name[item.name].number),
            "code": item.code,
            "text": self.text(item.label) or item.name,
            "hint": self._hint(item),
            "condition": self.condition(item, "question_if"),
            "answer": answers.field(self, item, instance),
        }

    def _hint(self, item: Item) -> str | None:
        """Return the author's hint, else how to answer where that needs saying."""
        hint = self.text(item.hint)
        if isinstance(item, SelectMultiple):
            hint = hint or self.said("mark_all")
            exclusive = [self.quoted(self.text(choice.label)) for choice in item.choices.choices if choice.exclusive]
            if exclusive:
                stop = "" if hint.endswith(_STOPS) else "."
                hint += f"{stop} {self.said('exclusive', choice=self.words.either(exclusive))}"
        return hint or None


def _leading_codes(checklist: Checklist) -> tuple[Text, ...]:
    """Return the codes that a form begins with, such as station and observer: they stand in its header."""
    codes: list[Text] = []
    for entry in checklist.entries:
        if isinstance(entry.item, Section) and entry.relevance is None:
            continue
        if not (isinstance(entry.item, Text) and entry.item.matches and entry.relevance is None and not entry.repeats):
            break
        codes.append(entry.item)
    return tuple(codes)
