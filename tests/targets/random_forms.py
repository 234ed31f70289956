"""Random checklists with logic, as hypothesis strategies, and random answers to their questions."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from checklist_kit.model import Checklist, Question, Repeat
from checklist_kit.source.load import load
from tests.targets.person import Person

CHOICES = {
    "yes_no": {"yes": "Yes", "no": "No", "not_observed": {"label": "Not observed", "missing": "not_observed"}},
    "things": {"ink": "Ink", "box": "Box", "01": "One", "none": {"label": "None", "exclusive": True}},
    "people": {"ann": "Ann", "bob": "Bob", "cid": "Cid"},
}
TYPES = ["select_one", "select_multiple", "integer", "integer", "decimal", "text", "date", "time", "acknowledge"]
LITERALS = {
    "integer": st.integers(0, 9).map(str),
    "decimal": st.integers(0, 36).map(lambda n: str(n / 4)),
    "date": st.dates(datetime.date(2024, 2, 1), datetime.date(2024, 2, 9)).map(lambda day: f"'{day}'"),
    "time": st.times().map(lambda time: f"'{time:%H:%M}'"),
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(0, 9) | st.just(99),
    "decimal": st.integers(0, 36).map(lambda n: n / 4),
    "text": st.sampled_from(["a", "long text", "<b>&amp;", "=1+1", "Səs"]),
    "date": st.dates(datetime.date(2024, 2, 1), datetime.date(2024, 2, 9)),
    "time": st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    "acknowledge": st.just([True]),
}


class _Forms:
    """Draws one form. `seen` holds the questions so far that may be referred to, by the repeats around them."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.seen: list[tuple[tuple[str, ...], str, str]] = []
        self.count = 0
        self.outward = True

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def chance(self, of_ten: int) -> bool:
        return bool(self.draw(st.integers(1, 10)) <= of_ten)

    def items(self, repeats: tuple[str, ...], depth: int) -> list[dict[str, Any]]:
        return [self.item(repeats, depth) for _ in range(self.draw(st.integers(1, 5 if depth == 0 else 3)))]

    def item(self, repeats: tuple[str, ...], depth: int) -> dict[str, Any]:
        kind = self.pick("question", "question", "question", "question", "calculate", "note", *(["section", "repeat"] if depth < 2 else []))
        if kind == "question":
            return self.question(repeats)
        item: dict[str, Any] = {"name": self.name(kind[0]), "type": kind, "label": f"A {kind}"}
        self.relevance(item, repeats)
        if kind == "section":
            item["items"] = self.items(repeats, depth + 1)
        elif kind == "repeat":
            item |= self.pick({"over": "people"}, {"repeat_count": 2}, {})
            item["items"] = self.items((*repeats, item["name"]), depth + 1)
            self.seen.append((repeats, item["name"], "repeat"))
            self.seen += [(repeats, f"{item['name']}.{inner['name']}", "column") for inner in item["items"] if inner["type"] == "integer"]
        elif kind == "calculate":
            item["calculation"] = self.number(repeats) if self.chance(7) else self.condition(repeats)
        return item

    def question(self, repeats: tuple[str, ...]) -> dict[str, Any]:
        kind = self.pick(*TYPES)
        item: dict[str, Any] = {"name": self.name("q"), "type": kind, "label": "Ask", "required": self.chance(1)}
        self.relevance(item, repeats)
        if kind.startswith("select"):
            item["choices"] = "yes_no" if kind == "select_one" else "things"
        if kind == "integer" and self.chance(5):
            item["missing"] = {"99": "not_permitted"}
        self.seen.append((repeats, item["name"], kind))
        if kind in LITERALS and self.chance(4):
            item["constraint"] = f"{item['name']} {self.pick('<', '<=', '>')} {self.draw(LITERALS[kind])}"
            if self.chance(3):
                self.outward = False  # a validator of the engine does not look there
                item["constraint"] += f" or {self.condition(repeats)}"
                self.outward = True
        return item

    def relevance(self, item: dict[str, Any], repeats: tuple[str, ...]) -> None:
        if self.seen and self.chance(4):
            item["relevant"] = self.condition(repeats)

    def known(self, repeats: tuple[str, ...], *kinds: str) -> list[tuple[str, str]]:
        """Names of these kinds: from this instance, from outside of all repeats, and mostly from the instance around."""
        near = {(), repeats, repeats[:-1] if self.outward else ()}
        return [(name, kind) for around, name, kind in self.seen if around in near and kind in kinds]

    def number(self, repeats: tuple[str, ...]) -> str:
        names = [name for name, _ in self.known(repeats, "integer", "decimal")]
        totals = [f"sum({name})" for name, _ in self.known(repeats, "column")] + [f"count({name})" for name, _ in self.known(repeats, "repeat")]
        counts = [f"count({name})" for name, _ in self.known(repeats, "select_multiple")]
        operands = [*names, *names, *totals, *counts, self.draw(LITERALS["integer"])]
        left, right = self.pick(*operands), self.pick(*operands)
        return str(self.pick(left, f"{left} + {right}", f"{left} - {right}", f"coalesce({left}, {right})"))

    def condition(self, repeats: tuple[str, ...], depth: int = 0) -> str:
        if depth < 2 and self.chance(4):
            left, right = self.condition(repeats, depth + 1), self.condition(repeats, depth + 1)
            return str(self.pick(f"({left} and {right})", f"({left} or {right})", f"not ({left})"))
        known = self.known(repeats, *TYPES)
        if not known or self.chance(2):
            return f"{self.number(repeats)} > {self.draw(LITERALS['integer'])}"
        name, kind = self.pick(*known)
        if self.chance(2):
            return f"{name} is {self.pick('answered', 'blank')}"
        match kind:
            case "select_one":
                return str(self.pick(f"{name} = 'yes'", f"{name} != 'yes'", f"{name} in ('no', 'not_observed')"))
            case "select_multiple":
                return str(self.pick(f"{name} has 'ink'", f"{name} has '01'", f"not ({name} has 'box')"))
            case "text" | "acknowledge":
                return f"{name} is answered"
        return f"{name} {self.pick('<', '<=', '>', '>=')} {self.draw(LITERALS[kind])}"


