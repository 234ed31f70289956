"""A checklist as forms show it: what applies to some units only says so in words, because no form knows its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model.checklist import Checklist
from checklist_kit.model.choices import Words
from checklist_kit.model.items import Item, Question, Repeat, Section
from checklist_kit.model.languages import base_language

_ONLY_WHERE = {
    "az": "Yalnız burada: {what}.",
    "en": "Only where {what}.",
    "fr": "Seulement là où {what}.",
    "ru": "Только там, где {what}.",
}


def with_words(checklist: Checklist) -> Checklist:
    """Return a checklist whose items say in words at which units they apply, and do not insist on an answer there.

    A question says it in its hint, a section or repeat beside its label, for all that is inside.
    """
    if not any(entry.item.applies for entry in checklist.entries):
        return checklist
    return replace(checklist, items=_all(checklist, checklist.items, everywhere=True))


def losses(checklist: Checklist) -> Iterator[Diagnostic]:
    """Yield a finding for each item that a form asks at every unit, whatever it applies to."""
    for entry in checklist.entries:
        if entry.item.applies:
            message = f"`{entry.item.name}` is asked at every unit; words say where it applies"
            yield Diagnostic.of("channel-applies", message, entry.item.spans.get("applies", entry.item.span))


def _all(checklist: Checklist, items: tuple[Item, ...], *, everywhere: bool) -> tuple[Item, ...]:
    return tuple(_said(checklist, item, everywhere=everywhere) for item in items)


def _said(checklist: Checklist, item: Item, *, everywhere: bool) -> Item:
    everywhere = everywhere and not item.applies
    if isinstance(item, Section | Repeat):
        item = replace(item, items=_all(checklist, item.items, everywhere=everywhere))
    if isinstance(item, Question) and item.required and not everywhere:
        item = replace(item, required=False)
    if not item.applies:
        return item
    words = {language: _words(checklist, item.applies, language) for language in checklist.languages}
    if isinstance(item, Question):
        return replace(item, hint={code: f"{said} {item.hint.get(code, '')}".strip() for code, said in words.items()})
    labels = {code: f"{checklist.text(item.label, code)} ({said.rstrip('.')})" for code, said in words.items()}
    return replace(item, label=labels) if item.label else item


def _words(checklist: Checklist, applies: Mapping[str, tuple[str, ...]], language: str) -> str:
    def named(name: str) -> str:
        attribute = checklist.attributes[name]
        labels: dict[str, Words] = {choice.code: choice.label for choice in attribute.choices.choices}
        values = (checklist.text(labels.get(code, {}), language) or code for code in applies[name])
        return f"{checklist.text(attribute.label, language)}: {' / '.join(values)}"

    template = _ONLY_WHERE.get(base_language(language), _ONLY_WHERE["en"])
    return template.replace("{what}", "; ".join(named(name) for name in applies))
