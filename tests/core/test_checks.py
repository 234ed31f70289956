"""What each check finds and, as important, what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import checklist_kit as ck

ROOT = Path(__file__).parents[2]
RIGHT = sorted((ROOT / "tests" / "cases" / "right").glob("*.yaml"))

Check = Callable[..., list[str]]


@pytest.fixture
def codes(tmp_path: Path) -> Check:
    """Check items that follow a first question, with keys on top; the codes that are found, in order of place."""

    def run(items: str = "", top: str = "unit: station\n", indicators: str = "") -> list[str]:
        station = "  - {name: station, type: text, required: true, label: Which station is it?}\n"
        below = f"indicators:\n{indicators}" if indicators else ""
        path = tmp_path / "checklist.yaml"
        path.write_text(f"checklist: form\n{top}items:\n{station}{items}{below}", encoding="utf-8")
        return [finding.code for finding in ck.check(path)]

    return run


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_right_checklists_are_silent(path: Path) -> None:
    assert [str(finding) for finding in ck.check(path)] == []


YES_NO = "choices: {yn: {yes: Yes, no: No}}\nunit: station\n"
CHOSEN = "  - {name: opened, type: select_one, choices: yn, label: Was it open?}\n"
NUMBER = "  - {name: voted, type: integer, label: How many voted?}\n"


@pytest.mark.parametrize(
    "relevant",
    [
        "opened = 'yes'",
        "opened != 'yes'",
        "opened is blank",
        "opened is answered",
        "opened = 'yes' or opened is blank",
        "not (opened = 'yes')",
        "voted > 0",
        "voted >= 0 and voted <= 3",
        "voted / 2 > 1 or opened = 'no'",
        "if(opened = 'yes', voted > 3, voted < 3)",
        "coalesce(voted, 0) = 0",
    ],
)
def test_reasonable_conditions(codes: Check, relevant: str) -> None:
    item = f'  - {{name: why, type: text, label: Why?, relevant: "{relevant}"}}\n'
    assert codes(CHOSEN + NUMBER + item, YES_NO) == []


@pytest.mark.parametrize(
    ("relevant", "code"),
    [
        ("opened = 'yes' and opened = 'no'", "logic-never-relevant"),
        ("opened = 'yes' and opened is blank", "logic-never-relevant"),
        ("voted > 3 and voted < 3", "logic-never-relevant"),
        ("1 = 2", "logic-never-relevant"),
        ("opened = 'yes' or opened = 'no'", "logic-always-relevant"),
        ("opened != 'yes' or opened != 'no'", "logic-always-relevant"),
        ("voted > 3 or voted < 5", "logic-always-relevant"),
        ("opened is blank or opened is answered", "logic-always-relevant"),
        ("2 > 1", "logic-always-relevant"),
    ],
)
def test_contradictions_and_tautologies(codes: Check, relevant: str, code: str) -> None:
    item = f'  - {{name: why, type: text, label: Why?, relevant: "{relevant}"}}\n'
    assert codes(CHOSEN + NUMBER + item, YES_NO) == [code]


def test_a_contradiction_is_found_once(codes: Check) -> None:
    """Not again for what is inside, nor for what depends on it."""
    items = (
        CHOSEN
        + """\
  - name: never
    type: section
    label: Never
    relevant: opened = 'yes' and opened = 'no'
    items:
      - {name: inner, type: select_one, choices: yn, label: Inside?, relevant: opened = 'yes'}
  - {name: after, type: text, label: After?, relevant: inner = 'yes'}
"""
    )
    found = codes(items, YES_NO, "  - {name: i, label: Inside, when: inner = 'yes', among: inner is answered}\n")
    assert found == ["logic-never-relevant"]


def test_chains_of_conditions(codes: Check) -> None:
    items = (
        CHOSEN
        + """\
  - {name: late, type: select_one, choices: yn, label: Was it late?, relevant: opened = 'yes'}
  - {name: very, type: select_one, choices: yn, label: Was it very late?, relevant: late = 'yes'}
  - {name: why, type: text, label: Why?, relevant: very = 'yes' and opened = 'no'}
