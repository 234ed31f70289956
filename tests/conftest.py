"""What every test may use: goldens, engines, and how long hypothesis searches."""

import difflib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.engines import requires_engine

if TYPE_CHECKING:
    from tests.engines.chromium import Chromium
    from tests.engines.javarosa import JavaRosa
    from tests.engines.libreoffice import LibreOffice
    from tests.engines.openrosa import OpenRosa
    from tests.engines.surveyjs import SurveyJS

CI = os.environ.get("CI") == "true"

# A loaded machine must not fail a property, so there is no deadline. CI finds the same examples every time.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if CI else "dev")


# Some material is new in every run, the same for all of its processes; setting this finds it again.
SEED = os.environ.setdefault("CHECKLIST_SEED", str(secrets.randbelow(10**9)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which seed was drawn."""
    terminalreporter.write_line(f"fresh seed: CHECKLIST_SEED={SEED}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--accept`."""
    parser.addoption("--accept", action="store_true", help="write what the tests got into their golden files")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, text)` fails when `text` is not what the file holds; `pytest --accept` writes the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        expected = path.read_bytes().decode("utf-8") if path.exists() else ""
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), path.name, "now", lineterm="")
            hint = "if this is what it should be, run pytest --accept"
            pytest.fail("\n".join([*lines, f"{path} differs: {hint}"]), pytrace=False)

    return compare


@pytest.fixture(scope="session")
def surveyjs() -> "Iterator[SurveyJS]":
    """survey-core, the engine behind a SurveyJS form."""
    requires_engine("surveyjs")
    from tests.engines.surveyjs import SurveyJS

    with SurveyJS() as engine:
        yield engine


@pytest.fixture(scope="session")
def libreoffice() -> "Iterator[LibreOffice]":
    """LibreOffice Calc, headless."""
    requires_engine("libreoffice")
    from tests.engines.libreoffice import LibreOffice

    with LibreOffice() as engine:
        yield engine


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Chromium]":
    """Chromium, headless."""
    requires_engine("chromium")
    from tests.engines.chromium import Chromium

    with Chromium() as engine:
        yield engine


@pytest.fixture(scope="session")
def javarosa() -> "Iterator[JavaRosa]":
    """JavaRosa, the engine inside ODK Collect, and ODK Validate."""
    requires_engine("javarosa")
    from tests.engines.javarosa import JavaRosa

    with JavaRosa() as engine:
        yield engine


@pytest.fixture(scope="session")
def openrosa() -> "Iterator[OpenRosa]":
    """The XPath evaluator of Enketo."""
    requires_engine("openrosa")
    from tests.engines.openrosa import OpenRosa

    with OpenRosa() as engine:
        yield engine
