"""Whole random forms in which people change earlier answers: visibility, data and errors, measured as the tests do."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.engines.process import EngineError
from tests.strategies.checklists import checklist_texts, load_text


@dataclass
class Count:
    """How many forms were filled in, and what was said of each that did not behave as its checklist says."""

    forms: int = 0
    faults: list[str] = field(default_factory=list)


def fill(judge: Callable[[Any, Any], None], forms: int, start: int, count: Count) -> None:
    """Let `judge` fill in random forms, and count them; it raises AssertionError for one that does not behave."""

    @seed(start)
    @settings(
        max_examples=forms, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )
    @given(checklist_texts(), st.data())
    def each(text: str, data: Any) -> None:
        try:
            judge(load_text(text), data)
        except (AssertionError, pytest.fail.Exception, EngineError):
            count.faults.append(f"{traceback.format_exc(limit=-1)}\n{text}")
        count.forms += 1  # not where hypothesis gave up drawing

    each()


def _survey_core(stack: ExitStack) -> Callable[[Any, Any], None]:
    from tests.engines.surveyjs import SurveyJS
    from tests.targets.test_surveyjs_forms import test_a_form_behaves_as_the_checklist_says as test

    engine, judge = stack.enter_context(SurveyJS()), test.hypothesis.inner_test  # type: ignore[attr-defined]
    return lambda checklist, data: judge(surveyjs=engine, checklist=checklist, data=data)


def _xforms(stack: ExitStack) -> Callable[[Any, Any], None]:
    from tests.engines.javarosa import JavaRosa
    from tests.engines.openrosa import OpenRosa
    from tests.targets.test_xlsform_forms import test_a_form_behaves_as_the_checklist_says as test

    javarosa, openrosa = stack.enter_context(JavaRosa()), stack.enter_context(OpenRosa())
    judge = test.hypothesis.inner_test  # type: ignore[attr-defined]
    return lambda checklist, data: judge(javarosa=javarosa, openrosa=openrosa, checklist=checklist, data=data)


def _formualizer(_stack: ExitStack) -> Callable[[Any, Any], None]:
    from tests.targets.test_workbook_formulas import ask_formualizer, filled_forms

    return lambda checklist, data: ask_formualizer(*data.draw(filled_forms(checklist)))


def _libreoffice(stack: ExitStack) -> Callable[[Any, Any], None]:
    from tests.engines.libreoffice import LibreOffice
    from tests.targets.test_workbook_formulas import ask_libreoffice, filled_forms

    engine = stack.enter_context(LibreOffice())
    path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "book.xlsx"
    return lambda checklist, data: ask_libreoffice(engine, path, *data.draw(filled_forms(checklist)))


def _numpy(_stack: ExitStack) -> Callable[[Any, Any], None]:
    from tests.analysis.test_whole_forms import agrees
    from tests.strategies.stale import forms

    return lambda checklist, data: agrees(data.draw(forms(checklist)))


ENGINES = {
    "numpy": _numpy,
    "survey-core": _survey_core,
    "formualizer": _formualizer,
    "libreoffice": _libreoffice,
    "javarosa": _xforms,
}
"""JavaRosa fills in forms, and openrosa-xpath-evaluator then sees every expression of the filled form."""
