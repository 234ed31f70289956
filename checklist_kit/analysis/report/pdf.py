"""The report as a PDF a language, typeset by Typst."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from checklist_kit.analysis.findings import Findings
from checklist_kit.analysis.publish import without_sensitive
from checklist_kit.analysis.report.page import HEADS, languages_of
from checklist_kit.analysis.report.speech import speech_in
from checklist_kit.analysis.report.story import Story, story_of
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist, is_right_to_left

_TEMPLATE = Path(__file__).with_name("report.typ")
_BUNDLED = "Libertinus Serif"
"""The typesetter's own font, which has Latin, Cyrillic and Greek: with it, a report has the same bytes everywhere."""

_REFUSED = re.compile(r"the (?:text|PDF contains the codepoint) `\"(.*?)\"`")


def pdfs(checklist: Checklist, found: Findings) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """Return `findings.<language>.pdf` for each language, and which could not be made and why.

    Indicators that rest on sensitive answers do not stand in them. The same findings give the same bytes.
    """
    try:
        import typst  # noqa: F401 - only to see whether it is there
    except ImportError:
        help_ = "pip install 'checklist_kit[paper]'"
        return {}, [Diagnostic.of("report-pdf", "no PDF is made, for want of the extra `paper`", help=help_)]
    found = without_sensitive(checklist, found)
    made: dict[str, bytes] = {}
    notes = []
    for language in languages_of(checklist):
        pdf = _typeset(story_of(checklist, found, speech_in(language)))
        if isinstance(pdf, str):
            message = f"no PDF is made in `{language}`: no font that is installed has `{pdf}`"
            notes.append(Diagnostic.of("report-pdf", message, help="install the font package fonts-noto-core"))
        else:
            made[f"findings.{language}.pdf"] = pdf
    return made, notes


def _typeset(story: Story) -> bytes | str:
    """Return the PDF, or a letter that no font has."""
    text = json.dumps(_document(story), ensure_ascii=False)
    needed = sorted(_scripts(text))
    fonts = [_BUNDLED, *(f"Noto {style} {script}" for script in needed for style in ("Serif", "Sans", "Naskh"))]
    return _compile(json.dumps({**_document(story), "fonts": fonts}, ensure_ascii=False), system=bool(needed))


def _compile(story: str, *, system: bool) -> bytes | str:
    import typst

    fonts = typst.Fonts(include_system_fonts=system)
    compiler = typst.Compiler(_TEMPLATE, font_paths=fonts, ignore_system_fonts=not system)
    try:
        pdf, _ = compiler.compile_with_warnings(
            sys_inputs={"story": story}, pdf_standards=["a-2a", "ua-1"], timestamp=0, format="pdf"
        )
    except typst.TypstError as error:
        letters = _REFUSED.findall(error.diagnostic)
        if not letters:
            raise
        return str(letters[0])
    assert isinstance(pdf, bytes)
    return pdf


def _document(story: Story) -> dict[str, object]:
    speech = story.speech
    shares, numbers = ([speech.say(_head(key, kind)) for key in HEADS] for kind in ("share", "number"))
    words = {
        "lang": speech.spoken,
        "rtl": is_right_to_left(speech.spoken),
        "shares": shares,
        "numbers": numbers,
        **{key: speech.say(key) for key in ("spread", "groups", "about")},
    }
    told = {
        "title": story.title,
        "version": story.version,
        "groups": story.groups,
        "parts": [asdict(part) for part in story.parts],
        "tables": [asdict(table) for table in story.tables],
        "about": story.about,
    }
    direction = {"lang": speech.locale.language, "rtl": speech.direction == "rtl"}
    return {**{key: _printable(value) for key, value in told.items()}, "words": words, **direction}


def _head(key: str, kind: str) -> str:
    return kind if key == "share" else key


def _printable(value: object) -> object:
    """Leave out control characters, which have no place on paper, in all texts of a value."""
    if isinstance(value, str):
        return "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _scripts(text: str) -> Iterator[str]:
    """The scripts of a text beside the bundled font's, as fonts are named for them."""
    letters = (char for char in set(text) if unicodedata.category(char)[0] in "LM")
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    yield from (name.title() for name in scripts - {"LATIN", "CYRILLIC", "GREEK", "COMBINING", "MODIFIER", ""})
