"""A person with a phone, by the book: what is asked, what is handed in and what is faulty after each answer.

It knows the meaning of expressions and nothing of any engine. Unlike a web form, a phone keeps the answer to a question
that is no longer asked, and shows it again when the question is.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from checklist_kit.logic import Context, Kind, evaluate
from checklist_kit.model import Calculate, Checklist, Item, Note, Question, Repeat, Section, SelectMultiple, Text

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question that is asked now, by its path in the form (`votes[2].count`, from 0), and its answer."""

    path: str
    question: Question
    value: Any
    context: Context


@dataclass
class Collector:
    """Answers one by one. `shown` are the paths of questions and notes in order, `data` the answers handed in by path.

    `growing` has the number of instances of each repeat that can grow now. `filled` names the repeats that have an
    instance as soon as one around them is added.
    """

    checklist: Checklist
    today: datetime.date
    filled: frozenset[str] = frozenset()
    kept: Row = field(default_factory=dict)
    instances: dict[str, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    data: Row = field(default_factory=dict)
    growing: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._settle()

    def answer(self, path: str, value: Any) -> None:
        """Answer a question that is asked, or blank it with None."""
        assert path in [asked.path for asked in self.asked]
        self.kept[path] = value
        self._settle()

    def add(self, path: str) -> str | None:
        """Add an instance to a repeat that grows; return the first question in it. Without any it goes again."""
        inside = f"{path}[{self.growing[path]}]."
        self.instances[path] = self.growing[path] + 1
        self._settle()
        first = next((asked.path for asked in self.asked if asked.path.startswith(inside)), None)
        if first is None:
            self.instances[path] -= 1
            self._settle()
        return first

    def faults(self) -> dict[str, str]:
        """What is wrong with answers, as the engine calls it, by path."""
        found = {asked.path: fault(asked) for asked in self.asked}
        return {path: word for path, word in found.items() if word}

    def _settle(self) -> None:
        self.asked, self.shown, self.data, self.growing = [], [], {}, {}
        self._walk(self.checklist.items, {}, {}, {}, "")

    def _walk(self, items: tuple[Item, ...], row: Row, outer: Row, rows: dict[str, list[Row]], prefix: str) -> None:
        """Walk over items that are asked, and put their answers into `row`."""
        for item in items:
            context = Context({**outer, **row}, rows, self.today)
            if item.relevant is not None and evaluate(item.relevant.tree, context) is not True:
                continue
            match item:
                case Section():
                    self._walk(item.items, row, outer, rows, prefix)
                case Repeat():
                    self._repeat(item, {**outer, **row}, rows, prefix)
                case Calculate():
                    self._put(prefix, item, row, evaluate(item.calculation.tree, context))
                case Question():
                    path = prefix + item.name
                    self.shown.append(path)
                    self.asked.append(Asked(path, item, self.kept.get(path), context))
                    self._put(prefix, item, row, self.kept.get(path))
                case Note():
                    self.shown.append(prefix + item.name)

    def _put(self, prefix: str, item: Item, row: Row, value: Any) -> None:
        if value is not None:
            row[item.name] = self.data[prefix + item.name] = value

    def _repeat(self, item: Repeat, outer: Row, rows: dict[str, list[Row]], prefix: str) -> None:
        path = prefix + item.name
        count = len(item.over.codes) if item.over else item.repeat_count
        if count is None:
            # A phone begins with one instance. An instance that is added may begin without any inside it.
            begun = item.name in self.filled or not re.search(r"\[[1-9]", prefix)
            count = self.growing[path] = self.instances.get(path, int(begun))
        found: list[Row] = []
        for index in range(count):
            row: Row = {}
            self._walk(item.items, row, outer, dict(rows), f"{path}[{index}].")
            found.append({**outer, **row})
        rows[item.name] = found


def fault(asked: Asked) -> str | None:
    """What is wrong with an answer: it is missing, or breaks a rule."""
    question, value = asked.question, asked.value
    if value is None:
        return "required" if question.required else None
    if isinstance(question, Text) and question.matches is not None and not re.fullmatch(question.matches, value):
        return "constraint"
    if (
        isinstance(question, SelectMultiple)
        and len(value) > 1
        and any(question.choices[code].exclusive for code in value)
    ):
        return "constraint"
    sentinels = {sentinel.value for sentinel in getattr(question, "missing", ())}
    if question.constraint is None or (question.kind is Kind.NUMBER and value in sentinels):
        return None
    context = Context({**asked.context.answers, question.name: value}, asked.context.rows, asked.context.today)
    return "constraint" if evaluate(question.constraint.tree, context) is False else None
