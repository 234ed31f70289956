"""Draws: sizes and allocations by formula, chance that can be redone, and chances that are what they say."""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.frame import Frame, FrameError, read_frame
from checklist_kit.analysis.sampling import Allocation, Draw, Request, draw
from checklist_kit.analysis.sampling.allocate import allocate
from checklist_kit.analysis.sampling.chance import digest, fraction, systematic
from checklist_kit.analysis.sampling.size import expected_margin, sample_size

REGIONS = {"East": 30, "North": 60, "South": 10}


def frame_of(rows: list[str], folder: Path, header: str = "station,region,voters,deviation,expected") -> Frame:
    path = folder / "frame.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return read_frame(path)


@pytest.fixture
def stations(tmp_path: Path) -> Frame:
    """A hundred stations in three regions, with 10 to 1,000 voters."""
    regions = [region for region, count in REGIONS.items() for _ in range(count)]
    spread = {"East": "0.5,0.5", "North": "0.1,0.9", "South": "0.4,0.5"}
    rows = [f"{n}/{n % 7},{region},{10 * n},{spread[region]}" for n, region in enumerate(regions, 1)]
    return frame_of(rows, tmp_path)


def counts(found: Draw) -> dict[str, int]:
    return {stratum.name: len(stratum.picks) for stratum in found.strata}


def units(found: Draw) -> set[str]:
    return {found.frame.units[pick.row] for stratum in found.strata for pick in stratum.picks}


# How many


@given(st.integers(10, 10**6), st.fractions("1/200", "1/5"), st.fractions("1/100", "99/100"))
def test_the_size_is_the_least_that_has_the_margin(population: int, margin: Fraction, share: Fraction) -> None:
    """The variance is that of a sample from a population whose own variance is p(1 - p)."""
    n = sample_size(population, margin, share)
    assert 1 <= n <= population
    reached = expected_margin([(population, n)], share)
    assert reached is not None
    assert reached <= margin * (1 + 1e-8)
    fewer = expected_margin([(population, n - 1)], share) if n > 1 else None
    assert fewer is None or fewer >= margin * (1 - 1e-8)


def test_sizes_by_hand() -> None:
    assert sample_size(10**9, Fraction(1, 20), Fraction(1, 2)) == 385
    assert sample_size(6000, Fraction(1, 20), Fraction(1, 2)) == math.ceil(0.25 / (0.0025 / 1.959964**2 + 0.25 / 6000))
    assert expected_margin([(10**9, 105)], Fraction(1, 2)) == pytest.approx(0.0956, abs=5e-5)
    assert expected_margin([(10**9, 105)], Fraction(14, 100)) == pytest.approx(0.0664, abs=5e-5)
    halves = 0.25 * 0.25 * (0.9 / 10 + 0.8 / 20)
    assert expected_margin([(100, 10), (100, 20)], Fraction(1, 2)) == pytest.approx(1.959964 * halves**0.5)


# Of which stratum

parts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8).filter(
    lambda rows: any(row[0] for row in rows)
)


@given(parts, st.data())
def test_allocations_keep_their_bounds_and_are_nearly_proportional(rows: list[tuple], data: st.DataObject) -> None:
    measures = [Fraction(row[0]) for row in rows]
    low = [min(row[1:]) for row in rows]
    high = [max(row[1:]) for row in rows]
    total = data.draw(st.integers(sum(low), sum(high)))
    found = allocate(total, measures, low, high)
    assert sum(found) == total
    assert all(least <= count <= most for least, count, most in zip(low, found, high, strict=True))
    inside = [i for i in range(len(rows)) if low[i] < found[i] < high[i] and measures[i] > 0]
    for i in inside:
        for j in inside:
            assert abs(found[i] * measures[j] - found[j] * measures[i]) <= measures[i] + measures[j]


