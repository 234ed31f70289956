"""Indicators for each choice of a repeat: the share of the votes of each candidate, and who got over half."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit import source
from checklist_kit.analysis.design import Design, estimate_ratio, estimate_share
from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.frame import read_frame
from checklist_kit.analysis.placing import Sample
from checklist_kit.analysis.publish import publishable
from checklist_kit.analysis.report.speech import speech_in
from checklist_kit.analysis.report.story import story_of
from checklist_kit.analysis.rows import REASONS
from checklist_kit.analysis.write import write
from checklist_kit.model import Checklist, Resolve
from tests.analysis.helpers import checklist_of, rows, submission, tables

TEXT = """
checklist: f
version: "1"
title: {en: F, az: F}
languages: {en: English, az: Azərbaycanca}
unit: station
choices:
  yn: {yes: {en: "Yes", az: Bəli}, no: {en: "No", az: Xeyr}}
  candidates:
    a: {en: Anna, az: Anna}
    b: {en: "{value}", az: Əli}
    c: Nobody else
items:
  - {name: station, type: text, required: true, label: {en: S, az: S}}
  - {name: counted, type: select_one, choices: yn, label: {en: C, az: C}}
  - name: result
    type: repeat
    over: candidates
    relevant: "counted = 'yes'"
    label: {en: R, az: R}
    items:
      - {name: votes, type: integer, label: {en: V, az: V}, missing: {9999: unreadable}}
      - {name: present, type: select_one, choices: yn, label: {en: P, az: P}}
      - {name: spoilt, type: integer, relevant: "present = 'yes'", sensitive: true, label: {en: X, az: X}}
indicators:
  - name: vote_share
    label: {en: Share of the votes, az: Səslərin payı}
    ratio: votes
    per: sum(result.votes)
    for_each: result
    phrase: {en: "{choice}: {value} ({interval}).", az: "{choice} səslərin {value}-ni ({interval}) alıb."}
  - name: more_than_half
    label: {en: More than half, az: Yarıdan çox}
    when: 2 * votes > sum(result.votes)
    for_each: result
    phrase: {en: "{choice} won in {count} of {base}.", az: "{choice}: {share} ({interval})."}
  - {name: absent, label: {en: A, az: A}, when: "present = 'no'", among: "counted = 'yes'", for_each: result}
  - {name: spoilt_mean, label: {en: M, az: M}, mean: spoilt, for_each: result}
