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
_COLON_INSIDE = re.compile(r"^[^'\"#]*?:\s+[^'\"]*:(\s|$)")


def help_for(line: str, problem: str) -> str | None:
    """Say what a methodologist most likely wants to do about a YAML fault in a line."""
    if _TAB.match(line) or "'\\t'" in problem:
        return "indent with blanks, never with tabs"
    if _QUOTED_START.match(line):
        return "a text that starts with a quote ends at the next one: put the whole text in the other kind of quotes"
    if "mapping values are not allowed" in problem or _COLON_INSIDE.match(line):
        return "a text that holds `: ` must stand in quotes"
    if "'%'" in problem or "'@'" in problem or "'`'" in problem:
        return "a text that starts with a special character must stand in quotes"
    if "end of stream" in problem or "while scanning a quoted" in problem:
        return "a quote or bracket was opened and not closed"
    if "expected <block end>" in problem or "did not find expected" in problem:
        return "check the indentation of this line and the one above, and quotes and brackets before it"
    return None
