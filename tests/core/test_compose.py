"""YAML with places: both parsers agree, scalars stay what was typed, and nothing hostile gets through."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.source.compose import compose
from checklist_kit.source.nodes import Map, Seq
from checklist_kit.source.scalars import resolve
from checklist_kit.source.scanner import PureLoader

needs_c = pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML without libyaml")

# Pieces of which YAML is made, and some that it dislikes.
_WORDS = ["a", "b1", "Was it open?", "?", "? x", "x?", "- x", "-", "yes", "1.10", "0o17", "1:30", "~", " ", "ə é", "🗳"]
_SIGNS = [
    ": ",
    ":",
    ", ",
    ",",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "|",
    ">",
    "|-",
    ">+",
    "#",
    " #",
    "  # c",
    "&a ",
    "*a",
    "%",
    "@",
]
_SPACE = ["\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\t", "\n\t", "  ", "---\n", "\n...\n", "\r\n", "\u2028", "\ufeff"]
# `? key` on a line of its own writes a key apart from its value, which no checklist does.
_APART = re.compile(r"(^|[\s\[{,:-])\?(\s|$)")
pieces = st.lists(st.sampled_from(_WORDS + _SIGNS + _SPACE), max_size=25).map("".join)

# Tags are refused, and where a broken one ends is read differently: so no "!" here.
words = st.text("ab? :#-'\"{}[],&*|>%@`\tə", max_size=12)
labels = st.one_of(
    words,
    words.map(lambda text: "'" + text.replace("'", "''") + "'"),
    words.map(lambda text: '"' + text.replace("\\", "").replace('"', '\\"') + '"'),
)
flow = st.recursive(
    labels,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(st.tuples(labels, inner), max_size=3).map(
            lambda parts: "{" + ", ".join(f"{key}: {value}" for key, value in parts) + "}"
        ),
    ),
    max_leaves=6,
)
block_scalars = st.tuples(st.sampled_from(["|", ">", "|-", ">+", "|2"]), st.lists(words, max_size=4)).map(
    lambda parts: parts[0] + "".join(f"\n    {line}" for line in parts[1])
)
comments = st.sampled_from(["", "  # why", " # cut", "\t# tab", "#"])
lines = st.tuples(st.sampled_from(["", "  ", "- ", "  - "]), words, st.one_of(flow, block_scalars), comments).map(
    lambda parts: f"{parts[0]}{parts[1]}: {parts[2]}{parts[3]}\n"
)
documents = st.one_of(pieces, st.lists(lines, max_size=5).map("".join)).filter(lambda text: not _APART.search(text))


def described(node: object) -> object:
    """A document with all its places, as plain data."""
    if isinstance(node, Map):
        return ["map", node.mark, [(key, described(value), node.slots[key]) for key, value in node.items()]]
    if isinstance(node, Seq):
        return ["seq", node.mark, [(described(value), slot) for value, slot in zip(node, node.slots, strict=True)]]
    return repr(node)


@needs_c
@given(documents)
@settings(max_examples=600)
@example("a: {en: Was it open?, az: Açıldımı?}\n")
@example("a: {en: Was it open?}\n")
@example("{a?: b}")
@example("a: [x?, y]")
def test_both_parsers_read_the_same(text: str) -> None:
    fast, fast_findings = compose(text, "a.yaml")
    pure, pure_findings = compose(text, "a.yaml", PureLoader)
    assert described(fast) == described(pure)
    if fast is not None:
        assert fast_findings == pure_findings
    else:  # they need not stumble at the same place
        assert bool(fast_findings) == bool(pure_findings)


@given(documents)
@settings(max_examples=300)
def test_places_are_inside_the_file(text: str) -> None:
    count = len(text.splitlines()) + 1
    document, findings = compose(text, "a.yaml")
    for finding in findings:
        assert finding.span is not None
        assert 1 <= finding.span.line <= count
        assert finding.span.column >= 1
    if isinstance(document, Map | Seq):
        span = document.span
        assert 1 <= span.line <= span.end_line <= count


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("2024-02-07", "2024-02-07"),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-3", -3),
        ("1_000", "1_000"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("nan", "nan"),
        (".inf", ".inf"),
        ("12345678901234567890", "12345678901234567890"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_scalars_are_yaml_1_2(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@given(st.text(max_size=20))
def test_any_scalar_is_its_text_or_what_yaml_takes_that_for(text: str) -> None:
    found = resolve(text)
    if isinstance(found, str):
        assert found == text
    elif found is None or isinstance(found, bool):
        assert text.lower() in ("", "~", "null", "true", "false")
    else:
        assert isinstance(found, int | float)
        assert any(sign.isdigit() for sign in text) or text.lower().lstrip("+-") in (".inf", ".nan")


TYPED = """\
checklist: typed
version: 1.10
choices:
  codes: {yes: yes, no: no, 1.10: 1.10, 0o17: 0o17, 1:30: 1:30, 2024-02-07: 2024-02-07, true: true}
items:
  - {name: q, type: select_one, choices: codes, label: 1.10}
  - {name: w, type: text, label: 2024-02-07}
"""


def test_what_was_typed_stays(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(TYPED, encoding="utf-8")
    checklist = ck.load(tmp_path / "c.yaml")
    codes = ("yes", "no", "1.10", "0o17", "1:30", "2024-02-07", "true")
    assert checklist.version == "1.10"
    assert checklist.choices["codes"].codes == codes
    assert tuple(choice.label["en"] for choice in checklist.choices["codes"].choices) == codes
    assert [item.label["en"] for item in checklist.items] == ["1.10", "2024-02-07"]


def codes_of(text: str) -> list[str]:
    return [finding.code for finding in compose(text, "a.yaml")[1]]


def test_an_alias_bomb_goes_off_at_once() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    start = time.process_time()
    assert codes_of(bomb) == ["yaml-too-large"]
    assert time.process_time() - start < 1


def test_aliases_are_read_where_they_are_few() -> None:
    document, findings = compose("a: &x {en: Yes}\nb: *x\n", "a.yaml")
    assert not findings
    assert document == {"a": {"en": "Yes"}, "b": {"en": "Yes"}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: *b\n", "yaml-alias"),
        ("a: &a [*a]\n", "yaml-alias"),
        ("[" * 100 + "]" * 100, "yaml-too-deep"),
        ("- " * 5000 + "x", "yaml-too-deep"),
        ("{a: " * 100 + "}" * 100, "yaml-too-deep"),
        ("a: 1\na: 2\n", "yaml-duplicate-key"),
        ("a: 1\n'a': 2\n", "yaml-duplicate-key"),
        ("a: 1\n---\nb: 2\n", "yaml-several-documents"),
        ("{[a]: b}", "yaml-key"),
        ("? {a: b}\n: c\n", "yaml-key"),
        ("a: !!python/object:os.system x\n", "yaml-tag"),
        ("a: !!set {x, y}\n", "yaml-tag"),
        ("a: \x00\n", "yaml-character"),
        ("a: '\x1b[31m'\n", "yaml-character"),
        ("a: b: c\n", "yaml-syntax"),
        ("a: 'b\n", "yaml-syntax"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert code in codes_of(text)


def test_deep_nesting_needs_no_stack() -> None:
    # libyaml has a limit of its own, and may reach it first.
    assert codes_of("[" * 200_000) in (["yaml-too-deep"], ["yaml-syntax"])
    assert codes_of("- [" * 200_000) in (["yaml-too-deep"], ["yaml-syntax"])
