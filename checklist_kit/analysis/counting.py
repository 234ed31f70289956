"""How units of one kind are counted: which report stands for each, what it weighs, and which groups it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.design import Design
from checklist_kit.analysis.grouping import Group, Parts, parts_of_frame, parts_of_question
from checklist_kit.analysis.placing import NOT_IN_FRAME, Placed, Sample, place
from checklist_kit.analysis.reload import Source
from checklist_kit.analysis.resolve import Reports, Rows
from checklist_kit.analysis.states import Told
from checklist_kit.analysis.vector import Data
from checklist_kit.model import Checklist, Indicator, Resolve, SelectOne


@dataclass(frozen=True, eq=False)
class Counting:
    """The units of one kind. `parts` are about the records that are `placed`; `known` says that they are a sample."""

    reports: Reports
    placed: Placed
    parts: tuple[Parts, ...]
    known: bool

    def pick(self, indicator: Indicator, told: Told) -> Rows:
        """Return the row (intp) of the report that counts, for each record."""
        return self.reports.pick(told, indicator.polarity, indicator.resolve)

    def groups(self) -> list[tuple[Group | None, Mask, Mask | None]]:
        """Return all records that are placed, and then each group of them (bool, one a record).

        Beside them are the units that were to be observed (bool, as `Placed.planned` has them), None where it is not
        known which of them are in the group.
        """
        everyone, planned = (np.ones(size, np.bool_) for size in (len(self.placed.rows), self.placed.planned.rows))
        return [(None, everyone, planned), *(group for part in self.parts for group in part.masks())]


@dataclass(frozen=True, eq=False)
class Counter:
    """What is needed to count units of any kind."""

    checklist: Checklist
    source: Source
    data: Data
    sample: Sample | None
    by: Sequence[str]
    questions: Sequence[str]
    resolve: Resolve
    expected: Sequence[str]

    def count(self, unit: str | None) -> Counting:
        """Return how units are counted that a question tells apart, or those of the checklist if None.

        Only the latter stand in the frame.
        """
        units = self._units(unit)
        reports = Reports.of(self.source.submissions["received_at"], units, self.resolve, self._rank())
        sample = self.sample if unit is None else None
        if sample is not None:
            placed = place(sample, reports.names, self.expected)
        else:
            placed = _simple(reports.names, self.expected if unit is None else ())
        chosen = reports.chosen[placed.kept]
        parts = [
            parts_of_question(self.checklist, name, self.data, chosen)
            if name in self.questions or sample is None
            else parts_of_frame(sample.frame, name, placed)
            for name in dict.fromkeys(self.by)
            if name in self.questions or sample is not None
        ]
        return Counting(reports, placed, tuple(parts), sample is not None)

    def _units(self, question: str | None) -> list[str | None] | None:
        """The unit of each submission; None where nothing tells units apart."""
        if question is None:
            if self.checklist.unit is None:
                return None
            column = self.source.submissions["unit"]
            return [None if blank else str(unit) for unit, blank in zip(column, column.isna(), strict=True)]
        _, answers = self.data.columns[question]
        values = answers.store.values
        return [values[at] if known else None for at, known in zip(answers.index, answers.known, strict=True)]

    def _rank(self) -> NDArray[np.float64] | None:
        """How senior the observer of each submission is: the position of the choice, those who said none last."""
        name = self.checklist.seniority
        if name is None:
            return None
        item = self.checklist.by_name[name].item
        assert isinstance(item, SelectOne)
        _, answers = self.data.columns[name]
        order = {code: at for at, code in enumerate(item.choices.codes)}
        ranks = np.array([float(order.get(value, len(order))) for value in answers.store.values])
        rank: NDArray[np.float64] = ranks[answers.index]
        return rank


def _simple(names: Sequence[str], expected: Sequence[str]) -> Placed:
    """Records that count alike, as a simple random sample of an endless number of units."""
    size = len(names)
    silent = len(set(expected) - set(names))
    rows, none = np.zeros(size, np.intp), np.zeros(0, np.intp)
    planned = Design.simple(size + silent)
    return Placed(np.ones(size, np.bool_), NOT_IN_FRAME, Design.simple(size), rows, none, planned, notes=())
