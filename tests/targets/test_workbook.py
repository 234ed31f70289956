"""The workbook as people and programs find it: sheets, headings, validations, colours, and what it cannot say."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings

import checklist_kit as ck
from checklist_kit.diagnostics import CODES, DefinitionError
from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from tests.engines.libreoffice import LibreOffice, Look
from tests.library import LIBRARY, name_of
from tests.strategies.checklists import checklists, load_text

FORM = Path(__file__).with_name("workbook") / "small.yaml"
PLAIN_HEAD = "checklist: plain\nversion: '1'\ntitle: Plain\nlanguages: {en: English}\ndefault_language: en\n"
GREY, RED, YELLOW, PLAIN = "#E4E4E4", "#F8C9C4", "#FFF2BF", None


@pytest.fixture(scope="module")
def form() -> Checklist:
    return ck.load(FORM)


@pytest.fixture(scope="module")
def artifact(form: Checklist) -> Artifact:
    return ck.build(form, "workbook")


def content(artifact: Artifact) -> bytes:
    (data,) = artifact.files.values()
    return data


def opened(artifact: Artifact) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(artifact)))


def texts(book: openpyxl.Workbook, sheet: str, row: int) -> list[object]:
    return [cell.value for cell in book[sheet][row]]


def sheet_xml(artifact: Artifact) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content(artifact))) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                yield archive.read(name).decode()


# What stands where


def test_file_is_named_after_the_checklist_and_the_same_each_time(form: Checklist, artifact: Artifact) -> None:
    assert list(artifact.files) == ["small.workbook.xlsx"]
    assert content(artifact) == content(ck.build(form, "workbook"))


def test_sheets_and_headings(artifact: Artifact) -> None:
    book = opened(artifact)
    assert book.sheetnames == ["Responses", "visits", "Codebook", "Instructions", "_lists", "_meta"]
    assert [book[name].sheet_state for name in ("Responses", "_lists", "_meta")] == ["visible", "hidden", "hidden"]
    ids = "submission_id station opened faults.ink faults.box faults.none registered voted low day hour town tired"
    assert texts(book, "Responses", 1) == ids.split()
    assert texts(book, "visits", 1) == ["submission_id", "instance", "length"]
    assert texts(book, "Responses", 2)[:5] == ["#", "1", "2", "3", "3"]
    assert texts(book, "Responses", 3)[1:5] == ["=1+1 station *", "Opened?", "Faults – Ink", "Faults – Box"]
    assert texts(book, "Responses", 4)[1] == "On the door"
    assert book["Responses"].row_dimensions[1].hidden
    assert (book["Responses"].freeze_panes, book["visits"].freeze_panes) == ("B5", "C5")
    assert book["Responses"]["B3"].data_type == "s"


def test_style_by_column_and_never_by_cell(artifact: Artifact) -> None:
    for xml in sheet_xml(artifact):
        rows = [int(row) for row in re.findall(r'<row r="(\d+)"', xml)]
        if "<conditionalFormatting" in xml:
            assert max(rows) == 4
    book = opened(artifact)
    ids = texts(book, "Responses", 1)
    formats = {
        ids[column - 1]: style.number_format
        for style in book["Responses"].column_dimensions.values()
        for column in range(style.min, style.max + 1)
    }
    assert {formats[name] for name in ("submission_id", "station", "opened", "low", "town")} == {"@"}
    assert (formats["registered"], formats["day"], formats["hour"]) == ("0", "yyyy-mm-dd", "hh:mm")


def test_facts_stand_in_properties_and_on_a_hidden_sheet(form: Checklist, artifact: Artifact) -> None:
    book = opened(artifact)
    facts = {"checklist": "small", "version": "2.10", "hash": form.hash}
    assert {prop.name: prop.value for prop in book.custom_doc_props.props} == facts
    assert {row[0].value: row[1].value for row in book["_meta"].iter_rows(max_row=3)} == facts
    table = [[cell.value for cell in row] for row in book["_meta"].iter_rows(min_row=6)]
    assert table[0] == ["sheet", "repeat", "column", "id", "item", "choice", "type"]
    assert ["Responses", None, "4", "faults.ink", "faults", "ink", "select_multiple"] in table
    assert ["visits", "visits", "3", "length", "length", None, "decimal"] in table


# Validations


def validations(artifact: Artifact, sheet: str) -> dict[str, list[object]]:
    book = opened(artifact)
    found: dict[str, list[object]] = {}
    for rule in book[sheet].data_validations.dataValidation:
        (cells,) = rule.sqref.ranges
        column = book[sheet].cell(1, cells.min_col).value
        assert (cells.min_row, cells.max_row) == (5, 5004)
        assert cells.min_col == cells.max_col
        found.setdefault(str(column), []).append(rule)
    return found


def test_one_validation_a_column_with_lists_by_name(artifact: Artifact) -> None:
    book, found = opened(artifact), validations(artifact, "Responses")
    assert list(found) == texts(book, "Responses", 1)
    assert all(len(rules) == 1 for rules in found.values())
    sources = {name: rules[0].formula1 for name, rules in found.items() if rules[0].type == "list"}  # type: ignore[attr-defined]
    assert sources == {
        "opened": "list_yes_no",
        "faults.ink": "ticks",
        "faults.box": "ticks",
        "faults.none": "ticks",
        "low": "list_yes_no",
        "town": "list_towns",
        "tired": "list_yes_no",
    }
    names = {name: book.defined_names[name].attr_text for name in ("list_yes_no", "ticks")}
    values = {
        name: [cell.value for (cell,) in book["_lists"][area.partition("!")[2].replace("$", "")]]
        for name, area in names.items()
    }
    assert values == {"list_yes_no": ["yes", "no"], "ticks": [1, 0]}


def test_constraints_are_validations_with_their_message(artifact: Artifact) -> None:
    (rule,) = validations(artifact, "Responses")["voted"]
    assert (rule.type, rule.error) == ("custom", "More than registered")  # type: ignore[attr-defined]
    assert len(rule.formula1) <= 255  # type: ignore[attr-defined]
    (plain,) = validations(artifact, "Responses")["registered"]
    assert plain.type == "whole"  # type: ignore[attr-defined]
    assert "9999 = not_observed" in plain.prompt  # type: ignore[attr-defined]


# Colours


def looks(
    libreoffice: LibreOffice, artifact: Artifact, path: Path, sheet: str, cells: dict[str, object]
) -> dict[str, Look]:
    path.write_bytes(content(artifact))
    columns = {
        f"{page.title}!{cell.value}": f"{page.title}!{cell.column_letter}"
        for page in opened(artifact)
        for cell in page[1]
    }
    typed = {f"{columns[name[:-1]]}{name[-1]}": value for name, value in cells.items()}
    seen = libreoffice.looks(path, sheet, typed)  # type: ignore[arg-type]
    letters = {
        address.rpartition("!")[2]: name.rpartition("!")[2]
        for name, address in columns.items()
        if name.startswith(f"{sheet}!")
    }
    return {
        f"{letters[found[1]]}{found[2]}": look
        for address, look in seen.items()
        if (found := re.fullmatch(r"([A-Z]+)([5-9])", address)) and found[1] in letters
    }


def test_colours_in_libreoffice(libreoffice: LibreOffice, artifact: Artifact, tmp_path: Path) -> None:
    seen = looks(
        libreoffice,
        artifact,
        tmp_path / "form.xlsx",
        "Responses",
        {
            "Responses!submission_id5": "a", "Responses!station5": "1/2", "Responses!opened5": "no",
            "Responses!registered5": 100, "Responses!voted5": 40,
            "Responses!faults.ink5": 1, "Responses!faults.none5": 1, "Responses!town5": "north",
            "Responses!submission_id6": "b", "Responses!opened6": "yes", "Responses!registered6": 9999,
            "Responses!voted6": 40,
            "Responses!faults.ink6": 1, "Responses!town6": "north",
            "Responses!submission_id7": "a", "Responses!registered7": 10, "Responses!voted7": 11,
            "Responses!day7": "2024-01-31",
            "visits!submission_id5": "a", "visits!instance5": 1, "visits!length5": 8,
            "visits!submission_id6": "a", "visits!instance6": 2, "visits!length6": 7,
            "visits!submission_id7": "b", "visits!instance7": 1, "visits!length7": 3,
        },
    )  # fmt: skip
    colour = {cell: look.background for cell, look in seen.items()}
    assert colour["faults.ink5"] == PLAIN, "asked, because it was not opened"
    assert colour["faults.none5"] == RED, "it excludes the others"
    assert colour["faults.ink6"] == colour["faults.none6"] == GREY, "not asked, although it is filled in"
    assert colour["faults.ink7"] == GREY, "blank is unknown, and only what is certainly true is asked"
    assert (colour["voted5"], colour["voted6"], colour["voted7"]) == (PLAIN, PLAIN, RED)
    assert colour["low5"] == YELLOW, "turnout is 40%, and this is required"
    assert colour["low6"] == GREY, "no turnout without a number of registered voters"
    assert (colour["station5"], colour["station6"]) == (PLAIN, YELLOW)
    assert colour["day7"] == RED
    assert (colour["town5"], colour["town6"]) == (RED, PLAIN), "the filter offers big towns where it was opened"
    assert (colour["tired5"], colour["tired6"]) == (PLAIN, GREY), "15 hours and 3"
    assert (colour["submission_id5"], colour["submission_id6"], colour["submission_id7"]) == (RED, PLAIN, RED)


def test_colours_of_a_repeat_in_libreoffice(libreoffice: LibreOffice, artifact: Artifact, tmp_path: Path) -> None:
    seen = looks(
        libreoffice,
        artifact,
        tmp_path / "form.xlsx",
        "visits",
        {
            "Responses!submission_id5": "a", "Responses!opened5": "no", "Responses!registered5": 5,
            "Responses!submission_id6": "b", "Responses!registered6": 5,
            "visits!submission_id5": "a", "visits!instance5": 1, "visits!length5": 4.5,
            "visits!submission_id6": "a", "visits!instance6": 2, "visits!length6": 5.5,
            "visits!submission_id7": "b", "visits!instance7": 1, "visits!length7": 9,
            "visits!submission_id8": "c", "visits!instance8": 1, "visits!length8": 9,
        },
    )  # fmt: skip
    colour = {cell: look.background for cell, look in seen.items()}
    assert [colour[f"length{row}"] for row in (5, 6, 7)] == [PLAIN, RED, GREY]
    assert [colour[f"submission_id{row}"] for row in (5, 6, 7, 8)] == [PLAIN, PLAIN, PLAIN, RED]


# Languages


def test_another_language(form: Checklist) -> None:
    book = opened(ck.build(form, "workbook", ["az", "en"]))
    assert texts(book, "Responses", 3)[2] == "Açıldı?"
    heads = [str(text) for text in texts(book, "Codebook", 1)]
    assert [head for head in heads if "(" in head] == [
        "Mətn (Azərbaycanca)",
        "Mətn (English)",
        "Seçimin mətni (Azərbaycanca)",
        "Seçimin mətni (English)",
    ]


def test_right_to_left(form: Checklist, artifact: Artifact) -> None:
    arabic = ck.build(form, "workbook", ["ar"])
    assert all(sheet.sheet_view.rightToLeft for sheet in opened(arabic) if sheet.sheet_state == "visible")
    assert not any(sheet.sheet_view.rightToLeft for sheet in opened(artifact))
    assert "workbook-language" in {loss.code for loss in arabic.losses}


# What it cannot say, and what it must survive


LOST = [code for code, entry in CODES.items() if entry.family == "workbook" and entry.bad]


@pytest.mark.parametrize("code", LOST)
def test_losses_are_reported(code: str) -> None:
    bad, good = (ck.build(load_text(text), "workbook").losses for text in (CODES[code].bad, CODES[code].good))
    assert code in {loss.code for loss in bad}
    assert good == ()


def test_formulas_nest_no_deeper_than_spreadsheets_take() -> None:
    chain = "".join(
        f"  - {{name: c{n}, type: calculate, calculation: 'if({f'c{n - 1}' if n else 'q'} > {n}, 1, 2)'}}\n"
        for n in range(3)
    )
    chain += "".join(
        f"  - {{name: d{n}, type: calculate, calculation: '-({f'd{n - 1}' if n else 'q'})'}}\n" for n in range(70)
    )
    text = f"{PLAIN_HEAD}items:\n  - {{name: q, type: integer, label: Q}}\n{chain}"
    for last in ("c2", "d50", "d69"):
        text += f"  - {{name: after_{last}, type: integer, label: Q, relevant: {last} > 1}}\n"
    built = ck.build(load_text(text), "workbook")
    formulas = [rule.formula[0] for area in opened(built)["Responses"].conditional_formatting for rule in area.rules]
    depths = [max(accumulate(1 if b == "(" else -1 for b in re.findall("[()]", text))) for text in formulas]
    assert 50 < max(depths) <= 64
    assert [loss.message.split("`")[1] for loss in built.losses if loss.code == "workbook-too-long"] == ["after_d69"]


def test_no_more_losses_than_needed(artifact: Artifact) -> None:
    assert [loss.code for loss in artifact.losses] == ["workbook-calculation"]


def test_too_many_columns_is_an_error() -> None:
    codes = ", ".join(f"c{n}: C{n}" for n in range(1_100))
    items = "".join(f"  - {{name: q{n}, type: select_multiple, choices: many, label: Q}}\n" for n in range(15))
    text = f"{PLAIN_HEAD}choices:\n  many: {{{codes}}}\nitems:\n{items}"
    with pytest.raises(DefinitionError, match="workbook-too-wide"):
        ck.build(load_text(text), "workbook")


def test_names_that_no_sheet_can_have() -> None:
    long = "a_repeat_with_a_name_that_is_far_too_long"
    repeats = "".join(
        f"  - {{name: {name}, type: repeat, label: R, items: [{{name: q{n}, type: integer, label: Q}}]}}\n"
        for n, name in enumerate(("responses", "history", f"{long}_1", f"{long}_2", "instructions"))
    )
    text = f"{PLAIN_HEAD}items:\n{repeats}"
    book = opened(ck.build(load_text(text), "workbook"))
    names = book.sheetnames
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names) == 10
    rows = [[cell.value for cell in row] for row in book["_meta"].iter_rows(min_row=7)]
    assert {row[1]: row[0] for row in rows if row[1]} == dict(
        zip(("responses", "history", f"{long}_1", f"{long}_2", "instructions"), names[1:6], strict=True)
    )


def test_texts_of_any_length_and_kind() -> None:
    label = "=cmd|' /C calc'!A0" + "x🗳" * 20_000
    text = f"""{PLAIN_HEAD.replace("Plain", "=1+1")}
