"""Choice lists, and what stands for "none" in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.diagnostics.letters import describe, mixed_word
from checklist_kit.model import Choice, ChoiceList, SelectMultiple

_NONE_CODE = re.compile(
    r"(?:none|nothing|nobody|no_?one|neither|never|no)(?:_of_.*)?|not_(?:observed|applicable|permitted|known|answered)",
    re.IGNORECASE,
)
_NONE_LABEL = {
    "en": re.compile(r"(?:none|nothing|nobody|neither|not any)\b|no[ -]one\b|no$", re.IGNORECASE),
    "az": re.compile(r"(?:bunların\s+)?heç\s+(?:biri|nə|kim)|xeyr$", re.IGNORECASE),
    "ru": re.compile(r"ничего|никто|ни один|ни одно|нет$", re.IGNORECASE),
    "tr": re.compile(r"(?:bunların\s+)?hiç\s?(?:biri|bir şey|kimse)|hayır$", re.IGNORECASE),
}


def unused_list(view: View) -> Iterator[Diagnostic]:
    """name-unused-list: a choice list of this checklist that no question uses."""
    of_attributes = {attribute.choices.name for attribute in view.checklist.attributes.values()}
    for name, choices in view.checklist.choices.items():
        if name not in view.lists_in_use and name not in of_attributes and _is_own(view, choices):
            help_ = "remove it, or name it under `choices` of a question"
            yield Diagnostic.of("name-unused-list", f"no question uses the list `{name}`", choices.span, help=help_)


def _is_own(view: View, choices: ChoiceList) -> bool:
    """Lists that a project or a bank shares with several checklists need not be used by each."""
    return choices.span.file == view.checklist.span.file


def none_beside_others(view: View) -> Iterator[Diagnostic]:
    """logic-none-not-exclusive: in a tick-all, "none" can be ticked together with other choices."""
    for choices, items in view.lists_in_use.values():
        several = next((item for item in items if isinstance(item, SelectMultiple)), None)
        if several is None or len(choices.choices) < 2:
            continue
        for choice in choices.choices:
            if not choice.exclusive and _means_none(choice):
                yield Diagnostic.of(
                    "logic-none-not-exclusive",
                    f"`{choice.code}` can be ticked together with other choices of `{several.name}`",
                    choice.span,
                    help="write `{label: …, exclusive: true}`",
                )


def _means_none(choice: Choice) -> bool:
    if choice.missing is not None or _NONE_CODE.fullmatch(choice.code):
        return True
    return any(
        _NONE_LABEL[language].match(words.strip())
        for language, words in choice.label.items()
        if language in _NONE_LABEL
    )


def needless_exclusive(view: View) -> Iterator[Diagnostic]:
    """schema-needless-exclusive: `exclusive` in a list that is used for single answers only."""
    for choices, items in view.lists_in_use.values():
        if any(isinstance(item, SelectMultiple) for item in items) or not _is_own(view, choices):
            continue
        for choice in choices.choices:
            if choice.exclusive:
                message = f"`{choice.code}` is exclusive, in a list from which only one choice is taken anyway"
                help_ = "remove `exclusive`, or make the question a select_multiple"
                yield Diagnostic.of("schema-needless-exclusive", message, choice.span, help=help_)


def mixed_code(view: View) -> Iterator[Diagnostic]:
    """name-mixed-script: a choice code with letters of two alphabets."""
    for choices, _ in view.lists_in_use.values():
        for choice in choices.choices:
            found = mixed_word(choice.code)
            if found is not None:
                message = f"the choice code `{choice.code}` mixes alphabets: it holds {describe(found[1])}"
                help_ = "type the code anew on one keyboard"
                yield Diagnostic.of("name-mixed-script", message, choice.span, help=help_)


CHECKS = (none_beside_others, mixed_code)
CHECKS_OF_WHOLE = (unused_list, needless_exclusive)
