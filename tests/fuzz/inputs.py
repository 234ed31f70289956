"""What is done with one input: it is read as an expression, as YAML or as a whole checklist, and must not raise.

The first byte says what an input is, the others are its text.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from checklist_kit import api
from checklist_kit.diagnostics import Diagnostic, Span, as_github, as_json, as_text
from checklist_kit.logic import (
    Context,
    Kind,
    Scope,
    Symbol,
    analyse,
    certainly,
    certainly_not,
    evaluate,
    parse,
    symbol_table,
    to_text,
)
from checklist_kit.logic import tree as t
from checklist_kit.logic.tokens import LogicError
from checklist_kit.source.compose import compose

EXPRESSION, YAML, CHECKLIST = b"e", b"y", b"c"

_REPEAT = Symbol("rep", Kind.REPEAT, order=8)
_HERE = Symbol("here", Kind.NUMBER, order=20)
_SCOPE = Scope(
    symbol_table(
        [
            Symbol("a", Kind.NUMBER, sentinels=(9,), order=1),
            Symbol("b", Kind.NUMBER, exact=False, order=2),
            Symbol("c", Kind.CHOICE, codes=("yes", "no"), order=3),
            Symbol("m", Kind.CHOICES, codes=("yes", "no"), order=4),
            Symbol("day", Kind.DATE, order=5),
            Symbol("clock", Kind.TIME, order=6),
            Symbol("words", Kind.TEXT, order=7),
            _REPEAT,
            Symbol("f", Kind.NUMBER, repeats=("rep",), order=9),
            Symbol("photo", Kind.OPAQUE, order=10),
            Symbol("truth", Kind.BOOLEAN, order=11),
            Symbol("title", Kind.NOTHING, order=12),
            _HERE,
            Symbol("later", Kind.NUMBER, order=21),
        ]
    ),
    _HERE,
    own_answer=True,
)
_DAY = datetime.date(2024, 2, 7)
_ANSWERED = {
    "a": 3, "b": 0.5, "c": "no", "m": ("yes",), "day": _DAY, "clock": datetime.time(8), "words": "x",
    "photo": "x.jpg", "truth": False, "here": 0,
}  # fmt: skip
_CONTEXTS = (
    Context({}, {}, _DAY),
    Context(_ANSWERED, {"rep": [{"f": 1}, {}]}, _DAY),
    Context({**_ANSWERED, "a": 9, "b": 0.0}, {"rep": []}, _DAY),
)


class Reader:
    """Reads inputs and counts them by what they were read as. `folder` is for files, which are many."""

    def __init__(self, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._file = folder / "checklist.yaml"

    def __call__(self, data: bytes) -> None:
        """Read one input. Raises where the code under test does, and where it breaks a promise."""
        kind, content = data[:1], data[1:]
        if kind == CHECKLIST:
            self.counts["checklists"] += 1
            self._checklist(content)
        elif kind == YAML:
            self.counts["YAML texts"] += 1
            text = content.decode("utf-8", "ignore")
            _sound(compose(text, "fuzz.yaml")[1], text.splitlines())
        else:
            self.counts["expressions"] += 1
            _expression(content.decode("utf-8", "ignore"))

    def _checklist(self, content: bytes) -> None:
        self._file.write_bytes(content)
        loaded = api.examine(self._file)
        lines = loaded.lines.get(str(self._file)) or content.decode("utf-8", "replace").splitlines()
        _sound(loaded.findings, lines)
        shown = as_text(loaded.findings, lambda _: lines), as_json(loaded.findings), as_github(loaded.findings)
        for text in shown:
            text.encode("utf-8")


def _sound(findings: Iterable[Diagnostic], lines: list[str]) -> None:
    """Every place lies in the file."""
    for finding in findings:
        for span in _spans(finding):
            assert 1 <= span.line <= len(lines) + 1, finding
            assert span.column >= 1, finding
            assert (span.line, span.column) <= (span.end_line, span.end_column), finding


def _spans(finding: Diagnostic) -> Iterator[Span]:
    if finding.span is not None:
        yield finding.span
    yield from (related.span for related in finding.related)


def _expression(text: str) -> None:
    """An expression has faults within its text, or a meaning, and is printed so that it reads the same."""
    for condition in (True, False):
        analysis = analyse(text, _SCOPE, condition=condition)
        assert (analysis.tree is None) == bool(analysis.faults), analysis
        for fault in analysis.faults:
            assert 0 <= fault.start < fault.end <= len(text) + 1, fault
        if analysis.tree is None:
            continue
        for context in _CONTEXTS:
            evaluate(analysis.tree, context)
        if isinstance(analysis.tree, t.CONDITIONS):
            certainly(analysis.tree)
            certainly_not(analysis.tree)
    try:
        printed = to_text(parse(text))
    except LogicError:
        return
    if len(printed) <= 4000:
        assert to_text(parse(printed)) == printed, text
