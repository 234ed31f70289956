"""Random stratified samples, as hypothesis strategies and as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from checklist_kit.analysis.design import Design


@dataclass(frozen=True)
class Sample:
    """A sample with an indicator, its base, and numbers, whose strata differ."""

    labels: NDArray[Any]
    population: dict[str, float]
    design: Design
    y: NDArray[np.bool_]
    base: NDArray[np.bool_]
    number: NDArray[np.float64]
    size: NDArray[np.float64]


def sample(seed: int, rows: int = 120, strata: int = 4, *, weighted: bool = False) -> Sample:
    """A sample with at least two rows a stratum."""
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.repeat(np.arange(strata), 2), rng.integers(0, strata, rows - 2 * strata)])
    labels = np.array([f"s{code}" for code in codes])
    population = {f"s{code}": float((codes == code).sum() * rng.integers(2, 30)) for code in range(strata)}
    weights = rng.uniform(1, 9, rows) if weighted else None
    design = Design.of(labels, None if weighted else population, weights)
    size = rng.uniform(100, 900, rows)
    return Sample(
        labels,
        {} if weighted else population,
        design,
        rng.random(rows) < 0.1 + 0.6 * codes / strata,
        rng.random(rows) < 0.75,
        size * rng.uniform(0.2, 0.9, rows) + 50 * codes,
        size,
    )


@st.composite
def awkward(draw: st.DrawFn) -> tuple[Design, NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]:
    """Any design: empty ones, strata of one row, weights of 0, more rows than units, a census."""
    rows = draw(st.integers(0, 12))
    labels = draw(st.lists(st.sampled_from("abcd"), min_size=rows, max_size=rows))
    population = draw(st.none() | st.dictionaries(st.sampled_from("abcde"), st.integers(0, 20).map(float)))
    each = st.sampled_from([0.0, 1.0, 2.5, 1e-9, 1e9])
    weights = draw(st.none() | st.lists(each, min_size=rows, max_size=rows))
    masks = st.lists(st.booleans(), min_size=rows, max_size=rows).map(lambda values: np.array(values, np.bool_))
    number = st.sampled_from([0.0, 1.0, -3.5, 1e6, 0.1, np.nan, np.inf])
    numbers = st.lists(number, min_size=rows, max_size=rows).map(lambda values: np.array(values, np.float64))
    return Design.of(labels, population, weights), draw(masks), draw(masks), draw(numbers)
