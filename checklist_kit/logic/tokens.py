"""Text of an expression -> tokens with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression, at characters `start` to `end` (exclusive) of its text."""

    code: str
    message: str
    start: int
    end: int
    help: str | None = None


class LogicError(Exception):
    """An expression that cannot be read; `fault` says where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression.

    `kind` is number, string, name, pasted (a name in `${…}`), path, keyword, op or end.
    """

    kind: str
    text: str
    start: int
    end: int


KEYWORDS = frozenset({"and", "or", "not", "in", "has", "is", "blank", "answered"})

# What every engine holds exactly, in a floating-point number of 64 bits.
_MAX_DIGITS = 15

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<string>'[^']*'|"[^"]*")
      | (?P<pasted>\$\{\s*[^\W\d]\w*\s*\})
      | (?P<path>[^\W\d]\w*\.[^\W\d]\w*)
      | (?P<name>[^\W\d]\w*)
      | (?P<op><=|>=|!=|==|[=<>()+\-*/,.])
    """,
    re.VERBOSE,
)

_HELP_FOR = {
    "“": "use straight quotes: 'yes'",
    "”": "use straight quotes: 'yes'",
    "‘": "use straight quotes: 'yes'",
    "’": "use straight quotes: 'yes'",
    "'": "close the quote: 'yes'",
    '"': "close the quote: 'yes'",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for not equal",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "$": "write the name of the question alone, without ${…}",
    "%": "a share in percent is `100 * part / whole`",
}


def tokenize(text: str) -> list[Token]:
    """Return the tokens of an expression, the last of kind `end`.

    Raises LogicError at a character that starts no token, and at a number that engines would round.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            char = text[position]
            raise LogicError(Fault("logic-syntax", f"unexpected {char!r}", position, position + 1, _HELP_FOR.get(char)))
        position = match.end()
        if match.lastgroup == "number" and len(match.group().replace(".", "")) > _MAX_DIGITS:
            message = f"a number has at most {_MAX_DIGITS} digits"
            raise LogicError(Fault("logic-syntax", message, match.start(), match.end()))
        if match.lastgroup != "space":
            tokens.append(_token(match))
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _token(match: re.Match[str]) -> Token:
    kind, text = str(match.lastgroup), match.group()
    if kind == "pasted":
        text = text[2:-1].strip()
    elif kind == "name" and text.casefold() in KEYWORDS:
        kind, text = "keyword", text.casefold()
    elif text == "==":
        text = "="
    return Token(kind, text, match.start(), match.end())
