"""Submissions built by hand, in the shape of web responses, and tables as plain rows."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from checklist_kit import source
from checklist_kit.analysis import Tables, tabulate
from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Raw, Record, Submission

HERE = Path(__file__).parent
EXAMPLE = HERE / "example.yaml"


@cache
def example() -> Checklist:
    return load(EXAMPLE)


def load(path: Path) -> Checklist:
    loaded = source.load(path)
    assert loaded.checklist is not None
    assert not any(finding.is_error for finding in loaded.findings), loaded.findings
    return loaded.checklist


def checklist_of(folder: Path, text: str) -> Checklist:
    path = folder / "checklist.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def record(data: dict[str, Any], place: str = "", instance: Raw = None) -> Record:
    """A record of an answer object; a list of objects is a repeat."""
    repeats = {key: value for key, value in data.items() if is_repeat(value)}
    values = {key: value for key, value in data.items() if key not in repeats and key != "_instance"}
    inner = {
        key: [record(row, f"{place}/{key}/{number}", row.get("_instance")) for number, row in enumerate(rows)]
        for key, rows in repeats.items()
    }
    return Record(values, lambda key: f"{place}/{key}", inner, instance)


def is_repeat(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)


def count_cells(part: Record) -> int:
    """The cells of a record, counted as a reader counts them: all that is not blank."""
    own = sum(raw is not None and raw != "" for raw in part.values.values())
    return own + sum(count_cells(row) for rows in part.repeats.values() for row in rows)


def submission(data: dict[str, Any], id: str = "s1", **fields: Any) -> Submission:
    root = record(data)
    cells = fields.pop("cells", count_cells(root))
    return Submission(id=id, channel="web", source=fields.pop("source", "a.jsonl"), record=root, cells=cells, **fields)


def responses(text: str) -> list[Submission]:
    """Submissions of JSON: one response or a list, each an answer object or an envelope."""
    parsed = json.loads(text)
    found = []
    for number, response in enumerate(parsed if isinstance(parsed, list) else [parsed], 1):
        envelope = response if isinstance(response.get("data"), dict) else {"data": response}
        given = envelope.get("id", f"r{number}")
        found.append(submission(envelope["data"], given, version=envelope.get("version", "")))
    return found


def tables(checklist: Checklist, *stream: Submission | Problem, **options: Any) -> Tables:
    return tabulate(checklist, stream, **options)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Rows as tuples, blanks as the empty text."""
    chosen = frame[list(columns)] if columns else frame
    return [tuple("" if pd.isna(cell) else cell for cell in row) for row in chosen.itertuples(index=False)]


def answer(found: Tables, item: str, submission_id: str = "s1") -> list[tuple[Any, ...]]:
    """The rows of one question: instance, choice, status, value."""
    chosen = found.answers[(found.answers["item"] == item) & (found.answers["submission_id"] == submission_id)]
    return rows(chosen, "instance", "choice", "status", "value")


def codes(found: Tables) -> list[str]:
    return [str(code) for code in found.problems["code"]]
