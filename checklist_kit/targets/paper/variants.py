"""Documents made of documents: two languages side by side, and answers apart from their questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SAID = ("text", "hint", "condition")


def side_by_side(first: Any, second: Any) -> Any:
    """Return a document that says everything in two languages, of the same document in each.

    A part keeps the other language's wording under `other`; labels, which are short, hold both.
    """
    match first:
        case dict():
            merged = {key: side_by_side(value, second[key]) for key, value in first.items() if key not in _SAID}
            if "text" in first:
                merged |= {key: first[key] for key in _SAID if key in first}
                merged["other"] = {key: second[key] for key in _SAID if key in first}
            elif "lang" in first:
                merged |= {"lang": first["lang"], "dir": first["dir"]}
                merged["other"] = {"lang": second["lang"], "dir": second["dir"]}
            return merged
        case list():
            return [side_by_side(one, two) for one, two in zip(first, second, strict=True)]
        case str() if first != second:
            return f"{first} / {second}"
        case _:
            return first


def questions_alone(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a booklet of questions, whose choices have numbers in the place of marks."""
    remark = {"kind": "note", "text": document["words"]["on_sheet"], "condition": None, "hint": None}
    blocks = [{**remark, "tall": False, "keep": False}, *map(_with_numbers, document["blocks"])]
    return {**document, "header": [], "blocks": blocks}


def answers_alone(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sheet of answers: the marks of each question under its number, with the numbers of its choices."""
    title = f"{document['title']} – {document['words']['sheet']}"
    blocks = [block for part in document["blocks"] for block in _answers(_with_numbers(part))]
    return {**document, "title": title, "blocks": blocks}


def _with_numbers(part: Any) -> Any:
    """Number the choices of every field in a part, those for missing answers after the others."""
    match part:
        case {"choices": choices, "missing": missing}:
            numbered = [{**choice, "number": str(number)} for number, choice in enumerate([*choices, *missing], 1)]
            return {**part, "choices": numbered[: len(choices)], "missing": numbered[len(choices) :]}
        case {"missing": missing}:
            return {**part, "missing": [{**choice, "number": str(k)} for k, choice in enumerate(missing, 1)]}
        case dict():
            return {key: _with_numbers(value) for key, value in part.items()}
        case list():
            return [_with_numbers(value) for value in part]
        case _:
            return part


def _answers(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    match block["kind"]:
        case "question" if block["answer"]["kind"] != "elsewhere":
            yield _unsaid(block) | {"answer": _labelled(block["answer"])}
        case "heading":
            yield {**block, "hint": None, "condition": None}
        case "cards":
            head = block["head"] and _unsaid(block["head"])
            cards = [
                {**(card if head else _unsaid(card)), "answer": _labelled(card["answer"])} for card in block["cards"]
            ]
            yield {**block, "head": head, "cards": cards}


def _unsaid(part: Mapping[str, Any]) -> dict[str, Any]:
    return {**part, "text": "", "hint": None, "condition": None}


def _labelled(field: Mapping[str, Any]) -> dict[str, Any]:
    """Label marks with the numbers of their choices."""
    lists = {key: [_marked(choice) for choice in field[key]] for key in ("choices", "missing") if key in field}
    return {**field, **lists}


def _marked(choice: Mapping[str, Any]) -> dict[str, Any]:
    return {"code": choice["code"], "label": choice["number"], "arrow": choice["arrow"]}