"""
    )
    assert codes(items, YES_NO) == ["logic-never-relevant"]
    assert codes(items.replace("and opened = 'no'", "and opened = 'yes'"), YES_NO) == []


@pytest.mark.parametrize(
    ("constraint", "found"),
    [
        (". >= 0", []),
        (". >= 0 and . <= 3000", []),
        (". in (1, 2, 3)", []),
        (". <= registered", []),
        ("registered is blank or . <= registered", []),
        (". > 10 and . < 5", ["logic-never-valid"]),
        (". > registered and . < registered", ["logic-never-valid"]),
        (". >= 0 or . <= 3000", ["logic-always-valid"]),
        ("registered > 0", ["logic-constraint-without-answer"]),
    ],
)
def test_constraints(codes: Check, constraint: str, found: list[str]) -> None:
    items = "  - {name: registered, type: integer, label: How many are registered?}\n"
    assert (
        codes(items + f'  - {{name: voted, type: integer, label: How many voted?, constraint: "{constraint}"}}\n')
        == found
    )


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("constraint: . <= 3000, missing: {9999: not_observed}", []),
        ("constraint: . <= 3000, missing: {-1: not_observed}", ["logic-sentinel-in-range"]),
        ("constraint: . >= 0 and . <= 3000, missing: {-1: not_observed}", []),
        ("constraint: . <= 9999, missing: {9999: not_observed}", ["logic-sentinel-in-range"]),
        ("missing: {9999: not_observed}", []),
        ("missing: {-9: not_observed}", []),
        ("missing: {99: not_observed}", ["logic-sentinel-in-range"]),
    ],
)
def test_sentinels(codes: Check, keys: str, found: list[str]) -> None:
    assert codes(f"  - {{name: voted, type: integer, label: How many voted?, {keys}}}\n") == found


def test_a_sentinel_beside_the_limits_of_another_question(codes: Check) -> None:
    items = """\
  - {name: registered, type: integer, label: How many are registered?, constraint: . <= 3000}
  - {name: voted, type: integer, label: How many voted?, constraint: . <= registered, missing: {9999: not_observed}}
