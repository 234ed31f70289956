"""Each code about answers: its bad example is found, its good one is not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import checklist_kit as ck
from checklist_kit.analysis.coerce import coerce
from checklist_kit.diagnostics import CODES
from checklist_kit.model import Question
from tests.analysis.helpers import HERE, checklist_of, codes, example, load, responses, tables

VALUE_CODES = [code for code in CODES.values() if code.family == "value"]


# Station 1 has one box, and station 2 two.
UNITS = """
checklist: visit
title: A visit
unit: station
attributes: {kind: {label: kind, choices: {single: one box, dual: two boxes}}}
choices: {yes_no: {yes: "Yes", no: "No"}}
items:
  - {name: station, type: text, required: true, label: Station}
  - {name: second_box, type: select_one, choices: yes_no, label: Second box, applies: {kind: dual}}
"""


def found_at_units(raw: str) -> list[str]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        checklist = checklist_of(folder, UNITS)
        (folder / "frame.csv").write_text("station,kind\n1,single\n2,dual\n", encoding="utf-8")
        (folder / "web.jsonl").write_text(raw, encoding="utf-8")
        return codes(ck.parse(checklist, [folder / "web.jsonl"], frame=folder / "frame.csv"))


def found_in(kind: str, raw: str) -> list[str]:
    if kind == "unit":
        return found_at_units(raw)
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
