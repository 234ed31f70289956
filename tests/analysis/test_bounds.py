"""The least and the greatest share that there could be, of all units and of each group of them."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.analysis.deployment import read_deployment
from checklist_kit.analysis.findings import Beside, Findings, findings
from checklist_kit.analysis.frame import read_frame
from checklist_kit.analysis.placing import Sample, read_sample
from checklist_kit.analysis.publish import publishable
from checklist_kit.analysis.sampling import Request, draw, files
from tests.analysis.helpers import checklist_of, submission, tables

TEXT = """
checklist: f
version: "1"
title: F
unit: station
choices: {yn: {yes: Yes, no: No, unseen: {label: Not seen, missing: not_observed}}}
items:
  - {name: station, type: text, required: true, label: S}
  - {name: town, type: select_one, choices: yn, label: T}
  - {name: opened, type: select_one, choices: yn, label: O}
  - {name: late, type: integer, label: L}
indicators:
  - {name: closed, label: Closed, when: "opened = 'no'"}
  - {name: lateness, label: Late, mean: late}
"""


def found_in(
    folder: Path, reports: dict[str, str], expected: list[str], region: dict[str, str], **more: Any
) -> Findings:
    """Findings of stations with an answer, of others that were expected, and of a frame with regions as strata."""
    checklist = checklist_of(folder, TEXT)
    frame, deployment = folder / "frame.csv", folder / "deployment.csv"
    frame.write_text("station,region\n" + "".join(f"{n},{one}\n" for n, one in region.items()), encoding="utf-8")
    deployment.write_text("station\n" + "".join(f"{n}\n" for n in expected), encoding="utf-8")
    stream = [submission({"station": n, "opened": one, "town": "yes"}, f"s{n}") for n, one in reports.items()]
    options: dict[str, Any] = {"groups": ["region"], "sample": Sample(read_frame(frame), ("region",)), **more}
    beside = Beside(read_deployment(deployment, "station")) if expected else Beside()
    return findings(checklist, tables(checklist, *stream), beside=beside, **options)


def bounds_of(found: Findings, group: str = "", indicator: str = "closed") -> tuple[float | None, float | None]:
    (row,) = [one for one in found.rows() if one["group"] == group and one["indicator"] == indicator]
    return row["worst_low"], row["worst_high"]


REGION = {str(n): "North" if n <= 60 else "South" for n in range(1, 101)}


def test_each_group_has_the_units_of_its_own(tmp_path: Path) -> None:
    """In the north 3 of 10 say no, one saw nothing and two were not reached; in the south all is known."""
    reports = {str(n): "no" if n <= 3 else "unseen" if n == 10 else "yes" for n in range(1, 11)}
    reports |= {str(n): "yes" for n in range(61, 66)}
    found = found_in(tmp_path, reports, [*reports, "11", "12"], REGION)
    assert bounds_of(found, "region: North") == pytest.approx((3 / 12, 6 / 12))
    assert bounds_of(found, "region: South") == (0, 0)
    assert bounds_of(found) == pytest.approx((0.6 * 3 / 12, 0.6 * 6 / 12))
    assert bounds_of(found, "region: North", "lateness") == (None, None)
    assert not [note for note in found.notes if note.code == "frame-group-bounds"]


def test_a_region_that_nobody_reached_could_be_anything(tmp_path: Path) -> None:
    found = found_in(tmp_path, {"1": "no", "2": "yes"}, ["1", "2", "61", "62"], REGION)
    assert bounds_of(found, "region: South") == (0, 1)
    assert bounds_of(found, "region: North") == (0.5, 0.5)
    assert bounds_of(found) == pytest.approx((0.3, 0.7))


def test_units_that_were_drawn_and_not_reached_count(tmp_path: Path) -> None:
    """The draw says which: those of a region that did not report, at what the draw gave them as chances."""
    path = tmp_path / "stations.csv"
    path.write_text("station,region\n" + "".join(f"{n},{one}\n" for n, one in REGION.items()), encoding="utf-8")
    picked = draw(read_frame(path), Request(seed=7, size=20, by=("region",)))
    for name, data in files(picked).items():
        (tmp_path / name).write_bytes(data)
    (record,) = tmp_path.glob("*.json")
    drawn = {one.name: [picked.frame.units[pick.row] for pick in one.picks] for one in picked.strata}
    checklist = checklist_of(tmp_path, TEXT)
    reports = {unit: "no" for units in drawn.values() for unit in units[1:]}
    found = found_in(tmp_path, reports, [], REGION, sample=read_sample(checklist, path, record=record))
    for name, units in drawn.items():
        assert bounds_of(found, f"region: {name}") == pytest.approx(((len(units) - 1) / len(units), 1))


def test_groups_of_a_question_have_none_and_that_is_said_once(tmp_path: Path) -> None:
    found = found_in(tmp_path, {"1": "no", "2": "yes"}, [], REGION, groups=["region", "town"])
    assert bounds_of(found, "town: yes") == (None, None)
    assert bounds_of(found, "region: North") == (0.5, 0.5)
    assert [note.code for note in found.notes].count("frame-group-bounds") == 1


def test_small_groups_are_withheld_with_their_bounds(tmp_path: Path) -> None:
    reports = {str(n): "no" if n % 2 else "yes" for n in range(1, 41)} | {"61": "no", "62": "yes"}
    found = found_in(tmp_path, reports, [*reports, "63"], REGION)
    assert bounds_of(found, "region: South") == pytest.approx((1 / 3, 2 / 3))
    published = publishable(checklist_of(tmp_path, TEXT), found, 5)
    assert bounds_of(published, "region: South") == (None, None)


ANSWERS = st.lists(
    st.tuples(st.sampled_from(["yes", "no", "unseen", None]), st.sampled_from(["North", "South", "East"])),
    min_size=1,
    max_size=6,
)


@given(ANSWERS, st.lists(st.integers(0, 9), min_size=3, max_size=3))
@settings(max_examples=40)
def test_bounds_are_those_of_all_that_could_have_been(
    tmp_path_factory: pytest.TempPathFactory, units: list[tuple[str | None, str]], others: list[int]
) -> None:
    """Each unit that is not known is tried as yes, as no, and as not in question at all."""
    region = {str(n): where for n, (_, where) in enumerate(units)}
    size = {where: sum(one == where for one in region.values()) for where in region.values()}
    population = {where: count + others[at] for at, (where, count) in enumerate(size.items())}
    spare = [where for where in size for _ in range(population[where] - size[where])]
    frame = region | {f"x{n}": where for n, where in enumerate(spare)}
    reports = {str(n): answer for n, (answer, _) in enumerate(units) if answer is not None}
    found = found_in(tmp_path_factory.mktemp("bounds"), reports, list(region), frame)
    for group in ("", *(f"region: {where}" for where in size)):
        members = [(answer, where) for answer, where in units if group in ("", f"region: {where}")]
        ways = [[answer] if answer in ("yes", "no") else ["yes", "no", None] for answer, _ in members]
        weights = [population[where] / size[where] for _, where in members]
        shares = []
        for way in product(*ways):
            base = sum(weight for weight, answer in zip(weights, way, strict=True) if answer)
            no = sum(weight for weight, answer in zip(weights, way, strict=True) if answer == "no")
            shares += [no / base] if base else []
        assert bounds_of(found, group) == pytest.approx((min(shares), max(shares)))
