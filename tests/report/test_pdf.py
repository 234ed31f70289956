"""The report as a PDF: tagged, the same each time, and with texts that are never markup."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from checklist_kit.analysis.findings import Findings, findings
from checklist_kit.analysis.report.pdf import pdfs
from checklist_kit.model import Checklist
from tests.analysis.helpers import checklist_of, submission, tables
from tests.report.test_page import TEXT, checklist, found

__all__ = ["checklist", "found"]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(document[page].get_textpage().get_text_range() for page in range(len(document)))


def test_each_language_has_a_pdf_that_says_what_the_page_says(checklist: Checklist, found: Findings) -> None:
    made, notes = pdfs(checklist, found)
    missing = {note.message.split("`")[1] for note in notes}
    assert {f"findings.{language}.pdf" for language in checklist.languages if language not in missing} == set(made)
    english = text_of(made["findings.en.pdf"])
    for told in (
        "<script>alert(1)</script>",
        'Opening & "count" <b>',
        "25.0%",
        "22.6–27.5%",
        "1,200",
        "How to read this",
    ):
        assert told in english.replace("\r\n", " ").replace("\n", " ")
    assert "25,0%" in text_of(made["findings.az.pdf"])
    assert b"/StructTreeRoot" in made["findings.en.pdf"] or b"/ObjStm" in made["findings.en.pdf"]


def test_the_same_findings_give_the_same_bytes(checklist: Checklist, found: Findings) -> None:
    assert pdfs(checklist, found)[0]["findings.en.pdf"] == pdfs(checklist, found)[0]["findings.en.pdf"]


def test_a_language_without_a_font_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is left out where a letter would be a box; the typesetter's own fonts have no Burmese."""
    monkeypatch.setattr("checklist_kit.analysis.report.pdf._scripts", lambda _text: iter(()))
    text = TEXT.replace("ka: გახსნა", "my: ဖွင့်").replace("ka: ქართული", "my: မြန်မာ")
    checklist = checklist_of(tmp_path, text)
    made, notes = pdfs(checklist, findings(checklist, tables(checklist, submission({"station": "1", "opened": "no"}))))
    assert "findings.my.pdf" not in made
    assert "findings.en.pdf" in made
    assert [note.code for note in notes if "`my`" in note.message] == ["report-pdf"]
