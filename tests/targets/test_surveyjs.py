"""The web form: each checklist in `surveyjs/` beside its form, and how the engine and a browser show it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import checklist_kit as ck
from checklist_kit.diagnostics import DefinitionError
from checklist_kit.model import Checklist
from tests.engines.chromium import Chromium
from tests.engines.surveyjs import SurveyJS
from tests.library import EXAMPLES, LIBRARY, name_of

FORMS = sorted((Path(__file__).parent / "surveyjs").glob("*.yaml"))
CHECKLISTS = [*FORMS, *LIBRARY, *EXAMPLES]


def form_of(checklist: Checklist, *languages: str) -> dict[str, Any]:
    (content,) = ck.build(checklist, "surveyjs", languages or None).files.values()
    form: dict[str, Any] = json.loads(content)
    return form


@pytest.fixture
def every_type() -> Checklist:
    return ck.load(Path(__file__).parent / "surveyjs" / "every_type.yaml")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form(path: Path, golden: Callable[[Path, str], None]) -> None:
    checklist = ck.load(path)
    artifact = ck.build(checklist, "surveyjs")
    losses = "".join(f"{loss.severity} {loss.code} {loss.message}\n" for loss in artifact.losses)
    golden(path.with_suffix(".json"), artifact.files[f"{checklist.id}.surveyjs.json"].decode())
    golden(path.with_suffix(".losses.txt"), losses)
    assert ck.build(ck.load(path), "surveyjs") == artifact, "the same bytes again"


@pytest.mark.parametrize("path", CHECKLISTS, ids=name_of)
def test_the_engine_takes_it(surveyjs: SurveyJS, path: Path) -> None:
    form = form_of(ck.load(path))
    assert surveyjs.load(form).clean, surveyjs.load(form)


def test_speaks_all_languages(surveyjs: SurveyJS, every_type: Checklist) -> None:
    form = form_of(every_type)
    assert "locale" not in form, "the engine begins in English"
    assert form_of(every_type, "az")["locale"] == "az"
    steps = [("station", "12/3"), ("opened", "no"), ("delay", 700)]
    english, azerbaijani = surveyjs.run(form, steps), surveyjs.run(form, steps, locale="az")
    assert english.titles["reasons"] == "Reasons"
    assert azerbaijani.titles["reasons"] == "Səbəblər"
    assert {"question": "delay", "type": "custom", "text": "Ən çoxu 600"} in azerbaijani.errors
    assert next(error["text"] for error in azerbaijani.errors if error["question"] == "sure") == "Bu suala cavab verin"


@pytest.mark.parametrize("default", ["az", "en"])
def test_english_is_the_languages_own_whichever_is_the_default(
    surveyjs: SurveyJS, tmp_path: Path, default: str
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        f"checklist: c\nlanguages: {{az: Azərbaycanca, en: English}}\ndefault_language: {default}\n"
        "items: [{name: q, type: text, label: {az: Sual, en: Question}}]\n",
        encoding="utf-8",
    )
    form = form_of(ck.load(path))
    assert form.get("locale", "en") == default
    titles = {locale: surveyjs.run(form, locale=locale).titles["q"] for locale in ("", "az", "en")}
    assert titles == {"": {"az": "Sual", "en": "Question"}[default], "az": "Sual", "en": "Question"}


def test_text_of_the_checklist_is_data(surveyjs: SurveyJS, every_type: Checklist) -> None:
    titles = surveyjs.run(form_of(every_type), [("station", "12/3"), ("opened", "yes")]).titles
    assert titles["hello"] == "You are in 12/3. <script>alert(1)</script>"
    assert titles["remarks"] == "Remarks about 12/3 {\u2060station}", "braces of the author's are no placeholder"
    assert titles["votes[0].count"] == "Votes in 12/3, Yes", "a choice is shown by its label"


def test_hidden_instances_keep_their_names(surveyjs: SurveyJS) -> None:
    form = form_of(ck.load(Path(__file__).parent / "surveyjs" / "nested_repeats.yaml"))
    shown, hidden = [("go", "x")], [("go", "x"), ("go", None)]
    for steps in (shown, [*hidden, ("go", "y")], [*hidden, *hidden, ("go", "z")]):
        sent = surveyjs.run(form, steps).submitted
        assert sent is not None
        assert [votes["_instance"] for votes in sent["votes"]] == ["ann", "bob"]
        names = [[turn["_instance"] for turn in votes["turns"]] for votes in sent["votes"]]
        assert names == [["first", "second"]] * 2
        assert sent["people_counted"] == 2
    assert surveyjs.run(form, shown).submitted["all"] == 28, "four defaults of 7"  # type: ignore[index]
    for steps in ([], hidden):
        assert surveyjs.run(form, steps).submitted == {"all": 0, "people_counted": 0}, "what is hidden counts nothing"


def test_answers_are_checked_as_people_write_them(surveyjs: SurveyJS, every_type: Checklist) -> None:
    form = form_of(every_type)
    plain = [("station", " 12/3 "), ("opened", "no"), ("sure", [True])]

    def errors(*steps: tuple[str, Any]) -> set[str]:
        return {error["question"] for error in surveyjs.run(form, [*plain, *steps]).errors}

    assert errors() == set()
    assert errors(("station", "12")) == {"station"}
    assert errors(("delay", 1.5)) == {"delay"}, "a whole number"
    assert errors(("delay", 601)) == {"delay"}
    assert errors(("delay", 9999)) == set(), "a number that stands for a missing answer"
    assert errors(("share", 1.5)) == {"share"}
    assert errors(("day", "2999-01-01")) == {"day"}
    assert errors(("place", "40.4 49.8")) == set()
    assert errors(("place", "here")) == {"place"}
    assert errors(("sure", None)) == {"sure"}


def test_choices_follow_other_answers(surveyjs: SurveyJS, every_type: Checklist) -> None:
    form = form_of(every_type)
    assert surveyjs.run(form).choices["town"] == []
    chosen = surveyjs.run(form, [("region", "north"), ("town", "xudat")])
    assert chosen.choices["town"] == ["quba", "xudat"]
    moved = surveyjs.run(form, [("region", "north"), ("town", "xudat"), ("region", "south")])
    assert "town" not in moved.data
    alone = surveyjs.run(form, [("opened", "no"), ("reasons", ["ink", "none"])])
    assert alone.data["reasons"] == ["none"]


# Names that mean something to the engine, in JavaScript or in expressions.
SPECIAL = [
    *("locale", "pageno", "pagecount", "questioncount", "correctanswers", "correctedanswers", "correctedanswercount"),
    *(
        "incorrectanswers",
        "incorrectedanswers",
        "incorrectedanswercount",
        "self",
        "survey",
        "parent",
        "matrix",
        "panel",
    ),
    *(
        "row",
        "item",
        "choice",
        "column",
        "composite",
        "panelindex",
        "visiblepanelindex",
        "parentpanel",
        "length",
        "value",
    ),
    *("title", "name", "data", "page", "pages", "elements", "comment", "totalrow", "prototype", "empty", "undefined"),
]
AROUND = """
checklist: c
choices:
  yes_no: {{yes: "Yes", no: "No"}}
  people: {{ann: Ann, bob: Bob}}
  kinds: {{a: {{label: A, attributes: {{kind: "yes"}}}}, b: {{label: B, attributes: {{kind: "no"}}}}}}
