"""What each report says of an indicator: yes, no, or why it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.columns import Mask
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.status import ANSWERED, STATUSES
from checklist_kit.analysis.vector import Data, Vector
from checklist_kit.logic import Tree, certainly, certainly_not, symbols_in
from checklist_kit.model import Calculate, Checklist, Indicator

States = NDArray[np.int8]

YES, NO, OUTSIDE = -2, -1, ANSWERED
"""States of a report. Those above `OUTSIDE` are positions in STATUSES: what keeps it out of the base."""

WORDS = {YES: "yes", NO: "no", OUTSIDE: "outside"} | dict(enumerate(STATUSES[1:], 1))


def names_in(checklist: Checklist, indicator: Indicator) -> Iterator[str]:
    """The items that an indicator depends on: those of `among` first, and before a calculation what it is made of."""
    for expression in (indicator.among, indicator.when):
        if expression is not None:
            yield from _operands(checklist, expression.tree)


def rests_on_sensitive(checklist: Checklist, indicator: Indicator) -> bool:
    """Whether an answer that an indicator is made of is sensitive."""
    return any(is_sensitive(checklist.by_name[name].item) for name in names_in(checklist, indicator))


def state_of(checklist: Checklist, indicator: Indicator, data: Data) -> States:
    """Return the state (int8) of each submission: YES or NO where it is in the base, else OUTSIDE or a status."""
    vector = Vector(data, data.frames[""])
    when = indicator.when.condition
    true, false = vector.compile(certainly(when)), vector.compile(certainly_not(when))
    base = (true | false) & _among(indicator, vector)
    return np.where(base, np.where(true, YES, NO), _missing(checklist, indicator, data)).astype(np.int8)


def _operands(checklist: Checklist, tree: Tree) -> Iterator[str]:
    for symbol in symbols_in(tree):
        item = checklist.by_name[symbol.name].item
        if isinstance(item, Calculate):
            yield from _operands(checklist, item.calculation.tree)
        yield symbol.name


def _among(indicator: Indicator, vector: Vector) -> Mask:
    """Where a unit is in question: where `among` is true, or by default where all that `when` asks for was answered."""
    if indicator.among is not None:
        return vector.compile(certainly(indicator.among.condition))
    among = np.ones(len(vector.frame), np.bool_)
    for status in _statuses([symbol.name for symbol in indicator.when.symbols], vector.data):
        among &= status == ANSWERED
    return among


def _missing(checklist: Checklist, indicator: Indicator, data: Data) -> States:
    """The first status that is not `answered` among the questions of an indicator, row by row."""
    missing = np.zeros(len(data.frames[""]), np.int8)
    for status in _statuses(names_in(checklist, indicator), data):
        missing = np.where(missing == ANSWERED, status, missing)
    return missing


def _statuses(names: Iterable[str], data: Data) -> Iterator[States]:
    """The statuses of questions outside of repeats; a sum or a count over a repeat is always known."""
    top = data.frames[""]
    for name in names:
        frame, column = data.columns.get(name, (None, None))
        if frame is top and column is not None:
            yield column.status
