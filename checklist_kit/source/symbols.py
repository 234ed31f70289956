"""What each item is called and how it looks to expressions, before any expression is read."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from checklist_kit.diagnostics import Diagnostic, Related
from checklist_kit.logic import Kind, Symbol
from checklist_kit.model import ChoiceList, Missing, Sentinel
from checklist_kit.model.items import RECORDED, Question
from checklist_kit.source.nodes import Map, Seq
from checklist_kit.source.texts import words

_KINDS = {question.type: question.kind for question in Question.__subclasses__()} | {
    "repeat": Kind.REPEAT,
    "section": Kind.NOTHING,
    "note": Kind.NOTHING,
    "calculate": Kind.BROKEN,  # until its calculation has been read
    **dict.fromkeys(RECORDED, Kind.NOTHING),
}
INLINE = ("/choices", "/over")
"""How the names of lists end that stand in an item."""
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass
class SymbolTable:
    """Symbols by name, in form order. Names that are used twice are found."""

    lists: Mapping[str, ChoiceList]
    symbols: dict[str, Symbol] = field(default_factory=dict)
    nodes: dict[str, Map] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)

    def collect(self, items: object, repeats: tuple[str, ...] = ()) -> None:
        """Add the symbols of a list of items and of all items inside them."""
        for node in items if isinstance(items, Seq) else ():
            if not isinstance(node, Map):
                continue
            name, kind = node.text("name"), node.text("type")
            if name:
                self._add(name, kind, node, repeats)
            inside = (*repeats, name) if kind == "repeat" and name else repeats
            self.collect(node.get("items"), inside)

    def _add(self, name: str, kind: str | None, node: Map, repeats: tuple[str, ...]) -> None:
        if name in self.nodes:
            first = self.nodes[name].value_span("name")
            self.findings.append(
                Diagnostic.of(
                    "name-duplicate",
                    f"the name `{name}` is used twice",
                    node.value_span("name"),
                    help="give one of the two another name",
                    related=[Related("the first one is here", first)],
                )
            )
            return
        self.nodes[name] = node
        choices = self._choices(node)
        known = _KINDS.get(kind or "", Kind.BROKEN)
        if known in (Kind.CHOICE, Kind.CHOICES) and choices is None:
            known = Kind.BROKEN
        self.symbols[name] = Symbol(
            name,
            known,
            exact=kind != "decimal",
            codes=choices.codes if choices else (),
            sentinels=tuple(_sentinels(node)),
            repeats=repeats,
            order=len(self.nodes),
        )

    def _choices(self, node: Map) -> ChoiceList | None:
        return self.lists.get(list_name(node, "choices"))


def list_name(node: Map, key: str) -> str:
    """Return the name of the list that an item uses.

    A shared one's, or for choices written in the item one of its own.
    """
    value = node.get(key)
    return f"{node.text('name')}/{key}" if isinstance(value, Map) else node.text(key) or ""


def _sentinels(node: Map) -> Iterator[float]:
    missing = node.get("missing")
    for key in missing if isinstance(missing, Map) else ():
        number = number_in(key)
        if number is not None:
            yield number


def sentinels(node: Map, language: str) -> tuple[Sentinel, ...]:
    """Return the numbers that stand for a missing answer to a question; `language` is that of plain labels."""
    missing = node.get("missing")
    found = []
    for key, value in missing.items() if isinstance(missing, Map) else ():
        kind = value.get("missing") if isinstance(value, Map) else value
        number = number_in(key)
        if number is not None and isinstance(kind, str) and kind in set(Missing) and isinstance(missing, Map):
            label = words(value, "label", language) if isinstance(value, Map) else {}
            span = missing.key_span(key)
            found.append(Sentinel(value=number, text=key, missing=Missing(kind), label=label, span=span))
    return tuple(found)


def number_in(text: str) -> int | float | None:
    """Return the number that a key such as 9999 or -1.5 stands for, None where it is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def transmission_codes(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return a transmission code for each name: the given one, else one made from the name itself.

    A made code does not depend on the order of the questions. It is no prefix of another code, nor has one as its
    prefix.
    """
    names = list(names)
    codes = dict(given)
    taken = set(given.values())
    beginnings = {beginning for code in taken for beginning in _beginnings(code)}
    length = next(length for length in range(2, 9) if len(names) <= len(CODE_ALPHABET) ** length // 8)
    for name in sorted(name for name in names if not given.get(name)):
        code = next(
            code for code in _candidates(name, length) if code not in beginnings and taken.isdisjoint(_beginnings(code))
        )
        codes[name] = code
        taken.add(code)
        beginnings.update(_beginnings(code))
    return codes


def _beginnings(code: str) -> list[str]:
    return [code[:end] for end in range(1, len(code) + 1)]


def _candidates(name: str, length: int) -> Iterator[str]:
    for attempt in range(10_000):
        digest = hashlib.sha256(f"{name} {attempt}".encode()).digest()
        yield "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[: length + attempt // 500])