@st.composite
def definitions(draw: Any) -> dict[str, Any]:
    """A checklist as YAML would hold it, without faults."""
    first = {"name": "first", "type": "text", "label": "A form without a question cannot be sent"}
    return {"checklist": "random_form", "version": "1", "title": "Random", "choices": CHOICES, "items": [first, *_Forms(draw).items((), 0)]}


def compiled(definition: dict[str, Any], folder: Path) -> Checklist:
    """Load a definition (JSON is YAML), and insist that it is without faults."""
    path = folder / "form.yaml"
    path.write_text(json.dumps(definition, ensure_ascii=False), encoding="utf-8")
    loaded = load(path)
    faults = [finding for finding in loaded.findings if finding.is_error]
    assert loaded.checklist is not None
    assert not faults, faults
    return loaded.checklist


def answer_at_random(draw: Any, person: Person, most: int) -> list[tuple[str, Any]]:
    """Let a person answer, change and blank answers in any order; return the steps as a web form takes them."""
    from tests.targets.person import held

    steps: list[tuple[str, Any]] = []
    for _ in range(draw(st.integers(0, most))):
        if not person.asked and not person.growing:
            break
        growing = [path for path, _, rows in person.growing if len(rows) < 3]
        path = draw(st.sampled_from([asked.path for asked in person.asked] + growing))
        if path in growing:
            rows = next(rows for known, _, rows in person.growing if known == path)
            person.add(path)
            inside = [asked for asked in person.asked if asked.path.startswith(f"{path}[{len(rows) - 1}].")]
            if not inside:
                rows.pop()
                person._settle()
                continue
            path = inside[0].path
        question = next(asked.question for asked in person.asked if asked.path == path)
        value = draw(_values(question))
        person.answer(path, value)
        steps.append((path, None if value is None else held(value)))
    return steps


def _values(question: Question) -> st.SearchStrategy[Any]:
    if question.type == "select_one":
        values = st.sampled_from(list(question.choices.codes))  # type: ignore[attr-defined]
    elif question.type == "select_multiple":
        several = st.lists(st.sampled_from(["ink", "box", "01"]), min_size=1, unique=True)
        values = several | st.just(["none"])
    else:
        values = VALUES[question.type]
    return st.integers(1, 6).flatmap(lambda n: st.none() if n == 1 else values)


def is_fixed(repeat: Repeat) -> bool:
    """Whether a repeat always has the same instances."""
    return bool(repeat.over or repeat.repeat_count)
