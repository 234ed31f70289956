"""What reports tell of an indicator is the same, whether it is looked at by submission or by distinct answer."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis import states
from checklist_kit.analysis.reload import source_of
from checklist_kit.analysis.replay import replay
from checklist_kit.analysis.states import names_in, told_by
from tests.analysis.helpers import checklist_of, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
choices: {yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}}
items:
  - {name: station, type: text, required: true, label: S}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: voted, type: integer, relevant: "opened = 'yes'", label: V, missing: {99: refused}}
  - {name: day, type: date, label: D}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
  - {name: seen, label: Seen, when: opened is answered, among: "opened != 'unseen'"}
  - {name: many, label: Many, when: voted > 3, among: voted is answered}
  - {name: mean, label: Mean, mean: voted * 2}
  - {name: ratio, label: Ratio, ratio: voted, per: voted + 1}
  - {name: old, label: Old, when: "days(day, today()) > 3"}
"""
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "opened": st.sampled_from(["yes", "no", "unseen", "perhaps"]),
        "voted": st.sampled_from([0, 4, 99, "many"]),
        "day": st.sampled_from(["2024-02-01", "2024-02-07"]),
    },
)


@given(st.lists(ANSWERS, min_size=1, max_size=8))
def test_both_ways_agree(tmp_path_factory: pytest.TempPathFactory, reports: list[dict[str, Any]]) -> None:
    checklist = checklist_of(tmp_path_factory.mktemp("told"), TEXT)
    stream = [submission({"station": str(n), **row}, f"s{n}") for n, row in enumerate(reports)]
    names = [name for indicator in checklist.indicators for name in names_in(checklist, indicator)]
    data = replay(checklist, source_of(tables(checklist, *stream)), names, datetime.date(2024, 2, 8))
    for indicator in checklist.indicators:
        found = []
        for worthwhile in (0, 10**9):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(states, "_WORTHWHILE", worthwhile)
                found.append(told_by(checklist, indicator, data))
        by_answer, by_row = found
        assert by_answer.states.tolist() == by_row.states.tolist()
        if by_row.values is not None:
            np.testing.assert_array_equal(by_answer.numbers, by_row.numbers)
