"""The documentation as a site: every page and link is whole, and nothing is asked of the network."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.engines.chromium import Chromium

ROOT = Path(__file__).parents[2]
LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
    "embed": "src",
    "object": "data",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it: a warning is an error."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-c", "docs", ".", str(out)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return out


class Loads(HTMLParser):
    """What a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in (LOADING.get(tag), "srcset", "style")]


def is_outside(address: str) -> bool:
    return re.search(r"(?:^|[\s,('\"])(?:[a-z]+:)?//", address) is not None


def test_no_page_loads_anything_from_outside(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert [address for address in loads.found if is_outside(address)] == [], page
    for style in site.rglob("*.css"):
        asked = re.findall(r"url\(([^)]*)\)|@import\s+([^;]*)", style.read_text(encoding="utf-8"))
        assert [address for pair in asked for address in pair if is_outside(address)] == [], style


def test_what_is_outside_is_told() -> None:
    loads = Loads()
    loads.feed(
        '<script src="https://a.b/c.js"></script><link href="//a.b/c.css"><img src="pictures/a.png"><a href="https://a.b">'
    )
    assert [is_outside(address) for address in loads.found] == [True, True, False]


@pytest.mark.parametrize("page", ["docs/index.html", "docs/tutorial.html", "search.html"])
def test_a_browser_misses_nothing(site: Path, chromium: Chromium, page: str) -> None:
    """It cannot reach any other machine, and would show what it could not load as errors."""
    with chromium.open(site / page) as opened:
        assert "checklist_kit" in opened.text()
        assert opened.errors == []
