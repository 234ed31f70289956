"""Findings of a sample: strata, weights, groups, and units that do not belong to it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.frame import FrameError, read_frame
from checklist_kit.analysis.placing import Sample, read_sample
from checklist_kit.analysis.rows import FIGURES, REASONS
from checklist_kit.analysis.sampling import Request, draw, files
from checklist_kit.model import Checklist, Resolve
from tests.analysis.helpers import checklist_of, rows, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
choices:
  yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}
items:
  - {name: station, type: text, label: S}
  - {name: town, type: select_one, choices: yn, label: In a town}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: secret, type: select_one, choices: yn, sensitive: true, label: X}
  - {name: number, type: integer, label: N}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
"""
FRAME = "station,region,voters\n" + "".join(
    f"{n},{'North' if n <= 60 else 'South' if n < 100 else 'Isle'},{100 + n}\n" for n in range(1, 101)
)


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    path = tmp_path / "stations.csv"
    path.write_text(FRAME, encoding="utf-8")
    return path


def found_for(checklist: Checklist, reports: dict[Any, Any], **options: Any) -> Findings:
    """Findings of stations with their answers."""
    stream = [
        submission(
            {"station": str(station), **(answers if isinstance(answers, dict) else {"opened": answers})}, f"s{n}"
        )
        for n, (station, answers) in enumerate(reports.items())
    ]
    return findings(checklist, tables(checklist, *stream), **options)


def line(found: Findings, group: str = "") -> dict[str, Any]:
    (one,) = found.table[found.table["group"] == group].to_dict("records")
    return one


def codes(found: Findings) -> list[str]:
    return [note.code for note in found.notes]


def test_strata_weigh_by_their_units(checklist: Checklist, frame: Path) -> None:
    """Half of the north and none of the south, ten seen in each: the textbook variance of a stratified sample."""
    reports = {n: "no" if n % 2 else "yes" for n in range(1, 11)} | dict.fromkeys(range(61, 71), "yes")
    found = line(found_for(checklist, reports, sample=Sample(read_frame(frame), ("region",))))
    assert (found["n"], found["base"], found["count"]) == (20, 20, 5)
    # The island has a single station, which nobody reached: it is said, and the shares are those of the other 99.
    share = 60 / 99 * 0.5
    assert found["share"] == pytest.approx(share)
    variance = (60 / 99) ** 2 * (1 - 10 / 60) * 0.25 / 9
    assert found["deff"] == pytest.approx(variance / (share * (1 - share) / 19))
    assert found["low"] < found["share"] < found["high"]


def test_a_stratum_without_a_report_is_said(checklist: Checklist, frame: Path) -> None:
    found = found_for(checklist, {1: "no", 2: "yes", 61: "no"}, sample=Sample(read_frame(frame), ("region",)))
    assert codes(found) == ["frame-stratum-silent", "frame-single-unit"]
    assert "`Isle`" in found.notes[0].message


def test_all_units_observed_leave_no_doubt(checklist: Checklist, frame: Path) -> None:
    found = line(
        found_for(checklist, {n: "no" if n <= 25 else "yes" for n in range(1, 101)}, sample=Sample(read_frame(frame)))
    )
    assert (found["share"], found["low"], found["high"], found["method"]) == (0.25, 0.25, 0.25, "census")


def test_the_population_narrows_the_interval(checklist: Checklist, frame: Path) -> None:
    reports = {n: "no" if n % 4 else "yes" for n in range(1, 81)}
    endless, of_100 = (line(found_for(checklist, reports, **o)) for o in ({}, {"sample": Sample(read_frame(frame))}))
    assert endless["share"] == pytest.approx(of_100["share"])
    assert endless["low"] < of_100["low"] < of_100["high"] < endless["high"]
    assert (endless["method"], endless["deff"]) == ("wilson", 1.0)


def test_stations_outside_of_the_frame_are_not_counted(checklist: Checklist, frame: Path) -> None:
    found = found_for(checklist, {1: "no", 2: "yes", "1/2": "no", 900: "no"}, sample=Sample(read_frame(frame)))
    assert line(found)["n"] == 2
    assert rows(found.unused) == [
        ("s2", "1/2", "the unit is not in the frame"),
        ("s3", "900", "the unit is not in the frame"),
    ]
    assert codes(found) == ["frame-unit-unknown"]
    assert "`1/2`, `900` are in the reports" in found.notes[0].message


def test_groups_of_a_column_and_of_a_question(checklist: Checklist, frame: Path) -> None:
    reports = {
        1: {"opened": "no", "town": "yes"},
        2: {"opened": "yes", "town": "yes"},
        61: {"opened": "no", "town": "no"},
        62: {"opened": "no", "town": "unseen"},
    }
    found = found_for(checklist, reports, sample=Sample(read_frame(frame)), groups=["region", "town"])
    counted = {row["group"]: (row["n"], row["base"], row["count"]) for row in found.table.to_dict("records")}
    assert counted == {
        "": (4, 4, 3),
        "region: Isle": (0, 0, 0),
        "region: North": (2, 2, 1),
        "region: South": (2, 2, 2),
        "town: yes": (2, 2, 1),
        "town: no": (1, 1, 1),
    }
    assert pd.isna(line(found, "region: Isle")["share"])
    assert line(found, "region: Isle")["method"] == "none"
    none, bounds = found.notes
    assert (none.code, "1 of 4 units" in none.message) == ("frame-group-none", True)
    assert (bounds.code, "by `town` have no bounds" in bounds.message) == ("frame-group-bounds", True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("areas", "no column and no question"),
        ("secret", "is sensitive"),
        ("number", "no select_one"),
        ("station", "no select_one"),
    ],
)
def test_groups_that_cannot_be_made(checklist: Checklist, frame: Path, name: str, message: str) -> None:
    sample = None if name == "station" else Sample(read_frame(frame))
    with pytest.raises(FrameError, match=message):
        found_for(checklist, {1: "no"}, sample=sample, groups=[name])


