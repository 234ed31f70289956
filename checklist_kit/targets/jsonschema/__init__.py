"""The JSON Schema of one web response, for whoever receives them."""

from __future__ import annotations

import json

from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from checklist_kit.targets.jsonschema.response import response_schema


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.schema.json`, draft 2020-12: a bare SurveyJS result, or an envelope with the result under `data`.

    Titles are in the first language. A schema cannot say when a question is asked: that stays with the form and the
    analysis.
    """
    text = json.dumps(response_schema(checklist, languages[0]), ensure_ascii=False, indent=2)
    return Artifact({f"{checklist.id}.schema.json": f"{text}\n".encode()})
