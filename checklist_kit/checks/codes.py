"""Transmission codes, which observers send by telephone and write on paper."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, Related
from checklist_kit.diagnostics.letters import describe
from checklist_kit.model import Question

_ALPHABET = frozenset("ABCDEFGHJKMNPQRSTUVWXYZ")


def alphabet(view: View) -> Iterator[Diagnostic]:
    """code-alphabet: a transmission code with a character that is misread or mistyped."""
    for question in _coded(view):
        wrong = [char for char in question.code if char not in _ALPHABET]
        if wrong:
            message = f"the code `{question.code}` holds {_describe(wrong[0])}"
            help_ = "codes are capitals A to Z without I, L and O"
            yield Diagnostic.of("code-alphabet", message, question.spans["code"], help=help_)


def _describe(char: str) -> str:
    if char in "ILOilo":
        return f"{char}, which is read as a digit"
    if char.isascii():
        return repr(char)
    return f"{describe(char)}, which only looks like a Latin letter" if char.isalpha() else describe(char)


def clashes(view: View) -> Iterator[Diagnostic]:
    """code-clash: two equal transmission codes, or one that begins like another."""
    by_code: dict[str, Question] = {}
    for question in sorted(_coded(view), key=lambda question: (len(question.code), question.span)):
        code = question.code
        beginnings = (code[:end] for end in range(1, len(code) + 1))
        other = next((by_code[beginning] for beginning in beginnings if beginning in by_code), None)
        if other is not None:
            same = code == other.code
            yield Diagnostic.of(
                "code-clash",
                f"the code `{code}` is used twice"
                if same
                else f"the code `{code}` begins with the code `{other.code}`",
                question.spans["code"],
                help="no code may be the beginning of another",
                related=[Related(f"`{other.code}` is here", other.spans["code"])],
            )
        by_code.setdefault(code, question)


def _coded(view: View) -> Iterator[Question]:
    """The questions whose code was written by the author."""
    for entry in view.entries:
        if isinstance(entry.item, Question) and "code" in entry.item.spans:
            yield entry.item


CHECKS = (alphabet, clashes)
