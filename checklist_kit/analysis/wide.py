"""The wide tables: one row a submission, or one an instance of a repeat, with one typed column a question."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from checklist_kit.analysis.arrays import Index, category, floats, integers, texts
from checklist_kit.analysis.columns import Column
from checklist_kit.analysis.fields import field_type
from checklist_kit.analysis.frames import frame_of
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.status import ANSWERED, NOT_ASKED
from checklist_kit.analysis.whole import Whole
from checklist_kit.model import Checklist, Entry, Item, SelectMultiple, SelectOne

SUBMISSION_COLUMNS = ("submission_id", "checklist", "version", "channel", "source", "unit", "received_at")
REPEAT_COLUMNS = ("submission_id", "instance")

_TOO_LARGE = 2**63


def submissions_table(whole: Whole) -> pd.DataFrame:
    """Return one row a submission: what it is, then its answers, a select_multiple as one column a choice."""
    meta, every = whole.meta, np.arange(len(whole.meta.ids))
    columns: dict[str, Any] = {
        "submission_id": texts(meta.ids, every),
        "checklist": category([whole.checklist.id], np.zeros_like(every)),
        "version": category(meta.versions, every),
        "channel": category(meta.channels, every),
        "source": category(meta.sources, every),
        "unit": texts(whole.unit_values().tolist(), every),
        "received_at": texts(meta.received, every),
    }
    return pd.DataFrame(columns | dict(_typed_columns(whole, "")), copy=False)


def repeat_table(whole: Whole, repeat: str) -> pd.DataFrame:
    """Return one row an instance of a repeat, those that were left blank included."""
    rows = whole.rows[repeat]
    columns: dict[str, Any] = {
        "submission_id": texts(whole.meta.ids, rows.submission),
        "instance": texts(rows.instances, np.arange(len(rows.instances))),
    }
    return pd.DataFrame(columns | dict(_typed_columns(whole, repeat)), copy=False)


def open_entries(checklist: Checklist, frame: str) -> Iterator[Entry]:
    """Yield the questions and calculations of a frame that are not sensitive."""
    return (entry for entry in checklist.questions if frame_of(entry) == frame and not is_sensitive(entry.item))


def column_name(item: Item, frame: str) -> str:
    """Return the name of a question's column: its own, unless a column of the table itself is called so."""
    taken = REPEAT_COLUMNS if frame else SUBMISSION_COLUMNS
    return f"{item.name}.answer" if item.name in taken else item.name


def _typed_columns(whole: Whole, frame: str) -> Iterator[tuple[str, Any]]:
    for entry in open_entries(whole.checklist, frame):
        column = whole.columns[entry.item.name]
        if isinstance(entry.item, SelectMultiple):
            yield from _tick_columns(entry.item, column)
        else:
            yield column_name(entry.item, frame), _typed(entry.item, column)


def _tick_columns(item: SelectMultiple, column: Column) -> Iterator[tuple[str, Any]]:
    assert column.ticks is not None
    for number, code in enumerate(item.choices.codes):
        tick = column.ticks[:, number]
        yield f"{item.name}.{code}", integers(tick, (tick < 0) | (column.status == NOT_ASKED))


def _typed(item: Item, column: Column) -> Any:
    """The column of one question. Missing answers that are choices stand in it, those that are numbers do not."""
    values = column.store.values
    shown = np.where(column.filled, column.index, 0)
    match field_type(item):
        case "integer":
            whole = [int(value) if value else _TOO_LARGE for value in values]
            table = np.array([number if abs(number) < _TOO_LARGE else 0 for number in whole], np.int64)
            blank = np.array([abs(number) >= _TOO_LARGE for number in whole])[shown]
            return integers(table[shown], blank | (column.status != ANSWERED))
        case "number":
            return floats(np.where(column.status == ANSWERED, column.store.numbers[shown], np.nan))
        case "date" | "datetime":
            return pd.array(np.array([_moment(value) for value in values], "datetime64[s]")[shown])
        case _ if isinstance(item, SelectOne):
            return _choices(item, values, shown)
        case _:
            return texts(values, shown)


def _moment(value: str) -> datetime.datetime | None:
    """A date or datetime without its offset from UTC: the clock on the wall counts."""
    return datetime.datetime.fromisoformat(value).replace(tzinfo=None) if value else None


def _choices(item: SelectOne, values: list[str], shown: Index) -> pd.Categorical:
    codes = item.choices.codes
    positions = {code: position for position, code in enumerate(codes)}
    table = np.array([positions.get(value, -1) for value in values], np.int32)
    return pd.Categorical.from_codes(table[shown], categories=pd.Index(list(codes), dtype="str"))
