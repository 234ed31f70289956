"""Regular expressions under `matches`: valid, and read alike by all engines that will apply them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Text

_TOKEN = re.compile(
    r"""(?P<escape>\\.)
      | (?P<group>\((?:\?(?:P?<[A-Za-z_]\w*>|P=|P>|<=|<!|[=!:>\#|(]|[a-zA-Z-]+[:)]))?)
      | (?P<close>\))
      | (?P<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})[+?]?)
      | (?P<class>\[\^?(?:\\.|[^\\\]])*\])
      | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {
    **dict.fromkeys("wWbB", "means other letters in each engine; write the letters, such as [a-zə]"),
    **dict.fromkeys("pP", "is not known to all engines; write the letters, such as [a-zə]"),
    **dict.fromkeys("AZzGK", "is not known to all engines, and needless: the whole answer must match"),
    **dict.fromkeys("123456789gk", "refers back to a group, which not all engines can"),
    **dict.fromkeys("xuUNcQERXhHvVRaef0", "is not known to all engines; write the character itself"),
}
_MAY_BE_ESCAPED = frozenset(r"^$\.*+?()[]{}|/-dDsSntr")
_GROUPS = {
    "(?:": None,
    "(": None,
    "(?=": "looks ahead, which not all engines can",
    "(?!": "looks ahead, which not all engines can",
    "(?<=": "looks behind, which not all engines can",
    "(?<!": "looks behind, which not all engines can",
    "(?>": "is not known to all engines",
    "(?#": "is a comment, which not all engines know",
}


def invalid(view: View) -> Iterator[Diagnostic]:
    """logic-regex: `matches` is no regular expression."""
    for question, pattern in _patterns(view):
        reason = _fault(pattern)
        if reason is not None:
            message = f"`matches` of `{question.name}` is no regular expression: {reason}"
            yield Diagnostic.of("logic-regex", message, question.spans["matches"], help="close what was opened")


def dialect(view: View) -> Iterator[Diagnostic]:
    """logic-regex-dialect: `matches` holds what engines read differently or not at all."""
    for question, pattern in _patterns(view):
        found = None if _fault(pattern) else next(_strange(pattern), None)
        if found is not None:
            part, reason = found
            yield Diagnostic.of("logic-regex-dialect", f"`{part}` {reason}", question.spans["matches"])


def _patterns(view: View) -> Iterator[tuple[Text, str]]:
    for entry in view.entries:
        if isinstance(entry.item, Text) and entry.item.matches is not None:
            yield entry.item, entry.item.matches


def _fault(pattern: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return None


def _strange(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a pattern that are outside of what all engines share, each with what is wrong with it."""
    opened: list[bool] = []  # for each open group, whether something inside is repeated without end
    closed = False  # whether the last token closed such a group
    for token in _TOKEN.finditer(pattern):
        kind, part = token.lastgroup, token.group()
        endless = kind == "quantifier" and (part[0] in "*+" or part.rstrip("+?").endswith(",}"))
        if endless and closed:
            yield part, "repeats without end what is itself repeated without end, which can take forever"
        if kind == "group":
            opened.append(False)
        elif endless and opened:
            opened = [True] * len(opened)
        closed = opened.pop() if kind == "close" and opened else False
        reason = _reason(str(kind), part)
        if reason is not None:
            yield part, reason


def _reason(kind: str, part: str) -> str | None:
    match kind:
        case "escape":
            known = part[1] in _MAY_BE_ESCAPED
            return _ESCAPES.get(part[1]) or (None if known else "needs no `\\`, and some engines refuse it")
        case "group":
            return _GROUPS.get(part, "is a named group or a flag, which not all engines know")
        case "quantifier" if len(part) > 1 and part[-1] in "+?" and part[:-1] not in ("{",):
            return "is greedy in some engines only; a full match needs no `+` or `?` after it"
        case "class":
            return _class_reason(part)
        case "other" if part in "^$":
            return "is needless, and a plain character to some engines: the whole answer must match"
        case "other" if part in "{}]":
            return f"is refused by some engines; write `\\{part}`"
        case _:
            return None


def _class_reason(part: str) -> str | None:
    inside = part[1:-1].removeprefix("^")
    escapes = (_reason("escape", escape) for escape in re.findall(r"\\.", inside, re.DOTALL))
    bare = re.sub(r"\\.", "", inside, flags=re.DOTALL)
    if "[" in bare or "&&" in bare or "--" in bare or "~~" in bare or "||" in bare:
        return "means something else to some engines; put `\\` before each sign inside the brackets"
    return next((reason for reason in escapes if reason is not None), None)


CHECKS = (invalid, dialect)
