"""Designs: weights, joined strata, and what is said about odd ones."""

from __future__ import annotations

import numpy as np
import pytest

from checklist_kit.analysis.design import Design, estimate_share
from checklist_kit.analysis.design.strata import collapse


def codes(design: Design) -> list[str]:
    return [note.code for note in (*design.notes, *design.collapsed)]


def test_weights_share_out_the_units_of_a_stratum() -> None:
    design = Design.of(["b", "a", "b", "b"], {"a": 10.0, "b": 60.0})
    assert design.names == ("a", "b")
    assert design.weights.tolist() == [20, 10, 20, 20]
    assert Design.of(["a", "b"]).weights.tolist() == [1, 1]
    assert Design.simple(4, 20).weights.tolist() == [5] * 4


@pytest.mark.parametrize("weights", [[1.0, -1], [1, np.nan], [1, np.inf], [1.0]])
def test_impossible_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Design.of(["a", "a"], weights=weights)


def test_a_single_row_joins_the_stratum_nearest_in_size() -> None:
    rows, units = np.array([5, 1, 7, 4]), np.array([900.0, 310, 300, 120])
    groups = collapse(rows, units, units)
    assert groups.joined == ((1, 2),)
    assert groups.of_stratum[1] == groups.of_stratum[2]
    assert sorted(groups.rows) == [4, 5, 8]
    assert groups.unsampled[groups.of_stratum[1]] == pytest.approx(1 - 8 / 610)


def test_single_rows_join_each_other() -> None:
    units = np.array([10.0, 500, 12, 510])
    groups = collapse(np.ones(4, int), units, units)
    assert groups.joined == ((0, 2), (1, 3))


def test_a_stratum_of_one_unit_that_was_taken_is_no_problem() -> None:
    design = Design.of(["a", "b", "b"], {"a": 1.0, "b": 30.0})
    assert design.groups.joined == ()
    assert codes(design) == []


def test_what_is_joined_is_said() -> None:
    design = Design.of(["a", "b", "b"], {"a": 20.0, "b": 30.0})
    assert codes(design) == ["frame-single-unit"]
    assert "`a`, `b`" in design.collapsed[0].message
    found = estimate_share(np.array([True, False, False]), np.ones(3, np.bool_), design)
    assert found.value == pytest.approx(0.4)
    assert found.se is not None


@pytest.mark.parametrize(
    ("population", "weights", "expected"),
    [
        ({"a": 30.0, "b": 40.0}, None, []),
        ({"a": 30.0, "b": 40.0, "c": 5.0}, None, ["frame-stratum-silent"]),
        ({"a": 30.0}, None, ["frame-stratum-unknown"]),
        ({"a": 30.0, "b": 1.0}, None, ["frame-stratum-overfull"]),
        ({"a": 30.0, "b": 40.0}, [15.0, 15, 20, 20], []),
        ({"a": 30.0, "b": 40.0}, [15.0, 15, 20, 10], ["frame-weights-sum"]),
        (None, [15.0, 15, 20, 10], []),
    ],
)
def test_oddities_are_found(population: dict | None, weights: list | None, expected: list[str]) -> None:
    design = Design.of(["a", "a", "b", "b"], population, weights)
    assert codes(design) == expected
    assert 0 <= estimate_share(np.array([1, 0, 1, 1], bool), np.ones(4, bool), design).low <= 1
