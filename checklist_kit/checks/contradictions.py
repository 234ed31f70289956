"""Conditions that are never true, or always: what they ask contradicts itself, or asks nothing."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.checks.reasoning import GaveUp, comes_out
from checklist_kit.checks.view import View
from checklist_kit.diagnostics import Diagnostic, Related
from checklist_kit.logic import certain as c
from checklist_kit.logic import certainly
from checklist_kit.model import Expression, Question

_HELP = "compare `and` with `or`, and the codes and numbers with those of the questions"


def never_relevant(view: View) -> Iterator[Diagnostic]:
    """logic-never-relevant: nobody can ever be asked this."""
    for found in view.relevances.impossible.values():
        related = [
            Related(
                f"`{other.name}` has a condition here",
                other.relevant.span if other.relevant else other.spans["constraint"],
            )
            for other in found.others
        ]
        what = "is never shown" if found.item.type in ("section", "note") else "is never asked"
        yield Diagnostic.of(
            "logic-never-relevant",
            f"`{found.item.name}` {what}: {found.reason}",
            found.relevant.span,
            help="both conditions must be true at once: change one of them" if related else _HELP,
            related=related,
        )


def always_relevant(view: View) -> Iterator[Diagnostic]:
    """logic-always-relevant: a condition that no answer makes false."""
    for entry in view.entries:
        relevant = entry.item.relevant
        if relevant is not None and view.never_false(relevant):
            names = [symbol.name for symbol in relevant.symbols]
            help_ = "remove it" if not names else f"if an answer is enough, write `{names[0]} is answered`"
            message = "this is true whatever is answered" if names else "this is always true"
            yield Diagnostic.of("logic-always-relevant", message, relevant.span, help=help_)


def never_valid(view: View) -> Iterator[Diagnostic]:
    """logic-never-valid: a constraint that no answer keeps."""
    hopeless: set[str] = set()  # their constraints must not make those of later questions impossible as well
    for question, constraint in _constraints(view):
        symbol = view.checklist.symbols[question.name]
        if symbol not in constraint.symbols or comes_out(constraint, True):
            continue
        goals = (c.Known(symbol), certainly(constraint.condition))
        try:
            possible = view.solver.possible(*goals, ignored={question.name, *hopeless, *view.relevances.unreachable})
        except GaveUp:
            continue
        if not possible:
            hopeless.add(question.name)
            yield Diagnostic.of(
                "logic-never-valid",
                f"no answer to `{question.name}` keeps this constraint",
                constraint.span,
                help="compare `and` with `or`, and the numbers with each other and with those of other constraints",
            )


def always_valid(view: View) -> Iterator[Diagnostic]:
    """logic-always-valid: a constraint that every answer keeps."""
    for _, constraint in _constraints(view):
        if view.never_false(constraint):
            yield Diagnostic.of(
                "logic-always-valid",
                "every answer keeps this constraint",
                constraint.span,
                help="a range needs `and`: `. >= 0 and . <= 3000`",
            )


def own_answer(view: View) -> Iterator[Diagnostic]:
    """logic-constraint-without-answer: a constraint about other questions only."""
    for question, constraint in _constraints(view):
        if question.name not in [symbol.name for symbol in constraint.symbols]:
            yield Diagnostic.of(
                "logic-constraint-without-answer",
                f"this constraint says nothing about the answer to `{question.name}`",
                constraint.span,
                help="`.` is this answer; a condition for asking the question is its `relevant`",
            )


def undecided(view: View) -> Iterator[Diagnostic]:
    """logic-undecided: a condition with too many combinations of answers to look at."""
    for expression in view.relevances.undecided:
        yield Diagnostic.of(
            "logic-undecided",
            "whether this can be true was not decided: there are too many combinations of answers",
            expression.span,
            help="move parts of it into calculate items",
        )


def _constraints(view: View) -> Iterator[tuple[Question, Expression]]:
    for entry in view.entries:
        if isinstance(entry.item, Question) and entry.item.constraint is not None:
            yield entry.item, entry.item.constraint


CHECKS = (never_relevant, always_relevant, never_valid, always_valid, own_answer, undecided)
