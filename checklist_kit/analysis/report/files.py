"""The files that findings are written to."""

from __future__ import annotations

import pandas as pd

from checklist_kit.analysis.findings import Findings
from checklist_kit.analysis.report.page import render
from checklist_kit.model import Checklist

PRIVATE = ("conflicts.csv", "checks.csv", "beyond.csv", "dispositions.csv")
"""Files that tell of single units or observers, and are not for publication."""


def files(checklist: Checklist, found: Findings) -> dict[str, bytes]:
    """Return the files by name: tables as CSV and the page. Of findings made for publication none is private."""
    tables = {"findings.csv": found.table, "conflicts.csv": found.conflicts}
    if checklist.figures:
        tables |= {"distribution.csv": found.distribution}
    if any(figure.beyond is not None for figure in checklist.figures):
        tables |= {"beyond.csv": found.beyond}
    if found.checked is not None:
        tables |= {"checks.csv": found.checked.failures}
    if found.response is not None:
        response = found.response
        tables |= {"response.csv": response.table, "items.csv": response.items, "dispositions.csv": response.units}
    shown = {name: table for name, table in tables.items() if found.minimum is None or name not in PRIVATE}
    page = {"findings.html": render(checklist, found).encode("utf-8")}
    return {name: as_csv(table) for name, table in shown.items()} | page


def as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")