def test_largest_remainders_by_hand() -> None:
    """Of 10 seats 4.7, 3.3 and 2.0 come to 5, 3 and 2; of equal remainders the first gets the last one."""
    assert allocate(10, [Fraction(47), Fraction(33), Fraction(20)], [0, 0, 0], [99, 99, 99]) == [5, 3, 2]
    assert allocate(3, [Fraction(1), Fraction(1)], [0, 0], [9, 9]) == [2, 1]
    assert allocate(10, [Fraction(98), Fraction(1), Fraction(1)], [2, 2, 2], [99, 99, 99]) == [6, 2, 2]
    assert allocate(10, [Fraction(98), Fraction(1), Fraction(1)], [0, 0, 0], [4, 99, 99]) == [4, 3, 3]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {"East": 6, "North": 12, "South": 2}),
        ({"allocation": Allocation.EQUAL}, {"East": 7, "North": 7, "South": 6}),
        ({"minimum": 5}, {"East": 5, "North": 10, "South": 5}),
        # 30 x 0.5, 60 x 0.1 and 10 x 0.4 are as 15, 6 and 4
        ({"allocation": Allocation.NEYMAN, "deviation": "deviation"}, {"East": 12, "North": 5, "South": 3}),
        # The deviation of a share is √(p(1 - p)): 0.5, 0.3 and 0.5
        ({"allocation": Allocation.NEYMAN, "expected": "expected"}, {"East": 8, "North": 9, "South": 3}),
        # Voters: 4,650, 36,300 and 9,550
        ({"pps": "voters"}, {"East": 2, "North": 14, "South": 4}),
    ],
)
def test_allocations_of_a_frame(wanted: dict, expected: dict, stations: Frame) -> None:
    found = draw(stations, Request(seed=1, size=20, by=("region",), **wanted))
    assert counts(found) == expected
    assert found.size == 20


# Which units


def test_the_draw_can_be_redone_by_hand(stations: Frame) -> None:
    """The SHA-256 of seed:stratum:unit orders the units; the first are drawn, and the next are in reserve."""
    found = draw(stations, Request(seed=42, size=20, by=("region",), reserves=2))
    for stratum in found.strata:
        own = [u for u, region in zip(stations.units, stations.column("region"), strict=True) if region == stratum.name]
        order = sorted(own, key=lambda unit: hashlib.sha256(f"42:{stratum.name}:{unit}".encode()).hexdigest())
        drawn, held = ([stations.units[pick.row] for pick in picks] for picks in (stratum.picks, stratum.reserves))
        assert drawn + held == order[: len(drawn) + 2]
        assert [pick.order for pick in stratum.picks] == list(range(1, len(drawn) + 1))
        assert {pick.probability for pick in stratum.picks} == {Fraction(len(drawn), len(own))}


def test_numbers_that_another_program_must_find() -> None:
    assert digest(7, "Şimal", "1/2") == hashlib.sha256(b"7:\xc5\x9eimal:1/2").hexdigest()
    # printf '1:all:1' | sha256sum
    assert digest(1, "all", "1") == "9814b7eb30543b771cc99ccdec03ba1947bc7902c5bd6c0d72d5b743c51c6ecf"
    assert 0 <= fraction(1, "all", "") < 1


@pytest.mark.parametrize("wanted", [{}, {"pps": "voters"}])
def test_the_order_of_the_file_does_not_matter(wanted: dict, stations: Frame, tmp_path: Path) -> None:
    rows = [",".join(row) for row in stations.rows]
    turned = frame_of(rows[::-1], tmp_path)
    request = Request(seed=5, size=30, by=("region",), reserves=3, **wanted)
    assert units(draw(stations, request)) == units(draw(turned, request))


def test_every_unit_has_the_same_chance(stations: Frame) -> None:
    """Over 2,000 seeds each of 100 units is drawn 200 times or so; 13.4 is one standard deviation."""
    times = dict.fromkeys(stations.units, 0)
    for seed in range(2000):
        for unit in units(draw(stations, Request(seed=seed, size=10))):
            times[unit] += 1
    assert all(abs(count - 200) < 4.5 * 13.4 for count in times.values())
    chi = sum((count - 200) ** 2 / (200 * 0.9) for count in times.values())
    assert 55 < chi < 155


def test_chances_by_size_are_what_they_say() -> None:
    sizes = [Fraction(n) for n in (5, 1, 20, 3, 8, 400, 2, 11)]
    totals, chances = np.zeros(8), [0.0] * 8
    for seed in range(3000):
        order = sorted(range(8), key=lambda unit: digest(seed, "", str(unit)))
        drawn, known = systematic([sizes[unit] for unit in order], 4, fraction(seed, "", ""))
        assert len(set(drawn)) == 4
        for position in drawn:
            totals[order[position]] += 1
            chances[order[position]] = float(known[position])
    # 400 is certain, and of the other 50 three are drawn: 20 is certain too, and of 30 two are drawn.
    assert chances == pytest.approx([5 / 15, 1 / 15, 1, 3 / 15, 8 / 15, 1, 2 / 15, 11 / 15])
    np.testing.assert_allclose(totals / 3000, chances, atol=0.04)
    assert totals[2] == totals[5] == 3000


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30), st.data())
def test_systematic_draws_are_whole(sizes: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(sizes)))
    start = data.draw(st.fractions(0, 1).filter(lambda value: value < 1))
    drawn, chances = systematic([Fraction(size) for size in sizes], count, start)
    assert len(drawn) == len(set(drawn)) == count
    assert all(0 < chances[position] <= 1 for position in drawn)


