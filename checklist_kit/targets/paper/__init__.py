"""The paper channel: a form to print, and the layout by which a filled one is read."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from checklist_kit.targets.paper.codes import page_identity
from checklist_kit.targets.paper.document import Composer
from checklist_kit.targets.paper.glyphs import advice
from checklist_kit.targets.paper.layout import PAGE, layout_file
from checklist_kit.targets.paper.losses import losses_of
from checklist_kit.targets.paper.typesetting import MOST_PAGES, MissingGlyphs, TooManyPages, typeset

_NAMED = 8  # letters that one message names


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.paper.<language>.pdf` and `.layout.json` for each language.

    A form that cannot be printed as it should be is left out, and an error among the losses says why.
    """
    made: dict[str, bytes] = {}
    lost = list(losses_of(checklist, languages))
    for language in languages:
        files, problems = _form(checklist, language)
        made |= files
        lost += problems
    return Artifact(made, tuple(dict.fromkeys(lost)))


def _form(checklist: Checklist, language: str) -> tuple[dict[str, bytes], list[Diagnostic]]:
    composer = Composer(checklist, language)
    pages = range(1, MOST_PAGES + 1)
    identities = [page_identity(checklist.id, checklist.version, page, language) for page in pages]
    try:
        form = typeset(composer.document() | {"page": PAGE}, identities)
    except MissingGlyphs as error:
        return {}, [*composer.losses, *_missing(checklist, language, error.letters)]
    except TooManyPages:
        message = f"the form in `{language}` has more than {MOST_PAGES} pages"
        help = "a form that long needs more corner markers than there are; split the checklist"
        return {}, [*composer.losses, Diagnostic.of("paper-too-long", message, checklist.span, help=help)]
    name = f"{checklist.id}.paper.{language}"
    files = {f"{name}.pdf": form.pdf, f"{name}.layout.json": layout_file(checklist, language, form.pages)}
    return files, composer.losses


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