"""
    assert codes(items) == []
    assert codes(items.replace(", constraint: . <= 3000", "")) == ["logic-sentinel-in-range"]


@pytest.mark.parametrize(
    ("keys", "ok"),
    [
        ("type: integer, default: 3", True),
        ("type: integer, default: 3.5", False),
        ("type: decimal, default: 3.5", True),
        ("type: decimal, default: much", False),
        ("type: text, default: anything", True),
        ("type: text, default: 12/34, matches: '[0-9]+/[0-9]+'", True),
        ("type: text, default: twelve, matches: '[0-9]+'", False),
        ("type: date, default: 2024-02-07", True),
        ("type: date, default: 2024-02-30", False),
        ("type: date, default: today()", True),
        ("type: time, default: '08:00'", True),
        ("type: time, default: eight", False),
        ("type: select_one, choices: yn, default: no", True),
        ("type: select_one, choices: yn, default: No", False),
        ("type: select_multiple, choices: {a: A, b: B}, default: a b", True),
        ("type: select_multiple, choices: {a: A, b: B}, default: a c", False),
        ("type: integer, default: '${a} + 1'", True),
        ("type: integer, default: 3, constraint: . > 2", True),
        ("type: integer, default: 2, constraint: . > 2", False),
        ("type: image, default: x.jpg", True),
    ],
)
def test_defaults(codes: Check, keys: str, ok: bool) -> None:
    items = CHOSEN + f"  - {{name: q, label: Question, {keys}}}\n"
    assert codes(items, YES_NO) == ([] if ok else ["schema-default"])


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("[0-9]{1,3}/[0-9]{1,2}", []),
        ("(AB|CD)[A-Z]?", []),
        ("(?:ab)+", []),
        ("[^0-9]*", []),
        (r"\d{3}\s\d{2}", []),
        (r"[\d.\-]+", []),
        (r"a\.b\+c\(d\)", []),
        ("[a-zəğıöüçş]+", []),
        ("[", ["logic-regex"]),
        ("a{2,1}", ["logic-regex"]),
        ("*a", ["logic-regex"]),
        ("(a", ["logic-regex"]),
        (r"\q", ["logic-regex"]),
        ("a{99999999999999}", ["logic-regex"]),
        ("^abc", ["logic-regex-dialect"]),
        ("abc$", ["logic-regex-dialect"]),
        (r"\w+", ["logic-regex-dialect"]),
        (r"[\w]+", ["logic-regex-dialect"]),
        (r"\bab\b", ["logic-regex-dialect"]),
        ("(?=a)a", ["logic-regex-dialect"]),
        ("(?<!a)b", ["logic-regex-dialect"]),
        ("(?P<year>[0-9]+)", ["logic-regex-dialect"]),
        ("(?i:abc)", ["logic-regex-dialect"]),
        ("(?i)abc", ["logic-regex-dialect"]),
        ("a++", ["logic-regex-dialect"]),
        ("a*?", ["logic-regex-dialect"]),
        ("(?>a)b", ["logic-regex-dialect"]),
        (r"(a)\1", ["logic-regex-dialect"]),
        (r"\Aab", ["logic-regex-dialect"]),
        ("[[a]b]", ["logic-regex-dialect"]),
        ("[a&&b]", ["logic-regex-dialect"]),
        (r"\_a", ["logic-regex-dialect"]),
        ("a}", ["logic-regex-dialect"]),
        ("(a+)+", ["logic-regex-dialect"]),
        ("([0-9]+[a-z]*)*", ["logic-regex-dialect"]),
        ("([0-9]+)?", []),
        ("([0-9]+){1,2}", []),
    ],
)
def test_patterns(codes: Check, pattern: str, found: list[str]) -> None:
    assert codes(f"  - {{name: q, type: text, label: Question, matches: '{pattern}'}}\n") == found


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("none: None of these", True),
        ("none: {label: None of these, exclusive: true}", False),
        ("nothing: Nothing", True),
        ("zero: None of them", True),
        ("bad: Nobody was there", True),
        ("unseen: {label: Not seen, missing: not_observed}", True),
        ("unseen: {label: Not seen, missing: not_observed, exclusive: true}", False),
        ("no_ink: No ink", False),
        ("nonresident: Nonresident voters", False),
        ("noise: Noise", False),
        ("not_sealed: The box was not sealed", False),
    ],
)
def test_none_in_a_tick_all(codes: Check, choice: str, found: bool) -> None:
    top = f"unit: station\nchoices:\n  problems:\n    queue: Queues\n    {choice}\n"
    items = "  - {name: seen, type: select_multiple, choices: problems, label: What did you see?}\n"
    assert codes(items, top) == (["logic-none-not-exclusive"] if found else [])
    # In a select_one, none of it matters.
    one = items.replace("select_multiple", "select_one")
    assert codes(one, top) == (["schema-needless-exclusive"] if "exclusive" in choice else [])


BILINGUAL = "unit: station\nlanguages: {en: English, az: Azərbaycanca}\n"


def bilingual(codes: Check, en: str, az: str) -> list[str]:
    found = codes(f'  - {{name: q, type: text, label: {{en: "{en}", az: "{az}"}}}}\n', BILINGUAL)
    found.remove("text-missing-translation")  # of the first question
    return found


@pytest.mark.parametrize(
    ("en", "az", "found"),
    [
        ("Who came?", "Kim gəldi?", []),
        ("Who came?", "Who came?", ["text-same-translation"]),
        ("Ilham Aliyev", "Ilham Aliyev", []),
        ("OK", "OK", []),
        ("OSCE", "OSCE", []),
        ("08:00 – 10:00", "08:00 – 10:00", []),
        ("12", "12", []),
        ("Who came?", "", ["text-missing-translation"]),
        ("Who cаme?", "Kim gəldi?", ["text-mixed-script"]),
        ("№ 5, β and Ω", "№ 5, β və Ω", []),
        ("ТИК (TIK)", "DSK", []),
        ("Whо came?", "Kim gəldi?", ["text-mixed-script"]),
        ("Was ${station} open?", "${station} açıq idimi?", []),
        ("Was ${station} open?", "Açıq idimi?", ["text-placeholder"]),
        ("Was ${q} open?", "${q} açıq idimi?", ["text-placeholder"]),
    ],
)
def test_translations(codes: Check, en: str, az: str, found: list[str]) -> None:
    assert bilingual(codes, en, az) == found


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Were observers admitted?", []),
        ("Were observers not admitted?", []),
        ("Were observers not prevented from entering?", ["text-double-negative"]),
        ("Was nobody refused a ballot?", ["text-double-negative"]),
        ("Wasn't the box left unsealed?", ["text-double-negative"]),
        ("How many voters were not on the list, and how many could not vote?", ["text-two-questions"]),
        ("Was the box sealed without being shown empty?", []),
        ("Did nothing unusual happen?", []),
        ("Was the box empty and was it sealed?", ["text-two-questions"]),
        ("Was the box empty? Was it sealed?", ["text-two-questions"]),
        ("Did the chair and/or the secretary sign?", ["text-two-questions"]),
        ("Was the copy signed and stamped?", []),
        ("Did the chair and the secretary sign?", []),
        ("Were the ballots and the list in the station?", []),
        ("How many voters and observers were there?", []),
    ],
)
def test_wording(codes: Check, label: str, found: list[str]) -> None:
    assert codes(f'  - {{name: q, type: select_one, choices: yn, label: "{label}"}}\n', YES_NO) == found


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Müşahidəçilər içəri buraxıldımı?", []),
        ("Adı siyahıda olmayan şəxs səs verdimi?", []),
        ("Siyahıda olmayan şəxs buraxılmadımı?", ["text-double-negative"]),
        ("Qutu boş idimi və möhürləndimi?", ["text-two-questions"]),
    ],
)
def test_wording_in_azerbaijani(codes: Check, label: str, found: list[str]) -> None:
    top = "unit: station\ndefault_language: az\nlanguages: {az: Azərbaycanca}\nchoices: {yn: {yes: Bəli, no: Xeyr}}\n"
    assert codes(f'  - {{name: q, type: select_one, choices: yn, label: "{label}"}}\n', top) == found


SEEN = """\
  - {name: empty, type: select_one, choices: ynn, label: Was the box empty?}
  - {name: sealed, type: select_one, choices: ynn, label: Was it sealed?}
  - {name: faults, type: select_multiple, choices: faults, label: What did you see?}
