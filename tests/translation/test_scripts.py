"""Right-to-left and complex scripts reach paper, workbook and web, from translations beside the checklist."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

import checklist_kit as ck
from checklist_kit.diagnostics import DefinitionError
from checklist_kit.model import Checklist, is_right_to_left
from tests.engines import requires_engine
from tests.translation.test_beside import catalogue, write

# "Was the ballot box empty?" or near, with marks that join, stack and reorder.
QUESTIONS = {
    "ar": "هل كان صندوق الاقتراع فارغًا؟",
    "fa": "آیا صندوق رأی خالی بود؟",
    "he": "האם הקלפי הייתה ריקה?",
    "ka": "იყო თუ არა ყუთი ცარიელი?",
    "hy": "Դատա՞րկ էր արդյոք քվեատուփը։",
    "hi": "क्या मतपेटी खाली थी?",
    "my": "မဲပုံး လွတ်နေပါသလား။",
    "am": "የድምጽ ሳጥኑ ባዶ ነበር?",
    "th": "หีบบัตรว่างหรือไม่?",
}


def form(folder: Path, language: str) -> Checklist:
    text = (
        f"checklist: form\nlanguages: {{en: English, {language}: L}}\n"
        "items:\n  - {name: box, type: text, label: Was the ballot box empty?}\n"
    )
    po = catalogue({"form.yaml#items/box/label": ("Was the ballot box empty?", QUESTIONS[language])})
    return ck.load(write(folder, {"form.yaml": text, f"translations/{language}.po": po}))


def letters(text: str) -> set[str]:
    """Letters alone: a PDF holds shapes in the order of the eye, and marks may become part of their letters."""
    return {char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char)[0] == "L"}


@pytest.mark.parametrize("language", QUESTIONS)
def test_texts_arrive_on_paper(tmp_path: Path, language: str) -> None:
    checklist = form(tmp_path, language)
    try:
        found = ck.build(checklist, "paper", [language])
    except DefinitionError:  # a letter is in no font
        requires_engine("fonts")
        raise
    page = pypdfium2.PdfDocument(found.files[f"form.paper.{language}.pdf"])[0]
    assert letters(QUESTIONS[language]) <= letters(page.get_textpage().get_text_range())


@pytest.mark.parametrize("language", QUESTIONS)
def test_texts_arrive_in_the_workbook(tmp_path: Path, language: str) -> None:
    data = ck.build(form(tmp_path, language), "workbook", [language]).files["form.workbook.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Responses"]
    assert QUESTIONS[language] in [cell.value for row in sheet.iter_rows(max_row=4) for cell in row]
    assert bool(sheet.sheet_view.rightToLeft) == is_right_to_left(language)


@pytest.mark.parametrize("language", QUESTIONS)
def test_texts_arrive_on_the_web(tmp_path: Path, language: str) -> None:
    data = ck.build(form(tmp_path, language), "surveyjs", [language]).files["form.surveyjs.json"]
    survey = json.loads(data)
    assert survey["locale"] == language
    assert survey["pages"][0]["elements"][0]["title"][language] == QUESTIONS[language]
