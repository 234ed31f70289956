"""What can be given to anybody: no free text, nothing that names a unit or a sender, no rare combinations."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.export.dataset import Column, Dataset, Sheet
from checklist_kit.analysis.export.notes import Note
from checklist_kit.analysis.status import NOT_ANSWERED

_FREE = {"text": "free text", "image": "a photo", "geopoint": "a place", "datetime": "a moment"}
_KEPT_KEYS = ("submission_id", "instance", "checklist", "version")


class UnknownKey(LookupError):
    """No question that is published has this name."""


def published(dataset: Dataset, k: int, keys: Collection[str] = ()) -> tuple[Dataset, list[Note]]:
    """Return what of a dataset can be published, and a note for all that is left out.

    Sensitive questions were never in it. Texts, photos, places, moments and the unit are dropped, as are calculations
    that result in a text. Submissions get new
    numbers, in an order that tells nothing of the old one. `keys` are the questions by which somebody could be
    recognised; where fewer than `k` submissions share a combination of answers to them, these answers are blanked.
    Without `keys` they are the select_one questions of the section that holds the unit. Raises UnknownKey.
    """
    notes: list[Note] = []
    numbers = _numbers(dataset.sheets[0])
    sheets = []
    for sheet in dataset.sheets:
        kept = []
        for column in sheet.columns:
            reason = _reason(column)
            if reason is None:
                kept.append(column)
            else:
                notes.append(Note("", column.name, f"left out: it is {reason}"))
        lost = [name for name in sheet.keys if name not in _KEPT_KEYS]
        notes += [Note("", name, "left out: it may tell who sent a report") for name in lost]
        sheets.append(_renumbered(replace(sheet, columns=tuple(kept)), numbers))
    chosen = keys or _identifying(dataset)
    unknown = [name for name in keys if name not in {column.variable.name for column in sheets[0].columns}]
    if unknown:
        raise UnknownKey(unknown[0])
    sheets[0], hidden = _without_rare(sheets[0], k, chosen)
    names = ", ".join(chosen)
    if not chosen:
        notes.append(Note("", "", "no question was named as one to recognise somebody by, so none was looked at"))
    elif hidden:
        notes.append(Note("", names, f"blanked in {hidden} submissions: fewer than {k} share the combination"))
    return replace(dataset, sheets=tuple(sheets)), notes


def _reason(column: Column) -> str | None:
    if column.variable.is_unit:
        return "the unit"
    if column.variable.type == "calculate" and column.kind == "string":
        return "a calculated text"
    return _FREE.get(column.variable.type)


def _identifying(dataset: Dataset) -> list[str]:
    """The select_one questions that stand beside the unit: they describe the unit and the observer."""
    columns = dataset.sheets[0].columns
    sections = {column.variable.section for column in columns if column.variable.is_unit}
    beside = (column for column in columns if column.variable.section in sections)
    return [column.name for column in beside if column.variable.type == "select_one"]


def _numbers(sheet: Sheet) -> dict[str, str]:
    """A new number for each submission, by a digest of the old name: not in the order in which they came."""
    ids = sorted(sheet.keys["submission_id"], key=lambda one: hashlib.sha256(one.encode()).digest())
    return {one: str(number) for number, one in enumerate(ids, 1)}


def _renumbered(sheet: Sheet, numbers: dict[str, str]) -> Sheet:
    renamed = [numbers[one] for one in sheet.keys["submission_id"]]
    order = np.array(sorted(range(len(renamed)), key=lambda row: int(renamed[row])), np.intp)  # instances stay in order
    keys = {name: [sheet.keys[name][row] for row in order] for name in sheet.keys if name in _KEPT_KEYS}
    keys["submission_id"] = [renamed[row] for row in order]
    columns = tuple(_reordered(column, order) for column in sheet.columns)
    return replace(sheet, keys=keys, columns=columns)


def _reordered(column: Column, order: NDArray[np.intp]) -> Column:
    texts = pd.Categorical.from_codes(column.texts.codes[order], categories=column.texts.categories)
    return replace(column, texts=texts, statuses=column.statuses[order])


def _without_rare(sheet: Sheet, k: int, names: Iterable[str]) -> tuple[Sheet, int]:
    chosen = [column for column in sheet.columns if column.variable.name in set(names)]
    combined = list(zip(*(column.texts.codes.tolist() for column in chosen), strict=True)) or [()] * len(sheet)
    counts = Counter(combined)
    rare = np.array([bool(chosen) and counts[one] < k for one in combined], np.bool_)
    columns = []
    for column in sheet.columns:
        if column in chosen:
            codes = np.where(rare, -1, column.texts.codes)
            texts = pd.Categorical.from_codes(codes, categories=column.texts.categories).remove_unused_categories()
            statuses = np.where(rare, np.int8(NOT_ANSWERED), column.statuses)
            columns.append(replace(column, texts=texts, statuses=statuses))
        else:
            columns.append(column)
    return replace(sheet, columns=tuple(columns)), int(rare.sum())
