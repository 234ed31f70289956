"""What a form says in words: conditions, arrows and how many digits, and that every language says all of it."""

import csv
import io
import itertools
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.diagnostics import CODES
from checklist_kit.logic import Context, evaluate
from checklist_kit.model import Checklist, Integer, Missing
from checklist_kit.targets.paper import build, typesetting
from checklist_kit.targets.paper.arrows import END, arrows
from checklist_kit.targets.paper.bounds import lower_bound, positions
from checklist_kit.targets.paper.codes import aruco_markers
from checklist_kit.targets.paper.document import Composer
from checklist_kit.targets.paper.speech import Speaker, Unsayable
from checklist_kit.targets.paper.typesetting import TooManyPages, typeset
from checklist_kit.targets.paper.vocabulary import fill, vocabulary
from tests.strategies.checklists import codes_found, load_unchecked

HERE = Path(__file__).parent / "paper"
WORDS = sorted((Path(__file__).parents[2] / "checklist_kit/targets/paper/words").glob("*.toml"))


def words_of(path: Path) -> dict[tuple[str, str], str]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {(table, key): phrase for table, phrases in tables.items() for key, phrase in phrases.items()}


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_every_language_says_everything(path: Path) -> None:
    english, words = words_of(WORDS[[path.stem for path in WORDS].index("en")]), words_of(path)
    assert words.keys() == english.keys()
    for key, phrase in words.items():
        assert sorted(re.findall(r"{\w+}", phrase)) == sorted(re.findall(r"{\w+}", english[key])), key
    assert {key for table, key in words if table == "missing"} == set(Missing)


def test_filling_in_leaves_braces_of_values_alone() -> None:
    assert fill("{a} or {b}", a="{b}", b="}{") == "{b} or }{"


CONDITIONS = """\
opened = 'no'
opened != 'no'
not (opened = 'no')
opened in ('yes', 'no')
not (opened in ('yes', 'no'))
problems has 'ink'
not (problems has 'ink')
opened is answered
opened is blank
count(problems) >= 2
voted > registered
registered <= 1000 and voted != 0
opened = 'yes' and (voted < 10 or voted >= 900)
not (opened = 'yes' and voted < 10)
day >= '2024-02-07'
day < '2024-02-09'
days(day, today()) > 2
turnout > 90
(voted + spoiled) * 2 - (registered - 1) > 7
busy
sum(parties_votes.votes) > voted
count(parties_votes) = 2
coalesce(voted, 0) = 0
if(opened = 'yes', voted, spoiled) > 5
""".splitlines()

LANGUAGES = "{" + ", ".join(f"{path.stem}: {path.stem}" for path in WORDS) + "}"


def everywhere(text: str) -> str:
    """Return a label that is the same in each language, since only the form's own words are looked at."""
    return "{" + ", ".join(f"{path.stem}: '{text}'" for path in WORDS) + "}"


STATION = f"""
checklist: station
version: "1"
title: {everywhere("Station")}
languages: {LANGUAGES}
default_language: en
choices:
  yes_no: {{"yes": {everywhere("Yes")}, "no": {everywhere("No")}}}
  parties: {{red: {everywhere("Red")}, blue: {everywhere("Blue")}}}
  problems: {{ink: {everywhere("Ink missing")}, other: {everywhere("Other")}}}
items:
  - {{name: opened, type: select_one, choices: yes_no, label: {everywhere("Opened?")}}}
  - {{name: problems, type: select_multiple, choices: problems, label: {everywhere("Problems?")}}}
  - {{name: registered, type: integer, label: {everywhere("Registered?")}}}
  - {{name: voted, type: integer, label: {everywhere("Voted?")}}}
  - {{name: spoiled, type: integer, label: {everywhere("Spoiled?")}}}
  - {{name: day, type: date, label: {everywhere("Day?")}}}
  - {{name: turnout, type: calculate, calculation: "100 * voted / registered"}}
  - {{name: busy, type: calculate, calculation: "voted > 500 or opened = 'no'"}}
  - name: parties_votes
    type: repeat
    over: parties
    label: {everywhere("Votes of the parties")}
    items:
      - {{name: votes, type: integer, label: {everywhere("Votes?")}}}
"""


@pytest.mark.parametrize("language", [path.stem for path in WORDS])
def test_conditions_in_words(language: str, golden: Callable[[Path, str], None]) -> None:
    said = io.StringIO()
    table = csv.writer(said, lineterminator="\n")
    table.writerow(["condition", language])
    for number, condition in enumerate(CONDITIONS):
        item = f'  - {{name: asked_{number}, type: text, label: {everywhere("Why?")}, relevant: "{condition}"}}\n'
        checklist = load_unchecked(STATION + item)
        relevant = checklist.by_name[f"asked_{number}"].item.relevant
        assert relevant is not None
        speaker = Speaker(checklist, language, vocabulary(language))
        table.writerow([condition, speaker.say(relevant.condition)])
    golden(HERE / "conditions" / f"{language}.csv", said.getvalue())


