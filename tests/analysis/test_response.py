"""Who reported, and who did not."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from checklist_kit.analysis.deployment import read_deployment
from checklist_kit.analysis.findings import Beside, findings
from checklist_kit.analysis.frame import FrameError, read_frame
from checklist_kit.analysis.publish import publishable
from checklist_kit.analysis.reload import source_of
from checklist_kit.analysis.report import render
from checklist_kit.analysis.response import OBSERVERS, Response, respond
from checklist_kit.diagnostics import CODES
from checklist_kit.model import Checklist
from tests.analysis.helpers import checklist_of, rows, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
choices:
  yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}
items:
  - {name: station, type: text, required: true, label: S}
  - name: opening
    type: section
    label: O
    items:
      - {name: opened, type: select_one, choices: yn, label: O}
      - {name: sealed, type: select_one, choices: yn, label: S}
  - {name: counted, type: select_one, choices: yn, label: C}
  - {name: seals, type: select_multiple, choices: yn, label: M, relevant: "counted = 'yes'"}
indicators:
  - {name: late, label: Late, when: "opened = 'no'"}
reports:
  - {name: morning, label: Morning, due: "2024-02-07T09:00+00:00", items: [opening]}
  - {name: night, label: Night, due: "2024-02-07T23:00+00:00", items: [counted, seals]}
"""
DEPLOYMENT = """station,observer,status
1,A1,
1,A2,expelled
2,B1,expelled
3,C1,refused
4,D1,withdrawn
5,E1,
6,F1,closed
7,G1,not_sent
"""
FULL = {"opened": "no", "sealed": "yes"}


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def of(checklist: Checklist, folder: Path, *data: dict[str, Any], hour: int = 10, **options: Any) -> Response:
    path = folder / "deployment.csv"
    path.write_text(DEPLOYMENT, encoding="utf-8")
    stream = [submission(row, f"s{n}", received_at=row.pop("at", "")) for n, row in enumerate(map(dict, data))]
    at = datetime.datetime(2024, 2, 7, hour, tzinfo=datetime.UTC)
    source = source_of(tables(checklist, *stream))
    return respond(checklist, source, read_deployment(path, "station"), at, **options)


def dispositions(found: Response, report: str) -> dict[str, tuple[str, str]]:
    mine = found.units[found.units["report"] == report]
    return {unit: (what, when) for unit, what, when in rows(mine, "unit", "disposition", "time")}


def test_every_unit_has_a_disposition(checklist: Checklist, tmp_path: Path) -> None:
    found = of(
        checklist,
        tmp_path,
        {"station": "1", **FULL, "at": "2024-02-07T08:30:00Z"},
        {"station": "2", "opened": "no", "at": "2024-02-07T09:30:00Z"},
        {"station": "3", "opened": "unseen", "sealed": "unseen"},
    )
    assert dispositions(found, "morning") == {
        "1": ("complete", "on_time"),
        "2": ("partial", "late"),
        "3": ("refused", ""),  # all of it "not observed", by somebody who was kept out
        "4": ("withdrawn", ""),
        "5": ("not_reported", "overdue"),
        "6": ("closed", ""),
        "7": ("not_sent", ""),
    }
    assert dispositions(found, "night")["1"] == ("expelled", "")
    assert dispositions(found, "night")["5"] == ("not_reported", "not_due")


def test_rates_are_those_of_aapor(checklist: Checklist, tmp_path: Path) -> None:
    """Of six units that exist one is complete and one partial; one refused, and of one nothing was heard."""
    found = of(checklist, tmp_path, {"station": "1", **FULL}, {"station": "2", "opened": "no"})
    (row,) = found.table[(found.table["report"] == "morning") & (found.table["group"] == "")].to_dict("records")
    assert (row["units"], row["closed"], row["overdue"]) == (7, 1, 1)
    assert [row[name] for name in OBSERVERS] == [8, 1, 2, 1]
    assert (row["rr1"], row["rr2"], row["refusal"], row["contact"]) == pytest.approx((1 / 6, 2 / 6, 1 / 6, 5 / 6))
    (night,) = found.table[found.table["report"] == "night"].to_dict("records")
    assert pd.isna(night["rr1"])


def test_who_is_overdue_is_told_with_the_observer(checklist: Checklist, tmp_path: Path) -> None:
    assert rows(of(checklist, tmp_path, {"station": "1", **FULL}, hour=10).overdue) == [("morning", "5", "E1")]
    late = of(checklist, tmp_path, {"station": "1", **FULL}, hour=23).overdue
    assert rows(late, "report", "unit") == [("morning", "5"), ("night", "5")]


def test_parts_of_a_report_add_up(checklist: Checklist, tmp_path: Path) -> None:
    """The first part counts for the hour; what one observer left out another may have answered."""
    found = of(
        checklist,
        tmp_path,
        {"station": "1", "sealed": "yes", "at": "2024-02-07T12:00:00Z"},
        {"station": "1", "opened": "no", "at": "2024-02-07T08:00:00Z"},
    )
    assert dispositions(found, "morning")["1"] == ("complete", "on_time")


def test_missing_answers_are_counted_by_question(checklist: Checklist, tmp_path: Path) -> None:
    found = of(
        checklist,
        tmp_path,
        {"station": "1", "opened": "no", "counted": "no"},
        {"station": "2", "opened": "unseen", "counted": "yes", "seals": ["yes"]},
        {"station": "5", "opened": "perhaps"},
    )
    items = {row["item"]: row for row in found.items.to_dict("records")}
    assert (items["opened"]["asked"], items["opened"]["answered"], items["opened"]["not_observed"]) == (3, 1, 1)
    assert (items["opened"]["invalid"], items["opened"]["nonresponse"]) == (1, pytest.approx(1 / 3))
    assert (items["seals"]["asked"], items["seals"]["nonresponse"]) == (1, 0)
    assert items["sealed"]["nonresponse"] == 1


