"""`include:` in lists of items: the items of another file, or some of them, with parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from checklist_kit.diagnostics import Diagnostic, Related, Span, did_you_mean
from checklist_kit.model import Bank
from checklist_kit.source.files import Files, Source
from checklist_kit.source.nodes import Map, Mark, Seq, Slot
from checklist_kit.source.parameters import Filler
from checklist_kit.source.translations import Translations

# An include inside an include inside an include … is more likely a mistake than a plan.
_MAX_DEPTH = 12
# Banks that include others several times multiply: all that is included, in characters, and what each include adds.
_MAX_INCLUDED = 30_000_000
_EACH = 10_000
_BANK_KEYS = ("bank", "version", "choices", "items", "extra")


@dataclass
class Includer:
    """Replaces includes by what they name. `lists` collects the choice lists that banks bring along, `banks` them."""

    files: Files
    translations: Translations
    lists: list[Map] = field(default_factory=list)
    banks: dict[str, Bank] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    _included_so_far: int = 0

    def expand(self, document: object, source: Source) -> None:
        """Replace, in place, all includes below a document."""
        self._expand(document, source, (source.name,))

    def _expand(self, node: object, source: Source, trail: tuple[str, ...]) -> None:
        if not isinstance(node, Map):
            return
        items = node.get("items")
        if not isinstance(items, Seq):
            return
        expanded = Seq(items.file, items.mark)
        for item, slot in zip(items, items.slots, strict=True):
            if isinstance(item, Map) and "include" in item:
                for inner in self._included(item, source, trail):
                    expanded.put(inner, slot)
            else:
                self._expand(item, source, trail)
                expanded.put(item, slot)
        node["items"] = expanded

    def _included(self, request: Map, source: Source, trail: tuple[str, ...]) -> list[object]:
        span = request.value_span("include")
        for key in request:
            if key not in ("include", "with", "only"):
                self._find("schema-unknown-key", f"`{key}` cannot stand beside `include`", request.key_span(key))
        written = request.text("include")
        if not written:
            self._find("schema-type", "`include` must be the path of a file", span)
            return []
        place = self.files.resolve(written, source, span)
        if place is None:
            return []
        path, name = place
        if name in trail or len(trail) > _MAX_DEPTH:
            self._find("yaml-include-cycle", f"{name} includes itself: {' > '.join((*trail, name))}", span)
            return []
        opened = self.files.open(path, name, span)
        if opened is None or self._is_too_much(opened, span):
            return []
        document, findings = self.translations.read(opened)
        self.findings += findings
        bank = self._fill_in(document, request, name, span)
        items = self._items(bank, name, span)
        holder = Map(name, items.mark)
        holder.put("items", items, Slot(name, items.mark, items.mark, None, None))
        self._expand(holder, opened, (*trail, name))
        return list(self._picked(cast("Seq", holder["items"]), request, name))

    def _picked(self, items: Seq, request: Map, name: str) -> Seq:
        """Return the items that `only` names, in the bank's order, with the sections that hold them."""
        only = request.get("only")
        if not isinstance(only, Seq):
            return items
        known = set(_names(items))
        for index, wanted in enumerate(map(str, only)):
            if wanted not in known:
                help_ = did_you_mean(wanted, known)
                self._find("name-unknown-item", f"{name} has no item `{wanted}`", only.value_span(index), help_)
        return _having(items, frozenset(map(str, only)))

    def _is_too_much(self, opened: Source, span: Span) -> bool:
        before, limit = self._included_so_far, _MAX_INCLUDED
        self._included_so_far += len(opened.text) + _EACH
        if before <= limit < self._included_so_far:
            self._find("yaml-too-large", "the files that are included here are too large together", span)
        return self._included_so_far > limit

    def _items(self, bank: object, name: str, span: Span) -> Seq:
        """A bank is a list of items, an item, or a mapping with `items` and perhaps a name, a version and `choices`."""
        if isinstance(bank, Seq):
            return bank
        if isinstance(bank, Map):
            if "type" in bank:
                alone = Seq(bank.file, bank.mark)
                alone.put(bank, Slot(bank.file, bank.mark, bank.mark, None, None))
                return alone
            self._record(bank, name)
            choices, items = bank.get("choices"), bank.get("items")
            if isinstance(choices, Map):
                self.lists.append(choices)
            if isinstance(items, Seq):
                return items
        if bank is not None:
            self._find(
                "schema-type", f"{name} holds no items", span, "a bank is a list of items, or a mapping with `items`"
            )
        return Seq(name, Mark(0, 0, 0, 0))

    def _record(self, bank: Map, file: str) -> None:
        """Keep the name and version of a bank. What is included twice must be the same."""
        for key in bank if "checklist" not in bank else ():
            if key not in _BANK_KEYS:
                help_ = did_you_mean(key, _BANK_KEYS) or f"keys here are {', '.join(_BANK_KEYS)}"
                self._find("schema-unknown-key", f"`{key}` is no key of a bank", bank.key_span(key), help_)
        name = bank.text("bank")
        if name is None:
            return
        found = Bank(name, bank.text("version") or "", file, bank.value_span("bank"))
        first = self.banks.setdefault(name, found)
        if first.version != found.version:
            related = [Related(f"version {first.version or 'without a number'} is here", first.span)]
            message = f"the bank `{name}` is included in two versions"
            help_ = "include the same one everywhere"
            self.findings.append(Diagnostic.of("name-two-banks", message, found.span, help=help_, related=related))

    def _fill_in(self, bank: object, request: Map, file: str, span: Span) -> object:
        given = request.get("with")
        parameters = given if isinstance(given, Map) else Map(request.file, request.mark)
        filler = Filler(parameters, frozenset((self.translations.default, *self.translations.languages)))
        filled = filler.fill(bank)
        for name in filler.lacking:
            help_ = f"write `with: {{{name}: …}}`"
            self._find("name-unknown-parameter", f"{file} needs a value for `{name}`", span, help_)
        for key in parameters:
            if key not in filler.used and key not in filler.lacking:
                help_ = f"it would stand there as $({key})"
                place = parameters.key_span(key)
                self._find("name-unused-parameter", f"the file has no place for `{key}`", place, help_)
        return filled

    def _find(self, code: str, message: str, span: Span, help_: str | None = None) -> None:
        self.findings.append(Diagnostic.of(code, message, span, help=help_))


def _names(items: Seq) -> Iterator[str]:
    for item in items:
        if isinstance(item, Map):
            yield item.text("name") or ""
            inside = item.get("items")
            yield from _names(inside) if isinstance(inside, Seq) else ()


def _having(items: Seq, names: frozenset[str]) -> Seq:
    """Return the items of these names; of a section or repeat that is not named itself, what it holds of them."""
    kept = Seq(items.file, items.mark)
    for item, slot in zip(items, items.slots, strict=True):
        if not isinstance(item, Map):
            continue
        inside = item.get("items")
        if item.text("name") in names:
            kept.put(item, slot)
        elif isinstance(inside, Seq) and (left := _having(inside, names)):
            holder = Map(item.file, item.mark)
            for key, value in item.items():
                holder.put(key, left if key == "items" else value, item.slots[key])
            kept.put(holder, slot)
    return kept
