"""The changes of a choice list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checklist_kit.changes.change import Change, Effect
from checklist_kit.changes.match import new_code
from checklist_kit.model import Choice, ChoiceList


def compare_lists(old: ChoiceList, new: ChoiceList, *, several: bool) -> Iterator[Change]:
    """Yield the changes of a list. `several` says that choices stand beside each other, as ticks or as instances."""
    targets = {choice.code: new_code(new, choice.code) for choice in old.choices}
    for choice in old.choices:
        code = targets[choice.code]
        if code is None:
            message = f"the choice `{choice.code}` of `{new.name}` is gone: answers with it are set aside"
            yield Change("choice-removed", new.name, message, Effect.LOSS, choice.span)
        else:
            yield from _compare(new, choice, new[code])
    for code, number in Counter(targets.values()).items():
        if code is not None and number > 1:
            together = ", ".join(f"`{name}`" for name, target in targets.items() if target == code)
            effect = Effect.LOSS if several else Effect.MAPPING
            message = f"the choices {together} of `{new.name}` are one now, `{code}`"
            yield Change("choice-merged", new.name, message, effect, new[code].span)
    for choice in new.choices:
        if choice.code not in targets.values():
            message = f"the choice `{choice.code}` of `{new.name}` is new"
            yield Change("choice-added", new.name, message, Effect.NONE, choice.span)


def _compare(new: ChoiceList, then: Choice, now: Choice) -> Iterator[Change]:
    if then.code != now.code:
        message = f"the choice `{then.code}` of `{new.name}` is called `{now.code}` now"
        yield Change("choice-renamed", new.name, message, Effect.MAPPING, now.span)
    if then.missing is not now.missing:
        told = f"stands for {now.missing}" if now.missing else "is an answer"
        before = f"stood for {then.missing}" if then.missing else "was an answer"
        message = f"the choice `{now.code}` of `{new.name}` {before} and {told} now"
        yield Change("choice-missing", new.name, message, Effect.LOSS, now.span)
    if then.exclusive != now.exclusive:
        told = "excludes all others now" if now.exclusive else "may stand beside others now"
        message = f"the choice `{now.code}` of `{new.name}` {told}"
        yield Change("choice-exclusive", new.name, message, Effect.NONE, now.span)
    if then.label != now.label:
        message = f"the label of the choice `{now.code}` of `{new.name}` is reworded"
        yield Change("choice-label", new.name, message, Effect.NONE, now.span)
