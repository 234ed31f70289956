"""The wide tables: one row a submission, or one an instance of a repeat, with one typed column a question."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist_kit.analysis.arrays import Index, category, distinct, numbers, texts
from checklist_kit.analysis.columns import Column, Mask
from checklist_kit.analysis.fields import field_type
from checklist_kit.analysis.frames import frame_of
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.status import ANSWERED, NOT_ASKED
from checklist_kit.analysis.store import Store
from checklist_kit.analysis.whole import Whole
from checklist_kit.model import Checklist, Entry, Item, SelectMultiple, SelectOne

SUBMISSION_COLUMNS = ("submission_id", "checklist", "version", "channel", "source", "unit", "received_at")
REPEAT_COLUMNS = ("submission_id", "instance")

_EXACT, _TOO_LARGE = 2.0**53, 2**63


def submissions_table(whole: Whole) -> pa.Table:
    """Return one row a submission: what it is, then its answers, a select_multiple as one column a choice."""
    meta, every = whole.meta, np.arange(len(whole.meta.ids), dtype=np.int32)
    columns: dict[str, pa.Array] = {
        "submission_id": texts(meta.ids),
        "checklist": category([whole.checklist.id], np.zeros_like(every)),
        "version": distinct(meta.versions, every),
        "channel": distinct(meta.channels, every),
        "source": distinct(meta.sources, every),
        "unit": texts(whole.unit_values().tolist()),
        "received_at": texts(meta.received),
    }
    return pa.table(columns | dict(_typed_columns(whole, "")))


def repeat_table(whole: Whole, repeat: str) -> pa.Table:
    """Return one row an instance of a repeat, those that were left blank included."""
    rows = whole.rows[repeat]
    columns: dict[str, pa.Array] = {
        "submission_id": texts(whole.meta.ids).take(pa.array(rows.submission)),
        "instance": texts(rows.instances),
    }
    return pa.table(columns | dict(_typed_columns(whole, repeat)))


def open_entries(checklist: Checklist, frame: str) -> Iterator[Entry]:
    """Yield the questions and calculations of a frame that are not sensitive."""
    return (entry for entry in checklist.questions if frame_of(entry) == frame and not is_sensitive(entry.item))


def column_name(item: Item, frame: str) -> str:
    """Return the name of a question's column: its own, unless a column of the table itself is called so."""
    taken = REPEAT_COLUMNS if frame else SUBMISSION_COLUMNS
    return f"{item.name}.answer" if item.name in taken else item.name


def _typed_columns(whole: Whole, frame: str) -> Iterator[tuple[str, pa.Array]]:
    for entry in open_entries(whole.checklist, frame):
        column = whole.columns[entry.item.name]
        if isinstance(entry.item, SelectMultiple):
            yield from _tick_columns(entry.item, column)
        else:
            yield column_name(entry.item, frame), _typed(entry.item, column)


def _tick_columns(item: SelectMultiple, column: Column) -> Iterator[tuple[str, pa.Array]]:
    assert column.ticks is not None
    for number, code in enumerate(item.choices.codes):
        tick = column.ticks[:, number]
        yield f"{item.name}.{code}", numbers(tick, (tick < 0) | (column.status == NOT_ASKED))


def _typed(item: Item, column: Column) -> pa.Array:
    """The column of one question. Missing answers that are choices stand in it, those that are numbers do not."""
    store, shown = column.store, np.where(column.filled, column.index, 0)
    match field_type(item):
        case "integer":
            whole, fits = _whole_numbers(store)
            return numbers(whole[shown], ~fits[shown] | (column.status != ANSWERED))
        case "number":
            number = np.where(column.status == ANSWERED, store.numbers[shown], np.nan)
            return numbers(number, np.isnan(number))
        case "date":
            return _moments(store, shown).cast(pa.date32())
        case "datetime":
            return _moments(store, shown)
        case _ if isinstance(item, SelectOne):
            return _choices(item, store, shown)
        case _:
            return store.texts.take(pa.array(shown))


def _whole_numbers(store: Store) -> tuple[NDArray[np.int64], Mask]:
    """The whole number at each position, and whether 64 bits hold it."""
    exact = np.abs(store.numbers) < _EXACT
    whole = np.where(exact, store.numbers, 0.0).astype(np.int64)
    fits = exact.copy()
    for position in np.flatnonzero(store.filled & ~exact).tolist():
        number = int(store.values[position])
        if abs(number) < _TOO_LARGE:
            whole[position], fits[position] = number, True
    return whole, fits


def _moments(store: Store, shown: Index) -> pa.Array:
    return pa.array([_moment(value) for value in store.values], pa.timestamp("s")).take(pa.array(shown))


def _moment(value: str) -> datetime.datetime | None:
    """A date or datetime without its offset from UTC: the clock on the wall counts."""
    return datetime.datetime.fromisoformat(value).replace(tzinfo=None) if value else None


def _choices(item: SelectOne, store: Store, shown: Index) -> pa.DictionaryArray:
    codes = item.choices.codes
    positions = {code: position for position, code in enumerate(codes)}
    return category(codes, np.array([positions.get(value, -1) for value in store.values], np.int32)[shown])
