"""What goes out to translators comes back: extract and merge change no text, over catalogues and over workbooks."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit import api
from checklist_kit.cli import cli
from checklist_kit.source import Loaded
from checklist_kit.source.compose import compose
from checklist_kit.translation import coverage, extract, merge, read_returned, workbook
from tests.strategies.checklists import as_yaml, checklist_texts
from tests.translation.test_beside import FORM, PATHS, PLACES, catalogue, write

AZ = {context: (source, f"az {source}") for context, source in PATHS.items()}
FILES = {"form.yaml": FORM, "places.csv": PLACES, "translations/az.po": catalogue(AZ)}


def checklist(*words: object, fails: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == fails, result.output
    return result


def texts_of(loaded: Loaded) -> dict[tuple[str, str], dict[str, str]]:
    return {(text.context, text.source): dict(text.words) for text in loaded.texts}


def write_catalogues(loaded: Loaded, language: str, default: str) -> None:
    for path, data in extract(loaded.texts, language, default).files():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


def hand_out(path: Path, language: str, default: str) -> Path:
    loaded = api.examine(path, texts=True)
    out = path.with_name(f"{language}.xlsx")
    out.write_bytes(workbook(loaded.texts, extract(loaded.texts, language, default), path.resolve().parent, "x"))
    return out


def take_in(path: Path, returned: Path, language: str, default: str) -> list[str]:
    """Merge a file; return the codes of its problems."""
    loaded = api.examine(path, texts=True)
    catalogues = extract(loaded.texts, language, default)
    merged = merge(loaded.texts, catalogues, read_returned(returned), path.resolve().parent)
    for at, data in catalogues.files():
        at.parent.mkdir(exist_ok=True)
        at.write_bytes(data)
    return [problem.code for problem in merged.problems]


def only(node: object, language: str, key: str = "") -> object:
    """A document without its translations, so that they must come from elsewhere."""
    if isinstance(node, dict):
        if key != "languages" and language in node and set(node) <= {"en", "az", "ru", "ar"}:
            return {language: node[language]}
        return {name: only(value, language, name) for name, value in node.items()}
    return [only(value, language) for value in node] if isinstance(node, list) else node


@given(checklist_texts(max_items=3))
@settings(max_examples=20)
def test_what_is_handed_out_comes_back(text: str) -> None:
    """All translations leave a checklist in workbooks, and are merged into the same one without translations."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder), {"checklist.yaml": text})
        full = api.examine(path, texts=True)
        assert full.checklist is not None
        default = full.checklist.default_language
        others = [language for language in full.checklist.languages if language != default]
        books = {language: hand_out(path, language, default) for language in others}
        path.write_text(as_yaml(only(compose(text, "")[0], default)), encoding="utf-8")
        if others:
            assert texts_of(api.examine(path, texts=True)) != texts_of(full)
        for language, book in books.items():
            assert set(take_in(path, book, language, default)) <= {"text-mixed-script"}
        merged = api.examine(path, texts=True)
        assert texts_of(merged) == texts_of(full)
        assert merged.checklist is not None
        before = {at: at.read_bytes() for at in Path(folder).rglob("*.po")}
        assert len(before) == len(others)
        for language in others:
            write_catalogues(merged, language, default)
            take_in(path, path.parent / "translations" / f"{language}.po", language, default)
        assert {at: at.read_bytes() for at in Path(folder).rglob("*.po")} == before


ODD = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60) | st.sampled_from(
    ["=1+1", "+5", "-", "@x", "00", "1e5", "007", "TRUE", "2024-02-07", "1-2", "_x0041_", "a\u2028b", 'say "no"', "\\n"]
)


@given(st.lists(ODD.map(str.strip).filter(lambda text: text and "$" not in text), min_size=3, max_size=3))
@settings(max_examples=40)
def test_any_text_survives_a_workbook_and_a_catalogue(words: list[str]) -> None:
    """Formulas, numbers, dates, escapes and separators stay the texts that they are."""
    label, hint, translated = words
    form = {
        "checklist": "x",
        "languages": {"en": "English", "az": "Azərbaycanca"},
        "items": [{"name": "q", "type": "text", "label": {"en": label, "az": translated}, "hint": hint}],
    }
    with TemporaryDirectory() as folder:
        path = write(Path(folder), {"checklist.yaml": as_yaml(form)})
        full = texts_of(api.examine(path, texts=True))
        book = hand_out(path, "az", "en")
        path.write_text(as_yaml(only(form, "en")), encoding="utf-8")
        take_in(path, book, "az", "en")
        assert texts_of(api.examine(path, texts=True)) == full


