"""Languages: what is missing, unknown, or lost in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checklist_kit.diagnostics import Diagnostic, Span, did_you_mean
from checklist_kit.model import Checklist, SelectMultiple, SelectOne, Words
from checklist_kit.model.items import Integer

PLACEHOLDER = re.compile(r"\$\{\s*(\w+)\s*\}")


def all_words(checklist: Checklist) -> Iterator[tuple[str, Words, Span]]:
    """Yield every text of a checklist: what it is, its languages, and where it stands."""
    yield "the title", checklist.title, checklist.spans.get("title", checklist.span)
    for choices in checklist.choices.values():
        for choice in choices.choices:
            yield f"the choice `{choice.code}`", choice.label, choice.span
    for entry in checklist.entries:
        item = entry.item
        for key in ("label", "hint", "guidance_hint", "required_message", "constraint_message"):
            words: Words = getattr(item, key, {})
            if words:
                yield f"the {key} of `{item.name}`", words, item.spans.get(key, item.span)
        if isinstance(item, SelectOne | SelectMultiple) and item.choices.name.startswith(f"{item.name}/"):
            for choice in item.choices.choices:
                yield f"the choice `{choice.code}` of `{item.name}`", choice.label, choice.span
        if isinstance(item, Integer):
            for sentinel in item.missing:
                if sentinel.label:
                    yield f"the label of {sentinel.text}", sentinel.label, sentinel.span
    for indicator in checklist.indicators:
        yield f"the label of `{indicator.name}`", indicator.label, indicator.span


def missing_translation(checklist: Checklist) -> Iterator[Diagnostic]:
    """text-missing-translation: a text lacks a language that the checklist has."""
    for what, words, span in all_words(checklist):
        lacking = [language for language in checklist.languages if not words.get(language, "").strip()]
        if lacking:
            yield Diagnostic.of("text-missing-translation", f"{what} is missing in {', '.join(lacking)}", span, help=f"add `{lacking[0]}: …`")


def unknown_language(checklist: Checklist) -> Iterator[Diagnostic]:
    """text-unknown-language: a text in a language that the checklist does not have."""
    for what, words, span in all_words(checklist):
        for language in words:
            if language not in checklist.languages:
                help_ = did_you_mean(language, checklist.languages) or f"add `{language}` to `languages`"
                yield Diagnostic.of("text-unknown-language", f"{what} is in `{language}`, which is not among the languages", span, help=help_)


def placeholders(checklist: Checklist) -> Iterator[Diagnostic]:
    """text-placeholder: `${name}` names no question, or stands in one language and not in another."""
    for what, words, span in all_words(checklist):
        by_language = {language: set(PLACEHOLDER.findall(text)) for language, text in words.items()}
        names: set[str] = set().union(*by_language.values())
        for name in sorted(names):
            if name not in checklist.symbols:
                yield Diagnostic.of("text-placeholder", f"{what} holds ${{{name}}}, and there is no such question", span, help=did_you_mean(name, checklist.symbols))
                continue
            lacking = [language for language, found in by_language.items() if name not in found]
            if lacking:
                yield Diagnostic.of("text-placeholder", f"{what} has no ${{{name}}} in {', '.join(lacking)}", span, help="write it in every language")


CHECKS = (missing_translation, unknown_language, placeholders)
