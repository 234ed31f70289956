"""The random material itself: it loads without an error, and answers keep the rules that they promise to keep."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.logic import Context, evaluate, symbols_in
from checklist_kit.model import Question, Repeat, SelectMultiple
from tests.strategies.answers import TODAY
from tests.strategies.checklists import answers, checklist_texts, checklists, load_text


@given(checklist_texts())
@settings(max_examples=60)
def test_random_checklists_have_no_errors(text: str) -> None:
    assert load_text(text).id == "random"


@given(st.data())
@settings(max_examples=60)
def test_random_answers_fit_their_questions(data: st.DataObject) -> None:
    checklist = data.draw(checklists())
    _fits(data.draw(answers(checklist)), {item.item.name: item.item for item in checklist.entries})


def _fits(given_answers: dict[str, Any], items: dict[str, Any]) -> None:
    for name, value in given_answers.items():
        item = items[name]
        if isinstance(item, Repeat):
            allowed = set(item.over.codes) if item.over else {"1", "2", "3"}
            assert set(value) <= allowed
            for instance in value.values():
                _fits(instance, items)
        else:
            assert isinstance(item, Question)
            assert value is None or not isinstance(item, SelectMultiple) or set(value) <= set(item.choices.codes)


@given(st.data())
@settings(max_examples=60)
def test_random_answers_are_blank_where_nothing_was_asked(data: st.DataObject) -> None:
    checklist = data.draw(checklists())
    given_answers = data.draw(answers(checklist))
    for entry in checklist.entries:
        condition = entry.item.relevant
        # Only conditions over plain questions: what lies in repeats and calculations is in no flat dict.
        if condition is None or entry.repeats or entry.item.name not in given_answers:
            continue
        symbols = {symbol.name for symbol in symbols_in(condition.tree)}
        if symbols <= {name for name, value in given_answers.items() if not isinstance(value, dict)}:
            asked = evaluate(condition.tree, Context(given_answers, today=TODAY)) is True
            assert asked or not given_answers[entry.item.name]
