"""Whatever a file holds, loading and checking it ends with diagnostics, each with a code, a place and words."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit import api
from checklist_kit.diagnostics import CODES, as_github, as_json, as_text
from checklist_kit.source import schema_text
from tests.core.test_compose import documents
from tests.strategies.checklists import checklist_texts

ROOT = Path(__file__).parents[1] / "cases"
SEEDS = [path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.yaml"))]
LONG = settings(max_examples=300)


def examined(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.yaml"
        path.write_bytes(data)
        result = api.examine(path)
        if result.checklist is not None:
            assert result.checklist.entries is not None
    for finding in result.findings:
        assert finding.code in CODES
        assert finding.message
        assert finding.message[0] == finding.message[0].lower() or not finding.message[0].isascii()
        assert not finding.message.endswith(".")
        if finding.span is not None:
            lines = result.lines.get(finding.span.file)  # none for a file that is no text
            assert finding.span.line >= 1
            assert lines is None or finding.span.line <= len(lines) + 1
            assert (finding.span.line, finding.span.column) <= (finding.span.end_line, finding.span.end_column)
    assert len(json.loads(as_json(result.findings))) == len(result.findings)
    assert len(as_github(result.findings).split("\n")) == max(len(result.findings), 1)
    as_text(result.findings, lambda name: result.lines.get(name, ()))


@given(st.binary(max_size=200))
@LONG
def test_any_bytes(data: bytes) -> None:
    examined(data)


@given(documents)
@LONG
def test_anything_like_yaml(text: str) -> None:
    examined(text.encode("utf-8", "replace"))
    examined(b"checklist: x\nitems:\n- " + text.replace("\n", "\n  ").encode("utf-8", "replace"))


_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_STRANGE = [
    "",
    "'",
    '"',
    "{",
    "]",
    ": ",
    "- ",
    "\n",
    "\t",
    "null",
    "[]",
    "{}",
    "0",
    "1e999",
    "true",
    "items",
    "name",
    "&a ",
    "*a",
    "${q}",
    "$(x)",
]


@given(st.data())
@settings(max_examples=600)
def test_mutations_of_checklists(data: st.DataObject) -> None:
    """Change, drop, double or swap some words of a real checklist."""
    tokens = _TOKEN.findall(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(tokens) - 1))
        other = data.draw(st.integers(0, len(tokens) - 1))
        match data.draw(st.sampled_from(["put", "drop", "double", "swap", "cut"])):
            case "put":
                tokens[at] = data.draw(st.sampled_from(_STRANGE))
            case "drop":
                tokens[at] = ""
            case "double":
                tokens[at] += tokens[at]
            case "swap":
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case "cut":
                tokens = tokens[: at + 1]
    examined("".join(tokens).encode())


@given(st.data())
@settings(max_examples=100)
def test_mutations_of_random_checklists(data: st.DataObject) -> None:
    lines = data.draw(checklist_texts()).splitlines()
    at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match data.draw(st.sampled_from(["drop", "double", "swap", "indent", "outdent"])):
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at, lines[at])
        case "swap":
            lines[at], lines[other] = lines[other], lines[at]
        case "indent":
            lines[at] = "  " + lines[at]
        case "outdent":
            lines[at] = lines[at].removeprefix("  ")
    examined("\n".join(lines).encode())


VALUES = [
    "x",
    "1",
    "1.5",
    "true",
    "null",
    "[]",
    "[x]",
    "{}",
    "{x: y}",
    "{en: x}",
    "''",
    "{en: null}",
    "[[]]",
    "{1: 2}",
    "{label: x}",
]
SCHEMA = json.loads(schema_text())
KEYS = sorted({key for part in (SCHEMA, *SCHEMA["$defs"].values()) for key in part.get("properties", ())})


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", ["select_one", "integer", "text", "calculate", "repeat", "section"])
def test_every_key_with_every_kind_of_value(key: str, kind: str) -> None:
    for value in VALUES:
        item = {
            "name": "q",
            "type": kind,
            "label": "Q",
            "choices": "{a: A, b: B}",
            "calculation": "1",
            "items": "[]",
            key: value,
        }
        written = "".join(f"    {name}: {given}\n" for name, given in item.items())
        examined(f"checklist: x\nitems:\n  -\n{written}".encode())
        examined(f"checklist: x\nitems: []\n{key}: {value}\n".encode())
        examined(
            f"checklist: x\nitems: []\nindicators:\n  - {{name: i, label: I, when: 1 > 0, {key}: {value}}}\n".encode()
        )
        examined(f"checklist: x\nitems: []\nchoices: {{a: {{b: {{label: B, {key}: {value}}}}}}}\n".encode())
