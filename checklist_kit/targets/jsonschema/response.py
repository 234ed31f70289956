"""A checklist -> the schema of a response's data, question by question."""

from __future__ import annotations

from typing import Any

from checklist_kit.model import (
    Acknowledge,
    Calculate,
    Checklist,
    Choice,
    Date,
    Datetime,
    Decimal,
    Geopoint,
    Image,
    Integer,
    Item,
    Question,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
    Text,
    Time,
)
from checklist_kit.targets.jsonschema.bounds import bounds

Schema = dict[str, Any]

_PATTERNS: dict[type[Question], str] = {
    Date: r"^\d{4}-\d{2}-\d{2}$",
    Time: r"^\d{2}:\d{2}(:\d{2})?$",
    Datetime: r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$",
    Geopoint: r"^[+-]?\d{1,3}(\.\d+)? [+-]?\d{1,3}(\.\d+)?( [+-]?\d+(\.\d+)?){0,2}$",
}
_UPLOAD: Schema = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


def response_schema(checklist: Checklist, language: str) -> Schema:
    """Return the schema of one response to a checklist, titled in a language."""
    texts = _Texts(checklist, language)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": checklist.text(checklist.title, language),
        "description": f"One response to {checklist.id}, version {checklist.version}.",
        "anyOf": [{"$ref": "#/$defs/envelope"}, {"$ref": "#/$defs/data"}],
        "$defs": {
            "envelope": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "received_at": {"type": "string"},
                    "version": {"type": "string"},
                    "data": {"$ref": "#/$defs/data"},
                },
                "required": ["data"],
                "additionalProperties": False,
            },
            "data": _object(checklist.items, texts),
        },
    }


class _Texts:
    """The titles of items and choices in one language."""

    def __init__(self, checklist: Checklist, language: str) -> None:
        self._checklist = checklist
        self._language = language

    def about(self, item: Item) -> Schema:
        """Return title and description of an item, as far as there are any."""
        found = {"title": self._text(item.label), "description": self._text(item.hint)}
        return {key: text for key, text in found.items() if text}

    def choices(self, choices: tuple[Choice, ...]) -> list[Schema]:
        """Return one constant a choice, titled with its label."""
        return [{"const": choice.code, "title": self._text(choice.label) or choice.code} for choice in choices]

    def _text(self, words: Any) -> str:
        return self._checklist.text(words, self._language)


def _object(items: tuple[Item, ...], texts: _Texts, instances: Schema | None = None) -> Schema:
    """Return the schema of the answers to some items; `instances` is that of the instance's own name in a repeat."""
    properties = {**({"_instance": instances} if instances else {}), **_properties(items, texts)}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _properties(items: tuple[Item, ...], texts: _Texts) -> Schema:
    properties: Schema = {}
    for item in items:
        if isinstance(item, Section):
            properties |= _properties(item.items, texts)
        elif isinstance(item, Repeat):
            properties[item.name] = {**texts.about(item), **_repeat(item, texts)}
        elif isinstance(item, Question):
            properties[item.name] = {**texts.about(item), **_answer(item, texts)}
        elif isinstance(item, Calculate):
            properties[item.name] = {**texts.about(item), "type": ["number", "string", "boolean"]}
    return properties


def _repeat(repeat: Repeat, texts: _Texts) -> Schema:
    if repeat.over is None:
        return {"type": "array", "items": _object(repeat.items, texts)}
    instance = {"enum": list(repeat.over.codes)}
    return {"type": "array", "items": _object(repeat.items, texts, instance), "maxItems": len(repeat.over.codes)}


def _answer(question: Question, texts: _Texts) -> Schema:
    match question:
        case SelectOne():
            return {"oneOf": texts.choices(question.choices.choices)}
        case SelectMultiple():
            return {"type": "array", "items": {"oneOf": texts.choices(question.choices.choices)}, "uniqueItems": True}
        case Integer() | Decimal():
            return _number(question)
        case Text(matches=str(pattern)):
            return {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$"}
        case Acknowledge():
            return {"enum": [True, [True]]}
        case Image():
            return {"anyOf": [{"type": "string"}, {"type": "array", "items": _UPLOAD}]}
        case _ if type(question) in _PATTERNS:
            return {"type": "string", "pattern": _PATTERNS[type(question)]}
        case _:
            return {"type": "string"}


def _number(question: Integer | Decimal) -> Schema:
    kind = "integer" if isinstance(question, Integer) else "number"
    sentinels = [sentinel.value for sentinel in question.missing]
    limits = bounds(question)
    if sentinels and limits:
        return {"anyOf": [{"type": kind, **limits}, {"enum": sentinels}]}
    return {"type": kind, **limits}
