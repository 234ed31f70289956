"""Where the engines differ from the semantics of the language: each test documents a trap that a target must avoid.

A compiled expression is right when it guards against every line here, so an engine that changes its mind is seen.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.engines import NEEDS, NODE, _present, missing, requires_engine
from tests.engines.chromium import Chromium
from tests.engines.formualizer_engine import evaluate as formualizer
from tests.engines.libreoffice import LibreOffice
from tests.engines.process import EngineError
from tests.engines.spreadsheet import Case, CellError, Value, at_row
from tests.engines.surveyjs import SurveyJS

# expression, answers, value
SURVEYJS_TRAPS: list[tuple[str, dict[str, Any], Any]] = [
    ("{a} + 1", {}, 1),
    ("{a} * 2", {}, 0),
    ("{a} >= {b}", {}, True),
    ("{a} != 'x'", {}, True),
    ("{a} <= 5", {}, False),
    ("{a} = 0", {}, False),
    ("{a} = 'yes'", {"a": " YES "}, True),
    ("{a} = 1", {"a": "01"}, True),
    ("{a} contains 'in'", {"a": "wine"}, True),
    ("dateDiff({a}, {b}, 'days')", {"a": "2024-02-07", "b": "2024-02-01"}, 6),
    ("dateDiff({b}, {a}, 'days')", {"a": "2024-02-07", "b": "2024-02-01"}, 6),
]

# formula over row 1, inputs, value
SPREADSHEET_TRAPS: list[tuple[Case, Value]] = [
    (("=A1<=5", {}), True),
    (("=A1=0", {}), True),
    (("=A1+1", {}), 1),
    (("=A1<>5", {}), True),
    (("=A1>999999", {"A": "text"}), True),
    (("=NOT(A1)", {}), True),
    (('=A1="YES"', {"A": "yes"}), True),
    (("=AND(A1>0,1/A1>0)", {}), CellError("#DIV/0!")),  # AND evaluates everything …
    (("=IF(A1>0,1/A1>0,FALSE())", {}), False),  # … and IF does not
    (('=ISNUMBER(FIND(";b;",";"&A1&";"))', {"A": "a;b"}), True),
    (('=ISNUMBER(FIND(";b;",";"&A1&";"))', {"A": "abc"}), False),
    (("=ISNUMBER(A1)", {"A": "1"}), False),
    (('=A1=""', {}), True),
    (("=A1", {}), 0),
    (("=A1-B1", {"A": date(2024, 2, 7), "B": date(2024, 2, 9)}), -2),
    (('=""', {}), None),
    (("=NOSUCH(1)", {}), CellError("#NAME?")),
]


def form(*elements: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {"pages": [{"name": "page", "elements": list(elements)}], **settings}


OPENED = {"type": "radiogroup", "name": "opened", "choices": ["yes", "no"]}
DELAY = {"type": "text", "name": "delay", "inputType": "number", "visibleIf": "{opened} = 'no'", "isRequired": True}


@pytest.mark.parametrize(("expression", "answers", "value"), SURVEYJS_TRAPS)
def test_surveyjs_evaluates(surveyjs: SurveyJS, expression: str, answers: dict[str, Any], value: Any) -> None:
    (result,) = surveyjs.evaluate([(expression, answers)])
    assert result.parsed
    assert result.value == value
    assert type(result.value) is type(value)


@pytest.mark.parametrize("expression", ["-{a} < 0", "not {a}", "{a} and"])
def test_surveyjs_does_not_parse(surveyjs: SurveyJS, expression: str) -> None:
    assert not surveyjs.evaluate([(expression, {"a": 1})])[0].parsed


def test_surveyjs_reports_what_it_cannot_load(surveyjs: SurveyJS) -> None:
    assert surveyjs.load(form(OPENED, DELAY)).clean
    report = surveyjs.load(form(OPENED, {"type": "text", "name": "t", "labell": "x", "visibleIf": "{unopened} = 'no'"}))
    assert [error["type"] for error in report.json_errors] == ["unknownproperty"]
    assert report.expression_errors == [
        {"element": "t", "property": "visibleIf", "type": "unknown variable", "name": "unopened"}
    ]
    assert not surveyjs.load(form({"type": "words", "name": "t"})).clean


def test_surveyjs_keeps_a_hidden_answer_unless_told(surveyjs: SurveyJS) -> None:
    steps = [("opened", "no"), ("delay", 5), ("opened", "yes"), ("delay", 6)]
    kept = surveyjs.run(form(OPENED, DELAY, clearInvisibleValues="none"), steps)
    assert kept.submitted == {"opened": "yes", "delay": 5}
    cleared = surveyjs.run(form(OPENED, DELAY, clearInvisibleValues="onHidden"), steps)
    assert cleared.data == cleared.submitted == {"opened": "yes"}
    assert cleared.visible == ["opened"]
    assert cleared.refused == ["delay"], "nobody can answer a question that is not shown"


def test_surveyjs_keeps_the_answers_of_a_hidden_panel(surveyjs: SurveyJS) -> None:
    panel = {
        "type": "panel",
        "name": "p",
        "visibleIf": "{opened} = 'no'",
        "elements": [{"type": "text", "name": "why"}],
    }
    steps = [("opened", "no"), ("why", "late"), ("opened", "yes")]
    assert surveyjs.run(form(OPENED, panel, clearInvisibleValues="onHidden"), steps).data == {
        "opened": "yes",
        "why": "late",
    }


def test_surveyjs_stores_zero_for_a_calculation_over_blanks(surveyjs: SurveyJS) -> None:
    total = {"type": "expression", "name": "total", "expression": "{a} + {b}"}
    assert surveyjs.run(form({"type": "text", "name": "a"}, {"type": "text", "name": "b"}, total)).data == {"total": 0}


def test_surveyjs_fills_a_repeat_and_shows_its_errors(surveyjs: SurveyJS) -> None:
    count = {
        "type": "text",
        "name": "count",
        "inputType": "number",
        "title": {"default": "Count {panel.count}", "az": "Say {panel.count}"},
        "validators": [{"type": "expression", "expression": "{panel.count} <= 9", "text": "at most 9"}],
    }
    votes = {"type": "paneldynamic", "name": "votes", "templateElements": [count]}
    run = surveyjs.run(form(votes), [("votes[0].count", 3), ("votes[1].count", 12)], locale="az")
    assert run.data == {"votes": [{"count": 3}, {"count": 12}]}
    assert run.titles["votes[1].count"] == "Say 12"
    assert run.errors == [{"question": "votes[1].count", "type": "custom", "text": "at most 9"}]
    assert run.submitted is None
    assert not run.valid


def test_surveyjs_answers_after_a_bad_request(surveyjs: SurveyJS) -> None:
    with pytest.raises(EngineError, match="no question nowhere"):
        surveyjs.run(form(OPENED), [("nowhere", 1)])
    assert surveyjs.run(form(OPENED), [("opened", "yes")]).choices == {"opened": ["yes", "no"]}


@pytest.mark.parametrize(("case", "value"), SPREADSHEET_TRAPS)
def test_formualizer_evaluates(case: Case, value: Value) -> None:
    (result,) = formualizer([case])
    assert result == value
    assert isinstance(result, bool) == isinstance(value, bool)


def test_libreoffice_agrees_with_formualizer(libreoffice: LibreOffice) -> None:
    cases = [case for case, _ in SPREADSHEET_TRAPS]
    values = [value for _, value in SPREADSHEET_TRAPS]
    results = libreoffice.evaluate(cases)
    assert results == values == formualizer(cases)
    assert [isinstance(result, bool) for result in results] == [isinstance(value, bool) for value in values]


def test_a_formula_moves_to_its_row_but_its_texts_do_not() -> None:
    assert at_row('=IF(A1="A1",$B$1&LOG10(C1),AA1+A12)', 7) == '=IF(A7="A1",$B$7&LOG10(C7),AA7+A12)'


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A protected sheet: general cells in column B, text cells in C, red where B is over 5; a stale formula in D."""
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Answers")
        open_cell, text = book.add_format({"locked": False}), book.add_format({"locked": False, "num_format": "@"})
        red = book.add_format({"bg_color": "#FF0000"})
        sheet.set_column("B:B", None, open_cell)
        sheet.set_column("C:C", None, text)
        sheet.set_column("E:E", None, None, {"hidden": True})
        sheet.write("A1", "id")
        sheet.write("E2", "hidden")
        sheet.write_formula("D2", "=B2*2", None, 99)
        sheet.conditional_format("B2:B9", {"type": "formula", "criteria": "=B2>5", "format": red})
        sheet.protect()
        book.add_worksheet("empty")
    return path


