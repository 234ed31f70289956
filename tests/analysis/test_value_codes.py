"""Each code about answers: its bad example is found, its good one is not."""

from __future__ import annotations

import pytest

from checklist_kit.analysis.coerce import coerce
from checklist_kit.diagnostics import CODES
from checklist_kit.model import Question
from tests.analysis.helpers import HERE, codes, example, load, responses, tables

VALUE_CODES = [code for code in CODES.values() if code.family == "value"]


def found_in(kind: str, raw: str) -> list[str]:
    if kind == "response":
        return codes(tables(example(), *responses(raw)))
    question = load(HERE / "types.yaml").by_name[kind].item
    assert isinstance(question, Question)
    problem = coerce(question, raw).problem
    return [problem[0]] if problem else []


@pytest.mark.parametrize("code", VALUE_CODES, ids=lambda code: code.code)
def test_examples(code: object) -> None:
    entry = next(known for known in VALUE_CODES if known is code)
    assert entry.type, "says how its examples are read"
    assert entry.code in found_in(entry.type, entry.bad)
    assert found_in(entry.type, entry.good) == []
