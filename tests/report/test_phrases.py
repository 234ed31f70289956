"""Sentences built from phrases, with numbers as a language writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import checklist_kit as ck
from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.publish import publishable
from checklist_kit.analysis.report.speech import speech_in
from checklist_kit.analysis.report.story import Story, story_of
from checklist_kit.model import Checklist
from tests.analysis.helpers import checklist_of, submission, tables

TEXT = """
checklist: f
version: "1"
title: {en: F, az: F}
languages: {en: English, az: Azərbaycanca}
unit: station
choices: {yn: {yes: Yes, no: No}}
items:
  - {name: station, type: text, required: true, label: {en: S, az: S}}
  - {name: opened, type: select_one, choices: yn, label: {en: O, az: O}}
  - {name: gap, type: integer, label: {en: G, az: G}}
  - {name: rare, type: integer, label: {en: R, az: R}}
indicators:
  - name: late
    label: {en: Late, az: Gec}
    when: "opened = 'no'"
    phrase:
      en: "{count} of {base} ({share}, {interval}; {low} to {high}) of {reported}."
      az: "{share}-i ({interval})."
  - name: gap
    label: {en: Gap, az: Fərq}
    mean: gap
    beyond: 2.5
    phrase: {az: "{value} ({interval}), {beyond}: {count}."}
  - {name: rare, label: {en: Rare, az: Nadir}, mean: rare, phrase: {en: "{value} {interval}", az: "{value}"}}
"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


def of(checklist: Checklist, count: int, **more: Any) -> Findings:
    stream = [
        submission({"station": str(n), "opened": "no" if n % 8 == 0 else "yes", "gap": n % 5, **more}, f"s{n}")
        for n in range(count)
    ]
    return findings(checklist, tables(checklist, *stream))


def sentences(checklist: Checklist, found: Findings, language: str) -> list[str]:
    story: Story = story_of(checklist, found, speech_in(language))
    return [one for part in story.parts for one in part.sentences]


def test_figures_stand_in_their_places(checklist: Checklist) -> None:
    found = of(checklist, 1600)
    assert sentences(checklist, found, "en") == ["200 of 1,600 (12.5%, 11.0–14.2%; 11.0% to 14.2%) of 1,600."]
    assert sentences(checklist, found, "az") == ["12,5%-i (11,0–14,2%).", "2,0 (1,9–2,1), 2,5: 640."]


def test_a_figure_that_is_not_known_leaves_the_sentence_out(checklist: Checklist) -> None:
    """One number has no interval, and an empty base has no share."""
    stream = [submission({"station": "1", "rare": 7}, "s1")]
    found = findings(checklist, tables(checklist, *stream))
    assert sentences(checklist, found, "en") == []
    assert sentences(checklist, found, "az") == ["7,0 (Hal azdır: 1.)"]


def test_few_cases_are_said(checklist: Checklist) -> None:
    assert sentences(checklist, of(checklist, 16), "en")[0].endswith("of 16. (Few cases: 16.)")
    story = story_of(checklist, of(checklist, 16), speech_in("en"))
    assert story.parts[0].shares[0].cells[3] == "12.5%†"
    assert any("fewer than 30" in text for text in story.about)


def test_what_is_withheld_is_in_no_sentence(checklist: Checklist) -> None:
    assert sentences(checklist, publishable(checklist, of(checklist, 16), 5), "en") == []


ROOT = Path(__file__).parents[2]


def test_every_figure_of_the_statement_is_said_with_its_interval() -> None:
    """Of the example, in English and Azerbaijani: each has a base and an interval, and the share is the statement's."""
    checklist = ck.load(ROOT / "checklists/az_2024_presidential/election_day.yaml")
    found = ck.api.findings(checklist, ROOT / "examples/az_2024/responses")
    lines = (ROOT / "examples/az_2024/statement.csv").read_text(encoding="utf-8").split()[1:]
    figures = dict(line.split(",") for line in lines)
    rows = {row["indicator"]: row for row in found.rows()}
    for name, percent in figures.items():
        assert not percent or round(100 * rows[name]["share"]) == int(percent)
    access = rows["access_obstructed"]
    assert (access["low"], access["high"]) == pytest.approx((0.175, 0.338), abs=5e-4)
    for language, mark in (("en", "."), ("az", ",")):
        told = " ".join(sentences(checklist, found, language))
        for name in (*figures, "turnout_gap_mean", "turnout_counted", "turnout_posted"):
            row, scale = rows[name], 1 if rows[name]["kind"] == "mean" else 100
            for number in (row["value"], row["low"], row["high"]):
                assert f"{scale * number:.1f}".replace(".", mark) in told, (name, language)