def test_a_condition_of_too_many_words_is_a_loss() -> None:
    long = " or ".join(f"voted = {number}" for number in range(30))
    item = f'  - {{name: asked, type: text, label: {everywhere("Why?")}, relevant: "{long}"}}\n'
    checklist = load_unchecked(STATION + item)
    relevant = checklist.by_name["asked"].item.relevant
    assert relevant is not None
    with pytest.raises(Unsayable):
        Speaker(checklist, "en", vocabulary("en")).say(relevant.condition)
    composer = Composer(checklist, "en")
    assert "Answer only if it applies" in str(composer.document())
    assert [loss.code for loss in composer.losses] == ["paper-condition"]


@pytest.mark.parametrize(
    ("constraint", "expected", "lowest"),
    [
        (". <= 3000", 4, None),
        (". < 1000", 3, None),
        ("1000 > .", 3, None),
        (". >= 0 and . <= 99", 2, 0),
        (". <= 99 or . <= 12345", 5, None),
        ("not (. > 20)", 2, None),
        (". in (1, 20, 300)", 3, 1),
        (". = 7", 1, 7),
        (". <= other", 4, None),
        (". <= other and . <= 15", 2, None),
        (". >= 10", 4, 10),
        (". >= -5 and . <= 5", 1, -5),
        (". > -6 and . < 10.5", 2, -5),
        (". * 2 <= 10", 4, None),
        (". <= 999999999999999", 12, None),
    ],
)
def test_digits_by_the_constraint(constraint: str, expected: int, lowest: float | None) -> None:
    checklist = load_unchecked(f"""
checklist: digits
version: "1"
title: Digits
languages: {{en: English}}
items:
  - {{name: other, type: integer, label: Other?}}
  - {{name: number, type: integer, label: Number?, constraint: "{constraint}"}}
""")
    item = checklist.by_name["number"].item
    assert isinstance(item, Integer)
    assert positions(item) == expected
    assert lower_bound(item) == (float("-inf") if lowest is None else lowest)


# Arrows


def form(*questions: str) -> Checklist:
    return load_unchecked(
        'checklist: skips\nversion: "1"\ntitle: Skips\nlanguages: {en: English}\n'
        "choices: {list: {a: A, b: B, c: {label: C, missing: not_observed}}}\nitems:\n" + "\n".join(questions)
    )


NOTE = "  - {name: n, type: note, label: Read this}"


def question(name: str, relevant: str = "", indent: int = 2) -> str:
    condition = f', relevant: "{relevant}"' if relevant else ""
    return f"{' ' * indent}- {{name: {name}, type: select_one, choices: list, label: {name}{condition}}}"


def test_an_arrow_leads_past_what_one_choice_skips() -> None:
    found = arrows(form(question("p"), question("q", "p = 'a'"), question("r", "p in ('a')"), question("s")))
    assert found.targets == {("p", "b"): 4, ("p", "c"): 4}
    assert found.spared == {"q", "r"}


def test_an_arrow_may_lead_to_the_end() -> None:
    assert arrows(form(question("p"), question("q", "p != 'b'"))).targets == {("p", "b"): END}


@pytest.mark.parametrize(
    "questions",
    [
        pytest.param([question("p"), question("q", "p is answered")], id="no choice skips it"),
        pytest.param([question("p"), question("q", "p = 'a' and p = 'b'")], id="every choice skips it"),
        pytest.param([question("p"), question("q"), question("r", "p = 'a'")], id="something stands between"),
        pytest.param([question("o"), question("p"), question("q", "p = 'a' or o = 'a'")], id="it depends on two"),
        pytest.param([question("p"), NOTE, question("q", "p = 'a'")], id="a note stands between"),
    ],
)
def test_no_arrow_where_it_would_be_wrong(questions: list[str]) -> None:
    assert not arrows(form(*questions)).targets


def test_an_arrow_stays_in_its_instance() -> None:
    inside = ["  - name: r", "    type: repeat", "    over: list", "    label: R", "    items:"]
    last = [*inside, question("p", indent=6), question("q", "p = 'a'", indent=6), question("s")]
    assert not arrows(form(*last)).targets
    assert arrows(form(*last[:-1], question("t", indent=6), last[-1])).targets == {("p", "b"): 3, ("p", "c"): 3}


CHOICES = ("a", "b", "c")


