"""Running all checks, and leaving out the warnings that an author silenced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from checklist_kit.checks import (
    choices,
    codes,
    contradictions,
    indicators,
    outcomes,
    paper,
    patterns,
    roles,
    structure,
    texts,
    values,
    wording,
)
from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, Severity, Span
from checklist_kit.model import Checklist, Item

Check = Callable[[View], Iterator[Diagnostic]]

# Checks that hold even where faulty parts of the checklist were left out.
ALWAYS: tuple[Check, ...] = (
    *choices.CHECKS,
    *codes.CHECKS,
    *contradictions.CHECKS,
    *indicators.CHECKS,
    *outcomes.CHECKS,
    *paper.CHECKS,
    *patterns.CHECKS,
    *roles.CHECKS,
    *structure.CHECKS,
    *texts.CHECKS,
    *values.CHECKS,
    *wording.CHECKS,
)
# Checks that would see ghosts where parts are missing, such as lists that nothing uses.
WHEN_COMPLETE: tuple[Check, ...] = (*choices.CHECKS_OF_WHOLE, *indicators.CHECKS_OF_WHOLE, *structure.CHECKS_OF_WHOLE)


def run(checklist: Checklist, *, complete: bool) -> list[Diagnostic]:
    """Return what the checks find.

    `complete` says that no part of the definition had to be left out of the checklist. In one that was taken over from
    an XLSForm nothing of this is an error: the form works as it is, dead questions and all.
    """
    view = View(checklist)
    checks = (*ALWAYS, *WHEN_COMPLETE) if complete else ALWAYS
    findings = [finding for check in checks for finding in check(view)]
    return list(map(_mild, findings)) if checklist.verbatim else findings


def _mild(finding: Diagnostic) -> Diagnostic:
    return replace(finding, severity=Severity.WARNING) if finding.is_error else finding


def silence(checklist: Checklist, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Leave out the warnings whose code stands under `ignore:` of the checklist or of the item that they are about."""
    silencers = [entry.item for entry in checklist.entries if entry.item.ignore]
    return [
        finding
        for finding in findings
        if finding.is_error
        or not (
            finding.code in checklist.ignore
            or any(finding.code in item.ignore and _is_about(finding.span, item) for item in silencers)
        )
    ]


def _is_about(span: Span | None, item: Item) -> bool:
    if span is None:
        return False
    around = item.spans.values()
    first = min((place.line, place.column) for place in around)
    last = max((place.end_line, place.end_column) for place in around)
    return span.file == item.span.file and first <= (span.line, span.column) <= last