def test_groups_are_those_of_the_frame(checklist: Checklist, tmp_path: Path) -> None:
    path = tmp_path / "frame.csv"
    path.write_text(
        "station,region\n" + "".join(f"{n},{'N' if n < 3 else 'S'}\n" for n in range(1, 8)), encoding="utf-8"
    )
    found = of(checklist, tmp_path, {"station": "1", **FULL}, frame=read_frame(path), by=["region"]).table
    morning = found[found["report"] == "morning"]
    assert rows(morning, "group", "units", "complete") == [("", 7, 1), ("region: N", 2, 1), ("region: S", 5, 0)]
    with pytest.raises(FrameError, match="no column `regions`"):
        of(checklist, tmp_path, frame=read_frame(path), by=["regions"])


def test_without_reports_the_whole_form_is_one(tmp_path: Path) -> None:
    checklist = checklist_of(tmp_path, TEXT.partition("reports:")[0])
    found = of(checklist, tmp_path, {"station": "1", **FULL, "counted": "no"})
    (row,) = found.table.to_dict("records")
    assert (row["report"], row["due"], row["complete"], row["overdue"]) == ("f", "", 1, 0)


def test_nothing_at_all(checklist: Checklist, tmp_path: Path) -> None:
    found = of(checklist, tmp_path)
    assert found.table["complete"].tolist() == [0, 0]
    assert found.items["nonresponse"].isna().all()


def test_units_not_reached_widen_the_bounds(checklist: Checklist, tmp_path: Path) -> None:
    """Of eight stations to be observed four say yes and one no; three could all have said either."""
    path = tmp_path / "deployment.csv"
    path.write_text("station\n" + "".join(f"{n}\n" for n in range(1, 9)), encoding="utf-8")
    stream = [submission({"station": str(n), "opened": "no" if n < 5 else "yes"}, f"s{n}") for n in range(1, 6)]
    beside = Beside(read_deployment(path, "station"))
    (row,) = findings(checklist, tables(checklist, *stream), beside=beside).rows()
    assert (row["share"], row["worst_low"], row["worst_high"]) == pytest.approx((4 / 5, 4 / 8, 7 / 8))
    (alone,) = findings(checklist, tables(checklist, *stream)).rows()
    assert (alone["worst_low"], alone["worst_high"]) == pytest.approx((4 / 5, 4 / 5))
    assert alone["small_base"] == 1


FILES = [code for code, entry in CODES.items() if entry.type == "deployment"]


@pytest.mark.parametrize("code", FILES)
def test_faults_are_found_in_the_bad_file_and_not_in_the_good_one(code: str, tmp_path: Path) -> None:
    path = tmp_path / "deployment.csv"
    path.write_text(CODES[code].bad.lstrip(), encoding="utf-8")
    with pytest.raises(FrameError) as raised:
        read_deployment(path, "station")
    assert [one.code for one in raised.value.diagnostics] == [code]
    assert all(one.span is not None for one in raised.value.diagnostics)
    path.write_text(CODES[code].good.lstrip(), encoding="utf-8")
    assert len(read_deployment(path, "station").assignments) >= 1


def test_a_file_without_the_column_of_units(tmp_path: Path) -> None:
    path = tmp_path / "deployment.csv"
    path.write_text("place,observer\n1,A\n", encoding="utf-8")
    with pytest.raises(FrameError, match="no column `station`"):
        read_deployment(path, "station")


def test_published_counts_are_not_small(checklist: Checklist, tmp_path: Path) -> None:
    """All counts of a report go together, because they add up to the units; the page says so."""
    path = tmp_path / "deployment.csv"
    path.write_text("station,status\n" + "".join(f"{n},{'refused' if n > 18 else ''}\n" for n in range(1, 21)), "utf-8")
    stream = [submission({"station": str(n), **FULL, "counted": "no"}, f"s{n}") for n in range(1, 13)]
    found = findings(checklist, tables(checklist, *stream), beside=Beside(read_deployment(path, "station")))
    shown = publishable(checklist, found, 5).response
    assert shown is not None
    row = shown.table.iloc[0]
    assert (row["units"], row["rr2"]) == (20, pytest.approx(12 / 20))
    assert row[["complete", "refused", "not_reported", "overdue", "refusal", "observers"]].isna().all()
    assert "withheld" in render(checklist, publishable(checklist, found, 5))
    whole = publishable(checklist, found, 2).response
    assert whole is not None
    assert (whole.table.iloc[0]["complete"], whole.table.iloc[0]["refused"]) == (12, 2)
    assert shown.items.loc[shown.items["item"] == "opened", "answered"].tolist() == [12]


def test_units_that_stand_in_one_list_only_are_said(checklist: Checklist, tmp_path: Path) -> None:
    path = tmp_path / "frame.csv"
    path.write_text("station\n" + "".join(f"{n}\n" for n in range(1, 7)), encoding="utf-8")
    found = of(checklist, tmp_path, {"station": "1", **FULL}, {"station": "1 a", **FULL}, frame=read_frame(path))
    assert [note.code for note in found.notes] == ["deployment-unexpected", "deployment-not-in-frame"]
    assert ["`1 a`" in found.notes[0].message, "`7`" in found.notes[1].message] == [True, True]
    assert of(checklist, tmp_path, {"station": "1", **FULL}).notes == ()