def test_libreoffice_recalculates_what_a_file_claims(libreoffice: LibreOffice, template: Path) -> None:
    assert libreoffice.read(template, "Answers!D2") == {"Answers!D2": 0}
    assert libreoffice.read(template, "Answers!B2:D2", cells={"Answers!B2": 4}) == {
        "Answers!B2": 4,
        "Answers!C2": None,
        "Answers!D2": 8,
    }


def test_libreoffice_parses_what_is_typed_unless_the_cell_is_text(libreoffice: LibreOffice, template: Path) -> None:
    typed = ["=1+1", "03/04/2024", "1,200", "01", "TRUE", "-x"]
    cells = {f"Answers!{column}{row}": text for column in "BC" for row, text in enumerate(typed, 2)}
    values = list(libreoffice.read(template, "Answers!B2:B7", "Answers!C2:C7", cells=cells).values())
    assert values == [2, date(2024, 3, 4), 1200, 1, True, "-x", *typed]


def test_libreoffice_refuses_a_locked_cell(libreoffice: LibreOffice, template: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="locked"):
        libreoffice.save(template, tmp_path / "out.xlsx", {"Answers!A1": "other"})


def test_libreoffice_shows_conditional_formats(libreoffice: LibreOffice, template: Path) -> None:
    looks = libreoffice.looks(template, "Answers", {"Answers!B2": 9, "Answers!B3": 5})
    assert (looks["B2"].background, looks["B3"].background) == ("#FF0000", None)
    assert (looks["A1"].text, looks["B2"].text, looks["E2"].text) == ("id", "9", "hidden")


