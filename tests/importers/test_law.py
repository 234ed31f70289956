"""The law of the import: building a form again gives the same form, and importing that the same checklist."""

import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyxform import aliases
from pyxform.errors import PyXFormError
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

import checklist_kit as ck
from checklist_kit.importers import import_form
from checklist_kit.model import Checklist
from checklist_kit.protocols import UnreadableFile
from tests.importers.forms import FORMS, again, built, keeps_the_law, loaded, survey, write_xlsx, xform
from tests.library import LIBRARY, name_of
from tests.strategies.checklists import checklists

PACKAGED = sorted((Path(__file__).parents[1] / "engines").glob("pyxform-*.tar.gz"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_comes_back_and_reads_well(path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(path.with_suffix(".yaml"), keeps_the_law(path).text)


def test_there_are_enough_forms() -> None:
    assert len(FORMS) >= 40


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_channel_takes_an_imported_form(path: Path) -> None:
    checklist = loaded(import_form(path))
    for target in ("workbook", "surveyjs", "jsonschema", "codebook"):
        assert ck.build(checklist, target).files


@pytest.mark.parametrize("path", LIBRARY[::5], ids=name_of)
def test_our_own_exports_come_back_byte_for_byte(path: Path) -> None:
    content = built(ck.load(path))
    imported = again(content)
    assert built(loaded(imported)) == content
    assert again(built(loaded(imported))).text == imported.text


TYPES = sorted(
    {*QUESTION_TYPE_DICT, *aliases._type_alias_map, "begin group", *(f"{kind} things" for kind in aliases.select)}
    - {"select one", "select all that apply", "select one external", "rank", "select_one_external things"}
)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_that_the_converter_knows_comes_back(kind: str, tmp_path: Path) -> None:
    kind = kind.replace("things", "things.csv") if "file" in kind else kind
    rows = ["text | t | T |", f"{kind} | {'audit' if kind == 'audit' else 'q'} | Q | ${{t}}"]
    rows += ["end group | | |"] if kind == "begin group" else []
    choices = ("list_name | name | label", "things | a | A", "things | b | B")
    path = survey(tmp_path / "form.xlsx", "type | name | label | trigger", *rows, choices=choices)
    try:
        xform(path)
    except PyXFormError:
        import_form(path)  # leniently
        return
    keeps_the_law(path)


@pytest.mark.parametrize("header", sorted({*aliases.survey_header, "Label", "Guidance Hint", "bind::relevant"}))
def test_every_header_that_the_converter_knows_comes_back(header: str, tmp_path: Path) -> None:
    cell = {"rows": "5", "count": "2", "autoplay": "audio"}.get(header, "${t} = 'x'")
    name = "kind" if header in ("command",) else "type"
    columns = {"command": "command", "tag": "tag", "value": "value", "caption": "caption"}
    heads = [columns.get(header, name) if header == "command" else "type"]
    heads += [header if header in ("tag", "value") else "name", "caption" if header == "caption" else "label"]
    own = [] if header in columns else [header]
    path = survey(tmp_path / "form.xlsx", " | ".join([*heads, *own]), "text | t | T |", f"text | q | Q | {cell}")
    try:
        xform(path)
    except (PyXFormError, AttributeError):
        import_form(path)
        return
    keeps_the_law(path)


@settings(max_examples=6)
@given(checklist=checklists())
def test_exports_of_random_checklists_come_back_byte_for_byte(checklist: Checklist) -> None:
    content = built(checklist)
    assert built(loaded(again(content))) == content


# Random forms

WORDS = st.sampled_from(
    (
        "How many?",
        "Açılış: nə vaxt?",
        "**bold** #1",
        "a: b",
        "no",
        "1.10",
        "0",
        "~",
        "'quoted'",
        'say "x"',
        "{a} [b]",
        "?",
        "- dash",
        "two\nlines",
        "back\\slash",
        "ends:",
        "${q1}",
        "yes",
        "null",
        "2024-02-07",
        "<b>",
        "&amp;",
        "نعم",
        "x  y",
    )
)
NAMES = st.sampled_from(("q", "Q", "q_1", "FirstName", "first-name", "_x", "group.a", "and", "today", "meta1", "Ab_9"))
CODES = ("yes", "no", "0", "01", "No", "b-c", "x.y", "10")
LANGUAGES = st.sampled_from(
    (("",), ("English (en)",), ("English (en)", "Azərbaycanca (az)"), ("", "Français"), ("Kiswahili", "العربية (ar)"))
)
CONDITIONS = st.sampled_from(
    (
        "${q1} = 'yes'",
        "${q1} != 'yes'",
        "${q1}='no' or ${q3} > 3",
        "selected(${q2}, 'yes')",
        "not(selected(${q2},'no'))",
        "${q3} >= 2 and ${q3} < 10",
        "(${q1} = 'yes')",
        "${q3} != ''",
        "not(${q3} = 5)",
        "${q1} = 'yes' and (${q3} > 1 or ${q3} = 0)",
        "count-selected(${q2}) > 1",
        "string-length(${q4}) > 2",
        "true()",
        "${q3} div 2 > 1",
        '${q1} = "yes"',
        "${q1} = 0",
    )
)
OWN = st.sampled_from((". > 3", ". >= 0 and . <= 10", ".<5", ". != 7", ". <= ${q3}", "regex(., '^[0-9]+$')", ". != ''"))
BASE = [
    ("select_one codes", "q1"),
    ("select_multiple codes", "q2"),
    ("integer", "q3"),
    ("text", "q4"),
]
KINDS = (
    *("text", "integer", "decimal", "date", "note", "select_one codes", "select_multiple codes", "barcode", "image"),
    *(
        "begin group",
        "begin repeat",
        "end",
        "end",
        "calculate",
        "today",
        "range",
        "geopoint",
        "select_one codes or_other",
    ),
)


@st.composite
def sheets(draw: Any) -> dict[str, list[list[object]]]:
    """A form with questions of all types, in groups, with texts in languages, and cells that mean nothing here."""
    languages = draw(LANGUAGES)
    texts = [f"{column}::{one}" if one else column for column in ("label", "hint") for one in languages]
    columns = [
        "type",
        "name",
        *texts,
        "relevant",
        "constraint",
        "calculation",
        "required",
        "appearance",
        "note",
        "zone",
    ]
    rows: list[list[object]] = [columns]

    def row(kind: str, name: str) -> list[object]:
        cells: dict[str, object] = {"type": kind, "name": name}
        cells |= {text: draw(WORDS) for text in texts if text.startswith("label") or draw(st.booleans())}
        if draw(st.booleans()):
            cells["relevant"] = draw(CONDITIONS)
        if kind in ("text", "integer", "decimal") and draw(st.booleans()):
            cells["constraint"] = draw(OWN)
        if kind == "calculate":
            cells["calculation"] = draw(
                st.sampled_from(("${q3} + 1", "${q3}", "if(${q1} = 'yes', 1, 0)", "concat(1, 'x')"))
            )
        cells["required"] = draw(st.sampled_from(("", "", "yes", "no", True, False, "${q3} > 1")))
        cells["appearance"] = draw(st.sampled_from(("", "", "minimal", "w1")))
        cells["note"] = draw(st.sampled_from(("", "", "mine", 0, 1.5)))
        cells["zone"] = draw(st.sampled_from(("", "", "z")))
        return [cells.get(column, "") for column in columns]

    for kind, name in BASE:
        rows.append([kind, name, *("Q" for _ in texts)])
    opened: list[str] = []
    for number in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(KINDS))
        if kind == "end":
            if opened:
                rows.append([f"end {opened.pop()}"])
            continue
        rows.append(row(kind, f"{draw(NAMES)}{number}"))
        if kind.startswith("begin"):
            opened.append(kind.split()[1])
            rows.append(row("text", f"inside{number}"))
    rows += [[f"end {kind}"] for kind in reversed(opened)]
    labels = [text for text in texts if text.startswith("label")]
    choices: list[list[object]] = [["list_name", "name", *labels, "zone"]]
    codes = draw(st.lists(st.sampled_from(CODES), min_size=2, unique=True))
    choices += [["codes", code, *(draw(WORDS) for _ in labels), draw(st.sampled_from(("", "z")))] for code in codes]
    settings: list[list[object]] = [["form_title", "form_id", "version"], [draw(WORDS), "form", draw(WORDS)]]
    return {"survey": rows, "choices": choices, **({"settings": settings} if draw(st.booleans()) else {})}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(form=sheets())
def test_random_forms_come_back(form: dict[str, list[list[object]]], tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "form.xlsx", form)
    try:
        xform(path)
    except PyXFormError:
        import_form(path)
        assume(False)
    keeps_the_law(path)


# Forms that others wrote


def packaged_forms(folder: Path) -> list[Path]:
    """The example forms of the converter's own package, unpacked."""
    with tarfile.open(PACKAGED[-1]) as archive:
        archive.extractall(folder, filter="data")
    return sorted(path for path in folder.rglob("*") if path.suffix in (".xls", ".xlsx", ".csv", ".xlsm"))


@pytest.mark.skipif(not PACKAGED, reason="needs an older package of pyxform, with its example forms: make engines")
def test_the_converters_own_example_forms_come_back(tmp_path: Path) -> None:
    converted = 0
    for path in packaged_forms(tmp_path):
        try:
            xform(path)
        except Exception:  # whatever it refuses
            with suppress(UnreadableFile):
                import_form(path)
            continue
        keeps_the_law(path)
        converted += 1
    assert converted > 40
