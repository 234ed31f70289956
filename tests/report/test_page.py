"""The page of findings, as a browser shows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.report import render
from checklist_kit.analysis.report.speech import speech_in
from checklist_kit.model import Checklist
from tests.analysis.helpers import checklist_of, submission, tables

if TYPE_CHECKING:
    from tests.engines.chromium import Chromium, Page

TEXT = """
checklist: f
version: "1"
title: {en: 'Opening & "count" <b>', az: Açılış, ru: Открытие, ar: الافتتاح, ka: გახსნა}
languages: {en: English, az: Azərbaycanca, ru: Русский, ar: العربية, ka: ქართული}
default_language: az
unit: station
choices:
  yn: {yes: Yes, no: {en: "No </script><img src=x onerror=alert(1)>", az: Xeyr}}
items:
  - {name: station, type: text, label: S}
  - name: opening
    type: section
    label: {en: "Opening <i>", az: Açılış hissəsi}
    items: [{name: opened, type: select_one, choices: yn, label: {en: Opened, az: Açılıb}}]
  - {name: sealed, type: select_one, choices: yn, label: Sealed}
indicators:
  - {name: unsealed, label: {en: "Box not sealed <script>alert(1)</script>", az: Möhürsüz}, when: "sealed = 'no'"}
  - {name: late, label: {en: Opened late, az: Gec açılıb}, when: "opened = 'no'"}
