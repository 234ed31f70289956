"""Random checklists as YAML text, and random answers that an observer could have given to one.

>>> @given(data())                                        # doctest: +SKIP
... def test_law(data):
...     checklist = data.draw(checklists())
...     given = data.draw(answers(checklist))
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import checklist_kit as ck
from checklist_kit import source
from checklist_kit.checks.view import View
from checklist_kit.logic import Kind, Scope, Symbol
from checklist_kit.model import Checklist
from tests.strategies.answers import answers
from tests.strategies.expressions import calculations, conditions, visible

__all__ = ["answers", "as_yaml", "checklist_texts", "checklists", "codes_found", "load_text", "load_unchecked"]

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDXYZ0123456789əğıöüçşİƏйцыЖ中ع "
_SIGNS = "?!.,:;'\"#&*{}[]()<>|%@`=+-/\\~_^€–“”🗳"
_MISSING = ("not_observed", "not_permitted", "not_applicable", "dont_know", "refused", "unreadable", "not_answered")
_CODES = ("yes", "no", "a", "b1", "none", "other", "10", "2", "never", "x.y", "p-q", "Ə", "not_seen", "50+")
_LANGUAGES = {"en": "English", "az": "Azərbaycanca", "ru": "Русский", "ar": "العربية"}
_PATTERNS = ("[0-9]{1,3}/[0-9]{1,2}", "[A-Z]{2}[0-9]{3}", "(yes|no)", "[a-zə]+")
_PLAIN = ("date", "time", "datetime", "image", "geopoint", "acknowledge")
_TYPES = (
    *("select_one", "select_multiple", "integer", "decimal", "text", "calculate", "note", *_PLAIN),
    *("select_one", "select_multiple", "integer", "calculate", "section", "repeat", "section", "repeat"),
)
# Names that mean something to some engine, and are nothing but names to us.
_NAMES = (
    *("div", "mod", "text", "date", "count", "sum", "position", "true", "false", "null", "list", "class", "type", "a1"),
    *(
        "r1c1",
        "e1",
        "name",
        "label",
        "index",
        "value",
        "today",
        "data",
        "item",
        "undefined",
        "x_1_y",
        "q_other",
        "meta",
    ),
)
_KINDS = {
    "integer": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "text": Kind.TEXT,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "select_one": Kind.CHOICE,
    "select_multiple": Kind.CHOICES,
}
_MAX_DEPTH = 3

labels: SearchStrategy[str] = st.one_of(
    st.text(_LETTERS, min_size=1, max_size=30), st.text(_LETTERS + _SIGNS, min_size=1, max_size=40)
).filter(lambda text: text == text.strip() != "" and "${" not in text and "$(" not in text)


def load_text(text: str) -> Checklist:
    """Return the checklist of a YAML text. Raises DefinitionError where it has an error."""
    with _written(text) as path:
        return ck.load(path)


def load_unchecked(text: str) -> Checklist:
    """Return the checklist of a YAML text whatever the checks say of it, such as that a question is never asked."""
    with _written(text) as path:
        checklist = source.load(path).checklist
    assert checklist is not None
    return checklist


def codes_found(text: str) -> set[str]:
    """Return the codes of all findings of a YAML text."""
    with _written(text) as path:
        return {finding.code for finding in ck.check(path)}


@contextmanager
def _written(text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checklist.yaml"
        path.write_text(text, encoding="utf-8")
        yield path


def checklists(max_items: int = 4) -> SearchStrategy[Checklist]:
    """Checklists without errors, as loaded. `max_items` is how many items a list of items has at most."""
    return checklist_texts(max_items).map(load_text)


def checklist_texts(max_items: int = 4) -> SearchStrategy[str]:
    """Checklists without errors, as YAML text, with all item types."""
    return documents(max_items).map(as_yaml)


@st.composite
def documents(draw: DrawFn, max_items: int = 4) -> dict[str, Any]:
    """Checklists without errors, as plain data."""
    document = _Maker(draw, max_items).document()
    while impossible := _never_asked(as_yaml(document)):
        _ask_always(document["items"], impossible)
    return document


def _never_asked(text: str) -> set[str]:
    """The items whose random relevance can never be true, which is an error."""
    with _written(text) as path:
        checklist = source.load(path).checklist
    assert checklist is not None
    return set(View(checklist).relevances.impossible)


def _ask_always(items: list[dict[str, Any]], names: set[str]) -> None:
    for item in items:
        if item["name"] in names:
            del item["relevant"]
        _ask_always(item.get("items", []), names)


def as_yaml(value: object, indent: int = 0) -> str:
    """Write plain data as block YAML, every text in double quotes."""
    pad = "  " * indent
    if isinstance(value, Mapping) and value:
        lines = (f"{pad}{_key(str(key))}:{_below(part, indent + 1)}" for key, part in value.items())
        return "\n".join(lines) + ("\n" if indent == 0 else "")
    if isinstance(value, list) and value:
        return "\n".join(f"{pad}- {as_yaml(part, indent + 1).lstrip()}" for part in value)
    return json.dumps(value, ensure_ascii=False)


def _below(value: object, indent: int) -> str:
    nested = isinstance(value, Mapping | list) and value
    return ("\n" if nested else " ") + as_yaml(value, indent)


def _key(key: str) -> str:
    plain = re.fullmatch(r"[a-z][a-z_0-9]*", key) and key not in ("true", "false", "null")
    return key if plain else json.dumps(key, ensure_ascii=False)


@dataclass
class _Maker:
    draw: DrawFn
    max_items: int
    symbols: dict[str, Symbol] = field(default_factory=dict)
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        self.languages = self.draw(st.lists(st.sampled_from(list(_LANGUAGES)), min_size=1, max_size=3, unique=True))
        self._choice_lists()
        station = {"name": "station", "type": "text", "label": self.words(), "required": True}
        self._remember("station", "text", ())
        items = [station, *self.items(0, ()), *self.items(0, ())]
        return {
            "checklist": "random",
            "version": self.draw(st.sampled_from(["1", "2024.1", "1.10", "7b"])),
            "title": self.words(),
            "languages": {language: _LANGUAGES[language] for language in self.languages},
            "default_language": self.draw(st.sampled_from(self.languages)),
            "unit": "station",
            "choices": self.lists,
            "items": items,
        }

    def chance(self, of_ten: int) -> bool:
        return self.draw(st.integers(0, 9)) >= 10 - of_ten

    def words(self) -> dict[str, str] | str:
        if len(self.languages) == 1 and self.chance(5):
            return self.draw(labels)
        return {language: self.draw(labels) for language in self.languages}

    # Choices

    def _choice_lists(self) -> None:
        for number in range(self.draw(st.integers(1, 3))):
            self.lists[f"list_{number}"] = self._choices(exclusive=number > 0, attributes=number == 2)

    def _choices(self, *, exclusive: bool, attributes: bool = False) -> dict[str, Any]:
        codes = self.draw(st.lists(st.sampled_from(_CODES), min_size=2, max_size=5, unique=True))
        choices: dict[str, Any] = {code: self.words() for code in codes}
        last = codes[-1]
        if self.chance(3):
            choices[last] = {"label": self.words(), "missing": self.draw(st.sampled_from(_MISSING))}
        if exclusive and self.chance(5):
            held = choices[last]
            kept = held if isinstance(held, dict) and "missing" in held else {"label": self.words()}
            choices[last] = {**kept, "exclusive": True}
        if attributes:
            for code, place in zip(codes, "nsnsn", strict=False):
                label = choices[code]
                holder = label if isinstance(label, dict) and "label" in label else {"label": label}
                choices[code] = {**holder, "attributes": {"place": place}}
        return choices

    def _use_list(self, item: dict[str, Any]) -> tuple[str, ...]:
        if self.chance(2):
            item["choices"] = self._choices(exclusive=item["type"] == "select_multiple")
            return tuple(item["choices"])
        name = item["choices"] = self.draw(st.sampled_from(list(self.lists)))
        if name == "list_2" and self.chance(5):
            item["choice_filter"] = self.draw(st.sampled_from(["place = 'n'", "place in ('n', 's')"]))
        return tuple(self.lists[name])

    # Items

    def items(self, depth: int, repeats: tuple[str, ...]) -> list[dict[str, Any]]:
        return [self.item(depth, repeats) for _ in range(self.draw(st.integers(1, self.max_items)))]

    def item(self, depth: int, repeats: tuple[str, ...]) -> dict[str, Any]:
        plain = [kind for kind in _TYPES if depth < _MAX_DEPTH or kind not in ("section", "repeat")]
        kind = self.draw(st.sampled_from([other for other in plain if not (other == "repeat" and len(repeats) == 2)]))
        name = self._name()
        item: dict[str, Any] = {"name": name, "type": kind, "label": self.words()}
        # An item sees what stands before it: draw its conditions first, then let later ones see it.
        self._relevant(item, repeats)
        if kind in ("section", "repeat"):
            return self._container(item, depth, repeats)
        if kind == "calculate":
            return self._calculation(item, repeats)
        if kind == "note":
            self._remember(name, kind, repeats)
            return item
        return self._question(item, repeats)

    def _name(self) -> str:
        name = self.draw(st.sampled_from(_NAMES)) if self.chance(3) else ""
        return name if name and name not in self.symbols else f"q{len(self.symbols)}"

    def _here(self, repeats: tuple[str, ...]) -> Symbol:
        return Symbol("here", Kind.BROKEN, repeats=repeats, order=10_000)

    def _relevant(self, item: dict[str, Any], repeats: tuple[str, ...]) -> None:
        words = visible(Scope(self.symbols, self._here(repeats)))
        if words.questions and self.chance(3):
            item["relevant"] = self.draw(conditions(words, 3))

    def _container(self, item: dict[str, Any], depth: int, repeats: tuple[str, ...]) -> dict[str, Any]:
        name = item["name"]
        inside = repeats
        if item["type"] == "repeat":
            inside = (*repeats, name)
            how = self.draw(st.sampled_from(["over", "free", "fixed"]))
            if how == "over":
                item["over"] = self.draw(st.sampled_from(list(self.lists)))
            elif how == "fixed":
                item["repeat_count"] = self.draw(st.integers(1, 3))
        self._remember(name, item["type"], repeats)
        item["items"] = self.items(depth + 1, inside)
        return item

    def _calculation(self, item: dict[str, Any], repeats: tuple[str, ...]) -> dict[str, Any]:
        words = visible(Scope(self.symbols, self._here(repeats)))
        item["calculation"], kind, exact = self.draw(calculations(words))
        self.symbols[item["name"]] = Symbol(item["name"], kind, exact, repeats=repeats, order=len(self.symbols) + 1)
        return item

    def _question(self, item: dict[str, Any], repeats: tuple[str, ...]) -> dict[str, Any]:
        kind = item["type"]
        codes = self._use_list(item) if kind.startswith("select") else ()
        for key, of_ten in (("hint", 2), ("guidance_hint", 1), ("required_message", 1)):
            if self.chance(of_ten):
                item[key] = self.words()
        if self.chance(2):
            item["required"] = True
        if kind == "text" and self.chance(2):
            item["sensitive"] = True
        elif kind == "text" and self.chance(3):
            item["matches"] = self.draw(st.sampled_from(_PATTERNS))
        sentinels = self._range(item) if kind in ("integer", "decimal") else ()
        if kind == "date" and self.chance(3):
            item["constraint"] = ". >= '2024-02-01'"
        if kind == "select_multiple" and self.chance(2):
            item["constraint"] = f"count(.) <= {self.draw(st.integers(1, 3))}"
        if "constraint" in item and self.chance(5):
            item["constraint_message"] = self.words()
        self._remember(item["name"], kind, repeats, codes, sentinels)
        return item

    def _range(self, item: dict[str, Any]) -> tuple[float, ...]:
        low = self.draw(st.integers(-5, 5))
        if self.chance(6):
            item["constraint"] = f". >= {low} and {item['name']} <= {low + self.draw(st.integers(0, 3000))}"
        if not self.chance(3):
            return ()
        numbers = self.draw(st.lists(st.sampled_from([9998, 9999, -9]), min_size=1, max_size=2, unique=True))
        item["missing"] = {str(number): self.draw(st.sampled_from(_MISSING)) for number in numbers}
        return tuple(numbers)

    def _remember(
        self,
        name: str,
        kind: str,
        repeats: tuple[str, ...],
        codes: tuple[str, ...] = (),
        sentinels: tuple[float, ...] = (),
    ) -> None:
        known = Kind.REPEAT if kind == "repeat" else _KINDS.get(kind, Kind.OPAQUE if kind in _PLAIN else Kind.BROKEN)
        self.symbols[name] = Symbol(
            name, known, kind != "decimal", codes, sentinels, repeats=repeats, order=len(self.symbols) + 1
        )
