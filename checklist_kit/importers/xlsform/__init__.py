"""XLSForms, as ODK and Kobo have them, and the forms of Apollo, which look alike.

The form is read leniently, and made into a checklist with every expression as the XPath that it is. That checklist is
built again: what comes out otherwise than it came in is kept beside what was understood, and each XPath becomes an
expression of our language if that one gives it back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checklist_kit import source
from checklist_kit.importers.xlsform.apollo import Findings
from checklist_kit.importers.xlsform.cells import read_book
from checklist_kit.importers.xlsform.document import Document
from checklist_kit.importers.xlsform.expressions import Translator
from checklist_kit.importers.xlsform.form import read_form
from checklist_kit.importers.xlsform.items import XPATHS, Draft
from checklist_kit.importers.xlsform.kept import keep_cells, keep_lists
from checklist_kit.model import Question
from checklist_kit.protocols import Problem

# Where no project and no translations lie beside the checklist.
_NOWHERE = Path(os.devnull, "form.yaml")


@dataclass(frozen=True, slots=True)
class Imported:
    """A checklist as YAML text, and what a person should know of its making.

    `questions` and `lists` count what it asks and its choice lists, `expressions` the expressions of the form, `xpaths`
    those that stayed XPath.
    """

    text: str
    problems: tuple[Problem, ...]
    questions: int
    lists: int
    expressions: int
    xpaths: int


def import_form(path: str | Path) -> Imported:
    """Return the checklist that a form describes.

    Raises UnreadableFile for a file that is no form, is damaged, or is hostile; OSError where it cannot be opened.
    """
    path = Path(path)
    form = read_form(read_book(path))
    document = Document.of(form, path.name.partition(".")[0])
    drafts = document.drafts
    checklist = source.load(_NOWHERE, text=document.text()).checklist
    assert checklist is not None
    keep_cells(checklist, drafts, document.types, form.languages)
    document.kept_lists = keep_lists(checklist, document.lists, form.languages)
    if form.apollo:
        findings = Findings(form.apollo, checklist, document.names, form.book)
        document.findings = {"indicators": findings.indicators(), "checks": findings.checks()}
    expressions = _xpaths(drafts)
    Translator(checklist, document.names).translate(drafts)
    return Imported(
        document.text(),
        tuple(form.book.problems),
        questions=sum(isinstance(entry.item, Question) for entry in checklist.entries),
        lists=len(document.lists.choices),
        expressions=expressions,
        xpaths=_xpaths(drafts),
    )


def _xpaths(drafts: Iterable[Draft]) -> int:
    return sum(isinstance(draft.keys.get(key), dict) for draft in drafts for key in XPATHS)
