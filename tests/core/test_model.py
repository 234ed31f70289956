"""The model: the form read in order, languages, transmission codes, hashes, and checklists that extend others."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit import api
from checklist_kit.diagnostics import DefinitionError, did_you_mean
from checklist_kit.diagnostics.letters import foreign_letter, mixed_word
from checklist_kit.logic.tree import And
from checklist_kit.model import Checklist, Entry, Missing, Question
from checklist_kit.source.symbols import CODE_ALPHABET, transmission_codes
from tests.strategies.checklists import checklist_texts, load_text

NESTED = """\
checklist: nested
choices: {yn: {yes: Yes, no: No}, sides: {left: Left, right: Right}}
items:
  - {name: hello, type: note, label: Hello}
  - {name: a, type: select_one, choices: yn, label: A}
  - name: outer
    type: section
    label: Outer
    relevant: a = 'yes'
    items:
      - {name: b, type: integer, label: B}
      - name: inner
        type: section
        label: Inner
        relevant: b > 1
        items:
          - {name: c, type: text, label: C, relevant: b > 2}
          - {name: d, type: calculate, calculation: b * 2, label: D}
  - name: sides
    type: repeat
    over: sides
    label: Sides
    relevant: a is answered
    items:
      - {name: e, type: date, label: E}
  - {name: f, type: text, label: F}
"""


def entry(checklist: Checklist, name: str) -> Entry:
    return checklist.by_name[name]


def test_the_form_in_order() -> None:
    checklist = load_text(NESTED)
    assert [one.item.name for one in checklist.entries] == [
        "hello",
        "a",
        "outer",
        "b",
        "inner",
        "c",
        "d",
        "sides",
        "e",
        "f",
    ]
    assert [one.item.name for one in checklist.questions] == ["a", "b", "c", "d", "e", "f"]
    assert {one.item.name: one.number for one in checklist.entries if one.number} == {
        "a": 1,
        "b": 2,
        "c": 3,
        "e": 4,
        "f": 5,
    }


def test_relevance_is_that_of_all_around() -> None:
    checklist = load_text(NESTED)
    assert entry(checklist, "a").relevance is None
    own = [entry(checklist, name).item.relevant for name in ("outer", "inner", "c")]
    assert entry(checklist, "b").relevance == own[0].condition  # type: ignore[union-attr]
    assert entry(checklist, "c").relevance == And(tuple(one.condition for one in own if one))
    assert entry(checklist, "d").relevance == And(tuple(one.condition for one in own[:2] if one))


def test_sections_and_repeats_around() -> None:
    checklist = load_text(NESTED)
    assert [section.name for section in entry(checklist, "c").sections] == ["outer", "inner"]
    assert [repeat.name for repeat in entry(checklist, "e").repeats] == ["sides"]
    assert checklist.symbols["e"].repeats == ("sides",)


def test_texts_fall_back() -> None:
    checklist = load_text(
        "checklist: x\nlanguages: {az: A, en: E, ru: R}\ndefault_language: en\n"
        "items:\n  - {name: q, type: text, label: {az: Salam, en: Hello}}\n"
        "  - {name: r, type: text, label: {az: Salam}}\n"
    )
    both, one = (item.label for item in checklist.items)
    assert [checklist.text(both, language) for language in ("az", "en", "ru", None)] == [
        "Salam",
        "Hello",
        "Hello",
        "Hello",
    ]
    assert checklist.text(one, "ru") == "Salam"
    assert checklist.text({}, "en") == ""


def test_a_plain_text_is_in_the_default_language() -> None:
    checklist = load_text(
        "checklist: x\nlanguages: {az: A, en: E}\ndefault_language: az\n"
        "items:\n  - {name: q, type: text, label: Salam}\n"
    )
    assert checklist.items[0].label == {"az": "Salam"}


def test_the_hash_is_that_of_the_meaning(tmp_path: Path) -> None:
    def of(text: str, folder: str) -> str:
        path = tmp_path / folder / "form.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return ck.load(path).hash

    assert of(NESTED, "a") == of("# a comment\n" + NESTED, "b")
    assert of(NESTED, "a") != of(NESTED.replace("label: F", "label: G"), "b")
    assert of(NESTED, "a") != of(NESTED.replace("b > 1", "b > 2"), "b")
    assert of(NESTED, "a") != of(NESTED.replace("yes: Yes", "yes: Surely"), "b")
    assert of(NESTED, "a") != of(NESTED.replace("checklist: nested", 'checklist: nested\nversion: "2"'), "b")
    assert len(of(NESTED, "a")) == 64


@given(checklist_texts())
@settings(max_examples=25)
def test_loading_twice_gives_the_same(text: str) -> None:
    first, second = load_text(text), load_text(text)
    assert first.hash == second.hash
    codes = [one.item.code for one in first.questions if isinstance(one.item, Question)]
    assert codes == [one.item.code for one in second.questions if isinstance(one.item, Question)]
    assert all(codes)


# Transmission codes

names = st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), max_size=60, unique=True)


@given(names, st.randoms())
def test_codes_can_be_told_apart_and_do_not_depend_on_the_order(found: list[str], chance: object) -> None:
    codes = transmission_codes(found, {})
    assert set(codes) == set(found)
    assert all(set(code) <= set(CODE_ALPHABET) and len(code) >= 2 for code in codes.values())
    ordered = sorted(codes.values())
    assert all(not later.startswith(earlier) for earlier, later in pairwise(ordered))
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert transmission_codes(shuffled, {}) == codes


@given(names)
def test_written_codes_stay(found: list[str]) -> None:
    given_codes = dict(zip(found, ["AA", "AB", "ACB", "ACD"], strict=False))
    codes = transmission_codes(found, given_codes)
    assert given_codes.items() <= codes.items()
    ordered = sorted(codes.values())
    assert all(not later.startswith(earlier) for earlier, later in pairwise(ordered))


# Loading


def test_load_raises_with_everything_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(NESTED.replace("b > 1", "x > 1").replace("b > 2", "y > 2"))
    with pytest.raises(
        DefinitionError, match=r"form.yaml:15:19: there is no question `x` \[logic-unknown-name\]"
    ) as raised:
        ck.load(path)
    assert len([one for one in raised.value.diagnostics if one.is_error]) == 2


def test_warnings_do_not_keep_a_checklist_from_loading(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(NESTED.replace("b > 1", "b > 1 or b < 5"))
    assert ck.load(path).id == "nested"
    assert [one.code for one in ck.check(path)] == ["logic-always-relevant"]


def test_findings_come_in_order_of_place(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text((Path(__file__).parents[1] / "cases" / "many_mistakes.yaml").read_text(encoding="utf-8"))
    places = [(one.span.line, one.span.column) for one in ck.check(path) if one.span]
    assert places == sorted(places)
    assert set(api.examine(path).lines) == {str(path)}


# Extending

BASE = """\
checklist: base
version: "1"
title: {en: Base}
choices: {yn: {yes: Yes, no: No}}
items:
  - {name: station, type: text, required: true, label: Station}
  - name: opening
    type: section
    label: Opening
    items:
      - {name: opened, type: select_one, choices: yn, label: Opened}
      - {name: why, type: text, label: Why, relevant: opened = 'no'}
