"""From a character of an expression back to its place in the file, however the expression was written."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.source.compose import compose
from checklist_kit.source.nodes import Map
from checklist_kit.source.scalars import locate

WORDS = ["opened", "=", "'no'", "and", "or", "voted", ">=", "12", "(", ")", "has", "ə", '"x"', "not", "is blank", "."]
expressions = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def double(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def wrapped(text: str, indent: str = "    ") -> str:
    return textwrap.fill(text, 14, break_long_words=False, initial_indent=indent, subsequent_indent=indent)


STYLES = {
    "single quotes": lambda text: f"relevant: {single(text)}\n",
    "double quotes": lambda text: f"relevant: {double(text)}\n",
    "double quotes over several lines": lambda text: f"relevant:\n{wrapped(double(text))}\n",
    "single quotes over several lines": lambda text: f"relevant:\n{wrapped(single(text))}\n",
    "plain": lambda text: f"relevant: x {text}\n",
    "plain over several lines": lambda text: f"relevant: x\n{wrapped(text)}\n",
    "literal": lambda text: f"relevant: |\n    {text}\n",
    "literal, stripped": lambda text: f"relevant: |-\n{wrapped(text)}\n",
    "folded": lambda text: f"relevant: >\n{wrapped(text)}\n",
    "folded with a blank line": lambda text: f"relevant: >-\n{wrapped(text)}\n\n    and x\n",
    "in brackets": lambda text: f"{{a: b, relevant: {single(text)}, c: d}}\n",
}


@pytest.mark.parametrize("style", STYLES)
@given(data=st.data())
def test_every_character_is_found(style: str, data: st.DataObject) -> None:
    file = STYLES[style](data.draw(expressions))
    document, findings = compose(file, "a.yaml")
    if findings or not isinstance(document, Map):
        return  # plain text that YAML reads otherwise
    text = document.text("relevant") or ""
    lines = file.splitlines()
    places = []
    for index, char in enumerate(text):
        span = locate(lines, document.slots["relevant"], index, index + 1)
        places.append((span.line, span.column))
        if not char.isspace():
            assert lines[span.line - 1][span.column - 1] == char
    assert places == sorted(places)
    after = locate(lines, document.slots["relevant"], len(text), len(text) + 1)
    assert (after.line, after.column) >= places[-1]


@given(expressions, st.integers(0, 80), st.integers(0, 80))
def test_no_place_is_outside_of_the_file(text: str, start: int, length: int) -> None:
    file = STYLES["folded"](text)
    document, _ = compose(file, "a.yaml")
    assert isinstance(document, Map)
    span = locate(file.splitlines(), document.slots["relevant"], start, start + length)
    assert 1 <= span.line <= span.end_line <= len(file.splitlines())
    assert span.column >= 1


@pytest.mark.parametrize(
    ("written", "line", "column", "end"),
    [
        ("relevant: opend = 'no'", 7, 15, 20),
        ("relevant: \"opend = 'no'\"", 7, 16, 21),
        ("relevant: 'opend = ''no'''", 7, 16, 21),
        ("relevant: \"x = 1 or\n      opend = 'no'\"", 7, 16, 17),
        ("relevant: |\n      opened = 'yes'\n      and opend = 'no'", 9, 11, 16),
        ("relevant: >\n      opened = 'yes'\n      and\n      opend = 'no'", 10, 7, 12),
        ("relevant: \"opened = 'yes' and \\\n      opend = 'no'\"", 8, 7, 12),
    ],
)
def test_carets_of_real_faults(tmp_path: Path, written: str, line: int, column: int, end: int) -> None:
    text = f"""\
checklist: form
items:
  - {{name: station, type: text, label: Station, required: true}}
  - {{name: opened, type: select_one, label: Opened, choices: {{yes: Yes, no: No}}}}
  - name: reason
    type: text
    {written}
    label: Why
"""
    (tmp_path / "a.yaml").write_text(text)
    found = [one.span for one in ck.check(tmp_path / "a.yaml") if one.code == "logic-unknown-name"]
    assert (found[0].line, found[0].column, found[0].end_column) == (line, column, end)  # type: ignore[union-attr]