def test_weights_estimate_the_number_of_units(stations: Frame) -> None:
    """By size the sum of weights estimates the units, and that of weighted sizes is exact but for certain units."""
    sums = [
        sum(
            1 / pick.probability
            for stratum in draw(stations, Request(seed=s, size=25, pps="voters")).strata
            for pick in stratum.picks
        )
        for s in range(300)
    ]
    assert float(sum(sums)) / 300 == pytest.approx(100, rel=0.05)


# What cannot be


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"size": 101}, "draw-too-large"),
        ({"size": 5, "by": ("region",), "minimum": 2}, "draw-too-small"),
        ({"size": 5, "by": ("regions",)}, "frame-column-unknown"),
        ({"size": 5, "pps": "region"}, "frame-number"),
        ({"size": 5, "allocation": Allocation.NEYMAN, "deviation": "deviation"}, "frame-stratum-varies"),
    ],
)
def test_what_cannot_be_drawn(wanted: dict, code: str, stations: Frame) -> None:
    with pytest.raises(FrameError) as caught:
        draw(stations, Request(seed=1, **wanted))
    assert {fault.code for fault in caught.value.diagnostics} == {code}


@pytest.mark.parametrize(
    ("rows", "header", "wanted", "code"),
    [
        (["1,", "2,N"], "station,region", {"by": ("region",)}, "frame-stratum-blank"),
        (["1,a / b,c", "2,a,b / c"], "station,x,y", {"by": ("x", "y")}, "frame-stratum-clash"),
        (["1,0", "2,5"], "station,voters", {"pps": "voters"}, "frame-size"),
        (["1,7"], "station,weight", {}, "frame-column-taken"),
        (["1,7"], "station,unit", {}, "frame-column-taken"),
        (["1,N"], "station,stratum", {}, "frame-column-taken"),
        (["1,0", "2,0"], "station,sd", {"allocation": Allocation.NEYMAN, "deviation": "sd"}, "draw-no-spread"),
        (["1,1.5", "2,1.5"], "station,p", {"allocation": Allocation.NEYMAN, "expected": "p"}, "frame-number"),
    ],
)
def test_frames_that_do_not_do(rows: list[str], header: str, wanted: dict, code: str, tmp_path: Path) -> None:
    frame = frame_of(rows, tmp_path, header)
    with pytest.raises(FrameError) as caught:
        draw(frame, Request(seed=1, size=1, minimum=0, **wanted))
    assert [fault.code for fault in caught.value.diagnostics] == [code]
    assert all(fault.help for fault in caught.value.diagnostics)


def test_the_stratum_column_may_be_called_stratum(tmp_path: Path) -> None:
    frame = frame_of(["1,N", "2,S"], tmp_path, "unit,stratum")
    assert counts(draw(frame, Request(seed=1, size=2, by=("stratum",)))) == {"N": 1, "S": 1}


def test_thin_strata_are_pointed_out(stations: Frame) -> None:
    request = Request(seed=1, size=4, by=("region",), minimum=0)
    assert [note.code for note in draw(stations, request).notes] == ["draw-single", "draw-left-out"]
    assert draw(stations, request).margin is None


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"size": 5, "margin": Fraction(1, 20)},
        {"margin": Fraction(1, 20), "pps": "voters"},
        {"size": 5, "allocation": Allocation.NEYMAN},
        {"size": 5, "allocation": Allocation.NEYMAN, "deviation": "a", "expected": "b"},
        {"size": 5, "deviation": "a"},
        {"size": 5, "allocation": Allocation.NEYMAN, "deviation": "a", "pps": "b"},
        {"size": 0},
        {"size": 5, "reserves": -1},
        {"margin": Fraction(3, 2)},
        {"size": 5, "share": Fraction(0)},
    ],
)
def test_what_does_not_go_together(wanted: dict) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Request(seed=1, **wanted)
