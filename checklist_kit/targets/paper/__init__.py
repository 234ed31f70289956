"""The paper channel: a form to print, and the layout by which a filled one is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from checklist_kit.targets.paper.codes import page_identity
from checklist_kit.targets.paper.document import Composer
from checklist_kit.targets.paper.glyphs import advice, printable
from checklist_kit.targets.paper.layout import PAGE, layout_file
from checklist_kit.targets.paper.losses import losses_of
from checklist_kit.targets.paper.press import Copy, press
from checklist_kit.targets.paper.typesetting import MOST_PAGES, MissingGlyphs, TooManyPages, Typeset, typeset

_NAMED = 8  # letters that one message names

Numbered = list[tuple[int, str, str]]
"""The copies of a form: the number, the unit or nothing, and the language of each."""


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.paper.<language>.pdf` and `.layout.json` for each language.

    Where the checklist asks for copies, a PDF holds all of them, one after the other. Numbers go on from language to
    language, so that none comes twice, and `<id>.paper.copies.csv` lists them.
    A form that cannot be printed as it should be is left out, and an error among the losses says why.
    """
    made: dict[str, bytes] = {}
    lost = list(losses_of(checklist, languages))
    numbered: Numbered = []
    for language in languages:
        first = checklist.paper.serial_from + len(numbered)
        copies = [(first + place, unit, language) for place, unit in enumerate(checklist.paper.copies)]
        files, problems = _form(checklist, language, copies)
        made |= files
        lost += problems
        numbered += copies if files else []
    if numbered:
        made[f"{checklist.id}.paper.copies.csv"] = _register(numbered)
    return Artifact(made, tuple(dict.fromkeys(lost)))


def _register(numbered: Numbered) -> bytes:
    """Return the list of all copies as CSV, by which they are handed out."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerows([("serial", "unit", "language"), *numbered])
    return text.getvalue().encode()


def _form(checklist: Checklist, language: str, copies: Numbered) -> tuple[dict[str, bytes], list[Diagnostic]]:
    composer = Composer(checklist, language)
    document = composer.document() | {"page": PAGE}
    try:
        form = typeset(document, _identities(checklist, language, MOST_PAGES), numbered=bool(copies))
        pdf = _copied(checklist, form, document, copies) if copies else form.pdf
    except MissingGlyphs as error:
        return {}, [*composer.losses, *_missing(checklist, language, error.letters)]
    except TooManyPages:
        message = f"the form in `{language}` has more than {MOST_PAGES} pages"
        help = "a form that long needs more corner markers than there are; split the checklist"
        return {}, [*composer.losses, Diagnostic.of("paper-too-long", message, checklist.span, help=help)]
    name = f"{checklist.id}.paper.{language}"
    files = {f"{name}.pdf": pdf, f"{name}.layout.json": layout_file(checklist, language, form.pages)}
    return files, composer.losses


def _identities(checklist: Checklist, language: str, pages: int, serial: str = "") -> list[str]:
    numbers = range(1, pages + 1)
    return [page_identity(checklist.id, checklist.version, page, language, serial) for page in numbers]


def _copied(checklist: Checklist, form: Typeset, document: dict[str, object], copies: Numbered) -> bytes:
    texts = [
        Copy(tuple(_identities(checklist, language, len(form.pages), str(serial))), f"№ {serial}", printable(unit))
        for serial, unit, language in copies
    ]
    return press(form, document, texts, (PAGE["width_mm"], PAGE["height_mm"]))


def _missing(checklist: Checklist, language: str, letters: list[str]) -> Iterator[Diagnostic]:
    """Yield one error for all letters that are missing for the same reason."""
    by_advice: dict[str, list[str]] = {}
    for letter in letters:
        by_advice.setdefault(advice(letter), []).append(letter)
    for help, alike in by_advice.items():
        named = ", ".join(f"`{letter}` (U+{ord(letter[0]):04X})" for letter in alike[:_NAMED])
        more = f" and {len(alike) - _NAMED} more" if len(alike) > _NAMED else ""
        message = f"no font has {named}{more}, in the form in `{language}`"
        yield Diagnostic.of("paper-glyph", message, checklist.span, help=help)
