"""What costs errors on paper: many skips, long labels, long lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.model import Entry, Integer, Note, Question, Repeat, SelectMultiple, SelectOne

_SKIPS = 10
_SKIPS_SHARE = 0.25
_LABEL = 170
_CHOICES = 20


def many_skips(view: View) -> Iterator[Diagnostic]:
    """paper-many-skips: so many questions are asked of some only that readers get lost."""
    asked = [entry.item for entry in view.entries if isinstance(entry.item, Question)]
    skips = [entry.item for entry in view.entries if entry.item.relevant and not isinstance(entry.item, Note)]
    if len(skips) > max(_SKIPS, _SKIPS_SHARE * len(asked)):
        yield Diagnostic.of(
            "paper-many-skips",
            f"{len(skips)} places are skipped by some, in {len(asked)} questions",
            skips[0].relevant.span if skips[0].relevant else None,
            help="ask more questions of everybody, with a choice such as `not_applicable`, or gather skips in sections",
        )


def long_label(view: View) -> Iterator[Diagnostic]:
    """paper-long-label: a question that takes more than two lines on paper."""
    for entry in view.entries:
        item = entry.item
        for language, label in item.label.items() if isinstance(item, Question) else ():
            if len(label) > _LABEL:
                yield Diagnostic.of(
                    "paper-long-label",
                    f"the label of `{item.name}` has {len(label)} characters in {language}",
                    item.spans.get("label", item.span),
                    help=f"keep it to {_LABEL}; definitions belong into the hint",
                )
                break


def long_list(view: View) -> Iterator[Diagnostic]:
    """paper-long-list: more choices than anybody reads through."""
    for choices, items in view.lists_in_use.values():
        asking = [item for item in items if not isinstance(item, Repeat)]
        if len(choices.choices) > _CHOICES and asking:
            item = asking[0]
            yield Diagnostic.of(
                "paper-long-list",
                f"`{item.name}` offers {len(choices.choices)} choices",
                item.spans.get("choices", item.span),
                help=f"keep lists to {_CHOICES}; ask for a code that is written down, or split the question",
            )


def example(view: View) -> Iterator[Diagnostic]:
    """paper-example: a worked example that gives an answer for which there is no mark."""
    worked = view.checklist.paper.example
    for name, answers in worked.answers.items() if worked else ():
        entry = view.checklist.by_name.get(name)
        fault, help = (
            _unmarkable(entry, answers)
            if entry is not None and isinstance(entry.item, Question)
            else (f"there is no question `{name}`", did_you_mean(name, view.checklist.by_name))
        )
        if worked and fault:
            yield Diagnostic.of("paper-example", fault, worked.spans[name], help=help)


def _unmarkable(entry: Entry, answers: Mapping[str, tuple[str, ...]]) -> tuple[str, str | None]:
    """Say which answer to a question cannot be marked, and what to do; nothing where all can."""
    item = entry.item
    if any(bool(instance) != bool(entry.repeats) for instance in answers):
        if entry.repeats:
            return f"`{item.name}` is asked several times", "write the answers by instance: `{first: 12, second: 3}`"
        return f"`{item.name}` is asked once", "write one answer"
    given = [text for texts in answers.values() for text in texts]
    if isinstance(item, SelectOne | SelectMultiple):
        wrong = next((text for text in given if text not in item.choices.codes), None)
        return (f"`{item.name}` offers no `{wrong}`", did_you_mean(wrong, item.choices.codes)) if wrong else ("", None)
    if isinstance(item, Integer):
        known = {sentinel.text for sentinel in item.missing}
        wrong = next((text for text in given if text not in known and not text.isdecimal()), None)
        return (f"`{wrong}` is no whole number", "write digits") if wrong else ("", None)
    return "", None


CHECKS = (many_skips, long_label, long_list, example)