def fill(book: Path, translations: dict[str, str]) -> Path:
    """Write translations beside their texts, as a translator does."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["Translation"]
    for row in sheet.iter_rows(min_row=4):
        if row[3].value in translations:
            row[4].value = translations[row[3].value]
    opened.save(book)
    return book


def test_a_translator_can_change_one_column_only(tmp_path: Path) -> None:
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES})
    checklist("translate", "extract", path, "--lang", "az", "--xlsx", tmp_path / "out")
    opened = openpyxl.load_workbook(tmp_path / "out" / "form.az.xlsx")
    sheet = opened["Translation"]
    assert sheet.protection.sheet
    assert opened["_meta"].sheet_state == "veryHidden"
    hidden = [span for span in sheet.column_dimensions.values() if span.hidden]
    assert [(span.min, span.max) for span in hidden] == [(1, 2)]
    assert sheet.row_dimensions[1].hidden
    rows = list(sheet.iter_rows(min_row=4))
    assert len(rows) == len(PATHS)
    for row in rows:
        assert [cell.protection.locked for cell in row] == [True, True, True, True, False, True]
        assert row[4].number_format == "@"


def test_a_workbook_is_taken_in_and_asked_again_when_the_text_changes(tmp_path: Path) -> None:
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES})
    checklist("translate", "extract", path, "--lang", "az", "--xlsx", tmp_path)
    assert "az: 0 of 24 texts, 0%" in checklist("translate", "status", path).output
    book = fill(tmp_path / "form.az.xlsx", {source: f"az {source}" for source in PATHS.values()})
    assert "az: 24 taken, 0 there already, 0 blank" in checklist("translate", "merge", path, book).output
    assert "az: 24 of 24 texts, 100%" in checklist("translate", "status", path, "--lang", "az", "--require", 100).output
    assert "0 taken, 24 there already" in checklist("translate", "merge", path, book).output
    path.write_text(FORM.replace("Was the box empty?", "Was the ballot box empty?"))
    assert (
        "23 of 24 texts, 95.8%"
        in checklist("translate", "status", path, "--lang", "az", "--require", 100, fails=1).output
    )
    checklist("translate", "extract", path)
    po = (tmp_path / "translations" / "az.po").read_text(encoding="utf-8")
    assert '#, fuzzy\n#| msgid "Was the box empty?"\nmsgctxt "form.yaml#items/opening/box/label"\n' in po
    checklist("translate", "extract", path, "--lang", "az", "--xlsx", tmp_path)
    rows = list(openpyxl.load_workbook(book)["Translation"].iter_rows(min_row=4, values_only=True))
    notes = {row[3]: (row[4], row[5]) for row in rows}
    assert notes["Was the ballot box empty?"] == (
        None,
        "The text was: Was the box empty?\nIts translation was: az Was the box empty?",
    )
    fill(book, {"Was the ballot box empty?": "Qutu boş idi?"})
    checklist("translate", "merge", path, book)
    checklist("translate", "status", path, "--lang", "az", "--require", 100)
    assert "fuzzy" not in (tmp_path / "translations" / "az.po").read_text(encoding="utf-8")


def test_an_old_workbook_waits_and_takes_nothing_away(tmp_path: Path) -> None:
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES})
    checklist("translate", "extract", path, "--lang", "az", "--xlsx", tmp_path)
    book = fill(tmp_path / "form.az.xlsx", {"Was the box empty?": "Qutu boş idi?", "Opening": "Açılış"})
    path.write_text(
        FORM.replace("Was the box empty?", "Was the ballot box empty?").replace("label: Opening", "label: Start")
    )
    output = checklist("translate", "merge", path, book, fails=1).output
    assert output.count("[text-stale-translation]") == 2
    assert "form.az.xlsx: Translation!E" in output
    found = api.examine(path, texts=True)
    assert coverage(found.texts, "az").percent == 0
    assert [one.code for one in found.findings].count("text-stale-translation") == 2


@pytest.mark.parametrize(
    ("source", "text", "code"),
    [
        ("Ballots in ${station}", "Bülletenlər", "text-placeholder"),
        ("Ballots in ${station}", "Bülletenlər ${place}", "text-placeholder"),
        ("Opening", "Açılıш", "text-mixed-script"),
    ],
)
def test_what_a_translator_may_get_wrong_is_found(tmp_path: Path, source: str, text: str, code: str) -> None:
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES})
    checklist("translate", "extract", path, "--lang", "az", "--xlsx", tmp_path)
    book = fill(tmp_path / "form.az.xlsx", {source: text})
    output = checklist("translate", "merge", path, book, fails=int(code == "text-placeholder")).output
    assert f"[{code}]" in output
    assert text in (tmp_path / "translations" / "az.po").read_text(encoding="utf-8")
    assert not any(
        one.is_error for one in api.examine(path, texts=True).findings
    )  # the checklist can be used as before


def test_a_workbook_without_its_hidden_parts_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES})
    checklist("translate", "extract", path, "--lang", "az", "--xlsx", tmp_path)
    opened = openpyxl.load_workbook(tmp_path / "form.az.xlsx")
    del opened["_meta"]
    opened.save(tmp_path / "form.az.xlsx")
    assert (
        "is no workbook for translators"
        in checklist("translate", "merge", path, tmp_path / "form.az.xlsx", fails=1).output
    )


def test_a_catalogue_keeps_what_is_not_ours(tmp_path: Path) -> None:
    """Comments, headers, and the translations of files that this checklist has nothing to do with."""
    other = "checklist: other\nlanguages: {en: E, az: A}\nitems:\n  - {name: q, type: text, label: Hello}\n"
    header = 'msgid ""\nmsgstr ""\n"Last-Translator: Aygün\\n"\n"Language: az\\n"\n\n'
    po = header + "# ask Aygün\n" + catalogue({"other.yaml#items/q/label": ("Hello", "Salam")}) + "\n" + catalogue(AZ)
    path = write(tmp_path, {**FILES, "translations/az.po": po, "other.yaml": other})
    checklist("translate", "extract", path)
    kept = (tmp_path / "translations" / "az.po").read_text(encoding="utf-8")
    assert "# ask Aygün" in kept
    assert "Last-Translator: Aygün" in kept
    assert 'msgid "Hello"\nmsgstr "Salam"' in kept
    assert "#~" not in kept


def test_a_text_that_moves_takes_its_translation_along(tmp_path: Path) -> None:
    path = write(tmp_path, FILES)
    path.write_text(FORM.replace("name: opening", "name: start").replace("Agent}", "Agent of a party}"))
    checklist("translate", "extract", path)
    po = (tmp_path / "translations" / "az.po").read_text(encoding="utf-8")
    assert 'msgctxt "form.yaml#items/start/box/label"\nmsgid "Was the box empty?"\nmsgstr "az Was the box empty?"' in po
    assert '#~ msgid "Agent"' in po or '#| msgid "Agent"' in po
    path.write_text(FORM)  # and back again
    checklist("translate", "extract", path)
    assert coverage(api.examine(path, texts=True).texts, "az").percent > 90


def test_pseudo_shows_what_is_not_translated_and_what_does_not_fit(tmp_path: Path) -> None:
    label = "Was the ballot box shown to everybody in the polling station, so that all could see that it was empty, "
    label = f"{{en: '{label}before it was sealed and the first voter came in?'}}"
    path = write(tmp_path, {**FILES, "form.yaml": FORM.replace("Was the box empty?", label)})
    output = checklist("translate", "pseudo", path, "-o", tmp_path / "out", "-t", "surveyjs").output
    assert "[paper-long-label]" in output
    survey = json.loads((tmp_path / "out" / "form.surveyjs.json").read_text(encoding="utf-8"))
    assert survey["title"]["qps-ploc"].startswith("[Pöł")
    checklist("translate", "pseudo", path, "-o", tmp_path / "az", "-t", "surveyjs", "--lang", "az")
    survey = json.loads((tmp_path / "az" / "form.surveyjs.json").read_text(encoding="utf-8"))
    assert survey["title"]["qps-ploc"] == "az Polling station"
    assert "[Ŵåš ţĥê båłłöţ" in json.dumps(survey, ensure_ascii=False)  # its text has changed


def test_a_language_that_the_checklist_lacks_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, FILES)
    assert 'did you mean "az"?' in checklist("translate", "status", path, "--lang", "aze", fails=2).output
