"""What differs between two versions of a checklist, and whether the newer one can read responses of the older one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checklist_kit.changes.change import Change, Effect
from checklist_kit.changes.match import Answered, Matching
from checklist_kit.changes.rules import added, compare_pair, removed
from checklist_kit.changes.shape import shape, shape_then
from checklist_kit.model import Checklist, Indicator

__all__ = ["Change", "Comparison", "Effect", "compare"]

_VERDICTS = {
    Effect.NONE: "responses of {old} can be read by {new} without loss",
    Effect.MAPPING: "responses of {old} can be read by {new} with the mapping that `was` declares",
    Effect.LOSS: "responses of {old} cannot all be read by {new} without loss",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes from one version to another, and how items and codes of the older one are called in the newer one.

    The verdict is about responses that were filled in by the rules of the older version: whether each answer in them
    has the same value and status when the newer one reads them. Whether a blank answer counts as not asked or as not
    answered is not part of it.
    """

    old: Checklist
    new: Checklist
    changes: tuple[Change, ...]
    matching: Matching

    @property
    def effect(self) -> Effect:
        """The worst that a change does."""
        return max((change.effect for change in self.changes), default=Effect.NONE)

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        versions = (f"version {one.version}" for one in (self.old, self.new))
        old, new = ("the older version", "the newer one") if self.old.version == self.new.version else versions
        return _VERDICTS[self.effect].format(old=old, new=new)


def compare(old: Checklist, new: Checklist) -> Comparison:
    """Compare two versions of a checklist."""
    matching = Matching.of(old, new)
    changes = (
        *_whole(old, new),
        *_items(matching),
        *_merged(matching),
        *_order(matching),
        *_indicators(matching),
    )
    return Comparison(old, new, tuple(dict.fromkeys(changes)), matching)


def _whole(old: Checklist, new: Checklist) -> Iterator[Change]:
    def change(kind: str, message: str, key: str, effect: Effect = Effect.NONE) -> Change:
        return Change(kind, "", message, effect, new.spans.get(key, new.span))

    if old.id != new.id:
        message = f"the checklist is called `{new.id}` and no longer `{old.id}`: files that name it are refused"
        yield change("id", message, "checklist", Effect.LOSS)
    if (old.id, old.version) == (new.id, new.version) and old.hash != new.hash:
        message = f"both are version {new.version}: raise it, else nobody can tell which one a response belongs to"
        yield change("version", message, "version")
    if old.title != new.title:
        yield change("title", "the title is reworded", "title")
    for language in old.languages.keys() - new.languages.keys():
        yield change("language-removed", f"the language `{language}` is gone", "languages")
    for language in new.languages.keys() - old.languages.keys():
        yield change("language-added", f"the language `{language}` is new", "languages")
    if old.unit != new.unit:
        was, now = (f"`{one.unit}`" if one.unit else "none" for one in (old, new))
        yield change("unit", f"the unit of observation was {was} and is {now}", "unit")


def _items(matching: Matching) -> Iterator[Change]:
    for entry in matching.old.entries:
        partner = matching.pairs.get(entry.item.name)
        if partner is not None:
            yield from compare_pair(matching, entry, partner)
        else:
            yield removed(matching, entry)
    known = {partner.item.name for partner in matching.pairs.values()}
    for entry in matching.new.entries:
        if entry.item.name not in known:
            yield added(matching.new, entry)


def _merged(matching: Matching) -> Iterator[Change]:
    targets = {name: entry for name, entry in matching.pairs.items() if isinstance(entry.item, Answered)}
    for name, number in Counter(entry.item.name for entry in targets.values()).items():
        if number > 1:
            together = ", ".join(f"`{old}`" for old, entry in targets.items() if entry.item.name == name)
            message = f"{together} are one question now, `{name}`: where both were answered, one is set aside"
            yield Change("question-merged", name, message, Effect.LOSS, matching.new.by_name[name].item.span)


def _order(matching: Matching) -> Iterator[Change]:
    positions = {entry.item.name: number for number, entry in enumerate(matching.new.entries)}
    order = [positions[entry.item.name] for entry in matching.pairs.values()]
    if order != sorted(order):
        message = "the items stand in another order, as do the columns of the tables"
        yield Change("order", "", message, Effect.NONE, matching.new.spans.get("items", matching.new.span))


def _indicators(matching: Matching) -> Iterator[Change]:
    old = {indicator.name: indicator for indicator in matching.old.indicators}
    new = {indicator.name: indicator for indicator in matching.new.indicators}
    for name, indicator in old.items():
        if name not in new:
            message = f"the indicator `{name}` is gone"
            yield Change("indicator-removed", name, message, Effect.NONE, indicator.span)
        elif _means(indicator, matching) != _means(new[name]):
            message = f"the indicator `{name}` is computed in another way: do not compare its shares with former ones"
            yield Change("indicator-changed", name, message, Effect.NONE, new[name].span)
    for name, indicator in new.items():
        if name not in old:
            yield Change("indicator-added", name, f"the indicator `{name}` is new", Effect.NONE, indicator.span)


def _means(indicator: Indicator, matching: Matching | None = None) -> object:
    trees = [*(part.tree for part in indicator.parts), indicator.among.tree if indicator.among else None]
    shapes = [shape(tree) if matching is None else shape_then(tree, matching) for tree in trees]
    return type(indicator), getattr(indicator, "measure", None), shapes
