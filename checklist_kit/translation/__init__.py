"""Translating a checklist: catalogues beside its files, workbooks for translators, and what is still missing."""

from checklist_kit.translation.catalogues import Catalogues, extract
from checklist_kit.translation.coverage import Coverage, coverage
from checklist_kit.translation.merge import Merged, merge
from checklist_kit.translation.pseudo import pseudo_language
from checklist_kit.translation.returned import Returned, read_returned
from checklist_kit.translation.sheet import workbook

__all__ = [
    "Catalogues",
    "Coverage",
    "Merged",
    "Returned",
    "coverage",
    "extract",
    "merge",
    "pseudo_language",
    "read_returned",
    "workbook",
]
