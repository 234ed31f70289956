"""What stands in an XLSForm, and what the engine of ODK makes of it."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import checklist_kit as ck
from checklist_kit.diagnostics import DefinitionError
from checklist_kit.model import Checklist
from tests.engines.javarosa import JavaRosa
from tests.engines.openrosa import OpenRosa
from tests.library import EXAMPLES, LIBRARY, name_of
from tests.strategies.checklists import load_text

pytest.importorskip("pyxform")

ROOT = Path(__file__).parents[2]
CHECKLISTS = [*LIBRARY, *EXAMPLES, *sorted((ROOT / "tests/targets").rglob("*.yaml"))]

HEAD = """
checklist: form
version: "1.10"
title: {en: Form, az: Forma}
languages: {en: English, az: Azərbaycanca}
default_language: en
unit: station
choices:
  yes_no: {yes: {en: "Yes", az: Bəli}, no: {en: "No", az: Xeyr}}
  things:
    ink: {en: Ink, az: Mürəkkəb}
    none: {label: {en: None, az: Heç biri}, exclusive: true}
  towns:
    a: {label: A, attributes: {zone: n, size: "1"}}
    b: {label: B, attributes: {zone: s}}
items:
  - {name: station, type: text, label: {en: Station, az: Məntəqə}, required: true, required_message: Which one?}
