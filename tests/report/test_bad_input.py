"""What can be wrong with the frame, the data and the figures: a clear problem, a defined result, never NaN."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from checklist_kit.analysis.design import Design
from checklist_kit.analysis.write import write
from checklist_kit.cli import cli
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
  - {name: voted, type: integer, label: V}
  - {name: listed, type: integer, label: L}
indicators:
  - {name: late, label: Late, when: "opened = 'no'", phrase: "{share} of stations opened late ({interval})."}
  - {name: turnout, label: Turnout, ratio: voted, per: listed, phrase: "{value} voted ({interval})."}
  - {name: mean, label: Mean, mean: voted, beyond: 5}
  - {name: median, label: Median, median: voted}
"""
FRAME = "station,region\n" + "".join(f"{n},{'North' if n <= 6 else 'South'}\n" for n in range(1, 13))
ALL = [(str(n), {"opened": "no" if n % 2 else "yes", "voted": n, "listed": 20}) for n in range(1, 11)]


def lines_of(
    folder: Path, frame: str, reports: list[tuple[str, dict[str, object]]], fails: int = 0
) -> tuple[str, list[dict[str, str]]]:
    """Run the command; return what it said, and the rows of findings.csv."""
    checklist = checklist_of(folder, TEXT)
    stream = [submission({"station": station, **answers}, f"s{n}") for n, (station, answers) in enumerate(reports)]
    write(tables(checklist, *stream), folder / "tables", "csv")
    (folder / "frame.csv").write_text(frame, encoding="utf-8")
    words = [folder / "checklist.yaml", folder / "tables", "--frame", folder / "frame.csv", "--by", "region"]
    result = CliRunner().invoke(cli, ["findings", *map(str, words), "-o", str(folder / "out")], catch_exceptions=False)
    assert result.exit_code == fails, result.output
    if fails:
        assert not (folder / "out").exists()
        return result.output, []
    for path in (folder / "out").glob("*.csv"):
        assert "nan" not in path.read_text(encoding="utf-8").lower()
    page = (folder / "out" / "findings.html").read_text(encoding="utf-8").lower()
    assert ">nan" not in page
    assert "inf%" not in page
    with (folder / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return result.output, list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("frame", "code", "told"),
    [
        (FRAME + "3,North\n", "frame-unit-duplicate", "unit `3` stands here a second time"),
        (FRAME.replace("3,North", "3,"), "frame-stratum-blank", "frame.csv:4:"),
        ("station,area\n1,North\n", "frame-column-unknown", "the frame has no column `region`"),
        ("station,region\n", "frame-empty", "has no units"),
    ],
    ids=["twice", "no stratum", "no column", "empty"],
)
def test_a_frame_that_cannot_be_used_is_refused_at_its_place(tmp_path: Path, frame: str, code: str, told: str) -> None:
    said, _ = lines_of(tmp_path, frame, ALL, fails=1)
    assert f"[{code}]" in said
    assert told in said


@pytest.mark.parametrize(
    ("reports", "code", "late"),
    [
        ([*ALL, ("99", {"opened": "no"})], "frame-unit-unknown", ("10", "10", "5")),
        (ALL[:6], "frame-stratum-silent", ("6", "6", "3")),
        (ALL[:7], "frame-single-unit", ("7", "7", "4")),
        ([(station, {"opened": "unseen"}) for station, _ in ALL], "frame-base-empty", ("10", "0", "0")),
        ([], "frame-base-empty", ("0", "0", "0")),
    ],
    ids=["outside the frame", "a stratum without a report", "a stratum with one", "an empty base", "no report"],
)
def test_odd_data_are_said_and_have_a_result(
    tmp_path: Path, reports: list[tuple[str, dict[str, object]]], code: str, late: tuple[str, str, str]
) -> None:
    said, rows = lines_of(tmp_path, FRAME, reports)
    assert f"[{code}]" in said
    row = next(row for row in rows if row["indicator"] == "late")
    assert (row["n"], row["base"], row["count"]) == late
    assert (row["share"] == "") == (row["base"] == "0")


@pytest.mark.parametrize(("answer", "share"), [("yes", 0.0), ("no", 1.0)], ids=["0 of n", "n of n"])
def test_none_and_all_have_an_interval(tmp_path: Path, answer: str, share: float) -> None:
    """Of ten of twelve stations all say the same: one end is certain, the other is not."""
    _, rows = lines_of(tmp_path, FRAME, [(station, {"opened": answer, "voted": 0, "listed": 0}) for station, _ in ALL])
    row = rows[0]
    assert (float(row["share"]), row["method"]) == (share, "korn-graubard")
    low, high = float(row["low"]), float(row["high"])
    assert (low, 0 < high < 0.5) == (0, True) if share == 0 else (high, 0.5 < low < 1) == (1, True)
    turnout = next(row for row in rows if row["indicator"] == "turnout")
    assert (turnout["value"], turnout["low"], turnout["method"]) == ("", "", "none")


def test_weights_that_do_not_sum_are_said_and_used_as_they_are() -> None:
    design = Design.of(["North", "North", "South"], {"North": 10.0, "South": 5.0}, weights=[2, 2, 5])
    assert [note.code for note in design.notes] == ["frame-weights-sum"]
    assert "`North`" in design.notes[0].message
    assert math.isclose(design.weights.sum(), 9)
