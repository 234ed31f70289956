"""What is made of the answers, out of the document: indicators, checks and reports."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.logic import Kind, Scope, Symbol, kind_of
from checklist_kit.model import (
    Check,
    Expression,
    Figure,
    Form,
    Indicator,
    Item,
    Measure,
    Polarity,
    Question,
    Report,
    Resolve,
    Share,
)
from checklist_kit.model.items import Repeat, Section
from checklist_kit.source.nodes import Map, Seq
from checklist_kit.source.texts import words

FRAME = "frame"
"""The name by which checks call the columns of the frame."""

_MEASURES = ("when", *(str(measure) for measure in Measure))

Read = Callable[[Map, str, Scope, bool], Expression | None]
"""Reads the expression under a key, which is a condition or a value; what is wrong with it is found on the way."""


@dataclass
class OutcomeBuilder:
    """Makes indicators, checks and reports of a document. What is faulty is found and left out."""

    document: Map
    language: str
    symbols: Mapping[str, Symbol]
    items: Mapping[str, Item]
    findings: list[Diagnostic]
    read: Read

    def _named(self, key: str) -> Iterator[Map]:
        """The mappings of a list that have a name which none before them has."""
        nodes = self.document.get(key)
        seen = set()
        for node in nodes if isinstance(nodes, Seq) else ():
            name = node.text("name") if isinstance(node, Map) else None
            if not isinstance(node, Map) or not name:
                continue
            if name in seen:
                what = key.removesuffix("s")
                message = f"the {what} `{name}` is here twice"
                self._find("indicator-duplicate", message, node, "name", "give one of the two another name")
                continue
            seen.add(name)
            yield node

    def _find(self, code: str, message: str, node: Map, key: str, help_: str | None = None) -> None:
        self.findings.append(Diagnostic.of(code, message, node.value_span(key), help=help_))

    # Indicators

    def indicators(self) -> tuple[Indicator, ...]:
        """Return the shares and figures."""
        built = (self._indicator(node) for node in self._named("indicators"))
        return tuple(one for one in built if one is not None)

    def _indicator(self, node: Map) -> Indicator | None:
        each = self._each(node)
        if each is None:
            return None  # what its expressions may name is not known
        scope = Scope(self.symbols, each=each)
        given = [key for key in _MEASURES if key in node]
        sound = self._is_measured(node, given)
        among = self.read(node, "among", scope, True)
        parts = [self.read(node, key, scope, key == "when") for key in (*given, "per") if key in node]
        sound = sound and self._are_numbers(node, given, parts)
        if not sound or None in parts or (among is None and "among" in node):
            return None
        first, *rest = (part for part in parts if part is not None)
        share = given == ["when"]
        common = {
            "name": node.text("name") or "",
            "label": words(node, "label", self.language),
            "among": among,
            "span": node.value_span("name"),
            "phrase": words(node, "phrase", self.language),
            "polarity": _member(Polarity, node.get("polarity"), Polarity.ADVERSE if share else Polarity.NEUTRAL),
            "unit": node.text("unit"),
            "resolve": self._rule(node, [first, *rest]),
            "for_each": each or None,
            "extra": mapping(node, "extra"),
        }
        if share:
            return Share(when=first, **common)  # type: ignore[arg-type]
        beyond = node.get("beyond")
        return Figure(
            measure=Measure(given[0]),
            of=first,
            per=rest[0] if rest else None,
            beyond=float(beyond) if isinstance(beyond, int | float) and not isinstance(beyond, bool) else None,
            **common,  # type: ignore[arg-type]
        )

    def _each(self, node: Map) -> str | None:
        """The repeat whose instances an indicator is about; empty where it is about units, None where it cannot be."""
        name = node.text("for_each")
        if name is None:
            return ""
        symbol, repeat = self.symbols.get(name), self.items.get(name)
        if symbol is None or symbol.kind not in (Kind.REPEAT, Kind.BROKEN):
            message, help_ = f"there is no repeat `{name}`", self._repeat_like(name)
        elif isinstance(repeat, Repeat) and repeat.over is None:
            message = f"`{name}` is not `over` a choice list, so its instances have no names to be told apart by"
            help_ = "give the repeat a line `over: …`, or use count() and sum()"
        elif symbol.repeats:
            message = f"`{name}` stands inside of the repeat `{symbol.repeats[-1]}`, so a unit has it more than once"
            help_ = "name a repeat that stands in no other one"
        else:
            return name if repeat is not None else None
        self._find("indicator-for-each", message, node, "for_each", help_)
        return None

    def _repeat_like(self, name: str) -> str | None:
        """Say which repeat may be meant: the one over a list of this name, or one of a similar name."""
        lists = {one.name: one.over.name for one in self.items.values() if isinstance(one, Repeat) and one.over}
        over = [repeat for repeat, list_ in lists.items() if list_ == name]
        return f"write `for_each: {over[0]}`, the repeat over this list" if over else did_you_mean(name, lists)

    def _is_measured(self, node: Map, given: list[str]) -> bool:
        """Whether it is said in exactly one way what is found."""
        if len(given) > 1:
            message = f"`{given[0]}` and `{given[1]}` cannot stand in one indicator"
            self._find("indicator-measure", message, node, given[1], "make two indicators of it")
        elif given == ["ratio"] and "per" not in node:
            self._find("indicator-measure", "a ratio needs what it is a ratio to", node, "ratio", "add a line `per: …`")
        elif given and given != ["ratio"] and "per" in node:
            self._find("indicator-measure", "`per` goes with `ratio` only", node, "per", "leave it out")
        elif given == ["when"] and "beyond" in node:
            self._find("indicator-measure", "a share has no number to be beyond", node, "beyond", "leave it out")
        else:
            return bool(given)
        return False

    def _are_numbers(self, node: Map, given: list[str], parts: list[Expression | None]) -> bool:
        """Whether that is a number of which there is a mean, a median or a total."""
        keys = [key for key in (*given, "per") if key in node]
        wrong = [
            (key, kind_of(part.tree))
            for key, part in zip(keys, parts, strict=True)
            if key != "when" and part is not None and kind_of(part.tree) is not Kind.NUMBER
        ]
        for key, kind in wrong:
            help_ = "for the share of units where something is true write `when:`"
            self._find("indicator-measure", f"`{key}` is of a number, and this is a {kind}", node, key, help_)
        return not wrong

    def _rule(self, node: Map, parts: list[Expression]) -> Resolve | None:
        """The rule of the questions that an indicator is about, which must agree."""
        own: dict[Resolve, str] = {}
        for part in parts:
            for symbol in part.symbols:
                item = self.items.get(symbol.name)
                if isinstance(item, Question) and item.resolve is not None:
                    own.setdefault(item.resolve, item.name)
        if len(own) > 1:
            said = " and ".join(f"`{name}` is resolved by `{rule}`" for rule, name in own.items())
            self._find("indicator-resolve", f"{said}, and one indicator is about both", node, "name")
        return next(iter(own), None)

    # Checks

    def checks(self, forms: Mapping[str, Form]) -> tuple[Check, ...]:
        """Return the checks, which see the frame and other forms too."""
        outside: dict[str, Mapping[str, Symbol] | None] = {name: form.checklist.symbols for name, form in forms.items()}
        scope = Scope(self.symbols, outside={**outside, FRAME: None})
        built = []
        for node in self._named("checks"):
            that = self.read(node, "that", scope, True)
            if that is not None:
                label = words(node, "label", self.language)
                hard = node.get("level") != "soft"
                name, span = node.text("name") or "", node.value_span("name")
                built.append(Check(name=name, label=label, that=that, hard=hard, span=span))
        return tuple(built)

    # Reports

    def reports(self) -> tuple[Report, ...]:
        """Return the bundles that are due, in the order in which they stand."""
        built = []
        for node in self._named("reports"):
            due = self._due(node)
            if due is not None:
                label = words(node, "label", self.language)
                name, span = node.text("name") or "", node.value_span("name")
                built.append(Report(name=name, label=label, due=due, items=self._bundled(node), span=span))
        return tuple(built)

    def _due(self, node: Map) -> datetime.datetime | None:
        text = node.text("due")
        if text is None:
            return None
        help_ = "write day, hour and the difference to UTC: `2024-02-07T09:30+04:00`"
        try:
            due = datetime.datetime.fromisoformat(text)
        except ValueError:
            self._find("report-due", f"`{text}` is no time", node, "due", help_)
            return None
        if due.tzinfo is None:
            self._find("report-due", f"`{text}` does not say in which time zone", node, "due", help_)
            return None
        return due

    def _bundled(self, node: Map) -> tuple[str, ...]:
        """The questions of a bundle; those inside of the sections and repeats that it names."""
        given = node.get("items")
        if not isinstance(given, Seq):
            return tuple(name for name, item in self.items.items() if isinstance(item, Question))
        wanted: set[str] = set()
        for at, name in enumerate(given.texts()):
            item = self.items.get(name)
            if item is None:
                help_ = did_you_mean(name, self.items)
                message = f"there is no item `{name}` for the report to hold"
                self.findings.append(Diagnostic.of("name-unknown-item", message, given.value_span(at), help=help_))
            else:
                wanted.update(_questions_in(item))
        return tuple(name for name in self.items if name in wanted)


def _questions_in(item: Item) -> Iterator[str]:
    if isinstance(item, Section | Repeat):
        for inner in item.items:
            yield from _questions_in(inner)
    elif isinstance(item, Question):
        yield item.name


def _member(kind: type[Polarity], value: object, otherwise: Polarity) -> Polarity:
    return kind(value) if isinstance(value, str) and value in set(kind) else otherwise


def mapping(node: Map, key: str) -> Mapping[str, object]:
    """Return a mapping as plain data, empty where there is none."""
    value = node.get(key)
    return dict(value) if isinstance(value, Map) else {}
