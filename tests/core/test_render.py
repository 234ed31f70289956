"""Diagnostics as text, JSON and GitHub annotations."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.diagnostics import Diagnostic, Related, Severity, Span, as_github, as_json, as_text

ERROR = Severity.ERROR


def finding(line: int, column: int, end: int, message: str = "wrong", **more: object) -> Diagnostic:
    span = Span("a.yaml", line, column, line, end)
    return Diagnostic("logic-type", ERROR, message, span, **more)  # type: ignore[arg-type]


def shown(one: Diagnostic, *lines: str) -> list[str]:
    return as_text([one], lambda _: lines).splitlines()


def test_text_with_a_caret() -> None:
    help_ = "compare it"
    related = (Related("the first one is here", Span("b.yaml", 3, 4, 3, 5)),)
    assert shown(finding(2, 5, 9, help=help_, related=related), "a: 1", "b:  cccc") == [
        "a.yaml:2:5: error: wrong [logic-type]",
        "    2 | b:  cccc",
        "            ^^^^",
        "  help: compare it",
        "  note: b.yaml:3:4: the first one is here",
    ]


@pytest.mark.parametrize(
    ("line", "column", "end", "caret"),
    [
        ("\tx: y", 2, 3, "         ^"),  # a tab is shown as one blank
        ("投票: x", 5, 6, "              ^"),  # wide characters take two columns
        ("e\u0301: x", 5, 6, "           ^"),  # a combining mark takes none
        ("x: 投票", 4, 6, "           ^^^^"),
        ("abc", 4, 5, "           ^"),  # after the end of the line
        ("abc", 2, 2, "         ^"),  # an empty place
    ],
)
def test_the_caret_stands_under_the_place(line: str, column: int, end: int, caret: str) -> None:
    assert shown(finding(1, column, end), line)[2] == caret


def test_a_place_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    one = Diagnostic("logic-type", ERROR, "wrong", Span("a.yaml", 1, 4, 3, 2))
    assert shown(one, "a: bcd", "  e", "f")[1:] == ["    1 | a: bcd", "           ^^^"]


@pytest.mark.parametrize("lines", [(), ("only one",)])
def test_no_excerpt_where_the_line_is_not_there(lines: tuple[str, ...]) -> None:
    assert shown(finding(2, 1, 2), *lines) == ["a.yaml:2:1: error: wrong [logic-type]"]


def test_no_place() -> None:
    assert as_text([Diagnostic("yaml-file", ERROR, "cannot open")], lambda _: ()) == (
        "error: cannot open [yaml-file]\n"
    )


def test_a_terminal_is_not_obeyed() -> None:
    text = as_text([finding(1, 1, 2, message="\x1b[31mred\x07\u202e")], lambda _: ["\x1b]0;title\x07"])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_json_has_the_fields_of_the_contract() -> None:
    one = finding(2, 5, 9, message='"ə"', help="so")
    assert json.loads(as_json([one, Diagnostic("yaml-file", ERROR, "cannot open")])) == [
        {
            "code": "logic-type",
            "severity": "error",
            "message": '"ə"',
            "file": "a.yaml",
            "line": 2,
            "column": 5,
            "end_line": 2,
            "end_column": 9,
            "help": "so",
        },
        {
            "code": "yaml-file",
            "severity": "error",
            "message": "cannot open",
            **dict.fromkeys(("file", "line", "column", "end_line", "end_column", "help")),
        },
    ]
    assert json.loads(as_json([])) == []


def test_github_annotation() -> None:
    one = Diagnostic("logic-type", Severity.INFO, "50%\nof it", Span("a,b:c.yaml", 2, 5, 2, 9), "so")
    assert as_github([one]) == (
        "::notice file=a%2Cb%3Ac.yaml,line=2,col=5,endLine=2,endColumn=9,title=logic-type::50%25%0Aof it%0Aso"
    )


@given(st.text(), st.text())
def test_github_annotations_are_one_line_each(message: str, file: str) -> None:
    one = Diagnostic("logic-type", ERROR, message, Span(file, 1, 1, 1, 2))
    assert as_github([one, one]).count("\n") == 1
    assert as_github([one]).count("\r") == 0


@given(st.lists(st.text()), st.integers(-2, 9), st.integers(1, 9), st.integers(-2, 9), st.integers(-3, 20), st.text())
def test_any_place_can_be_shown(
    lines: list[str], line: int, column: int, end_line: int, end_column: int, message: str
) -> None:
    one = Diagnostic("logic-type", ERROR, message, Span("a.yaml", line, column, end_line, end_column))
    assert as_text([one], lambda _: lines).startswith(f"a.yaml:{line}:{column}: error: ")
