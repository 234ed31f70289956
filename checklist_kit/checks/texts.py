"""Languages: what is missing, unknown, lost or left untranslated in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checklist_kit.checks.view import View, Wording
from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.diagnostics.letters import describe, mixed_word
from checklist_kit.logic import Fault, Kind, Scope
from checklist_kit.logic.syntax import Name, Place

PLACEHOLDER = re.compile(r"\$\{\s*(\w+)\s*\}")
# More missing texts than this, and more than this share, make a draft: one finding says so for the whole language.
_DRAFT_TEXTS = 20
_DRAFT_SHARE = 0.3
_SHORT = 3


def missing_translation(view: View) -> Iterator[Diagnostic]:
    """text-missing-translation: a text lacks a language that the checklist has."""
    drafts = _drafts(view)
    for text, missing in view.untranslated:
        lacking = [language for language in missing if language not in drafts]
        if lacking:
            message = f"{text.what} is missing in {', '.join(lacking)}"
            yield Diagnostic.of("text-missing-translation", message, text.span, help=f"add `{lacking[0]}: …`")


def coverage(view: View) -> Iterator[Diagnostic]:
    """text-coverage: a language in which a large part of the texts is missing."""
    for language, texts in _drafts(view).items():
        yield Diagnostic.of(
            "text-coverage",
            f"{len(texts)} of {len(view.texts)} texts are missing in {language}; the first is {texts[0].what}",
            view.checklist.spans.get("languages", view.checklist.span),
            help="finish the translation, or leave the language out until then",
        )


def _drafts(view: View) -> Mapping[str, list[Wording]]:
    """The languages that are missing in so many texts that each of them is not worth a finding, with these texts."""
    lacking: dict[str, list[Wording]] = {}
    for text, missing in sorted(view.untranslated, key=lambda found: found[0].span):
        for language in missing:
            lacking.setdefault(language, []).append(text)
    enough = max(_DRAFT_TEXTS, _DRAFT_SHARE * len(view.texts))
    return {language: texts for language, texts in lacking.items() if len(texts) > enough}


def unknown_language(view: View) -> Iterator[Diagnostic]:
    """text-unknown-language: a text in a language that the checklist does not have.

    Not in files that it includes: a bank serves checklists of several languages.
    """
    languages, own = view.checklist.languages, view.checklist.span.file
    for text in view.texts:
        for language in text.words:
            if language not in languages and text.span.file == own:
                help_ = did_you_mean(language, languages) or f"add `{language}` to `languages`"
                message = f"{text.what} is in `{language}`, which is not among the languages"
                yield Diagnostic.of("text-unknown-language", message, text.span, help=help_)


def placeholders(view: View) -> Iterator[Diagnostic]:
    """text-placeholder: `${name}` names nothing that is known there, or stands in one language and not in another."""
    for text in view.texts:
        if not any("${" in words for words in text.words.values()):
            continue
        by_language = {language: set(PLACEHOLDER.findall(words)) for language, words in text.words.items()}
        for name in sorted(set().union(*by_language.values())):
            fault = _placeholder_fault(view, text, name)
            lacking = [language for language, names in by_language.items() if name not in names]
            if fault is not None:
                message = f"{text.what} holds ${{{name}}}, and {fault.message}"
                yield Diagnostic.of("text-placeholder", message, text.span, help=fault.help)
            elif lacking:
                message = f"{text.what} has no ${{{name}}} in {', '.join(lacking)}"
                place = text.place_of(lacking[0])
                yield Diagnostic.of("text-placeholder", message, place, help="write it in every language")


def _placeholder_fault(view: View, text: Wording, name: str) -> Fault | None:
    symbols = view.checklist.symbols
    here = symbols.get(text.item.name) if text.item else None
    found = Scope(symbols, here).find(Name(name, Place(0, 0), pasted=True))
    if isinstance(found, Fault):
        return found
    if found.kind is Kind.REPEAT:
        return Fault("text-placeholder", "a repeat has many answers", 0, 0, f"use a calculation such as count({name})")
    return None


def same_translation(view: View) -> Iterator[Diagnostic]:
    """text-same-translation: the same text in two languages, probably waiting for its translation."""
    for text in view.texts:
        languages: dict[str, str] = {}
        for language, words in text.words.items():
            first = languages.setdefault(words.strip(), language)
            if first != language and _needs_translation(words, text.key):
                message = f"{text.what} is the same in {first} and {language}"
                place = text.place_of(language)
                yield Diagnostic.of("text-same-translation", message, place, help=f"translate it into {language}")
                break


def _needs_translation(words: str, key: str) -> bool:
    """Whether a text differs between languages: numbers, abbreviations and names of people and places need not."""
    parts = re.findall(r"[^\W\d_]{2,}", words)
    if sum(map(len, parts)) <= _SHORT or all(part.isupper() for part in parts):
        return False
    if key == "choice" and len(parts) == 1:
        return False
    return len(parts) == 1 or not all(part[0].isupper() for part in parts)


def mixed_scripts(view: View) -> Iterator[Diagnostic]:
    """text-mixed-script: a word with letters of two alphabets, which no search will find."""
    for text in view.texts:
        for language, words in text.words.items():
            found = mixed_word(words)
            if found is not None:
                word, letter = found
                message = f"the word `{word}` of {text.what} mixes alphabets: it holds {describe(letter)}"
                place = text.place_of(language)
                yield Diagnostic.of("text-mixed-script", message, place, help="type the word anew on one keyboard")
                break


CHECKS = (missing_translation, coverage, unknown_language, placeholders, same_translation, mixed_scripts)