"""


def form(items: str, head: str = HEAD) -> Checklist:
    return load_text(head + items)


def sheets(checklist: Checklist, *languages: str) -> dict[str, list[list[Any]]]:
    (content,) = ck.build(checklist, "xlsform", languages or None).files.values()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows(checklist: Checklist, sheet: str = "survey") -> list[dict[str, str]]:
    """The rows of a sheet with the cells that are not empty."""
    header, *lines = sheets(checklist)[sheet]
    assert all(isinstance(cell, str) for line in [header, *lines] for cell in line), "a cell is no text"
    return [{column: cell for column, cell in zip(header, line, strict=True) if cell != ""} for line in lines]


def row(items: str, name: str = "q") -> dict[str, str]:
    return next(found for found in rows(form(items)) if found.get("name") == name)


def xform(checklist: Checklist) -> str:
    (content,) = ck.build(checklist, "xform").files.values()
    return content.decode()


def losses(items: str) -> list[str]:
    return [loss.code for loss in ck.build(form(items), "xlsform").losses]


@pytest.mark.parametrize("path", CHECKLISTS, ids=name_of)
def test_every_checklist_converts_and_is_valid(javarosa: JavaRosa, path: Path) -> None:
    assert javarosa.validate(xform(ck.load(path))) == ""


def test_the_same_checklist_gives_the_same_bytes() -> None:
    path = ROOT / "checklists/az_2024_presidential/election_day.yaml"
    for target in ("xlsform", "xform"):
        assert ck.build(ck.load(path), target).files == ck.build(ck.load(path), target).files


def test_a_form_as_a_whole(golden: Callable[[Path, str], None]) -> None:
    """All sheets of a form with every type of item, as text."""
    checklist = ck.load(Path(__file__).parent / "paper/forms/every_type.yaml")
    lines = []
    for name, table in sheets(checklist).items():
        lines += [f"# {name}", *(" | ".join(map(str, line)).rstrip(" |") for line in table[:40]), ""]
    text = "\n".join(lines).replace(checklist.hash, "HASH")
    golden(Path(__file__).parent / "goldens/every_type.xlsform.txt", text)


def test_settings_name_the_form_and_nothing_about_a_person(javarosa: JavaRosa) -> None:
    checklist = form("")
    (settings,) = rows(checklist, "settings")
    assert settings == {
        "form_title": "Form / Forma",
        "form_id": "form",
        "version": "1.10",
        "default_language": "English (en)",
        "instance_name": "${station}",
        "attribute::checklist_hash": checklist.hash,
    }
    assert sheets(checklist, "az")["settings"][1][3] == "Azərbaycanca (az)"
    run = javarosa.run(xform(checklist), [("/data/station", "12/3")])
    assert f'checklist_hash="{checklist.hash}"' in run.submission
    assert set(run.data) == {"/data/station", "/data/meta/instanceID", "/data/meta/instanceName"}
    assert run.data["/data/meta/instanceName"] == "12/3"


def test_texts_stand_in_all_languages() -> None:
    assert rows(form(""))[0] == {
        "type": "text",
        "name": "station",
        "label::English (en)": "Station",
        "label::Azərbaycanca (az)": "Məntəqə",
        "required": "yes",
        "required_message::English (en)": "Which one?",
        "required_message::Azərbaycanca (az)": "Which one?",
    }


def test_a_language_is_called_the_same_in_header_and_settings() -> None:
    """A converter makes the quotes of cells straight, and leaves those of headers."""
    checklist = form(
        "", HEAD.replace("Azərbaycanca", "O‘zbekcha").replace("default_language: en", "default_language: az")
    )
    assert "label::O'zbekcha (az)" in sheets(checklist)["survey"][0]
    assert '<translation lang="O\'zbekcha (az)" default="true()">' in xform(checklist)


@pytest.mark.parametrize(
    ("label", "cell"),
    [
        ("Plain, a_b * 2 # 3 < 5 > 4 & \\\\", "Plain, a_b * 2 # 3 < 5 > 4 & \\"),
        ("*Now* or _never_", r"\*Now\* or \_never\_"),
        ("# Heading", r"\# Heading"),
        ("<b>bold</b>", "<\u2060b>bold<\u2060/b>"),
        ("[text](http://example.org)", "[text]\u2060(http://example.org)"),
        ("&lt;b&gt;", "&\u2060lt;b&\u2060gt;"),
        ("instance('x')/root", "instance\u2060('x')/root"),
        ("Cost: ${ }", "Cost: $\u2060{ }"),
        ("=1+1", "=1+1"),
        ("_${station}_", r"\_${station}\_"),
    ],
)
def test_a_label_is_text(javarosa: JavaRosa, label: str, cell: str) -> None:
    items = f'  - {{name: q, type: note, label: "{label}"}}'
    assert row(items)["label::English (en)"] == cell
    run = javarosa.run(xform(form(items)), [("/data/station", "5")])
    assert (run.shown["/data/q"] or "").strip() == cell.replace("${station}", "5")


@pytest.mark.parametrize(
    ("item", "cells"),
    [
        ("type: integer, constraint: 'q <= 3000'", {"type": "integer", "constraint": ". <= 3000"}),
        ("type: text, matches: '[0-9]+'", {"constraint": "regex(., '^[0-9]+$')"}),
        ("type: text, matches: 'a|b'", {"constraint": "regex(., '^(?:a|b)$')"}),
        (
            "type: text, matches: '[a-z]+', constraint: 'station is answered'",
            {"constraint": "regex(., '^[a-z]+$') and ${station} != ''"},
        ),
        (
            "type: select_multiple, choices: things",
            {"constraint": "not(selected(., 'none') and count-selected(.) > 1)"},
        ),
        ("type: datetime, read_only: true", {"type": "dateTime", "read_only": "yes"}),
        (
            "type: text, appearance: multiline, parameters: {rows: 4}",
            {"appearance": "multiline", "parameters": "rows=4"},
        ),
        (
            "type: select_one, choices: yes_no, parameters: {randomize: true, seed: 7}",
            {"parameters": "randomize=true seed=7"},
        ),
        ("type: select_one, choices: {x: X, y: Y}", {"type": "select_one q"}),
        ("type: select_one, choices: towns, choice_filter: \"zone = 'n'\"", {"choice_filter": "zone = 'n'"}),
        ("type: select_one, choices: towns, choice_filter: \"size = '1'\"", {"choice_filter": "string(size) = '1'"}),
        ("type: text, default: a b", {"default": "a b"}),
        ("type: text, default: a + b", {"default": "string('a + b')"}),
        ("type: integer, default: -5", {"default": "-5"}),
        ("type: date, default: 2024-02-07", {"default": "2024-02-07"}),
        ("type: select_multiple, choices: things, default: ink", {"default": "ink"}),
    ],
)
def test_a_question_in_cells(item: str, cells: dict[str, str]) -> None:
    found = row(f"  - {{name: q, label: Q, {item}}}")
    assert {column: found.get(column) for column in cells} == cells


def test_a_sentinel_is_told_and_exempt(javarosa: JavaRosa) -> None:
    items = "  - {name: q, type: integer, label: Q, constraint: '. <= 10', missing: {99: refused, -1: dont_know}}"
    found = row(items)
    assert found["hint::English (en)"] == "(99 = refused; -1 = don't know)"
    assert found["hint::Azərbaycanca (az)"] == "(99 = cavabdan imtina; -1 = bilmirəm)"
    assert found["constraint"] == ". <= 10 or . = 99"
    content = xform(form(items))
    faulty = {
        value: javarosa.run(content, [("/data/station", "1"), ("/data/q", value)]).errors
        for value in ("10", "11", "99", "-1")
    }
    assert faulty == {"10": {}, "11": {"/data/q": "constraint"}, "99": {}, "-1": {}}


def test_an_exclusive_choice_stands_alone_and_says_so(javarosa: JavaRosa) -> None:
    items = (
        "  - {name: q, type: select_multiple, choices: things, label: Q, constraint_message: {en: Look., az: Baxın.}}"
    )
    assert row(items)["constraint_message::English (en)"] == "Look. “None” cannot stand beside another answer"
    content = xform(form(items))
    assert javarosa.run(content, [("/data/station", "1"), ("/data/q", "ink none")]).errors == {"/data/q": "constraint"}
    assert javarosa.run(content, [("/data/station", "1"), ("/data/q", "none")]).errors == {}


REPEAT = """
  - name: votes
    type: repeat
    over: {ann: {en: "Ann *A*", az: "A'n\\"n"}, bob: Bob}
    label: Votes
    items: [{name: n, type: integer, label: N}]
  - {name: total, type: calculate, calculation: "sum(votes.n)"}
"""


def test_a_repeat_over_a_list_names_its_instances(javarosa: JavaRosa) -> None:
    checklist = form(REPEAT)
    found = {line.get("name", line["type"]): line for line in rows(checklist)}
    assert found["votes"]["repeat_count"] == "2"
    assert found["instanceOf_votes"]["calculation"] == "selected-at('ann bob', position(..) - 1)"
    assert found["eachOf_votes"]["label::Azərbaycanca (az)"] == "${labelOf_votes_az}"
    run = javarosa.run(xform(checklist), [("/data/votes/eachOf_votes/n", "3"), ("/data/votes[2]/eachOf_votes/n", "4")])
    data = {path.replace("/data/", ""): text for path, text in run.data.items()}
    assert (data["votes/instanceOf_votes"], data["votes[2]/instanceOf_votes"]) == ("ann", "bob")
    assert (data["votes/labelOf_votes_en"], data["votes/labelOf_votes_az"]) == (r"Ann \*A\*", "A'n\"n")
    assert data["total"] == "7"


def test_a_fixed_repeat_keeps_clear_of_a_question_with_the_name_of_its_count(javarosa: JavaRosa) -> None:
    items = """
  - {name: people_count, type: integer, label: Count}
  - {name: people, type: repeat, repeat_count: 2, label: P, items: [{name: age, type: integer, label: Age}]}
"""
    assert row(items, "people")["repeat_count"] == "${countOf_people}"
    run = javarosa.run(xform(form(items)), [("/data/people_count", "5"), ("/data/people[2]/age", "30")])
    assert (run.data["/data/people_count"], run.data["/data/people[2]/age"]) == ("5", "30")


def test_names_that_every_form_keeps_for_itself(javarosa: JavaRosa) -> None:
    items = """
  - {name: meta, type: integer, label: Meta}
  - {name: data, type: repeat, label: "${meta}", items: [{name: n, type: integer, relevant: meta > 3, label: N}]}
"""
    content = xform(form(items))
    assert javarosa.validate(content) == ""
    assert (
        javarosa.run(content, [("/formData/itemMeta", "5"), ("/formData/data/n", "1")]).data["/formData/data/n"] == "1"
    )


def test_a_section_with_calculations_alone_is_no_group(javarosa: JavaRosa) -> None:
    items = """
  - name: s
    type: section
    label: S
    relevant: station is answered
    items:
      - {name: c, type: calculate, relevant: 1 = 1, calculation: 2 + 3}
      - {name: s2, type: section, label: T, items: []}
"""
    checklist = form(items)
    assert [line["type"] for line in rows(checklist)] == ["text", "calculate"]
    assert rows(checklist)[1]["relevant"] == "${station} != '' and 1 = 1"
    assert javarosa.run(xform(checklist), [("/data/station", "1")]).data["/data/c"] == "5"


def test_a_filter_offers_what_the_checklist_says(javarosa: JavaRosa) -> None:
    """Also where a question has the name of a column, and where a cell of the column is empty."""
    head = HEAD.replace("{zone: n,", "{station: n, zone: n,")
    items = "  - {name: q, type: select_one, choices: towns, label: Q, choice_filter: \"size != '1' or zone = 's'\"}"
    assert javarosa.run(xform(form(items, head))).choices["/data/q"] == ["b"]
    items = "  - {name: q, type: select_one, choices: towns, label: Q, choice_filter: size is blank}"
    assert javarosa.run(xform(form(items))).choices["/data/q"] == ["b"]
    items = """
  - {name: zone, type: select_one, choices: {n: N, s: S}, label: Z}
  - {name: q, type: select_one, choices: towns, label: Q, choice_filter: "zone = ${zone}"}
"""
    content = xform(form(items))
    assert row(items)["choice_filter"] == "zone = ${zone}"
    assert javarosa.run(content, [("/data/zone", "s")]).choices["/data/q"] == ["b"]
    assert javarosa.run(content).choices["/data/q"] == []


def test_dates_and_conditions_that_are_computed(javarosa: JavaRosa) -> None:
    items = """
  - {name: day, type: date, label: D}
  - {name: last, type: calculate, calculation: "coalesce(day, today())"}
  - {name: early, type: calculate, calculation: "last < '2024-02-08'"}
  - {name: q, type: note, relevant: "last = '2024-02-07' and early", label: Q}
"""
    run = javarosa.run(xform(form(items)), [("/data/day", "2024-02-07")])
    assert (run.data["/data/last"], run.data["/data/early"]) == ("2024-02-07", "1")
    assert "/data/q" in run.shown


LABEL_FILTER = """
  - name: q
    type: select_one
    label: Q
    choice_filter: "label = 'x'"
    choices: {a: {label: A, attributes: {label: x}}, b: {label: B, attributes: {label: y}}}
"""


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ("  - {name: s, type: section, label: S, hint: H, items: [{name: q, type: note, label: N}]}", "xlsform-hint"),
        ("  - {name: q, type: text, label: Q, parameters: {colour: red}}", "xlsform-parameters"),
        ("  - {name: q, type: text, label: Q, parameters: {rows: many}}", "xlsform-parameters"),
        (
            '  - {name: t, type: time, label: T}\n  - {name: q, type: calculate, calculation: "coalesce(t, t)"}',
            "xlsform-calculation",
        ),
        (
            "  - {name: q, type: select_one, label: Q, choices: {a: {label: A, attributes: {'a b': x}}, b: B}}",
            "xlsform-column",
        ),
        (LABEL_FILTER, "xlsform-filter"),
    ],
)
def test_what_a_form_cannot_do_is_said(javarosa: JavaRosa, items: str, code: str) -> None:
    assert code in losses(items)
    assert javarosa.validate(xform(form(items))) == ""


def test_what_came_from_an_xlsform_goes_back() -> None:
    """Cells under `extra` stand as they are, an empty one for none; names, languages and further sheets too."""
    kept = """
  - name: q
    type: text
    label: Q
    required: true
    extra: {xlsform: {name: Q-1, type: barcode, required: "", "media::image": a.png}}
  - {name: n, type: note, label: "${q}", relevant: q is answered}
extra:
  xlsform:
    languages: {en: "", az: Azeri}
    settings: {style: pages, "attribute::checklist_hash": ""}
    sheets: {notes: [[a, b], [c, "1"]]}
"""
    checklist = form(kept)
    assert rows(checklist)[2] == {
        "type": "note",
        "name": "n",
        "label": "${Q-1}",
        "label::Azeri": "${Q-1}",
        "relevant": "${Q-1} != ''",
    }
    assert rows(checklist)[1] == {
        "type": "barcode",
        "name": "Q-1",
        "label": "Q",
        "label::Azeri": "Q",
        "media::image": "a.png",
    }
    (settings,) = rows(checklist, "settings")
    assert settings["style"] == "pages"
    assert "attribute::checklist_hash" not in settings
    assert "default_language" not in settings
    assert sheets(checklist)["notes"] == [["a", "b"], ["c", "1"]]


def test_a_column_whose_name_begins_like_an_operator(javarosa: JavaRosa, openrosa: OpenRosa) -> None:
    head = HEAD.replace("zone: n,", "division: n, zone: n,").replace("{zone: s}", "{division: s, zone: s}")
    items = "  - {name: q, type: select_one, choices: towns, label: Q, choice_filter: \"division = 's'\"}"
    checklist = form(items, head)
    assert rows(checklist)[1]["choice_filter"] == "./division = 's'"
    assert javarosa.run(xform(checklist)).choices["/data/q"] == ["b"]
    data = "<all><item><division>n</division></item><item><division>s</division></item></all>"
    assert openrosa.evaluate(data, [("count(/all/item[./division = 's'])", "/all", "any")]) == [1]


def test_pictures_of_choices_are_media() -> None:
    items = "  - {name: q, type: select_one, label: Q, choices: {a: {label: A, attributes: {image: a.png}}, b: B}}"
    assert losses(items) == []
    assert "jr://images/a.png" in xform(form(items))


def test_a_text_that_no_cell_holds_is_refused() -> None:
    checklist = form(f"  - {{name: q, type: note, label: {'x' * 33_000}}}")
    with pytest.raises(DefinitionError, match="xlsform-too-long"):
        ck.build(checklist, "xlsform")


def test_a_form_says_nothing_about_the_machine_that_made_it() -> None:
    assert not re.search(r"/tmp|/home|\.xlsx|20\d\d-\d\d-\d\dT", xform(form(REPEAT)))