indicators:
  - {name: shut, label: Shut, when: opened = 'no'}
"""


def extended(tmp_path: Path, changes: str) -> Checklist:
    (tmp_path / "base.yaml").write_text(BASE)
    path = tmp_path / "form.yaml"
    path.write_text(f"checklist: mine\nextends: base.yaml\nunit: station\n{changes}")
    return ck.load(path)


def order(checklist: Checklist) -> list[str]:
    return [one.item.name for one in checklist.entries]


def test_extending_without_changes(tmp_path: Path) -> None:
    checklist = extended(tmp_path, "")
    assert (checklist.id, checklist.version, checklist.unit) == ("mine", "1", "station")
    assert order(checklist) == ["station", "opening", "opened", "why"]


def test_items_are_changed_placed_added_and_removed(tmp_path: Path) -> None:
    checklist = extended(
        tmp_path,
        """\
choices: {yn: {yes: Yes, no: No, unseen: Not seen}}
remove: [why]
items:
  - {name: opened, label: Was it open?, required: true}
  - {name: chair, type: text, label: Chair, after: station}
  - {name: first, type: note, label: First, before: station}
  - {name: last, type: text, label: Last}
  - name: opening
    items:
      - {name: seal, type: text, label: Seal}
""",
    )
    assert order(checklist) == ["first", "station", "chair", "opening", "opened", "seal", "last"]
    opened = entry(checklist, "opened").item
    assert isinstance(opened, Question)
    assert (opened.label["en"], opened.required) == ("Was it open?", True)
    assert checklist.choices["yn"].codes == ("yes", "no", "unseen")


def test_faults_are_found_in_the_file_they_are_in(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as raised:
        extended(
            tmp_path,
            "items:\n  - {name: opened, relevant: x > 1}\n  - {name: new, type: text, label: N, after: nobody}\n",
        )
    found = {(one.code, Path(one.span.file).name, one.span.line) for one in raised.value.diagnostics if one.span}
    assert ("logic-unknown-name", "form.yaml", 5) in found
    assert ("name-unknown-item", "form.yaml", 6) in found


def test_a_fault_of_the_base_is_found_in_the_base(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as raised:
        extended(tmp_path, "remove: [opened]\n")
    found = {(one.code, Path(one.span.file).name) for one in raised.value.diagnostics if one.is_error and one.span}
    assert found == {("logic-unknown-name", "base.yaml")}


# Words


def test_missing_kinds_are_those_of_the_contract() -> None:
    kinds = "not_asked not_answered not_observed not_permitted not_applicable dont_know refused unreadable"
    assert {kind.value for kind in Missing} == set(kinds.split())


@given(st.text(max_size=10), st.lists(st.text(max_size=10), max_size=6))
def test_near_misses_are_known_words(word: str, known: list[str]) -> None:
    found = did_you_mean(word, known)
    assert found is None or any(f'"{candidate}"' in found for candidate in known)


@pytest.mark.parametrize(
    ("text", "word", "letter"),
    [
        ("Salam", None, None),
        ("Müşahidə Ə", None, None),
        ("Привет, Hello", None, None),
        ("Пpивет", "Пpивет", "p"),
        ("Hellо there", "Hellо", "о"),
        ("ΑBC", "ΑBC", "Α"),
        ("Aա1", "Aա1", "ա"),
        ("A1Б", "A1Б", "Б"),
        ("№5 Я-A", None, None),
    ],
)
def test_mixed_words(text: str, word: str | None, letter: str | None) -> None:
    assert mixed_word(text) == (None if word is None else (word, letter))


@given(st.text())
def test_any_text_has_mixed_words_or_not(text: str) -> None:
    found = mixed_word(text)
    if found is not None:
        assert found[0] in text
        assert found[1] in found[0]
    assert (foreign_letter(text) is None) or not text.isascii()
