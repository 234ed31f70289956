"""The trainer's edition: the form with what observers are told, what becomes of answers, and a worked example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checklist_kit.logic import symbols_in
from checklist_kit.model import Question, Share
from checklist_kit.targets.paper.answers import CONFIRMED
from checklist_kit.targets.paper.document import Composer


def for_trainers(composer: Composer, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a form as trainers see it."""
    title = f"{document['title']} – {composer.said('trainer')}"
    blocks = [_explained(composer, block) for block in document["blocks"]]
    header = [_explained(composer, entry) for entry in document["header"]]
    return {**document, "title": title, "header": header, "blocks": [*_story(composer), *blocks]}


def _story(composer: Composer) -> Iterator[dict[str, Any]]:
    """Yield the story of the worked example, whose answers are marked in the form."""
    example = composer.checklist.paper.example
    text = composer.text(example.story) if example else ""
    if text:
        yield {"kind": "heading", "level": 1, "text": composer.said("example"), "condition": None, "hint": None}
        yield {"kind": "note", "text": text, "condition": None, "hint": None, "tall": True, "keep": False}


def _explained(composer: Composer, part: Any) -> Any:
    """Return a part with remarks at each question, codes at each choice, and the answers of the example."""
    match part:
        case {"answer": {"item": name, "instance": _} as field}:
            told = {**part, "answer": _answered(composer, field)}
            # The questions of a repeat are told about once, where they are asked.
            return told | {"remarks": list(_remarks(composer, name))} if "condition" in part else told
        case {"item": _, "instance": _}:
            return _answered(composer, part)
        case dict():
            return {key: _explained(composer, value) for key, value in part.items()}
        case list():
            return [_explained(composer, value) for value in part]
        case _:
            return part


def _remarks(composer: Composer, name: str) -> Iterator[dict[str, str]]:
    item = composer.checklist.by_name[name].item
    assert isinstance(item, Question)
    if guidance := composer.text(item.guidance_hint):
        yield {"head": composer.said("guidance"), "text": guidance}
    if wrong := _wrong(composer, item):
        yield {"head": composer.said("wrong"), "text": wrong}
    for indicator in composer.checklist.indicators:
        if any(name == symbol.name for part in indicator.parts for symbol in symbols_in(part.tree)):
            finding = composer.quoted(composer.text(indicator.label))
            counted = indicator.when.condition if isinstance(indicator, Share) else None
            said = composer.phrase("finding_if", counted, finding=finding) if counted is not None else None
            yield {"head": composer.said("finding"), "text": said or finding}


def _wrong(composer: Composer, item: Question) -> str:
    """Return what makes an answer wrong: in the author's words, else what the constraint says."""
    if item.constraint is None:
        return ""
    return composer.text(item.constraint_message) or composer.phrase("wrong_unless", item.constraint.condition) or ""


def _answered(composer: Composer, field: dict[str, Any]) -> dict[str, Any]:
    """Return a field with the codes of its choices, and marked as in the example."""
    lists: dict[str, Any] = {
        key: [{**choice, "label": f"{choice['label']} [{choice['code']}]"} for choice in field[key]]
        for key in ("choices", "missing")
        if key in field and not (field["kind"] == "options" and field[key] and field[key][0]["code"] == CONFIRMED)
    }
    field = {**field, **lists}
    example = composer.checklist.paper.example
    given = example.answers.get(field["item"], {}).get(field["instance"], ()) if example else ()
    return field | _marked(field, given) if given else field


def _marked(field: dict[str, Any], given: tuple[str, ...]) -> dict[str, Any]:
    codes = {choice["code"] for key in ("choices", "missing") for choice in field.get(key, ())}
    if codes.issuperset(given):
        return {"filled": list(given)}
    if field["kind"] == "digits":
        digits = given[0].rjust(field["positions"])
        filled = [f"{place}:{digit}" for place, digit in enumerate(digits) if digit != " "]
        return {"filled": filled, "written": digits}
    return {"written": given[0]}
