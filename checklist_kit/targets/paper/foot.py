"""What stands on one page: at its foot nobody may be sent over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checklist_kit.targets.paper.arrows import END, Arrows

_UNPRINTED = frozenset({"kind", "code", "item", "instance", "shape", "number"})

_ROOM = 2  # pages; heights are those in the narrowest column, and most parts have a wider one


def keep_together(blocks: list[dict[str, Any]], arrows: Arrows, page: int) -> list[dict[str, Any]]:
    """Mark what may fill a page by itself, and what stays on the page of what follows it.

    That is a note, and everything from an arrow to where it leads, where that fits a page (`page` is its height
    in mm): who reads at its foot that question 12 is next should see question 12.
    """
    heights = [_height(block) for block in blocks]
    for block, height, after in zip(blocks, heights, [*blocks, {"kind": "heading"}][1:], strict=True):
        block["tall"] = height > page
        block["keep"] = block["kind"] == "note" and after["kind"] != "heading"
    questions = [set(_questions(block)) for block in blocks]
    for (name, _), target in arrows.targets.items():
        start = next(place for place, names in enumerate(questions) if name in names)
        numbers = (place for place, block in enumerate(blocks) if place > start and str(target) in _numbers(block))
        end = next(numbers, start + 1) if target != END else start + 1
        if sum(heights[start : end + 1]) > _ROOM * page:
            end = start + 1
        for block in blocks[start:end]:
            block["keep"] = True
    return blocks


def _questions(part: Any) -> Iterator[str]:
    """Yield the names of the questions in a part."""
    match part:
        case {"item": str(name)}:
            yield name
        case dict():
            for value in part.values():
                yield from _questions(value)
        case list():
            for value in part:
                yield from _questions(value)


def _numbers(block: dict[str, Any]) -> set[str]:
    """Return the numbers of the questions that a block begins."""
    heads = [block, *block.get("cards", ()), *block.get("questions", ())]
    return {head["number"] for head in heads if "number" in head}


def _height(part: Any) -> float:
    """Return the mm that a part hardly exceeds, even in a narrow column and a wide script."""
    match part:
        case dict() if part.get("kind") == "cards":
            return _height(part["head"]) + max(map(_height, part["cards"]))  # they stand side by side
        case dict():
            own = 60 if part.get("kind") == "digits" else 0
            return own + sum(_height(value) for key, value in part.items() if key not in _UNPRINTED)
        case list():
            return sum(map(_height, part))
        case str():
            return 2 + 4.5 * (part.count("\n") + len(part) // 12 + 1)
        case _:
            return 0
