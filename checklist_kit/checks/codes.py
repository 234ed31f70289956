"""Transmission codes, the unit, and other things that must fit together by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from checklist_kit.diagnostics import Diagnostic, Related, did_you_mean
from checklist_kit.model import Checklist, Question

_ALPHABET = frozenset("ABCDEFGHJKMNPQRSTUVWXYZ")


def unit(checklist: Checklist) -> Iterator[Diagnostic]:
    """name-unknown-unit: `unit` names no question that is asked once."""
    if checklist.unit is None:
        return
    entry = checklist.by_name.get(checklist.unit)
    names = [entry.item.name for entry in checklist.questions if not entry.repeats and isinstance(entry.item, Question)]
    if entry is None or checklist.unit not in names:
        reason = "there is no question" if entry is None else "it must be a question outside of repeats:"
        yield Diagnostic.of("name-unknown-unit", f"{reason} `{checklist.unit}`", checklist.spans.get("unit"), help=did_you_mean(checklist.unit, names))


def alphabet(checklist: Checklist) -> Iterator[Diagnostic]:
    """code-alphabet: a transmission code with a character that is misread or mistyped."""
    for question in _coded(checklist):
        wrong = [char for char in question.code if char not in _ALPHABET]
        if wrong:
            yield Diagnostic.of("code-alphabet", f"the code `{question.code}` holds {_describe(wrong[0])}", question.spans["code"], help="codes are capitals A to Z without I, L and O")


def _describe(char: str) -> str:
    if char in "ILOilo":
        return f"{char}, which is read as a digit"
    if char.isascii():
        return repr(char)
    name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
    return f"{char!r} ({name}), which only looks like a Latin letter" if char.isalpha() else f"{char!r} ({name})"


def clashes(checklist: Checklist) -> Iterator[Diagnostic]:
    """code-clash: two equal transmission codes, or one that begins like another."""
    seen: list[Question] = []
    for question in sorted(_coded(checklist), key=lambda question: (len(question.code), question.span)):
        for other in seen:
            if question.code.startswith(other.code):
                message = f"the code `{question.code}` is used twice" if question.code == other.code else f"the code `{question.code}` begins with the code `{other.code}`"
                yield Diagnostic.of("code-clash", message, question.spans["code"], help="no code may be the beginning of another", related=[Related(f"`{other.code}` is here", other.spans["code"])])
                break
        seen.append(question)


def _coded(checklist: Checklist) -> Iterator[Question]:
    """The questions whose code was written by the author."""
    for entry in checklist.questions:
        if isinstance(entry.item, Question) and "code" in entry.item.spans:
            yield entry.item


CHECKS = (unit, alphabet, clashes)