def test_libreoffice_prints_a_pdf(libreoffice: LibreOffice, template: Path, tmp_path: Path) -> None:
    assert libreoffice.save(template, tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_chromium_renders_a_form_that_answers_clicks(chromium: Chromium, tmp_path: Path) -> None:
    requires_engine("survey-js-ui")
    with chromium.survey(form({**OPENED, "title": "Opened <b>on time</b>?"}, DELAY)) as page:
        assert "Opened <b>on time</b>?" in page.text(), "a title is text, never markup"
        assert "delay" not in page.text()
        page.evaluate("document.querySelector('input[value=no]').click()")
        page.wait_for("document.body.innerText.includes('delay')")
        assert page.evaluate("survey.data") == {"opened": "no"}
        assert page.screenshot(tmp_path / "form.png").read_bytes().startswith(b"\x89PNG")
        assert page.errors == []


def test_chromium_reports_errors_and_reaches_no_network(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>seen</p><script src='https://example.org/x.js'></script><script>nothing()</script>", "utf-8")
    with chromium.open(path) as page:
        assert page.text() == "seen"
        assert len(page.errors) == 2
        assert any("ERR_NAME_NOT_RESOLVED" in error for error in page.errors)
        assert any("nothing is not defined" in error for error in page.errors)
        with pytest.raises(EngineError, match="not true in"):
            page.wait_for("false", timeout=0.1)


def test_a_missing_engine_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NEEDS, "imaginary", ("no-such-command", NODE / "no-such-module", "node"))
    _present.cache_clear()
    assert missing("imaginary")[:2] == ["no-such-command", "no-such-module"]
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make engines"):
        requires_engine("imaginary")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="make engines"):
        requires_engine("imaginary")
