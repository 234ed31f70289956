"""The YAML parser: libyaml where it is there, else PyYAML's own, mended to read the same language."""

from __future__ import annotations

import re
from typing import Any

import yaml


class PureLoader(yaml.SafeLoader):
    """PyYAML's pure parser, made to agree with libyaml.

    Labels are questions: in `{en: Was it open?}` libyaml reads the `?` as text and PyYAML refuses it. Likewise a tab
    between a value and its comma or after a colon.
    """

    _in_plain = False
    _in_gap = False

    def peek(self, index: int = 0) -> str:
        """Return a coming character, with `?` as an ordinary letter inside plain text."""
        char: str = super().peek(index)
        if self._in_plain:
            return {"?": "x", "\t": " "}.get(char, char)
        # Like libyaml, a tab separates tokens wherever it cannot be taken for indentation.
        if self._in_gap and char == "\t" and (self.flow_level or not self.allow_simple_key):
            return " "
        return char

    def scan_to_next_token(self) -> None:
        """Skip blanks and comments between tokens."""
        self._in_gap = True
        try:
            super().scan_to_next_token()
        finally:
            self._in_gap = False

    def scan_plain(self) -> Any:
        """Scan plain text."""
        self._in_plain = True
        try:
            return super().scan_plain()
        finally:
            self._in_plain = False


Loader: type = getattr(yaml, "CSafeLoader", PureLoader)

_TAB = re.compile(r"^ *\t")
_QUOTED_START = re.compile(r"""^[\s-]*(?:[\w.]+:\s+)?(["']).*\1\s*[^\s,#}\]:]""")
_COLON_INSIDE = re.compile(r"^[^'\"#{\[]*?:\s+[^'\"{\[]*:(\s|$)")


def in_plain_words(line: str, column: int, problem: str, context: str) -> tuple[str, str | None]:
    """Say what is wrong with YAML in a line, and what a methodologist most likely wants to do about it.

    `problem` and `context` are what the parser calls it.
    """
    if _TAB.match(line) or "'\\t'" in problem or "tab character" in problem:
        return "there is a tab in the indentation", "indent with blanks, never with tabs"
    if "cannot start any token" in problem:
        return f"a text cannot start with `{line[column : column + 1]}`", "put the whole text in quotes"
    if "quoted scalar" in context:
        return "a quote is opened and not closed", "close it, or put the whole text in the other kind of quotes"
    if _QUOTED_START.match(line):
        help_ = "a text that starts with a quote ends at the next one: put the whole text in the other kind of quotes"
        return "the text goes on after its closing quote", help_
    if "mapping values are not allowed" in problem or _COLON_INSIDE.match(line):
        return "there is a second `: ` in this line", "put a text that holds `: ` in quotes"
    if "flow" in context or "',' or" in problem:
        return "a bracket is opened and not closed", "close it, or put a text that starts with `{` or `[` in quotes"
    if "expected <block end>" in problem or "did not find expected" in problem:
        help_ = "check the indentation, and quotes and brackets in the lines before it"
        return "this line does not fit the one above it", help_
    return problem, None
