"""The rules: what each difference between an item and its newer self is called, and what it does to answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checklist_kit.changes.change import Change, Effect
from checklist_kit.changes.lists import compare_lists
from checklist_kit.changes.match import Answered, Matching, list_of
from checklist_kit.changes.shape import shape, shape_then
from checklist_kit.logic import Condition
from checklist_kit.model import (
    Calculate,
    Checklist,
    Entry,
    Item,
    Question,
    Repeat,
    Section,
    SelectMultiple,
    Text,
    Words,
)

_NAMES = {"section": "section", "repeat": "repeat", "note": "note", "calculate": "calculation"}
_ORDINARY = ("appearance", "parameters", "default", "read_only", "code", "guidance_hint", "required_message")
_WIDER = {("integer", "decimal")}


def noun(item: Item) -> str:
    """What an item is called."""
    return _NAMES.get(item.type, "question")


def compare_pair(matching: Matching, old: Entry, new: Entry) -> Iterator[Change]:
    """Yield the changes of an item."""
    yield from _names(old.item, new.item)
    if old.item.type != new.item.type:
        yield _type(old.item, new.item)
        if (old.item.type, new.item.type) not in _WIDER:
            return
    yield from _relevance(matching, old, new)
    yield from _applies(old.item, new.item)
    yield from _texts(old.item, new.item)
    if isinstance(old.item, Repeat) and isinstance(new.item, Repeat):
        yield from _repeat(old.item, new.item)
    elif isinstance(old.item, Calculate) and isinstance(new.item, Calculate):
        yield from _calculation(matching, old.item, new.item)
    elif isinstance(old.item, Question) and isinstance(new.item, Question):
        yield from _question(matching, old.item, new.item)


def _change(kind: str, item: Item, message: str, effect: Effect = Effect.NONE, key: str = "") -> Change:
    return Change(f"{noun(item)}-{kind}", item.name, message, effect, item.spans.get(key, item.span))


def _names(old: Item, new: Item) -> Iterator[Change]:
    if old.name != new.name:
        effect = Effect.NONE if isinstance(new, Section) or new.type == "note" else Effect.MAPPING
        yield _change("renamed", new, f"`{old.name}` is called `{new.name}` now", effect, "was")
    gone = [name for name in old.was if name not in (*new.was, new.name)]
    if gone:
        names = ", ".join(f"`{name}`" for name in gone)
        yield _change(
            "former-name", new, f"`{new.name}` no longer answers to {names}, as still older responses call it"
        )


def _type(old: Item, new: Item) -> Change:
    if (old.type, new.type) in _WIDER:
        return _change(
            "type", new, f"`{new.name}` was of type {old.type} and is {new.type}, which takes all its answers"
        )
    message = (
        f"`{new.name}` was of type {old.type} and is {new.type}: its answers may not be read, or mean another thing"
    )
    return _change("type", new, message, Effect.LOSS, "type")


def _relevance(matching: Matching, old: Entry, new: Entry) -> Iterator[Change]:
    item = new.item
    then, now = shape_then(old.relevance, matching), shape(new.relevance)
    own = old.item.relevant.tree if old.item.relevant else None
    changed = shape_then(own, matching) != shape(item.relevant.tree if item.relevant else None)
    if then == now and not changed:
        return
    # Containers say it for what they contain; what only moved says it itself.
    if not changed and (isinstance(item, Section) or _said_above(matching, old, new)):
        return
    if new.relevance is None:
        yield _change("relevance", item, f"`{item.name}` is always asked now; where it is blank it was not answered")
        return
    condition = f"if `{item.relevant.source}`" if item.relevant else "under the condition of what is around it"
    message = f"`{item.name}` is asked {condition} now: answers that came under another condition are set aside"
    yield _change("relevance", item, message, Effect.LOSS, "relevant")


def _applies(old: Item, new: Item) -> Iterator[Change]:
    then, now = ({name: set(codes) for name, codes in item.applies.items()} for item in (old, new))
    if then == now:
        return
    if not now:
        yield _change("applies", new, f"`{new.name}` applies to all units now")
        return
    where = " and ".join(f"{name} {'/'.join(codes)}" for name, codes in new.applies.items())
    narrower = any(name not in then or then[name] - codes for name, codes in now.items())
    more = ": answers from other units are set aside" if narrower else ""
    effect = Effect.LOSS if narrower else Effect.NONE
    yield _change("applies", new, f"`{new.name}` applies to units with {where} now{more}", effect, "applies")


def _said_above(matching: Matching, old: Entry, new: Entry) -> bool:
    """Whether an item stands in the same containers as before, so that one of them bears the change."""
    around = [matching.name(one.name) for one in (*old.sections, *old.repeats)]
    return around == [one.name for one in (*new.sections, *new.repeats)]


def _texts(old: Item, new: Item) -> Iterator[Change]:
    for key in ("label", "hint"):
        languages = _reworded(getattr(old, key), getattr(new, key))
        if languages:
            yield _change(key, new, f"the {key} of `{new.name}` is reworded in {', '.join(languages)}", key=key)


def _reworded(old: Words, new: Words) -> list[str]:
    return [language for language in dict.fromkeys((*old, *new)) if old.get(language) != new.get(language)]


def _repeat(old: Repeat, new: Repeat) -> Iterator[Change]:
    if (old.over is None) != (new.over is None):
        message = f"`{new.name}` was {_how(old)} and is {_how(new)}: its instances are called otherwise"
        yield _change("over", new, message, Effect.LOSS, "over")
    elif old.over is not None and new.over is not None:
        yield from compare_lists(old.over, new.over, several=True)
    if old.repeat_count != new.repeat_count:
        message = f"`{new.name}` was {_how(old)} and is {_how(new)}; no instance is lost"
        yield _change("count", new, message, key="repeat_count")


def _how(repeat: Repeat) -> str:
    if repeat.over is not None:
        return f"over the list `{repeat.over.name}`"
    return f"repeated {repeat.repeat_count} times" if repeat.repeat_count else "repeated as often as needed"


def _calculation(matching: Matching, old: Calculate, new: Calculate) -> Iterator[Change]:
    if shape_then(old.calculation.tree, matching) != shape(new.calculation.tree):
        message = f"`{new.name}` is computed as `{new.calculation.source}` now: values that a phone computed may differ"
        yield _change("calculation", new, message, Effect.LOSS, "calculation")
    yield from _sensitive(old.sensitive, new.sensitive, new)


def _question(matching: Matching, old: Question, new: Question) -> Iterator[Change]:
    before, after = list_of(old), list_of(new)
    if before is not None and after is not None:
        yield from compare_lists(before, after, several=isinstance(new, SelectMultiple))
        yield from _filters(matching, old, new)
    yield from _sentinels(old, new)
    yield from _demands(matching, old, new)
    yield from _sensitive(old.sensitive, new.sensitive, new)
    others = [key for key in _ORDINARY if getattr(old, key) != getattr(new, key)]
    if others:
        yield _change("settings", new, f"`{new.name}` has another {', '.join(f'`{key}`' for key in others)}")


def _filters(matching: Matching, old: Item, new: Item) -> Iterator[Change]:
    then = {matching.code(old.name, code): shape_then(tree, matching) for code, tree in _filters_of(old).items()}
    if then != {code: shape(tree) for code, tree in _filters_of(new).items()}:
        message = f"`{new.name}` offers its choices under other conditions; answers that do not fit get a warning"
        yield _change("filter", new, message, key="choice_filter")


def _filters_of(item: Item) -> Mapping[str, Condition]:
    found: Mapping[str, Condition] = getattr(item, "filters", {})
    return found


def _sentinels(old: Question, new: Question) -> Iterator[Change]:
    then, now = ({one.value: one for one in getattr(item, "missing", ())} for item in (old, new))
    for value, one in then.items():
        if value not in now:
            message = f"{one.text} stood for {one.missing} in `{new.name}` and is a plain number now"
            yield _change("missing", new, message, Effect.LOSS, "missing")
        elif now[value].missing is not one.missing:
            message = f"{one.text} stood for {one.missing} in `{new.name}` and stands for {now[value].missing} now"
            yield _change("missing", new, message, Effect.LOSS, "missing")
    for value in now.keys() - then.keys():
        message = f"{now[value].text} was a plain number in `{new.name}` and stands for {now[value].missing} now"
        yield _change("missing", new, message, Effect.LOSS, "missing")


def _demands(matching: Matching, old: Question, new: Question) -> Iterator[Change]:
    """What answers are asked to be. Those that are not are kept, with a warning."""
    then = shape_then(old.constraint.tree if old.constraint else None, matching)
    if then != shape(new.constraint.tree if new.constraint else None):
        told = f"must be `{new.constraint.source}` now" if new.constraint else "has no constraint any more"
        yield _change("constraint", new, f"`{new.name}` {told}; answers that break it get a warning", key="constraint")
    if isinstance(old, Text) and isinstance(new, Text) and old.matches != new.matches:
        told = f"must match `{new.matches}` now" if new.matches else "need not match a pattern any more"
        yield _change("matches", new, f"`{new.name}` {told}; answers that do not get a warning", key="matches")
    if old.required != new.required:
        told = "must be answered now; blank ones get a warning" if new.required else "need not be answered any more"
        yield _change("required", new, f"`{new.name}` {told}", key="required")


def _sensitive(old: bool, new: bool, item: Item) -> Iterator[Change]:
    if old != new:
        where = "only in the restricted table" if new else "in the tables for everybody"
        yield _change("sensitive", item, f"answers to `{item.name}` stand {where} now", key="sensitive")


def removed(matching: Matching, entry: Entry) -> Change:
    """The change of an item that has no place in the newer version."""
    item = entry.item
    elsewhere = matching.new.by_name.get(item.name)
    if not isinstance(item, Answered | Repeat):
        return _change("removed", item, f"the {noun(item)} `{item.name}` is gone; it has no answers of its own")
    if elsewhere is not None:
        message = f"`{item.name}` stands in another repeat, or is no {noun(item)} any more: its answers are set aside"
        return _change("moved", item, message, Effect.LOSS)
    hint = "; if it was renamed, say so with `was`"
    return _change(
        "removed", item, f"the {noun(item)} `{item.name}` is gone: its answers are set aside{hint}", Effect.LOSS
    )


def added(checklist: Checklist, entry: Entry) -> Change:
    """The change of an item that is new."""
    item = entry.item
    where = f" in `{entry.sections[-1].name}`" if entry.sections else ""
    label = checklist.text(item.label)
    told = f": {label}" if label else ""
    return _change("added", item, f"the {noun(item)} `{item.name}` is new{where}{told}")