"""
CODES = ("a", "b", "c")


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def station(name: object, *votes: object, present: str = "yes") -> dict[str, Any]:
    instances = [
        {"_instance": code, "present": present} | ({} if number is None else {"votes": number})
        for code, number in zip(CODES, votes, strict=False)
    ]
    return {"station": str(name), "counted": "yes", "result": instances}


def of(checklist: Checklist, *data: dict[str, Any], **options: Any) -> Findings:
    return findings(checklist, tables(checklist, *(submission(one, f"s{n}") for n, one in enumerate(data))), **options)


def row(found: Findings, name: str, group: str = "") -> dict[str, Any]:
    (line,) = [one for one in found.rows() if one["indicator"] == name and one["group"] == group]
    return line


def test_there_is_a_finding_for_each_choice(checklist: Checklist) -> None:
    found = of(checklist, station(1, 60, 30, 10), station(2, 10, 80, 10))
    names = [name for name in found.table["indicator"] if name.startswith("vote_share")]
    assert names == ["vote_share.a", "vote_share.b", "vote_share.c"]
    assert [row(found, name)["value"] for name in names] == pytest.approx([0.35, 0.55, 0.1])
    assert row(found, "vote_share.c")["label"] == "Share of the votes: Nobody else"
    assert [row(found, f"more_than_half.{code}")["count"] for code in CODES] == [1, 1, 0]
    assert set(found.distribution["indicator"]) >= set(names)


def test_why_a_station_is_not_in_the_base(checklist: Checklist) -> None:
    """A gap in any instance is a gap in the sum; what was not asked or is not in question is told apart."""
    found = of(
        checklist,
        station(1, 60, 30, 10),
        station(2, 60, None, 10),
        station(3, 60, 9999, 10),
        station(4, "many", 30, 10),
        {"station": "5", "counted": "no"},
        {"station": "6"},
    )
    share = row(found, "vote_share.a")
    kept_out = {reason: share[reason] for reason in (*REASONS, "outside") if share[reason]}
    assert (share["n"], share["base"]) == (6, 1)
    assert kept_out == {"not_answered": 1, "unreadable": 1, "invalid": 1, "not_asked": 2}
    assert row(found, "absent.b")["base"] == 4
    assert row(found, "absent.b")["not_asked"] == 2


NUMBER = st.sampled_from([None, None, 0, 1, 40, 300, 9999, "x"])
STATION = st.one_of(
    st.builds(
        lambda votes, present: station("", *votes, present=present),
        st.tuples(NUMBER, NUMBER, NUMBER),
        st.sampled_from(["yes", "no"]),
    ),
    st.sampled_from([{"counted": "no"}, {"counted": "yes"}, {}]),
)


@given(st.lists(STATION, max_size=8))
@settings(max_examples=15)
def test_every_station_counts_once_for_each_choice_and_folders_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("each")
    checklist = checklist_of(folder, TEXT)
    stream = [submission({**one, "station": str(n)}, f"s{n}") for n, one in enumerate(data)]
    parsed = tables(checklist, *stream)
    found = findings(checklist, parsed)
    assert (found.table[["base", *REASONS, "outside"]].sum(axis=1) == len(data)).all()
    assert len({row(found, f"vote_share.{code}")["base"] for code in CODES}) == 1
    shares = [row(found, f"vote_share.{code}")["value"] for code in CODES]
    if None not in shares:
        assert sum(shares) == pytest.approx(1)
    for file_format in ("csv", "parquet"):
        write(parsed, folder / file_format, file_format)
        assert rows(findings(checklist, folder / file_format).table) == rows(found.table)


def random_stations(seed: int, folder: Path) -> tuple[list[dict[str, Any]], Sample, np.ndarray, np.ndarray, list[str]]:
    """Stations drawn from strata of unlike size, some with a gap: their answers, votes (n x 3, NaN where blank)."""
    rng = np.random.default_rng(seed)
    strata = rng.integers(2, 6)
    sizes = rng.integers(20, 60, strata)
    labels = [f"s{stratum}" for stratum, size in enumerate(sizes) for _ in range(size)]
    path = folder / "frame.csv"
    path.write_text("station,region\n" + "".join(f"{n},{one}\n" for n, one in enumerate(labels)), encoding="utf-8")
    chosen = [
        int(n)
        for stratum in range(strata)
        for n in rng.choice(np.flatnonzero(np.array(labels) == f"s{stratum}"), int(rng.integers(3, 15)), replace=False)
    ]
    votes = rng.poisson(rng.uniform(20, 300, (len(chosen), 3))).astype(float)
    votes[rng.random(votes.shape) < 0.04] = np.nan
    data = [
        station(n, *(None if np.isnan(one) else int(one) for one in line))
        for n, line in zip(chosen, votes, strict=True)
    ]
    whole = ~np.isnan(votes).any(axis=1)
    return data, Sample(read_frame(path), ("region",)), votes, whole, [labels[n] for n in chosen]


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_a_direct_computation_and_of_svy(seed: int, checklist: Checklist, tmp_path: Path) -> None:
    data, sample, votes, whole, labels = random_stations(seed, tmp_path)
    found = of(checklist, *data, sample=sample)
    population = {name: float(sample.frame.column("region").count(name)) for name in set(labels)}
    design = Design.of(labels, population)
    total = np.where(whole, votes.sum(axis=1), 0.0)
    frame = {"stratum": labels, "weight": design.weights, "units": [population[one] for one in labels]}
    for at, code in enumerate(CODES):
        own = np.where(whole, votes[:, at], 0.0)
        line, half = row(found, f"vote_share.{code}"), row(found, f"more_than_half.{code}")
        expected = estimate_ratio(own, total, whole, design)
        by_hand = (design.weights * own).sum() / (design.weights * total).sum()
        assert line["value"] == pytest.approx(by_hand)
        assert (line["low"], line["high"]) == pytest.approx((expected.low, expected.high))
        share = estimate_share(2 * own > total, whole, design)
        assert (half["share"], half["low"], half["high"]) == pytest.approx((share.value, share.low, share.high))
        answers = pl.DataFrame({**frame, "own": own, "total": total, "whole": whole.astype(int)})
        peer = svy.Sample(data=answers, design=svy.Design(stratum="stratum", wgt="weight", pop_size="units"))
        theirs = peer.estimation.ratio(y="own", x="total", where=svy.col("whole") == 1).estimates[0]
        assert (line["value"], line["low"], line["high"]) == pytest.approx(
            (theirs.est, theirs.lci, theirs.uci), rel=1e-6
        )


def test_groups_have_their_own_shares(checklist: Checklist) -> None:
    found = of(checklist, station(1, 60, 30, 10), station(2, 10, 80, 10), groups=["counted"])
    assert row(found, "vote_share.b", "counted: yes")["value"] == pytest.approx(0.55)


def test_rules_for_several_reports_go_by_instance(checklist: Checklist) -> None:
    reports = [station(1, 60, 30, 10), station(1, 40, 50, 10)]
    found = of(checklist, *reports, resolve=Resolve.LATEST)
    assert row(found, "vote_share.b")["value"] == pytest.approx(0.5)
    conflicts = rows(found.conflicts, "indicator", "finding", "counted")
    assert ("vote_share.b", "30/100", "50/100") in conflicts
    assert not [one for one in conflicts if one[0] == "vote_share.c"]


def test_sentences_name_the_choice_in_each_language(checklist: Checklist) -> None:
    """The label of a choice is data: one that looks like a place stays as it is."""
    found = of(checklist, *(station(n, 60, 30, 10 + n % 3) for n in range(40)))
    told = {language: story_of(checklist, found, speech_in(language)).parts[0].sentences for language in ("en", "az")}
    share = row(found, "vote_share.b")
    assert told["en"][1].startswith(f"{{value}}: {100 * share['value']:.1f}% (")
    assert told["en"][3:] == ("Anna won in 40 of 40.", "{value} won in 0 of 40.", "Nobody else won in 0 of 40.")
    assert told["az"][1].startswith(f"Əli səslərin {100 * share['value']:.1f}".replace(".", ",") + "%-ni (")
    assert told["az"][5].startswith("Nobody else: 0,0% (")


def test_what_is_sensitive_is_not_published(checklist: Checklist) -> None:
    found = of(checklist, *(station(n, 60, 30, 10) for n in range(9)))
    assert "spoilt_mean.a" in set(found.table["indicator"])
    published = set(publishable(checklist, found, 2).table["indicator"])
    assert published == {f"{name}.{code}" for name in ("vote_share", "more_than_half", "absent") for code in CODES}


def test_a_form_is_the_same_with_or_without(checklist: Checklist, tmp_path: Path) -> None:
    """Its hash says so: what is made of the answers is no part of it."""
    plain = checklist_of(tmp_path, TEXT.partition("indicators:")[0])
    assert plain.hash == checklist.hash


def test_the_form_of_a_role_that_is_not_asked_does_without(tmp_path: Path) -> None:
    text = TEXT.replace("unit: station", "unit: station\nrole: counted").replace(
        "over: candidates", "over: candidates\n    roles: [yes]"
    )
    path = tmp_path / "checklist.yaml"
    path.write_text(
        text.replace(
            "type: select_one, choices: yn, label: {en: C",
            "type: select_one, required: true, choices: yn, label: {en: C",
        ),
        encoding="utf-8",
    )
    of_role = {role: source.load(path, role=role) for role in ("yes", "no")}
    assert {role: len(one.checklist.indicators) for role, one in of_role.items() if one.checklist} == {
        "yes": 4,
        "no": 0,
    }
    assert [finding for one in of_role.values() for finding in one.findings if finding.is_error] == []


def test_a_base_that_leans_on_the_sum_is_no_false_alarm(tmp_path: Path) -> None:
    """`votes` is one of the summands, so where a candidate has votes the sum is above 0."""
    text = TEXT.replace(
        '    for_each: result\n    phrase: {en: "{choice} won',
        '    among: "sum(result.votes) > 0"\n    for_each: result\n    phrase: {en: "{choice} won',
    )
    path = tmp_path / "checklist.yaml"
    path.write_text(text, encoding="utf-8")
    assert text != TEXT
    assert "indicator-outside-base" not in {finding.code for finding in ck.check(path)}