"""

CONTRAST = """(() => {
  const parse = text => (text.match(/[0-9.]+/g) || []).map(Number);
  const linear = v => v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
  const light = colour => colour.slice(0, 3).map(linear).reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length == 3) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")].filter(node => node.checkVisibility() &&
    [...node.childNodes].some(child => child.nodeType == 3 && child.textContent.trim())).map(node => {
      const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))];
      return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); });
})()"""


@pytest.fixture
def checklist(tmp_path: Path) -> Checklist:
    return checklist_of(tmp_path, TEXT)


@pytest.fixture
def found(checklist: Checklist) -> Findings:
    """Of 1,200 stations 300 opened late; sealing was answered at none."""
    stream = (submission({"station": str(n), "opened": "yes" if n % 4 else "no"}, f"s{n}") for n in range(1200))
    return findings(checklist, tables(checklist, *stream), groups=["opened"])


@pytest.fixture
def page(chromium: Chromium, checklist: Checklist, found: Findings, tmp_path: Path) -> Page:
    path = tmp_path / "findings.html"
    path.write_text(render(checklist, found), encoding="utf-8")
    return chromium.open(path)


def visible(page: Page) -> Any:
    return page.evaluate("[...document.querySelectorAll('article')].filter(a => a.checkVisibility()).map(a => a.lang)")


def test_the_default_language_comes_first_and_the_others_are_a_click_away(page: Page) -> None:
    assert visible(page) == ["az"]
    assert "Gec açılıb" in page.text()
    assert "25,0%" in page.text()
    assert "1.200" in page.text()
    page.evaluate("document.querySelector('[lang=en]').click()")
    assert visible(page) == ["en"]
    text = page.text()
    assert "Opened late" in text
    assert "25.0%" in text
    assert "22.6–27.5%" in text
    assert "1,200" in text
    assert "not answered 1,200" in text
    assert "no answer" in text
    page.evaluate("document.querySelector('[lang=ru]').click()")
    assert "25,0\N{NO-BREAK SPACE}%" in page.evaluate("document.querySelector('article[lang=ru]').textContent")


def test_keys_switch_the_language_too(page: Page) -> None:
    """The switch is a set of radio buttons: it can be reached and has names."""
    assert page.evaluate("document.querySelectorAll('input[type=radio]').length") == 5
    assert page.evaluate("[...document.querySelectorAll('input')].every(i => i.labels.length == 1)")
    page.evaluate("document.querySelector('input').focus()")
    assert page.evaluate("getComputedStyle(document.querySelector('nav [for=l0]')).outlineStyle") == "solid"
    for kind in ("keyDown", "keyUp"):
        key = {"key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39}
        page.browser.call("Input.dispatchKeyEvent", page.session, type=kind, **key)
    assert visible(page) == ["en"]


def test_texts_are_never_markup(page: Page, checklist: Checklist, found: Findings) -> None:
    page.evaluate("document.querySelector('[lang=en]').click()")
    text = page.text()
    for verbatim in (
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        'Opening & "count" <b>',
        "Opening <i>",
    ):
        assert verbatim in text
    assert page.evaluate("document.querySelectorAll('script, img, b, i').length") == 0
    assert not page.errors


def test_nothing_is_asked_from_outside(page: Page, checklist: Checklist, found: Findings) -> None:
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert not re.search(r"\s(src|href)=|url\(|@import", render(checklist, found).replace("img src=x", ""))


def test_tables_and_charts_can_be_heard(page: Page) -> None:
    """Each cell has a heading of its row and of its column, each bar says its figure, and the languages are marked."""
    assert page.evaluate("[...document.querySelectorAll('thead th')].every(h => h.scope == 'col')")
    assert page.evaluate("[...document.querySelectorAll('tbody tr')].every(r => r.cells[0].scope == 'row')")
    assert page.evaluate("[...document.querySelectorAll('table, figure')].every(t => t.getAttribute('aria-label'))")
    bars = page.evaluate(
        "[...document.querySelectorAll('article[lang=en] svg')].map(s => s.getAttribute('aria-label'))"
    )
    assert "Opened late: 25.0%, 95% interval 22.6–27.5%" in bars
    assert page.evaluate("document.querySelector('article[lang=ar]').dir") == "rtl"
    assert page.evaluate("document.querySelector('article[lang=ka] footer').lang") == "en"
    assert page.evaluate("document.querySelectorAll('article[lang=ru] footer[lang]').length") == 0


def test_all_text_has_contrast(page: Page) -> None:
    """At least 4.5 to 1, as WCAG 2.2 asks at level AA."""
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 20
    assert min(ratios) >= 4.5


def test_bars_are_as_long_as_their_shares(page: Page) -> None:
    script = """[...document.querySelectorAll('article[lang=az] svg')].map(svg => {
      const whole = svg.getBoundingClientRect(), bar = svg.querySelector('.bar').getBoundingClientRect();
      return bar.width / whole.width; })"""
    assert page.evaluate(script) == pytest.approx([0.25, 0, 1], abs=0.005)


def test_the_page_fits_a_phone(chromium: Chromium, page: Page, tmp_path: Path) -> None:
    """Only the table scrolls sideways."""
    narrow = chromium.open(tmp_path / "findings.html", width=390)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_has_the_language_that_was_chosen_and_no_buttons(page: Page) -> None:
    page.evaluate("document.querySelector('[lang=en]').click()")
    page.browser.call("Emulation.setEmulatedMedia", page.session, media="print")
    assert visible(page) == ["en"]
    assert not page.evaluate("document.querySelector('nav').checkVisibility()")
    assert page.evaluate("getComputedStyle(document.body).printColorAdjust") == "exact"


def test_sections_stand_in_the_order_of_the_form(checklist: Checklist, found: Findings) -> None:
    headings = re.findall(r"<h2>(.*?)</h2>", render(checklist, found))
    assert headings[:2] == ["Açılış hissəsi", "Digər nəticələr"]


@pytest.mark.parametrize(
    ("language", "share", "count"),
    [
        ("en", "12.5%", "1,234"),
        ("az", "12,5%", "1.234"),
        ("ru", "12,5\N{NO-BREAK SPACE}%", "1\N{NO-BREAK SPACE}234"),
        ("fr-CA", "12,5\N{NO-BREAK SPACE}%", "1\N{NO-BREAK SPACE}234"),
        ("tr", "%12,5", "1.234"),
        ("ka", "12,5%", "1\N{NO-BREAK SPACE}234"),
        ("my", "12.5%", "1,234"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, share: str, count: str) -> None:
    speech = speech_in(language)
    assert (speech.share(0.125), speech.whole(1234)) == (share, count)


WORDS = sorted((Path(__file__).parents[2] / "checklist_kit/analysis/report/words").glob("*.toml"))


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_words_are_complete(path: Path) -> None:
    """A file added is a language added; it says all that English says, with the same places for values."""
    ours, english = (speech_in(language).words for language in (path.stem, "en"))

    def places(words: Any) -> Any:
        if isinstance(words, str):
            return sorted(re.findall(r"\{\w+\}", words))
        return {key: places(value) for key, value in words.items()}

    assert places(ours) == places(english)
