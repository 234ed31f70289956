"""The files that findings are written to."""

from __future__ import annotations

import pandas as pd

from checklist_kit.analysis.findings import Findings
from checklist_kit.analysis.report.page import render
from checklist_kit.analysis.report.pdf import pdfs
from checklist_kit.analysis.response import Response
from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import Checklist

PRIVATE = ("conflicts.csv", "checks.csv", "beyond.csv", "dispositions.csv")
"""Files that tell of single units or observers, and are not for publication."""


def files(checklist: Checklist, found: Findings) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """Return the files by name: tables as CSV, the page, and the PDFs; and which PDFs could not be made.

    Of findings made for publication none is private.
    """
    tables = {"findings.csv": found.table, "conflicts.csv": found.conflicts}
    if checklist.figures:
        tables |= {"distribution.csv": found.distribution}
    if any(figure.beyond is not None for figure in checklist.figures):
        tables |= {"beyond.csv": found.beyond}
    if found.checked is not None:
        tables |= {"checks.csv": found.checked.failures}
    made = {name: as_csv(table) for name, table in tables.items()}
    if found.response is not None:
        made |= response_files(found.response)
    shown = {name: data for name, data in made.items() if found.minimum is None or name not in PRIVATE}
    printed, notes = pdfs(checklist, found)
    page = {"findings.html": render(checklist, found).encode("utf-8")}
    return shown | page | printed, notes


def response_files(response: Response) -> dict[str, bytes]:
    """Return the tables of who reported, by name."""
    tables = {"response.csv": response.table, "items.csv": response.items, "dispositions.csv": response.units}
    return {name: as_csv(table) for name, table in tables.items()}


def as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")
