"""How questions are put: what makes observers answer something else than was meant.

Only for languages that are known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Item, Question

_CLAUSE = re.compile(r"[.?!;:,]|\b(?:and|or|but|if|when|və|amma|ya)\b", re.IGNORECASE)
_NOT = {
    "en": re.compile(r"\b[Nn](?:o|ot|ever|obody|one|othing|either)\b|\b(?:[Cc]annot|[Ww]ithout)\b|n['’]t\b"),
    "az": re.compile(r"\b(?:deyil|yoxdur|yox\b)|\B(?:m[ıiuü]r|mad[ıi]|mədi|may[ıi]b|məyib)", re.IGNORECASE),
}
# What every negation has, in small letters: few labels have it, and it is found in a fraction of the time.
_HINT = {"en": re.compile(r"n[oe'’]|without"), "az": re.compile(r"deyil|yox|m[ıiuüaə][rdy]")}
_NEGATIVE = {
    "en": re.compile(
        r"\b(?:not|never|no|nobody|none|nothing|neither|without|unable|unless|lack\w*|prevent\w*|den(?:y|ied|ies)"
        r"|refus\w+|prohibit\w*|forbid\w*|fail(?:ed|s|ure)?|un(?:sealed|signed|locked|attended|available|lawful))\b"
        r"|n['’]t\b",
        re.IGNORECASE,
    ),
    "az": re.compile(
        r"\b(?:deyil|yoxdur|yox\b)|\B(?:mayan|məyən|maması|məməsi|madan|mədən|m[ıiuü]r|mad[ıi]|mədi|may[ıi]b|məyib)",
        re.IGNORECASE,
    ),
}
_AUXILIARY = r"(?:was|were|did|do|does|is|are|has|have|had|can|could|will|would)"
_TWO_QUESTIONS = {
    "en": re.compile(
        rf"\band/or\b|\b{_AUXILIARY}\b.*\b(?:and|or)\s+(?:\w+\s+){{0,2}}?{_AUXILIARY}\s+\w", re.IGNORECASE
    ),
    "az": re.compile(r"\w+m[ıiuü]\b,?\s*(?:və|həm)\b.*\w+m[ıiuü]\s*\?", re.IGNORECASE),
}


def double_negative(view: View) -> Iterator[Diagnostic]:
    """text-double-negative: a question with two negations in one clause, of which nobody knows what Yes means."""
    for item, language, label in _labels(view):
        if not _HINT[language].search(label.lower()):
            continue
        if any(_is_double(clause, language) for clause in _CLAUSE.split(label)):
            yield Diagnostic.of(
                "text-double-negative",
                f"the question `{item.name}` is negated twice in {language}",
                item.spans.get("label", item.span),
                help="ask for what should happen, so that Yes means yes",
            )


def _is_double(clause: str, language: str) -> bool:
    negatives = _NEGATIVE[language].findall(clause)
    return len(negatives) > 1 and _NOT[language].search(clause) is not None


_JOINING = {"en": (" and", " or "), "az": ("və", "həm")}


def two_questions(view: View) -> Iterator[Diagnostic]:
    """text-two-questions: two questions that share one answer."""
    for item, language, label in _labels(view):
        joined = any(word in label for word in _JOINING[language])
        if label.count("?") > 1 or (joined and _TWO_QUESTIONS[language].search(label)):
            yield Diagnostic.of(
                "text-two-questions",
                f"`{item.name}` asks two things at once in {language}",
                item.spans.get("label", item.span),
                help="ask each in a question of its own",
            )


def _labels(view: View) -> Iterator[tuple[Item, str, str]]:
    for entry in view.entries:
        if isinstance(entry.item, Question):
            for language in _NOT:
                if language in entry.item.label:
                    yield entry.item, language, entry.item.label[language]


CHECKS = (double_negative, two_questions)
