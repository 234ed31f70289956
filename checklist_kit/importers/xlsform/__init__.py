"""XLSForms, as ODK and Kobo have them, and the forms of Apollo, which look alike.

The form is read leniently, and made into a checklist with every expression as the XPath that it is. That checklist is
built again: what comes out otherwise than it came in is kept beside what was understood, and each XPath becomes an
expression of our language if that one gives it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checklist_kit import source
from checklist_kit.importers.xlsform.apollo import Findings
from checklist_kit.importers.xlsform.cells import read_book
from checklist_kit.importers.xlsform.document import Document
from checklist_kit.importers.xlsform.expressions import Translator
from checklist_kit.importers.xlsform.files import NOWHERE, ChoiceFiles
from checklist_kit.importers.xlsform.form import read_form
from checklist_kit.importers.xlsform.items import XPATHS, Draft
from checklist_kit.importers.xlsform.kept import keep_cells, keep_lists
from checklist_kit.model import Checklist, Question
from checklist_kit.protocols import Problem, UnreadableFile


@dataclass(frozen=True, slots=True)
class Imported:
    """A checklist as YAML text, the files that belong beside it, and what a person should know of its making.

    `files` are choice files that lay beside the form, by name. `questions` and `lists` count what it asks and its
    choice lists, `expressions` the expressions of the form, `xpaths` those that stayed XPath.
    """

    text: str
    problems: tuple[Problem, ...]
    questions: int
    lists: int
    expressions: int
    xpaths: int
    files: Mapping[str, bytes] = field(default_factory=dict)


def import_form(path: str | Path) -> Imported:
    """Return the checklist that a form describes.

    Raises UnreadableFile for a file that is no form, is damaged, or is hostile; OSError where it cannot be opened.
    """
    path = Path(path)
    form = read_form(read_book(path))
    files = ChoiceFiles(path.parent)
    document = Document.of(form, path.name.partition(".")[0], files)
    drafts = document.drafts
    checklist = _loaded(path, document, files)
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
        files={name: file.read_bytes() for name, file in files.read.items()},
    )


def _loaded(path: Path, document: Document, files: ChoiceFiles) -> Checklist:
    loaded = source.load(NOWHERE, text=document.text(), instead=files.instead())
    if loaded.checklist is None:
        raise UnreadableFile("import-too-large", f"{path} cannot be imported: {loaded.findings[0].message}")
    return loaded.checklist


def _xpaths(drafts: Iterable[Draft]) -> int:
    return sum(isinstance(draft.keys.get(key), dict) for draft in drafts for key in XPATHS)
