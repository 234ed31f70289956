"""A column of raw values is read as if each was read alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.coerce import coerce, reader
from checklist_kit.analysis.status import STATUSES
from checklist_kit.analysis.store import Store
from checklist_kit.model import Missing
from tests.analysis.test_coerce import HOSTILE, QUESTIONS, question

ALIKE = st.sampled_from(
    [1, 1.0, True, "1", 0, 0.0, -0.0, False, "", None, "[1]", [1], [1.0], [True], {}, "{}", *Missing]
)


@given(st.sampled_from(QUESTIONS), st.lists(st.lists(st.one_of(ALIKE, HOSTILE), max_size=8), min_size=1, max_size=3))
def test_columns_are_read_cell_by_cell(name: str, columns: list[list[object]]) -> None:
    store = Store(reader(question(name)), question(name).kind)
    for raws in columns:
        index = store.encode(raws)  # type: ignore[arg-type]
        for row, raw in enumerate(raws):
            alone, position = coerce(question(name), raw), int(index[row])  # type: ignore[arg-type]
            assert store.values[position] == alone.value
            assert STATUSES[store.statuses[position]] == alone.status
            assert store.notes.get(position) == alone.problem
            assert store.aside[position] == alone.aside
            assert store.ticked[position] == alone.ticked
            np.testing.assert_equal(store.numbers[position], np.nan if alone.number is None else alone.number)
            assert (position == 0) == (raw is None or raw == "")
