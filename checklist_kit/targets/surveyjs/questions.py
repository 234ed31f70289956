"""What each type of question is in SurveyJS: the properties that its type alone decides."""

from __future__ import annotations

from typing import Any

from checklist_kit.model import (
    Acknowledge,
    Decimal,
    Geopoint,
    Image,
    Integer,
    Question,
    SelectMultiple,
    SelectOne,
    Text,
)
from checklist_kit.targets.surveyjs.texts import Texts

_DEGREES = r"[+-]?[0-9]{1,3}(\.[0-9]+)?"
_METRES = r"[+-]?[0-9]+(\.[0-9]+)?"
_PLACE = rf"{_DEGREES} {_DEGREES}( {_METRES}){{0,2}}"


_TYPES: dict[str, dict[str, Any]] = {
    "select_one": {"type": "radiogroup"},
    "select_multiple": {"type": "checkbox"},
    "integer": {"type": "text", "inputType": "number", "step": 1},
    "decimal": {"type": "text", "inputType": "number"},
    "text": {"type": "text"},
    "date": {"type": "text", "inputType": "date"},
    "time": {"type": "text", "inputType": "time"},
    "datetime": {"type": "text", "inputType": "datetime-local"},
    "geopoint": {"type": "text"},
    "image": {"type": "file", "acceptedTypes": "image/*"},
    # Unlike a boolean, a checkbox that is unticked again is blank. Its only choice bears the label.
    "acknowledge": {"type": "checkbox", "titleLocation": "hidden", "descriptionLocation": "underInput"},
}


def properties(question: Question, texts: Texts) -> dict[str, Any]:
    """Return the type of a question in SurveyJS, with what belongs to it. Choices come from elsewhere."""
    plain = _TYPES[question.type]
    match question:
        case SelectOne(appearance="minimal"):
            return {"type": "dropdown", **texts.engine("placeholder")}
        case Text(appearance="multiline"):
            return {"type": "comment"}
        case Integer():
            return {**plain, "stepErrorText": texts.message({}, "whole")}
        case Image():
            return {**plain, **texts.engine("filePlaceholder")}
        case _:
            return plain


def pattern(question: Question, texts: Texts) -> list[dict[str, Any]]:
    """Return the validator of how an answer is written. White space around it does not count, as in the tables."""
    match question:
        case Text(matches=str(expected)):
            message = texts.message(question.constraint_message, "pattern")
        case Geopoint():
            expected, message = _PLACE, texts.message({}, "place")
        case _:
            return []
    return [{"type": "regex", "text": message, "regex": rf"^\s*(?:{expected})\s*$"}]


def default_answer(question: Question) -> object:
    """Return the answer that a question begins with, as the engine holds it; None where there is none."""
    default = question.default
    match question:
        case _ if default is None:
            return None
        case SelectMultiple():
            return default.split()
        case Acknowledge():
            return [True]
        case Integer() | Decimal():
            return _number(default)
        case _:
            return default


def _number(text: str) -> int | float | str:
    """Read a number; what is none stays a text, which the checks find."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
