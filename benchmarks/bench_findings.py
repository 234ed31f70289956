"""Indicators: of a million rows, and beside svy estimating the same shares from the same design."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.work import Work

_ROWS, _STATIONS, _QUESTIONS, _INDICATORS, _BESIDE_SVY = 1_000_000, 5_000, 40, 200, 150
_STRATA, _UNITS = 12, 40_000
_ANSWERS = ("yes", "no", "seldom", "often", "not_observed")


def definition(questions: int, indicators: int) -> str:
    """Return a checklist of select_one questions, and of indicators that go round them with different answers."""
    items = "\n".join(
        f"  - {{name: q{n}, type: select_one, choices: often, label: Question {n}}}" for n in range(questions)
    )
    wanted = ("no", "yes", "seldom", "often")
    shares = "\n".join(
        f"  - {{name: i{n}, label: Indicator {n}, when: \"q{n % questions} = '{wanted[n // questions % 4]}'\", "
        f"among: \"q{n % questions} in ('yes', 'no', 'seldom', 'often')\"}}"
        for n in range(indicators)
    )
    return (
        'checklist: bench\nversion: "1"\ntitle: Bench\nunit: station\nchoices:\n  often:\n'
        '    yes: "Yes"\n    no: "No"\n    seldom: Seldom\n    often: Often\n'
        "    not_observed: {label: Not observed, missing: not_observed}\n"
        f"items:\n  - {{name: station, type: text, required: true, label: Station}}\n{items}\nindicators:\n{shares}\n"
    )


def answers_of(rng: np.random.Generator, rows: int) -> np.ndarray[Any, Any]:
    """Return positions in the list of answers, each question with its own shares."""
    return rng.choice(len(_ANSWERS), rows, p=rng.dirichlet(np.full(len(_ANSWERS), 2.0)))


def prepare(folder: Path) -> None:
    """Write the definition, and as Parquet the tables of as many stations as make a million answers."""
    import pandas as pd

    rng = np.random.default_rng(7)
    (folder / "wide.yaml").write_text(definition(_INDICATORS, _INDICATORS), encoding="utf-8")
    (folder / "long.yaml").write_text(definition(_QUESTIONS, _INDICATORS), encoding="utf-8")
    ids = [f"s{n}" for n in range(_STATIONS)]
    submissions = pd.DataFrame({"submission_id": ids, "unit": [str(n) for n in range(_STATIONS)], "received_at": ""})
    parts = []
    for question in range(_INDICATORS):
        value = np.array(_ANSWERS, object)[answers_of(rng, _STATIONS)]
        status = np.where(value == "not_observed", "not_observed", "answered")
        parts.append(pd.DataFrame({"submission_id": ids, "item": f"q{question}", "status": status, "value": value}))
    table = pd.concat(parts).assign(instance="", choice="")
    order = ["submission_id", "item", "instance", "choice", "status", "value"]
    table[order].to_parquet(folder / "answers.parquet", index=False)
    submissions.to_parquet(folder / "submissions.parquet", index=False)


def from_tables(folder: Path) -> None:
    """Compute the indicators of the tables in a folder."""
    import checklist_kit as ck

    found = ck.findings(ck.load(folder / "wide.yaml"), folder)
    assert len(found.table) == _INDICATORS


@dataclass(frozen=True)
class Stations:
    """Answers of stations that are in memory already, and their sample."""

    checklist: Any
    data: Any
    counting: Any


def in_memory(folder: Path) -> Stations:
    """Answers of a million stations in strata, as columns."""
    import pandas as pd

    import checklist_kit as ck
    from checklist_kit.analysis.coerce import reader
    from checklist_kit.analysis.columns import Column, Mask
    from checklist_kit.analysis.counting import Counting
    from checklist_kit.analysis.design import Design
    from checklist_kit.analysis.frames import Frame
    from checklist_kit.analysis.placing import Placed
    from checklist_kit.analysis.resolve import Reports
    from checklist_kit.analysis.store import Store
    from checklist_kit.analysis.vector import Data
    from checklist_kit.model import Question, Resolve

    checklist, rng, every = ck.load(folder / "long.yaml"), np.random.default_rng(7), np.arange(_ROWS)
    data = Data({"": Frame("", None, [], [""] * _ROWS, every, every)}, np.zeros(_ROWS))
    for n in range(_QUESTIONS):
        item = checklist.by_name[f"q{n}"].item
        assert isinstance(item, Question)
        store = Store(reader(item), item.kind)
        index = store.encode(_ANSWERS)[answers_of(rng, _ROWS)]
        data.columns[item.name] = data.frames[""], Column(store, index, store.statuses[index])
    labels = np.array([f"s{n}" for n in range(_STRATA)])[rng.integers(0, _STRATA, _ROWS)]
    design = Design.of(labels, {f"s{n}": float(_ROWS) for n in range(_STRATA)})
    kept: Mask = np.ones(_ROWS, np.bool_)
    reports = Reports.of(pd.Series([""] * _ROWS), [str(n) for n in range(_ROWS)], Resolve.FIRST)
    return Stations(checklist, data, Counting(reports, Placed(kept, "", design, every, design, ()), (), known=True))


def of_a_million(stations: Stations) -> None:
    """Estimate all indicators."""
    from checklist_kit.analysis.rows import rows_of
    from checklist_kit.analysis.states import told_by

    counting = stations.counting
    for indicator in stations.checklist.indicators:
        told = told_by(stations.checklist, indicator, stations.data)
        (row,) = rows_of(stations.checklist, indicator, told.at(counting.pick(indicator, told)), counting)
        assert row["low"] <= row["share"] <= row["high"]


def svy_frame(_folder: Path) -> Any:
    """The answers of a stratified sample to as many yes-no questions as there are shares to estimate."""
    rng = np.random.default_rng(7)
    strata = rng.integers(0, _STRATA, _STATIONS)
    shares = {f"y{n}": rng.random(_STATIONS) < rng.uniform(0.02, 0.98) for n in range(_BESIDE_SVY)}
    return strata, shares


def shares_by_us(given: Any) -> None:
    """Estimate the shares."""
    from checklist_kit.analysis.design import Design, estimate_shares

    strata, shares = given
    labels = np.array([f"s{n}" for n in range(_STRATA)])[strata]
    design = Design.of(labels, {f"s{n}": float(_UNITS) for n in range(_STRATA)})
    base = np.ones(_STATIONS, np.bool_)
    found = estimate_shares(list(shares.values()), [base] * len(shares), design)
    assert all(one.se is not None for one in found)


def shares_by_svy(given: Any) -> None:
    """Estimate the same shares with svy."""
    import polars as pl
    import svy

    strata, shares = given
    rows = np.bincount(strata, minlength=_STRATA)
    frame = {"stratum": strata, "units": np.full(_STATIONS, float(_UNITS)), "weight": _UNITS / rows[strata]}
    data = pl.DataFrame({**frame, **{name: values.astype(int) for name, values in shares.items()}})
    sample = svy.Sample(data=data, design=svy.Design(stratum="stratum", wgt="weight", pop_size="units"))
    for name in shares:
        assert len(sample.estimation.prop(name).estimates) == 2


_PEER = "svy, one after the other"
WORKS = [
    Work("200 indicators of 1,000,000 answers, from Parquet", prepare, from_tables, None, "", 10),
    Work("200 indicators of 1,000,000 stations in memory", prepare, of_a_million, None, "", 10, before=in_memory),
    Work(
        "150 shares of 5,000 stations in 12 strata", prepare, shares_by_us, shares_by_svy, "svy", 0.5, before=svy_frame
    ),
]
