"""A composed document -> the model.

Every fault is found; what is faulty is left out, so that the rest can still be looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.logic import Condition, Kind, Scope, Symbol, analyse, is_exact, kind_of
from checklist_kit.logic.bind import bind
from checklist_kit.logic.tree import CONDITIONS, Ref
from checklist_kit.model import (
    Acknowledge,
    Bank,
    Calculate,
    Checklist,
    ChoiceList,
    Date,
    Datetime,
    Decimal,
    Expression,
    Form,
    Geopoint,
    Image,
    Integer,
    Item,
    Note,
    Recorded,
    Repeat,
    Resolve,
    Section,
    SelectMultiple,
    SelectOne,
    Text,
    Time,
)
from checklist_kit.model.items import RECORDED
from checklist_kit.source.audience import Audience
from checklist_kit.source.files import Files
from checklist_kit.source.lists import ListBuilder, former_names
from checklist_kit.source.nodes import Map, Seq, Spans
from checklist_kit.source.outcomes import OutcomeBuilder, mapping
from checklist_kit.source.printing import paper_of
from checklist_kit.source.scalars import locate
from checklist_kit.source.symbols import INLINE, SymbolTable, list_name, sentinels, transmission_codes
from checklist_kit.source.texts import LANGUAGE, words
from checklist_kit.source.translations import Translations
from checklist_kit.source.xpaths import form_names, translated, verbatim

# How the form is printed, and what is made of its answers: one that was filled in before is still the same form.
_NO_MEANING = ("paper", "indicators", "checks", "reports", "forms", "resolve", "seniority")
_PLAIN_QUESTIONS: dict[str, type[Any]] = {
    kind.type: kind for kind in (Date, Time, Datetime, Image, Geopoint, Acknowledge)
}


@dataclass
class Builder:
    """Makes a Checklist of a document.

    `shared` are choice lists from the project and from banks, which the document's own precede. `forms` are the other
    checklists that it names. `built` holds each item by name, as soon as there is one. With a `role`, the form of that
    role is made.
    """

    document: Map
    files: Files
    translations: Translations
    shared: list[Map] = field(default_factory=list)
    forms: Mapping[str, Form] = field(default_factory=dict)
    banks: tuple[Bank, ...] = ()
    role: str | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    built: dict[str, Item] = field(default_factory=dict)

    def build(self) -> Checklist:
        """Return the checklist, without what is faulty."""
        document = self.document
        self._languages()
        self._lists()
        table = SymbolTable(self.lists)
        table.collect(document.get("items"))
        self.findings += table.findings
        self.symbols, self.nodes = table.symbols, table.nodes
        self.form_names = form_names(table.nodes)
        self._codes()
        lister = ListBuilder(self.files, self.language, self.translations)
        self.audience = Audience(
            document, self.lists, self.symbols, self.nodes, self.language, lister, self.role, self.findings
        )
        items = self._items(document.get("items"))
        outcomes = OutcomeBuilder(document, self.language, self.symbols, self.built, self.findings, self._expression_of)
        return Checklist(
            id=document.text("checklist") or "",
            version=document.text("version") or "1",
            title=words(document, "title", self.language) or {self.language: document.text("checklist") or ""},
            languages=self.languages,
            default_language=self.language,
            items=items,
            hash=self._hash(),
            span=document.value_span("checklist") if "checklist" in document else document.span,
            spans=Spans(document),
            unit=document.text("unit"),
            role=self.audience.role,
            attributes=self.audience.attributes,
            choices={name: found for name, found in self.lists.items() if not name.endswith(INLINE)},
            indicators=outcomes.indicators(),
            checks=outcomes.checks(self.forms),
            reports=outcomes.reports(),
            forms=self.forms,
            resolve=_rule(document) or Resolve.FIRST,
            seniority=document.text("seniority"),
            symbols=self.symbols,
            paper=paper_of(document, self.language),
            ignore=self._texts(document, "ignore"),
            extra=mapping(document, "extra"),
            banks=self.banks,
        )

    def _find(self, code: str, message: str, span: Any, help_: str | None = None) -> None:
        self.findings.append(Diagnostic.of(code, message, span, help=help_))

    # Languages, lists, codes

    def _languages(self) -> None:
        node = self.document.get("languages")
        codes = filter(LANGUAGE.fullmatch, node) if isinstance(node, Map) else ()
        languages = {code: node.text(code) or code for code in codes} if isinstance(node, Map) else {}
        default = self.document.text("default_language")
        if default and languages and default not in languages:
            span = self.document.value_span("default_language")
            self._find(
                "text-unknown-language",
                f"`{default}` is not among the languages",
                span,
                did_you_mean(default, languages),
            )
            default = None
        self.language = default or next(iter(languages), "en")
        self.languages = languages or {self.language: "English" if self.language == "en" else self.language}

    def _lists(self) -> None:
        builder = ListBuilder(self.files, self.language, self.translations)
        self.lists: dict[str, ChoiceList] = {}
        own = self.document.get("choices")
        for group in [*self.shared, own]:
            for name, node in group.items() if isinstance(group, Map) else ():
                if isinstance(node, Map):
                    self.lists[name] = builder.build(name, node)
        self._inline_lists(self.document.get("items"), builder)
        self.findings += builder.findings

    def _inline_lists(self, items: object, builder: ListBuilder) -> None:
        for node in items if isinstance(items, Seq) else ():
            if isinstance(node, Map):
                for key in ("choices", "over"):
                    value = node.get(key)
                    if isinstance(value, Map):
                        self.lists[list_name(node, key)] = builder.build(list_name(node, key), value)
                self._inline_lists(node.get("items"), builder)

    def _codes(self) -> None:
        askable = [
            name
            for name, node in self.nodes.items()
            if (kind := node.text("type")) in _BUILDERS and kind not in _UNASKED
        ]
        given = {name: node.text("code") or "" for name in askable if (node := self.nodes[name]).get("code")}
        self.codes = transmission_codes(askable, given)

    # Items

    def _items(self, nodes: object) -> tuple[Item, ...]:
        built = (self._item(node) for node in (nodes if isinstance(nodes, Seq) else ()) if isinstance(node, Map))
        return tuple(item for item in built if item is not None)

    def _item(self, node: Map) -> Item | None:
        name, kind = node.text("name"), node.text("type")
        if not name or self.nodes.get(name) is not node or kind not in _BUILDERS:
            self._look_inside(node)
            return None
        if self.audience.leaves_out(node):
            return None
        symbol = self.symbols[name]
        relevant = self._expression(node, "relevant", Scope(self.symbols, symbol))
        common = {
            "name": name,
            "span": node.value_span("name"),
            "spans": Spans(node),
            "label": words(node, "label", self.language),
            "hint": words(node, "hint", self.language),
            "guidance_hint": words(node, "guidance_hint", self.language),
            "relevant": self.audience.relevance(node, relevant, symbol),
            "roles": self.audience.roles_of(node),
            "applies": self.audience.applies_to(node),
            "appearance": node.text("appearance"),
            "parameters": self._parameters(node),
            "was": former_names(node),
            "ignore": self._texts(node, "ignore"),
            "extra": mapping(node, "extra"),
            "xpath": self.audience.verbatim(node, verbatim(node)),
        }
        item = _BUILDERS[kind](self, node, common)
        if item is not None:
            self.built[name] = item
        return item

    def _look_inside(self, node: Map) -> None:
        """Find what is wrong inside an item that has no usable name or type."""
        here = self.symbols.get(node.text("name") or "")
        if here is not None and self.nodes[here.name] is node:
            self._expression(node, "relevant", Scope(self.symbols, here))
        self._items(node.get("items"))

    def _question(self, node: Map, common: dict[str, Any]) -> dict[str, Any]:
        """The fields that all questions have beside the common ones."""
        name = common["name"]
        return {
            **common,
            "code": self.codes.get(name, ""),
            "required": node.get("required") is True,
            "required_message": words(node, "required_message", self.language),
            "constraint": self._expression(
                node, "constraint", Scope(self.symbols, self.symbols[name], own_answer=True)
            ),
            "constraint_message": words(node, "constraint_message", self.language),
            "default": node.text("default"),
            "read_only": node.get("read_only") is True,
            "sensitive": node.get("sensitive") is True,
            "resolve": _rule(node),
        }

    def _section(self, node: Map, common: dict[str, Any]) -> Item:
        return Section(**common, items=self._items(node.get("items")))

    def _repeat(self, node: Map, common: dict[str, Any]) -> Item:
        count = node.get("repeat_count")
        over = self._list(node, "over") if "over" in node else None
        return Repeat(
            **common,
            items=self._items(node.get("items")),
            over=over,
            repeat_count=count if isinstance(count, int) else None,
        )

    def _note(self, _node: Map, common: dict[str, Any]) -> Item:
        return Note(**common)

    def _recorded(self, node: Map, common: dict[str, Any]) -> Item:
        return Recorded(**common, what=str(node["type"]))

    def _calculate(self, node: Map, common: dict[str, Any]) -> Item | None:
        symbol = self.symbols[common["name"]]
        calculation = self._expression(node, "calculation", Scope(self.symbols, symbol), condition=False)
        if calculation is None and "calculation" in common["xpath"]:
            self.symbols[symbol.name] = replace(symbol, kind=Kind.NOTHING)
            return self._recorded(node, common)
        if calculation is None:
            return None
        self.symbols[symbol.name] = _typed(symbol, calculation)
        return Calculate(**common, calculation=calculation, sensitive=node.get("sensitive") is True)

    def _select(self, node: Map, common: dict[str, Any]) -> Item | None:
        fields = self._question(node, common)
        choices = self._list(node, "choices")
        if choices is None:
            return None
        if self.role is not None and node.text("name") == self.audience.role:
            choices, fields["default"] = self.audience.offered(choices), self.role
        kind = SelectOne if node["type"] == "select_one" else SelectMultiple
        choice_filter, filters = self._filter(node, choices)
        return kind(**fields, choices=choices, choice_filter=choice_filter, filters=filters)

    def _number(self, node: Map, common: dict[str, Any]) -> Item:
        kind = Integer if node["type"] == "integer" else Decimal
        return kind(**self._question(node, common), missing=sentinels(node, self.language))

    def _text(self, node: Map, common: dict[str, Any]) -> Item:
        return Text(**self._question(node, common), matches=node.text("matches"))

    def _plain(self, node: Map, common: dict[str, Any]) -> Item:
        item: Item = _PLAIN_QUESTIONS[str(node["type"])](**self._question(node, common))
        return item

    def _list(self, node: Map, key: str) -> ChoiceList | None:
        name = list_name(node, key)
        found = self.lists.get(name)
        if found is None and key in node and isinstance(node[key], str):
            self._find(
                "name-unknown-list",
                f"there is no choice list `{name}`",
                node.value_span(key),
                did_you_mean(name, [known for known in self.lists if "/" not in known]),
            )
        return found

    # Expressions

    def _expression(self, node: Map, key: str, scope: Scope, *, condition: bool = True) -> Expression | None:
        if isinstance(xpath := node.get(key), Map):
            found, why = translated(node, key, scope, self.form_names)
            if why:
                self._find("logic-xpath", f"only forms on phones obey this XPath: {why}", xpath.span)
            return found
        source = node.text(key)
        if source is None:
            return None
        result = analyse(source, scope, condition=condition)
        slot = node.slots[key]
        lines = self.files.sources[slot.file].lines
        for fault in result.faults:
            place = locate(lines, slot, fault.start, fault.end)
            self._find(fault.code, fault.message, place, fault.help)
        return None if result.tree is None else Expression(source, result.tree, node.value_span(key))

    def _expression_of(self, node: Map, key: str, scope: Scope, condition: bool) -> Expression | None:
        return self._expression(node, key, scope, condition=condition)

    def _filter(self, node: Map, choices: ChoiceList) -> tuple[Expression | None, Mapping[str, Condition]]:
        """Read a choice filter, and turn it into one condition a choice by putting the choice's own columns in."""
        if "choice_filter" not in node:
            return None, {}
        columns = choices.columns
        scope = Scope(self.symbols, self.symbols[str(node.text("name"))], columns=columns)
        expression = self._expression(node, "choice_filter", scope)
        if expression is None:
            return None, {}
        return expression, {
            choice.code: bind(
                expression.condition, {symbol: choice.attributes.get(column, "") for column, symbol in columns.items()}
            )
            for choice in choices.choices
        }

    # The rest

    def _texts(self, node: Map, key: str) -> tuple[str, ...]:
        value = node.get(key)
        return tuple(value.texts()) if isinstance(value, Seq) else ()

    def _parameters(self, node: Map) -> dict[str, str]:
        value = node.get("parameters")
        return {key: value.text(key) or "" for key in value} if isinstance(value, Map) else {}

    def _hash(self) -> str:
        lists = {
            name: [[c.code, c.label, c.missing, c.exclusive, c.attributes] for c in found.choices]
            for name, found in self.lists.items()
        }
        form = {key: value for key, value in self.document.items() if key not in _NO_MEANING}
        text = json.dumps(
            [form, self.document.text("version"), lists], sort_keys=True, ensure_ascii=False, default=dict
        )
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_UNASKED = ("section", "repeat", "note", "calculate", *RECORDED)
_BUILDERS: dict[str, Callable[[Builder, Map, dict[str, Any]], Item | None]] = {
    "section": Builder._section,
    "repeat": Builder._repeat,
    "note": Builder._note,
    "calculate": Builder._calculate,
    "select_one": Builder._select,
    "select_multiple": Builder._select,
    "integer": Builder._number,
    "decimal": Builder._number,
    "text": Builder._text,
    **dict.fromkeys(_PLAIN_QUESTIONS, Builder._plain),
    **dict.fromkeys(RECORDED, Builder._recorded),
}


def _typed(symbol: Symbol, calculation: Expression) -> Symbol:
    """The symbol of a calculation, once its kind is known."""
    tree = calculation.tree
    if isinstance(tree, CONDITIONS):
        return replace(symbol, kind=Kind.BOOLEAN)
    codes = tree.symbol.codes if isinstance(tree, Ref) else ()
    return replace(symbol, kind=kind_of(tree), exact=is_exact(tree), codes=codes)


def _rule(node: Map) -> Resolve | None:
    value = node.get("resolve")
    return Resolve(value) if isinstance(value, str) and value in set(Resolve) else None
