"""The YAML parser: libyaml where it is there, else PyYAML's own, mended to read the same language."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.scanner import ScannerError


class PureLoader(yaml.SafeLoader):
    """PyYAML's pure parser, made to agree with libyaml.

    Labels are questions: in `{en: Was it open?}` libyaml reads the `?` as text and PyYAML refuses it. Likewise a tab
    between a value and its comma, after a colon, or after `|`.
    """

    _in_plain = False
    _in_gap = False
    _in_header = False

    def peek(self, index: int = 0) -> str:
        """Return a coming character, with `?` as an ordinary letter inside plain text."""
        char: str = super().peek(index)
        if self._in_plain:
            return {"?": "x", "\t": " "}.get(char, char)
        if self._in_header:
            return " " if char in "\t#" else char
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
        """Scan plain text. Inside brackets a `:` with a comma or bracket after it is refused."""
        start, mark = self.pointer, self.get_mark()
        self._in_plain = True
        try:
            token = super().scan_plain()
        finally:
            self._in_plain = False
        text = self.buffer[start : self.pointer + 2]
        if self.flow_level and re.search(r":[,?\[\]{}]", text):
            raise ScannerError("while scanning a plain scalar", mark, "found unexpected ':'", self.get_mark())
        return token

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Scan the white space inside plain text. A tab must not stand for indentation."""
        start = self.pointer
        chunks = super().scan_plain_spaces(indent, start_mark)
        for line in self.buffer[start : self.pointer].splitlines()[1:]:
            if "\t" in line[:indent]:
                problem = "found a tab character that violates indentation"
                raise ScannerError("while scanning a plain scalar", start_mark, problem, self.get_mark())
        return chunks

    def scan_block_scalar_indicators(self, start_mark: Any) -> Any:
        """Scan what stands after `|` or `>`; a comment may follow at once."""
        self._in_header = True
        try:
            return super().scan_block_scalar_indicators(start_mark)
        finally:
            self._in_header = False

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        """Skip the rest of the line after `|` or `>`."""
        while self.peek() == "\t" or self.peek() == " ":
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_block_scalar_indentation(self) -> Any:
        """Find how far the text after `|` or `>` is indented."""
        found = super().scan_block_scalar_indentation()
        self._refuse_tab(self.peek() == "\t")
        return found

    def scan_block_scalar_breaks(self, indent: int) -> Any:
        """Skip empty lines in the text after `|` or `>`."""
        found = super().scan_block_scalar_breaks(indent)
        self._refuse_tab(self.peek() == "\t" and self.column < indent)
        return found

    def _refuse_tab(self, found: bool) -> None:
        if found:
            problem = "found a tab character where an indentation space is expected"
            raise ScannerError("while scanning a block scalar", self.get_mark(), problem, self.get_mark())


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
    if "unexpected ':'" in problem:
        return "there is no blank after `:`", "write `key: value`, or put a text that holds `:` in quotes"
    if "flow" in context or "',' or" in problem:
        return "a bracket is opened and not closed", "close it, or put a text that starts with `{` or `[` in quotes"
    if "expected <block end>" in problem or "did not find expected" in problem:
        help_ = "check the indentation, and quotes and brackets in the lines before it"
        return "this line does not fit the one above it", help_
    return problem, None