def drawn(folder: Path, frame: Path, **asked: Any) -> Path:
    for name, data in files(draw(read_frame(frame), Request(seed=7, **asked))).items():
        (folder / name).write_bytes(data)
    return folder / "draw.json"


def test_a_draw_brings_its_strata_and_its_units(checklist: Checklist, frame: Path, tmp_path: Path) -> None:
    record = drawn(tmp_path, frame, size=20, by=("region",), minimum=1, reserves=1)
    sample = read_sample(checklist, frame, record=record)
    assert sample.record is not None
    _, units, reserves = sample.record.drawn["South"]
    stranger = next(unit for unit in map(str, range(61, 100)) if unit not in {*units, *reserves})
    reports = dict.fromkeys([*units[1:], *reserves], "no") | {stranger: "no"}
    found = found_for(checklist, reports, sample=sample)
    assert line(found)["n"] == len(units)
    assert found.unused["reason"].tolist() == ["the unit was not drawn"]
    assert codes(found) == ["draw-not-drawn", "draw-not-reached", "frame-stratum-silent"]
    with pytest.raises(ValueError, match="leave out either"):
        read_sample(checklist, frame, ["region"], record)


def test_unequal_chances_weigh_by_their_inverse(checklist: Checklist, frame: Path, tmp_path: Path) -> None:
    record = drawn(tmp_path, frame, size=20, pps="voters")
    with (tmp_path / "sample.csv").open(encoding="utf-8") as file:
        weights = pd.read_csv(file, dtype={"unit": "str"}).set_index("unit")["weight"]
    late = [unit for unit in weights.index if int(unit) <= 60]
    reports = {unit: "no" if unit in late else "yes" for unit in weights.index}
    found = line(found_for(checklist, reports, sample=read_sample(checklist, frame, record=record)))
    assert found["share"] == pytest.approx(weights[late].sum() / weights.sum(), rel=1e-6)
    assert found["share"] > found["count"] / found["base"]


def test_a_record_of_another_frame_is_refused(checklist: Checklist, frame: Path, tmp_path: Path) -> None:
    record = drawn(tmp_path, frame, size=20, by=("region",))
    frame.write_text(FRAME.replace("1,North", "1,South", 1), encoding="utf-8")
    with pytest.raises(FrameError, match="draw-differs"):
        found_for(checklist, {1: "no"}, sample=read_sample(checklist, frame, record=record))


def test_faults_of_the_frame_are_shown(checklist: Checklist, frame: Path) -> None:
    frame.write_text(FRAME + "1,North,5\n", encoding="utf-8")
    with pytest.raises(FrameError, match="frame-unit-duplicate"):
        read_sample(checklist, frame)
    frame.write_text("station,region\n1,\n2,North\n", encoding="utf-8")
    with pytest.raises(FrameError, match="frame-stratum-blank"):
        found_for(checklist, {1: "no"}, sample=read_sample(checklist, frame, ["region"]))


ANSWERS = st.dictionaries(
    st.integers(1, 103),
    st.fixed_dictionaries({}, optional=dict.fromkeys(("opened", "town"), st.sampled_from(["yes", "no", "unseen"]))),
    max_size=12,
)


@given(ANSWERS, st.booleans(), st.booleans(), st.sampled_from([rule for rule in Resolve if rule is not Resolve.SENIOR]))
def test_figures_are_defined_whatever_was_reported(
    tmp_path_factory: pytest.TempPathFactory, reports: dict[int, Any], framed: bool, strata: bool, rule: Resolve
) -> None:
    """No NaN; shares lie in their intervals; groups of a column that has no blanks add up to all units."""
    folder = tmp_path_factory.mktemp("figures")
    checklist = checklist_of(folder, TEXT)
    path = folder / "stations.csv"
    path.write_text(FRAME, encoding="utf-8")
    sample = Sample(read_frame(path), ("region",) if strata else ()) if framed else None
    groups = ["region", "town"] if framed else ["town"]
    found = found_for(checklist, reports, sample=sample, groups=groups, resolve=rule)
    for row in found.table.to_dict("records"):
        assert row["n"] == row["base"] + row["outside"] + sum(row[reason] for reason in REASONS)
        if row["base"] == 0:
            assert not any(isinstance(row[name], float) for name in FIGURES if not name.startswith("worst"))
        else:
            assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
            asked = row["group"].startswith("town")
            assert pd.isna(row["worst_low"]) if asked else 0 <= row["worst_low"] <= row["worst_high"] <= 1
            assert not isinstance(row["deff"], float) or math.isfinite(row["deff"])
    if framed:
        regions = found.table[found.table["group"].str.startswith("region")]
        assert regions["n"].sum() == line(found)["n"]
