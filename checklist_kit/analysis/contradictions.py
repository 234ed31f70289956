"""What contradicts the checklist: such answers are kept, and somebody is asked to look at them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checklist_kit.analysis.columns import Column, Mask
from checklist_kit.analysis.status import NOT_ANSWERED
from checklist_kit.analysis.ticks import exclusive_clash
from checklist_kit.analysis.vector import Vector
from checklist_kit.logic import certainly, certainly_not
from checklist_kit.model import Checklist, Question, SelectMultiple, SelectOne

Contradiction = tuple[Mask, tuple[str, str]]


def contradictions(checklist: Checklist, question: Question, column: Column, vector: Vector) -> Iterator[Contradiction]:
    """Yield where the answers to a question contradict its definition, with the code and the message of the problem."""
    if question.required:
        message = checklist.text(question.required_message) or "this question must be answered"
        yield column.status == NOT_ANSWERED, ("value-required", message)
    if question.constraint is not None:
        broken = vector.compile(certainly_not(question.constraint.condition))
        message = checklist.text(question.constraint_message) or f"breaks the constraint `{question.constraint.source}`"
        yield column.known & broken, ("value-constraint", message)
    if isinstance(question, SelectOne | SelectMultiple):
        yield from _not_offered(question, column, vector)
    if isinstance(question, SelectMultiple) and column.ticks is not None:
        fault = "value-exclusive", "a choice that excludes all others, or says that there is no answer, is not alone"
        yield column.filled & exclusive_clash(question, column.ticks), fault


def _not_offered(question: SelectOne | SelectMultiple, column: Column, vector: Vector) -> Iterator[Contradiction]:
    for code, condition in question.filters.items():
        chosen = column.filled & _chosen(question, column, code)
        if chosen.any():
            offered = vector.compile(certainly(condition))
            message = f"the choice `{code}` was not offered beside the other answers"
            yield chosen & ~offered, ("value-choice-not-offered", message)


def _chosen(question: SelectOne | SelectMultiple, column: Column, code: str) -> Mask:
    if column.ticks is not None:
        ticked: Mask = column.ticks[:, question.choices.codes.index(code)] == 1
        return ticked
    return np.isin(column.index, [position for position, value in enumerate(column.store.values) if value == code])
