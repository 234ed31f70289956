"""Time grows with the checklist and not faster; checking costs less than loading."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checklist_kit import checks, source
from tests.strategies.checklists import as_yaml

YES_NO = {"yes": "Yes", "no": "No", "unseen": {"label": "Not observed", "missing": "not_observed"}}


def form(questions: int) -> str:
    """Sections of twenty questions each; two in five have an expression."""
    items = []
    for number in range(questions):
        item: dict[str, object] = {"name": f"q{number}", "label": f"Was thing number {number} seen by the observer?"}
        match number % 5:
            case 0:
                item |= {"type": "select_one", "choices": "yes_no"}
            case 1:
                item |= {"type": "select_one", "choices": "yes_no", "relevant": f"q{number - 1} = 'yes'"}
            case 2:
                item |= {"type": "integer", "constraint": f"q{number} >= 0 and q{number} <= {number + 100}"}
            case 3:
                item |= {"type": "select_multiple", "choices": {"a": "First", "b": "Second"}, "hint": "Tick all"}
            case _:
                item |= {"type": "text"}
        items.append(item)
    sections = [
        {"name": f"s{start}", "type": "section", "label": f"Section {start}", "items": items[start : start + 20]}
        for start in range(0, questions, 20)
    ]
    return as_yaml({"checklist": "large", "unit": "q4", "choices": {"yes_no": YES_NO}, "items": sections})


def seconds(action: Callable[[], object]) -> float:
    """CPU seconds of the fastest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times)


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[float, float]]:
    """Seconds of loading and of checking, by number of questions."""
    found = {}
    for questions in (500, 2000):
        path: Path = tmp_path_factory.mktemp("large") / "form.yaml"
        path.write_text(form(questions), encoding="utf-8")
        checklist = source.load(path).checklist
        assert checklist is not None
        assert len(checklist.questions) == questions
        load = seconds(lambda path=path: source.load(path))  # type: ignore[misc]
        check = seconds(lambda checklist=checklist: checks.run(checklist, complete=True))  # type: ignore[misc]
        found[questions] = (load, check)
    return found


def test_time_is_linear(times: dict[int, tuple[float, float]]) -> None:
    for small, large in zip(times[500], times[2000], strict=True):
        assert large < 4 * small * 2


def test_checking_costs_less_than_loading(times: dict[int, tuple[float, float]]) -> None:
    load, check = times[2000]
    assert check < load
