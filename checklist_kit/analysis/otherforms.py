"""The tables of other forms, as checks look into them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from checklist_kit.analysis.counting import Counter
from checklist_kit.analysis.crosscheck import OtherForm, outside_in
from checklist_kit.analysis.reload import source_of
from checklist_kit.analysis.replay import replay
from checklist_kit.analysis.tables import Tables
from checklist_kit.model import Checklist, Form


def read_forms(checklist: Checklist, tables: Mapping[str, Tables | Path], today: datetime.date) -> dict[str, OtherForm]:
    """Return what the tables of other forms tell, by the name that checks call the form.

    Raises UnreadableFile for a folder without tables.
    """
    return {name: _read(checklist, name, checklist.forms[name], given, today) for name, given in tables.items()}


def _read(checklist: Checklist, name: str, form: Form, tables: Tables | Path, today: datetime.date) -> OtherForm:
    other, source = form.checklist, source_of(tables)
    asked = {question for check in checklist.checks for question in outside_in(check).get(name, ())}
    ranked = [other.seniority] if other.seniority is not None else []
    data = replay(other, source, [*sorted(asked), form.unit, *ranked], today)
    reports = Counter(other, source, data, None, (), (), other.resolve, ()).count(form.unit).reports
    units: list[str | None] = [None] * len(source.submissions)
    for row, record in zip(reports.rows, reports.record, strict=True):
        units[row] = reports.names[record]
    return OtherForm(other, units, data, dict(zip(reports.names, reports.chosen.tolist(), strict=True)))