choices: {{l: {{a: "@SUM(1)", b: "-1"}}}}
items:
  - {{name: q, type: select_one, choices: l, label: "{label}", hint: "+1"}}
  - {{name: r, type: integer, label: "{label}", constraint: r > 1, constraint_message: "{label}"}}
"""
    for page in opened(ck.build(load_text(text), "workbook")):
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert len(str(cell.value).encode("utf-16-le")) <= 2 * 32_767


@given(checklists())
@settings(max_examples=40)
def test_any_checklist_gives_a_whole_workbook(checklist: Checklist) -> None:
    built = ck.build(checklist, "workbook")
    book = opened(built)
    for page in book:
        for area in page.conditional_formatting:
            assert all(len(formula) <= 8_192 for rule in area.rules for formula in rule.formula)
        for rule in page.data_validations.dataValidation:
            assert len(rule.formula1 or "") <= 255
    asked = [row[3].value for row in book["_meta"].iter_rows(min_row=7)]
    assert len(asked) == sum(len([c for c in page[1] if c.value]) for page in book if page.freeze_panes in ("B5", "C5"))


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_our_own_checklists_lose_nothing_that_matters(path: Path) -> None:
    assert all(loss.severity == "info" for loss in ck.build(ck.load(path), "workbook").losses)
