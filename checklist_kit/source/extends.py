"""`extends:`: a checklist made from another one, of which it says only what is different."""

from __future__ import annotations

from dataclasses import dataclass, field

from checklist_kit.diagnostics import Diagnostic, Span, did_you_mean
from checklist_kit.source.files import Files, Source
from checklist_kit.source.includes import Includer
from checklist_kit.source.nodes import Map, Seq, Slot
from checklist_kit.source.translations import Translations

# Keys that say where an item goes, and are no part of it.
_PLACING = ("before", "after")
_MAX_DEPTH = 12
# What is laid over by name.
_LISTS = ("items", "indicators", "checks", "reports")
_MAPS = ("choices", "title", "languages", "forms")


@dataclass
class Extender:
    """Lays a checklist over the one that it extends, which may itself extend another."""

    files: Files
    translations: Translations
    includer: Includer
    findings: list[Diagnostic] = field(default_factory=list)

    def resolve(self, document: Map, source: Source, trail: tuple[str, ...] = ()) -> Map:
        """Return a document with its includes expanded, over the document that it extends if it does."""
        self.includer.expand(document, source)
        if "extends" not in document:
            return document
        base = self._base(document, source, (*trail, source.name))
        return document if base is None else self._over(base, document)

    def _base(self, document: Map, source: Source, trail: tuple[str, ...]) -> Map | None:
        span = document.value_span("extends")
        place = self.files.resolve(document.text("extends") or "", source, span)
        if place is None:
            return None
        path, name = place
        if name in trail or len(trail) > _MAX_DEPTH:
            self._find("yaml-include-cycle", f"{name} extends itself: {' > '.join((*trail, name))}", span)
            return None
        opened = self.files.open(path, name, span)
        if opened is None:
            return None
        found, findings = self.translations.read(opened)
        self.findings += findings
        if not isinstance(found, Map):
            self._find("schema-type", f"{name} holds no checklist", span, "name the file of a checklist")
            return None
        return self.resolve(found, opened, trail)

    def _over(self, base: Map, document: Map) -> Map:
        """Return the base with what the document says in its place."""
        merged = _copy(base)
        removed = document.get("remove")
        for key, value in document.items():
            slot = document.slots[key]
            if key in _LISTS and isinstance(value, Seq):
                below = merged.get(key)
                merged.put(key, _listed(below) if isinstance(below, Seq) else Seq(value.file, value.mark), slot)
            elif (
                key in ("choices", "title", "languages", "forms")
                and isinstance(value, Map)
                and isinstance(merged.get(key), Map)
            ):
                merged.put(key, _joined(merged[key], value), slot)  # type: ignore[arg-type]
            elif key not in ("extends", "remove"):
                merged.put(key, value, slot)
        if isinstance(removed, Seq):
            for index in range(len(removed)):
                self._remove(merged, removed, index)
        for key in _LISTS:
            changes = document.get(key)
            for node, slot in zip(changes, changes.slots, strict=True) if isinstance(changes, Seq) else ():
                self._change(merged[key], node, slot)  # type: ignore[arg-type]
        return merged

    def _change(self, listed: Seq, node: object, slot: Slot) -> None:
        """Lay an item over the one of its name, or put it where it says, else at the end."""
        placing = next((key for key in _PLACING if isinstance(node, Map) and key in node), None)
        if not isinstance(node, Map):
            listed.put(node, slot)
            return
        found = _find_named(listed, node.text("name"))
        if found is not None:
            holder, index = found
            holder[index] = self._merged_item(holder[index], _without(node, _PLACING))  # type: ignore[arg-type]
        elif placing is None:
            listed.put(node, slot)
        else:
            self._place(listed, node, slot, placing)

    def _place(self, listed: Seq, node: Map, slot: Slot, placing: str) -> None:
        anchor = node.text(placing)
        found = _find_named(listed, anchor)
        if found is None:
            known = did_you_mean(anchor or "", _names(listed))
            self._find(
                "name-unknown-item", f"there is no item `{anchor}` to stand {placing}", node.value_span(placing), known
            )
            return
        holder, index = found
        at = index + (placing == "after")
        holder.insert(at, _without(node, _PLACING))
        holder.slots.insert(at, slot)

    def _merged_item(self, item: Map, change: Map) -> Map:
        merged = _copy(item)
        for key, value in change.items():
            below = merged.get(key)
            if key == "items" and isinstance(value, Seq) and isinstance(below, Seq):
                inner = _listed(below)
                for node, slot in zip(value, value.slots, strict=True):
                    self._change(inner, node, slot)
                merged.put(key, inner, merged.slots[key])
            else:
                merged.put(key, value, change.slots[key])
        return merged

    def _remove(self, document: Map, names: Seq, index: int) -> None:
        name = str(names[index])
        for key in _LISTS:
            listed = document.get(key)
            found = _find_named(listed, name) if isinstance(listed, Seq) else None
            if found is not None:
                holder, place = found
                del holder[place]
                del holder.slots[place]
                return
        known = did_you_mean(name, _names(document.get("items")))
        self._find("name-unknown-item", f"there is no item `{name}` to remove", names.value_span(index), known)

    def _find(self, code: str, message: str, span: Span, help_: str | None = None) -> None:
        self.findings.append(Diagnostic.of(code, message, span, help=help_))


def _copy(node: Map) -> Map:
    """Return a copy whose lists of items can be changed without touching the original."""
    copy = Map(node.file, node.mark)
    for key, value in node.items():
        copy.put(key, _listed(value) if key == "items" and isinstance(value, Seq) else value, node.slots[key])
    return copy


def _listed(items: Seq) -> Seq:
    copy = Seq(items.file, items.mark)
    for item, slot in zip(items, items.slots, strict=True):
        copy.put(_copy(item) if isinstance(item, Map) else item, slot)
    return copy


def _joined(below: Map, above: Map) -> Map:
    joined = _copy(below)
    for key, value in above.items():
        joined.put(key, value, above.slots[key])
    return joined


def _without(node: Map, keys: tuple[str, ...]) -> Map:
    copy = Map(node.file, node.mark)
    for key, value in node.items():
        if key not in keys:
            copy.put(key, value, node.slots[key])
    return copy


def _find_named(items: Seq, name: str | None) -> tuple[Seq, int] | None:
    """Return the list in which an item of a name stands, and where in it."""
    for index, item in enumerate(items):
        if not isinstance(item, Map):
            continue
        if name is not None and item.text("name") == name:
            return items, index
        inside = item.get("items")
        found = _find_named(inside, name) if isinstance(inside, Seq) else None
        if found is not None:
            return found
    return None


def _names(items: object) -> list[str]:
    names: list[str] = []
    for item in items if isinstance(items, Seq) else ():
        if isinstance(item, Map):
            names += [name for name in [item.text("name")] if name]
            names += _names(item.get("items"))
    return names