"""
OBSERVED = """\
unit: station
choices:
  ynn: {yes: Yes, no: No, unseen: {label: Not observed, missing: not_observed}}
  faults:
    ink: Ink
    none: {label: None, exclusive: true}
    unseen: {label: Not observed, missing: not_observed, exclusive: true}
"""


@pytest.mark.parametrize(
    ("when", "among", "found"),
    [
        ("empty = 'no'", "empty in ('yes', 'no')", []),
        ("empty = 'no'", None, []),
        ("empty = 'unseen'", "empty is answered", []),
        ("faults has 'ink'", "faults is answered and not (faults has 'unseen')", []),
        ("faults has 'ink'", "not (faults has 'unseen')", []),
        ("empty = 'no' or sealed = 'no'", "empty in ('yes', 'no') or sealed in ('yes', 'no')", []),
        ("empty = 'no' and sealed = 'no'", "empty in ('yes', 'no') and sealed in ('yes', 'no')", []),
        ("empty = 'no'", "empty is answered", ["indicator-missing-in-base"]),
        ("empty = 'no'", "sealed in ('yes', 'no')", ["indicator-missing-in-base", "indicator-outside-base"]),
        ("empty = 'no'", "empty = 'yes'", ["indicator-never"]),
        ("empty = 'no'", "empty = 'no'", ["indicator-always"]),
        ("empty in ('yes', 'no')", "empty = 'no'", ["indicator-always", "indicator-outside-base"]),
        ("empty = 'no' or sealed = 'no'", "empty in ('yes', 'no')", ["indicator-outside-base"]),
        ("faults has 'ink'", "empty in ('yes', 'no')", ["indicator-outside-base"]),
        ("empty = 'yes' or empty = 'no'", None, []),
        ("empty is answered", None, ["indicator-always"]),
    ],
)
def test_bases_of_indicators(codes: Check, when: str, among: str | None, found: list[str]) -> None:
    base = f', among: "{among}"' if among else ""
    indicator = f'  - {{name: i, label: Found, when: "{when}"{base}}}\n'
    assert sorted(codes(SEEN, OBSERVED, indicator)) == found


def test_a_base_may_be_those_who_were_asked(codes: Check) -> None:
    items = SEEN + "  - {name: how, type: select_one, choices: ynn, label: How?, relevant: empty = 'no'}\n"
    indicator = "  - {name: i, label: Found, when: how = 'no', among: \"empty = 'no' and how in ('yes', 'no')\"}\n"
    assert codes(items, OBSERVED, indicator) == []


def test_one_forgotten_question_is_named_and_many_are_not(codes: Check) -> None:
    asked = "".join(f"  - {{name: q{n}, type: select_one, choices: yn, label: Question {n}}}\n" for n in range(10))
    used = "".join(f"  - {{name: i{n}, label: Found, when: q{n} = 'no'}}\n" for n in range(9))
    assert codes(asked, YES_NO, used) == ["indicator-unused-question"]
    assert codes(asked, YES_NO, used[: used.index("  - {name: i5")]) == []
    assert codes(asked, YES_NO) == []


def test_a_warning_can_be_silenced_where_it_is_or_altogether(codes: Check) -> None:
    item = "  - {name: q, type: text, label: Question, matches: '^a'%s}\n"
    assert codes(item % "") == ["logic-regex-dialect"]
    assert codes(item % ", ignore: [logic-regex-dialect]") == []
    assert codes(item % "", "unit: station\nignore: [logic-regex-dialect]\n") == []
    assert codes(item % ", ignore: [text-two-questions]") == ["logic-regex-dialect"]


def test_a_section_silences_what_is_in_it(codes: Check) -> None:
    items = """\
  - name: s
    type: section
    label: Section
    ignore: [logic-regex-dialect]
    items:
      - {name: q, type: text, label: Question, matches: '^a'}
  - {name: r, type: text, label: Question, matches: '^a'}