items:
  - {{name: {name}, type: select_one, choices: yes_no, label: Ask}}
  - {{name: t1, type: text, label: "T ${{{name}}}", relevant: "{name} = 'yes'"}}
  - {{name: s1, type: select_one, choices: kinds, choice_filter: "kind = ${{{name}}}", label: S}}
  - name: r1
    type: repeat
    over: people
    label: R
    items:
      - name: x1
        type: integer
        label: "X ${{{name}}}"
        relevant: "{name} = 'yes'"
        constraint: "{name} = 'no' or . < 5"
      - {{name: c1, type: calculate, calculation: "if({name} = 'yes', 1, 2)"}}
"""
WITHIN = """
checklist: c
choices: {{yes_no: {{yes: "Yes", no: "No"}}, people: {{ann: Ann}}}}
items:
  - name: r1
    type: repeat
    over: people
    label: R
    items:
      - {{name: {name}, type: select_one, choices: yes_no, label: Ask}}
      - name: x1
        type: integer
        label: "X ${{{name}}}"
        relevant: "{name} = 'yes'"
        constraint: "{name} = 'no' or . < 5"
"""


def written(folder: Path, text: str) -> Checklist:
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return ck.load(path)


@pytest.mark.parametrize("name", SPECIAL)
def test_special_names_work_or_are_told(surveyjs: SurveyJS, tmp_path: Path, name: str) -> None:
    checklist = written(tmp_path, AROUND.format(name=name))
    losses = {loss.message.partition(" ")[0] for loss in ck.build(checklist, "surveyjs").losses}
    form = form_of(checklist)
    assert surveyjs.load(form).clean
    run = surveyjs.run(form, [(name, "yes"), ("t1", "x"), ("s1", "a"), ("r1[0].x1", 7)])
    assert run.data[name] == "yes"
    assert ("`t1`" in losses) or (run.refused == [] and run.titles["t1"] == "T Yes")
    assert ("`s1`" in losses) or run.choices["s1"] == ["a"]
    assert ("`x1`" in losses) or [error["question"] for error in run.errors] == ["r1[0].x1"]
    assert ("`c1`" in losses) or [row["c1"] for row in run.data["r1"]] == [1, 1]
    # Nothing that is lost ever hides a question.
    assert run.refused == []

    form = form_of(written(tmp_path, WITHIN.format(name=name)))
    run = surveyjs.run(form, [(f"r1[0].{name}", "yes"), ("r1[0].x1", 7)])
    assert run.data == {"r1": [{"_instance": "ann", name: "yes", "x1": 7}]}
    assert [error["question"] for error in run.errors] == ["r1[0].x1"]
    assert run.titles["r1[0].x1"] == "X Yes"


def test_the_name_that_breaks_the_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="surveyjs-name"):
        ck.build(written(tmp_path, AROUND.format(name="constructor")), "surveyjs")


def test_a_browser_shows_text_as_text(chromium: Chromium, every_type: Checklist) -> None:
    attack = "<img src=x onerror=\"document.title='broken in'\">"
    data = {"station": attack, "opened": "yes"}
    with chromium.survey(form_of(every_type), data=data) as page:
        text = page.text()
        assert f"You are in {attack}. <script>alert(1)</script>" in text
        assert "Every type <b>&amp;</b> {\u2060pageno}" in text
        assert page.evaluate("document.querySelectorAll('#form img, #form script').length") == 0
        assert page.evaluate("document.title") != "broken in"
        assert page.errors == []


def test_a_browser_shows_azerbaijani(chromium: Chromium, every_type: Checklist) -> None:
    with chromium.survey(form_of(every_type), locale="az", data={"opened": "no"}) as page:
        page.evaluate("survey.currentPageNo = 1")
        text = page.text()
        buttons = page.evaluate(
            "[...document.querySelectorAll('.sd-navigation__prev-btn, .sd-navigation__next-btn')].map(b => b.value)"
        )
    assert buttons == ["Geri", "İrəli"]
    assert "Page" not in text
    assert "Dəqiqə (9999 = icazə verilməyib; 9998 = Getmişəm)" in text
