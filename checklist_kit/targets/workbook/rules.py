"""The colours of a sheet: where a question is not asked, an answer breaks a rule, or a required one is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checklist_kit.diagnostics import Diagnostic, Span
from checklist_kit.logic import certain as c
from checklist_kit.model import Checklist, SelectMultiple, SelectOne
from checklist_kit.targets.workbook.cells import quoted
from checklist_kit.targets.workbook.closure import Closure, Inexpressible
from checklist_kit.targets.workbook.columns import FIRST_ROW, Column, letters
from checklist_kit.targets.workbook.formulas import RowFormulas, fitting


class Look(StrEnum):
    """How a cell is shown. Where two apply, the first in this order counts."""

    SKIPPED = "skipped"
    BROKEN = "broken"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a column's cells are shown how: formulas, without `=`. `column` counts from 0."""

    column: int
    formulas: Mapping[Look, str]


class Rules:
    """Makes the rules of one sheet. `losses` receives what no formula can say."""

    def __init__(self, checklist: Checklist, closure: Closure, formulas: RowFormulas, losses: list[Diagnostic]) -> None:
        self._symbols = checklist.symbols
        self._closure = closure
        self._formulas = formulas
        self._table = formulas.here
        self._losses = losses

    def __iter__(self) -> Iterator[tuple[Column, Rule]]:
        """Each column of the sheet with its rule, in order."""
        for number, column in enumerate(self._table.columns, len(self._table.keys)):
            asked = self._asked(column)
            looks = {
                Look.SKIPPED: f"NOT({asked})" if asked else "",
                Look.BROKEN: self._broken(column, number),
                Look.MISSING: self._missing(column, asked),
            }
            yield column, Rule(number, {look: formula for look, formula in looks.items() if formula})

    def _asked(self, column: Column) -> str:
        """True where the question is asked and the choice is offered; empty where that is always so."""
        question, entry = column.question, column.entry
        conditions = [] if entry.relevance is None else [entry.relevance]
        if isinstance(question, SelectMultiple) and column.choice and column.choice.code in question.filters:
            conditions.append(question.filters[column.choice.code])
        if not conditions:
            return ""

        def formula() -> str:
            return self._formulas.text(c.all_of([self._closure.when(condition) for condition in conditions]))

        return self._try(column, "when it is asked", question.relevant.span if question.relevant else None, formula)

    def _broken(self, column: Column, number: int) -> str:
        """True where an answer breaks its constraint, was not offered, or stands beside an exclusive choice."""
        question = column.question
        parts = []
        if question.constraint:
            parts.append(
                self._try(column, "its constraint", question.constraint.span, lambda: self._certainly_not(column))
            )
        if isinstance(question, SelectOne) and question.filters:
            parts.append(self._try(column, "which choices are offered", None, lambda: self._not_offered(question)))
        if column.choice and column.choice.exclusive:
            parts.append(f"AND(${letters(number)}{FIRST_ROW}=1,COUNTIF({self._table.cells(question.name)},1)>1)")
        texts = [part for part in parts if part]
        return f"OR({','.join(texts)})" if len(texts) > 1 else "".join(texts)

    def _certainly_not(self, column: Column) -> str:
        """The constraint is certainly false of a known answer: a sentinel is exempt, what is not asked is blank."""
        assert column.question.constraint
        known = self._closure.close(c.Known(self._symbols[column.question.name]))
        return self._formulas.text(c.all_of((known, self._closure.unless(column.question.constraint.condition))))

    def _not_offered(self, question: SelectOne) -> str:
        cell = self._table.cells(question.name)
        parts = [
            f'AND({cell}&""={quoted(code)},NOT({self._formulas.text(self._closure.when(condition))}))'
            for code, condition in question.filters.items()
        ]
        return fitting(parts[0] if len(parts) == 1 else f"OR({','.join(parts)})")

    def _missing(self, column: Column, asked: str) -> str:
        """True in a row that is in use where a required question is asked and blank."""
        if not column.question.required:
            return ""
        blank = f"COUNTA({self._table.cells(column.question.name)})=0"
        used = f'$A{FIRST_ROW}<>""'
        return f"AND({used},{blank},{asked})" if asked else f"AND({used},{blank})"

    def _try(self, column: Column, what: str, span: Span | None, formula: Callable[[], str]) -> str:
        """A formula, or none and a loss."""
        try:
            return formula()
        except Inexpressible as reason:
            message = f"the workbook cannot show {what} of `{column.question.name}`: {reason}"
            self._losses.append(Diagnostic.of(reason.code, message, span or column.question.span))
            return ""
