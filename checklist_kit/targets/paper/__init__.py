"""The paper channel: a form to print, and the layout by which a filled one is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from checklist_kit.targets.paper.codes import page_identity
from checklist_kit.targets.paper.document import Composer
from checklist_kit.targets.paper.formats import Edition, editions
from checklist_kit.targets.paper.glyphs import advice, printable
from checklist_kit.targets.paper.layout import layout_file
from checklist_kit.targets.paper.losses import losses_of
from checklist_kit.targets.paper.press import Copy, booklet, press
from checklist_kit.targets.paper.trainer import for_trainers
from checklist_kit.targets.paper.typesetting import (
    MOST_PAGES,
    MissingGlyphs,
    TooManyPages,
    Typeset,
    typeset,
    typeset_to_read,
)
from checklist_kit.targets.paper.variants import answers_alone, questions_alone, side_by_side

_NAMED = 8  # letters that one message names

Numbered = list[tuple[int, str, str, str]]
"""The copies of a form: the number, the unit or nothing, the language and the format of each."""


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.paper.<language>.pdf` and `.layout.json` for each language and format of `checklist.paper`.

    Formats beside A4 have their name before the ending. Where the checklist asks for copies, a PDF holds all of them,
    one after the other. Numbers go on from form to form, so that none comes twice, and `<id>.paper.copies.csv` lists
    them. A form that cannot be printed as it should be is left out, and an error among the losses says why.
    """
    made: dict[str, bytes] = {}
    lost = list(losses_of(checklist, languages))
    numbered: Numbered = []
    for edition in editions(checklist.paper.formats, languages):
        first = checklist.paper.serial_from + len(numbered)
        units = checklist.paper.copies if edition.format.filled else ()
        copies = [(first + place, unit, edition.language, edition.format.name) for place, unit in enumerate(units)]
        files, problems = _form(checklist, edition, copies)
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
    table.writerows([("serial", "unit", "language", "format"), *numbered])
    return text.getvalue().encode()


def _form(checklist: Checklist, edition: Edition, copies: Numbered) -> tuple[dict[str, bytes], list[Diagnostic]]:
    composer = Composer(checklist, edition.language, edition.format)
    document = _document(composer, edition)
    try:
        if edition.format.filled:
            identities = _identities(checklist, edition, MOST_PAGES)
            form = typeset(document, identities, numbered=bool(copies), backwards=edition.format.folded)
        else:
            form = typeset_to_read(document, edition.format.template)
            if edition.format.name == "poster" and len(form.pages) > 1:
                message = f"the questions in `{edition.language}` do not fit a poster"
                help = "make posters of parts of the checklist, or print the format `questions`"
                return {}, [*composer.losses, Diagnostic.of("paper-poster", message, checklist.span, help=help)]
        files = _files(checklist, edition, document, form, copies)
    except MissingGlyphs as error:
        return {}, [*composer.losses, *_missing(checklist, edition.language, error.letters)]
    except TooManyPages:
        message = f"the form in `{edition.language}` has more than {MOST_PAGES} pages"
        help = "a form that long needs more corner markers than there are; split the checklist"
        return {}, [*composer.losses, Diagnostic.of("paper-too-long", message, checklist.span, help=help)]
    return {f"{checklist.id}.paper.{edition.stem}.{ending}": data for ending, data in files.items()}, composer.losses


def _document(composer: Composer, edition: Edition) -> dict[str, Any]:
    document = composer.document()
    match edition.format.name:
        case "bilingual":
            other = Composer(composer.checklist, edition.other, edition.format)
            document = side_by_side(document, other.document())
            composer.losses += other.losses
        case "sheet":
            document = answers_alone(document)
        case "questions":
            document = questions_alone(document)
        case "trainer":
            document = for_trainers(composer, document)
    return document


def _files(
    checklist: Checklist, edition: Edition, document: dict[str, object], form: Typeset, copies: Numbered
) -> dict[str, bytes]:
    """Return the files of a form by the ends of their names."""
    numbers = [
        Copy(tuple(_identities(checklist, edition, len(form.pages), str(serial))), f"№ {serial}", printable(unit))
        for serial, unit, *_ in copies
    ]
    files = {"pdf": press(form, document, numbers) if numbers else form.pdf}
    if edition.format.folded:
        files["booklet.pdf"] = booklet(form, document, numbers)
    if edition.format.filled:
        files["layout.json"] = layout_file(checklist, edition.tag, form.pages)
    return files


def _identities(checklist: Checklist, edition: Edition, pages: int, serial: str = "") -> list[str]:
    numbers = range(1, pages + 1)
    return [page_identity(checklist.id, checklist.version, page, edition.tag, serial) for page in numbers]


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