@st.composite
def forms(draw: st.DrawFn) -> Checklist:
    """Forms of four questions, some asked only after some answers, some in a section that is."""
    lines = []
    for number in range(4):
        indent = 2
        if number in (1, 2) and draw(st.booleans()):
            head = f"  - name: s{number}\n    type: section\n    label: S{number}"
            lines += [head, f'    relevant: "{draw(condition(number))}"', "    items:"]
            indent = 6
        lines.append(question(f"q{number}", draw(condition(number)) if number and draw(st.booleans()) else "", indent))
    return form(*lines)


def condition(number: int) -> st.SearchStrategy[str]:
    earlier = st.integers(0, number - 1)
    some = st.sampled_from(["q{} = 'a'", "q{} != 'b'", "q{} in ('a', 'c')", "not (q{} = 'c')"])
    leaf = st.builds(lambda phrase, before: phrase.format(before), some, earlier)
    return st.one_of(leaf, leaf, st.builds("{} and {}".format, leaf, leaf), st.builds("{} or {}".format, leaf, leaf))


@settings(max_examples=60)
@given(forms())
def test_who_follows_the_arrows_answers_what_is_asked(checklist: Checklist) -> None:
    """For all ways to answer: follow arrows and obey the words that are left, and compare with the relevances."""
    found = arrows(checklist)
    for answers in itertools.product(CHOICES, repeat=4):
        asked: dict[str, str] = {}
        followed: dict[str, str] = {}
        go_to = 1
        for entry, answer in zip(checklist.questions, answers, strict=True):
            name = entry.item.name
            if entry.relevance is None or evaluate(entry.relevance, Context(asked)) is True:
                asked[name] = answer
            items = [item for item in (*entry.sections, entry.item) if item.name not in found.spared]
            said = [item.relevant.condition for item in items if item.relevant]
            obeyed = all(evaluate(words, Context(followed)) is True for words in said)
            if go_to != END and entry.number >= go_to and obeyed:
                followed[name] = answer
                go_to = found.targets.get((name, answer), go_to)
        assert followed == asked, found


# Codes, losses and errors


def test_the_markers_are_those_of_opencv() -> None:
    cv2 = pytest.importorskip("cv2")
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250)
    for number, rows in enumerate(aruco_markers()):
        inner = cv2.aruco.generateImageMarker(dictionary, number, 6)[1:5, 1:5]
        assert rows == tuple("".join("1" if pixel else "0" for pixel in row) for row in inner)
    assert len(aruco_markers()) == 250


@pytest.mark.parametrize("code", [code for code in CODES if CODES[code].family == "paper" and CODES[code].bad])
def test_examples_of_what_paper_asks_of_a_checklist(code: str) -> None:
    """Some of it is found by the checks, the rest is a loss of the form."""
    for text, wrong in ((CODES[code].bad, True), (CODES[code].good, False)):
        checklist = load_unchecked(text)
        losses = {loss.code for loss in build(checklist, tuple(checklist.languages)).losses}
        assert (code in losses | codes_found(text)) == wrong


@pytest.mark.parametrize(
    ("text", "named", "help"),
    [
        ("\ue123", "U+E123", "replace it"),
        ("𒀀𒀁𒀂", "`𒀁` (U+12001)", "fonts-noto-core"),
        ("𰻝", "U+30EDD", "fonts-noto-cjk"),
    ],
)
def test_a_letter_without_a_glyph_is_an_error_that_names_it(
    text: str, named: str, help: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a machine without further fonts.
    bare = typesetting._compiler("form.typ", system_fonts=False)
    monkeypatch.setattr(typesetting, "_compiler", lambda template, system_fonts: bare)
    checklist = load_unchecked(
        f'checklist: glyphs\nversion: "1"\ntitle: "Some {text} letter"\nlanguages: {{en: English}}\n'
        "items:\n  - {name: remarks, type: text, label: Remarks}\n"
    )
    artifact = build(checklist, ("en",))
    assert not artifact.files
    (loss,) = artifact.losses
    assert (loss.code, loss.is_error) == ("paper-glyph", True)
    assert named in loss.message
    assert help in (loss.help or "")


NOTES = (f"  - {{name: note_{number}, type: note, label: {everywhere('A long note. ' * 400)}}}" for number in range(12))
LONG = Composer(load_unchecked(STATION + "\n".join(NOTES)), "en").document()


def test_more_pages_than_markers_is_an_error() -> None:
    with pytest.raises(TooManyPages):
        typeset(LONG, ["one"])


def test_a_low_guess_of_the_pages_is_made_good() -> None:
    result = typeset(LONG, [f"page {number}" for number in range(1, 40)])
    assert len(result.pages) > 10
    assert all(len(page["fiducials"]) == 4 for page in result.pages)
