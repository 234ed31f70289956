"""The same random designs, estimated by svy."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
import svy

from checklist_kit.analysis.design import Estimate, estimate_mean, estimate_median, estimate_ratio, estimate_share
from tests.analysis_design.designs import Sample, sample

CASES = [
    (seed, rows, strata, weighted)
    for seed, (rows, strata) in enumerate([(20, 2), (60, 5), (120, 4), (400, 30)])
    for weighted in (False, True)
]
WITHIN = 1e-6


def peer(found: Sample) -> Any:
    frame = {
        "stratum": found.labels,
        "weight": found.design.weights,
        "y": found.y.astype(int),
        "base": found.base.astype(int),
        "number": found.number,
        "size": found.size,
    }
    if found.population:
        frame["units"] = [found.population[label] for label in found.labels]
    design = svy.Design(stratum="stratum", wgt="weight", pop_size="units" if found.population else None)
    return svy.Sample(data=pl.DataFrame(frame), design=design).estimation


def same(ours: Estimate, theirs: Any, *, limits: bool = True) -> None:
    """Value, standard error and design effect are the same, and the interval where it is made in the same way."""
    assert (ours.value, ours.se, ours.deff) == pytest.approx((theirs.est, theirs.se, theirs.deff), rel=WITHIN)
    if limits:
        assert (ours.low, ours.high) == pytest.approx((theirs.lci, theirs.uci), rel=WITHIN)


@pytest.mark.parametrize(("seed", "rows", "strata", "weighted"), CASES)
@pytest.mark.parametrize("part", [False, True], ids=["all", "base"])
def test_the_same(seed: int, rows: int, strata: int, weighted: bool, part: bool) -> None:
    found = sample(seed, rows, strata, weighted=weighted)
    base = found.base if part else np.ones(rows, np.bool_)
    where = svy.col("base") == 1 if part else None
    estimation = peer(found)
    share = next(one for one in estimation.prop("y", where=where, deff="wr").estimates if one.y_level == 1)
    same(estimate_share(found.y, base, found.design), share, limits=False)
    same(
        estimate_mean(found.number, base, found.design), estimation.mean("number", where=where, deff="wr").estimates[0]
    )
    ratio = estimation.ratio(y="number", x="size", where=where, deff="wr").estimates[0]
    same(estimate_ratio(found.number, found.size, base, found.design), ratio)
    median = estimate_median(found.number, base, found.design)
    theirs = estimation.median("number", where=where).estimates[0]
    assert median.value == pytest.approx(theirs.est, rel=WITHIN)


@pytest.mark.parametrize("seed", [3, 4])
def test_the_same_intervals_where_ours_need_no_model(seed: int) -> None:
    """In one stratum with equal weights and without correction ours is the plain Wilson interval, theirs one with t."""
    found = sample(seed, 300, 1)
    whole = np.ones(300, np.bool_)
    design = type(found.design).simple(300)
    ours = estimate_share(found.y, whole, design)
    data = pl.DataFrame({"y": found.y.astype(int), "weight": np.ones(300)})
    estimation = svy.Sample(data=data, design=svy.Design(wgt="weight")).estimation
    theirs = next(one for one in estimation.prop("y", ci_method="wilson").estimates if one.y_level == 1)
    assert (ours.low, ours.high) == pytest.approx((theirs.lci, theirs.uci), abs=0.0005)
