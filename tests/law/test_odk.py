"""The law for ODK and Kobo: what was filled in on a phone comes back, from whatever a server makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.model import Checklist, Question, Repeat
from tests.engines.javarosa import JavaRosa, Step, paths
from tests.law import odk
from tests.law.expected import expected_rows
from tests.law.test_law import rows_of
from tests.strategies.answers import TODAY
from tests.strategies.checklists import answers, checklists
from tests.strategies.files import checklists_with_files


def xml_files(checklist: Checklist, given_answers: list[odk.Answers]) -> dict[str, bytes]:
    return {f"{number}.xml": odk.xml(checklist, each, number).encode() for number, each in enumerate(given_answers)}


def one(make: odk.Make, name: str, checklist: Checklist, given_answers: list[odk.Answers]) -> dict[str, bytes]:
    return {name: make(checklist, given_answers)}


EXPORTS = {
    "central": partial(one, odk.central, "a.zip"),
    "central-split": partial(one, partial(odk.central, split=True), "a.zip"),
    "central-no-groups": partial(one, partial(odk.central, groups=False), "a.zip"),
    "odata": partial(one, odk.odata, "a.json"),
    "kobo-json": partial(one, odk.kobo_json, "a.json"),
    "kobo-xlsx": partial(one, odk.kobo_xlsx, "a.xlsx"),
    "xml": xml_files,
}


def assert_comes_back(
    checklist: Checklist, files: Mapping[str, bytes], wanted: Mapping[str, Mapping[Any, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        tables = ck.parse(checklist, sorted(Path(folder).iterdir()), today=TODAY)
    note(tables.problems.to_string())
    found = {name.removeprefix("uuid:"): rows for name, rows in rows_of(tables).items()}
    differing = [
        (submission, *key, rows.get(key), found.get(submission, {}).get(key))
        for submission, rows in wanted.items()
        for key in rows | found.get(submission, {})
        if rows.get(key) != found.get(submission, {}).get(key)
    ]
    assert not differing, differing
    assert found.keys() == wanted.keys()
    assert tables.ledger.balanced
    assert tables.ledger.problems == 0


@pytest.mark.parametrize("export", EXPORTS)
@given(data=st.data())
@settings(max_examples=12)
def test_what_was_filled_in_comes_back(export: str, data: st.DataObject) -> None:
    """read(fill(compile(c), a)) == a."""
    checklist = data.draw(checklists())
    filled = [
        odk.as_on_a_phone(checklist, each) for each in data.draw(st.lists(answers(checklist), min_size=1, max_size=3))
    ]
    wanted = {f"s{number}": expected_rows(checklist, each) for number, each in enumerate(filled)}
    assert_comes_back(checklist, EXPORTS[export](checklist, filled), wanted)


def labels_are_plain(checklist: Checklist, language: str) -> bool:
    """Whether each label means one thing, as somebody who exports labels must see to."""
    shown = [entry.item.label.get(language, "") for entry in checklist.questions]
    for entry in checklist.questions:
        choices = getattr(entry.item, "choices", None)
        shown += [choice.label.get(language, "") for choice in choices.choices] if choices else []
    distinct = {" ".join(label.casefold().split()) for label in shown}
    return not checklist.repeats and len(distinct - {""}) == len(set(shown)) == len(shown)


@pytest.mark.parametrize("labels", [False, True], ids=["codes", "labels"])
@given(data=st.data())
@settings(max_examples=8)
def test_what_kobo_writes_as_text_comes_back(labels: bool, data: st.DataObject) -> None:
    """Semicolons, every choice of a select_multiple in a column of its own, with names and codes or with labels."""
    checklist = data.draw(checklists())
    language = checklist.default_language if labels else None
    assume(labels_are_plain(checklist, language) if language else not checklist.repeats)
    filled = [odk.as_on_a_phone(checklist, data.draw(answers(checklist)))]
    wanted = {"s0": expected_rows(checklist, filled[0])}
    assert_comes_back(checklist, {"a.csv": odk.kobo_csv(checklist, filled, language)}, wanted)


# The engine itself


def steps_of(checklist: Checklist, xform: str, filled: odk.Answers) -> list[Step]:
    """What a person does to give these answers, in form order: a repeat begins with an instance, which is removed."""
    generic = paths(xform)

    def walk(nodes: tuple[odk.Node, ...], given_answers: odk.Answers, place: str) -> Iterator[Step]:
        for node in nodes:
            here = f"{place}/{node.name}"
            if isinstance(node.item, Repeat):
                if not odk.instances(node, given_answers):
                    yield (here,)
                for number, (_, inside) in enumerate(odk.instances(node, given_answers), 1):
                    position = f"[{number}]" if number > 1 else ""
                    yield from walk(node.inner or (), inside, here + position)
            elif node.inner is not None:
                yield from walk(node.inner, given_answers, here)
            elif isinstance(node.item, Question) and (value := odk.text(node.item, given_answers[node.item.name])):
                yield here, value

    root = min(generic.values(), key=len)
    return list(walk(odk.schema(checklist), filled, root.partition("/")[0] + "/" + root.split("/")[1]))


def can_be_added(checklist: Checklist, given_answers: odk.Answers) -> bool:
    """Whether each free repeat ends in an instance that holds an answer: our hands add none to leave it blank."""
    for name, value in given_answers.items():
        item = checklist.by_name[name].item
        if isinstance(item, Repeat) and value:
            last = list(value.values())[-1]
            if not (item.over or item.repeat_count or has_answer(last)):
                return False
            if not all(can_be_added(checklist, inside) for inside in value.values()):
                return False
    return True


def has_answer(value: Any) -> bool:
    return any(map(has_answer, value.values())) if isinstance(value, dict) else value is not None


@given(data=st.data())
@settings(max_examples=12)
def test_what_javarosa_hands_in_comes_back(javarosa: JavaRosa, data: st.DataObject) -> None:
    """The form that we build, filled in by the engine inside of Collect, and its own XML read."""
    pytest.importorskip("pyxform")
    checklist = data.draw(checklists() | checklists_with_files())
    files = dict(ck.build(checklist, "xform").files)
    content = files.pop(f"{checklist.id}.xform.xml")
    filled = odk.as_on_a_phone(checklist, data.draw(answers(checklist)))
    assume(can_be_added(checklist, filled))
    steps = steps_of(checklist, content.decode(), filled)
    run = javarosa.run(content.decode(), steps, files)
    note(run.submission)
    assert set(run.refused) <= {step[0] for step in steps if len(step) == 1}, "only what is not asked is not removed"
    wanted = expected_rows(checklist, filled)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "submission.xml"
        path.write_text(run.submission, encoding="utf-8")
        tables = ck.parse(checklist, [path], today=TODAY)
    note(tables.problems.to_string())
    ((_, found),) = rows_of(tables).items()
    differing = [(*key, wanted.get(key), found.get(key)) for key in wanted | found if wanted.get(key) != found.get(key)]
    assert not differing, differing
    assert tables.ledger.balanced