"""
    assert codes(items) == ["logic-regex-dialect"]


def test_an_error_cannot_be_silenced(codes: Check) -> None:
    item = "  - {name: q, type: text, label: Question, relevant: x is answered, ignore: [logic-unknown-name]}\n"
    assert codes(item) == ["logic-unknown-name", "schema-unknown-code"]


def test_a_draft_of_a_translation_is_one_finding(codes: Check) -> None:
    items = "".join(f"  - {{name: q{n}, type: text, label: {{en: Question {n}}}}}\n" for n in range(40))
    assert codes(items, BILINGUAL) == ["text-coverage"]


def test_ghosts_are_not_seen_beside_errors(codes: Check) -> None:
    """A list is not called unused, nor a section empty, where the question that used it was faulty."""
    items = "  - {name: s, type: section, label: S, items: [{name: q, type: select_won, choices: yn, label: Q}]}\n"
    assert codes(items, YES_NO) == ["schema-unknown-type"]


def test_keys_and_names_that_do_nothing(codes: Check) -> None:
    assert codes("  - {name: q, type: text, label: Q, constraint_message: No}\n") == ["schema-idle-key"]
    assert codes("  - {name: q, type: calculate, calculation: 1 + 1}\n") == ["logic-unused-calculation"]
    assert codes("  - {name: q, type: calculate, calculation: 1 + 1, label: Two}\n") == []
    shown = "  - {name: q, type: calculate, calculation: 1 + 1}\n  - {name: n, type: note, label: 'It is ${q}'}\n"
    assert codes(shown) == []
    over = (
        "  - {name: r, type: repeat, over: yn, repeat_count: 2, label: R, items: [{name: q, type: text, label: Q}]}\n"
    )
    assert codes(over, YES_NO) == ["schema-idle-key"]


def test_many_skips(codes: Check) -> None:
    def form(skips: int, others: int) -> str:
        asked = "".join(f"  - {{name: a{n}, type: integer, label: Count {n}}}\n" for n in range(others))
        return asked + "".join(
            f"  - {{name: q{n}, type: integer, label: Count {n}, relevant: a0 > 3}}\n" for n in range(skips)
        )

    assert codes(form(11, 10)) == ["paper-many-skips"]
    assert codes(form(10, 10)) == []
    assert codes(form(11, 40)) == []
