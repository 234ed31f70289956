"""What of a checklist a workbook cannot express, apart from single formulas."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Calculate, Question, Text
from checklist_kit.targets.workbook.phrases import FALLBACK, Phrases, has_placeholder


def losses(phrases: Phrases) -> Iterator[Diagnostic]:
    """One finding a feature that is lost, in form order."""
    checklist = phrases.checklist
    if not phrases.translated:
        message = f"the workbook's own words have no translation into `{phrases.language}`; they are in `{FALLBACK}`"
        yield Diagnostic.of("workbook-language", message, checklist.span)
    for entry in checklist.questions:
        item = entry.item
        if isinstance(item, Calculate):
            message = f"the calculation `{item.name}` has no column; it is computed when the workbook is read"
            yield Diagnostic.of("workbook-calculation", message, item.span)
        elif isinstance(item, Question):
            yield from _of_question(item)


def _of_question(question: Question) -> Iterator[Diagnostic]:
    name = question.name
    if isinstance(question, Text) and question.matches is not None:
        message = f"no cell can check the pattern of `{name}`; it is checked when the workbook is read"
        yield Diagnostic.of("workbook-pattern", message, question.spans.get("matches", question.span))
    if question.default is not None:
        message = f"the default of `{name}` is not filled in, because a blank row is no form yet"
        yield Diagnostic.of("workbook-default", message, question.spans.get("default", question.span))
    if question.read_only:
        message = f"the cells of `{name}` can be changed, although it is read-only"
        yield Diagnostic.of("workbook-read-only", message, question.spans.get("read_only", question.span))
    if has_placeholder(question):
        message = f"the label of `{name}` shows the number of another question in place of its answer"
        yield Diagnostic.of("workbook-placeholder", message, question.spans.get("label", question.span))
