"""Each engine is also asked about material that nobody has seen before: from the seed that every run prints."""

import os
import time
from contextlib import ExitStack
from functools import cache

import pytest

from benchmarks.agreement import whole
from benchmarks.agreement.engine import INEXPRESSIBLE
from benchmarks.agreement.engines import ENGINES
from benchmarks.agreement.material import forms
from tests.engines import requires_engine
from tests.engines.javarosa import TIME_ZONE

SEED = int(os.environ["CHECKLIST_SEED"])
NEEDS = {"survey-core": "surveyjs", "libreoffice": "libreoffice", "openrosa": "openrosa", "javarosa": "javarosa"}


material = cache(lambda: list(forms(80, SEED)))


def need(name: str) -> None:
    if name in NEEDS:
        requires_engine(NEEDS[name])


@pytest.fixture
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is one day in all engines."""
    monkeypatch.setenv("TZ", TIME_ZONE)
    time.tzset()


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.usefixtures("one_day")
def test_expressions(name: str) -> None:
    need(name)
    wrong = []
    with ExitStack() as stack:
        for verdict in ENGINES[name](stack).verdicts(material()):
            wanted = (verdict.asked.truth is True, verdict.asked.truth is False)
            if verdict.compiled != wanted and INEXPRESSIBLE not in verdict.compiled:
                wrong.append(verdict)
    assert not wrong, min(wrong, key=lambda verdict: len(verdict.asked.text))


@pytest.mark.parametrize("name", whole.ENGINES)
@pytest.mark.usefixtures("one_day")
def test_whole_forms(name: str) -> None:
    need(name)
    count = whole.Count()
    with ExitStack() as stack:
        whole.fill(whole.ENGINES[name](stack), 6, SEED, count)
    assert count.forms == 6
    assert not count.faults, min(count.faults, key=len)
