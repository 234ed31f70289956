"""The tables of `checklist parse` as statistics programs want them: a row a case, a column a variable, all described.

Read from the folder alone: what each column means stands in the codebook and the data package beside the tables.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from checklist_kit.analysis.reload import read_table
from checklist_kit.analysis.status import ANSWERED, CODE, NOT_ANSWERED, STATUSES
from checklist_kit.analysis.wide import REPEAT_COLUMNS, SUBMISSION_COLUMNS
from checklist_kit.protocols import UnreadableFile

_ANSWERS = ("submission_id", "item", "instance", "choice", "status", "value")
_TICK = "select_multiple"
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.repeat)?")
MOMENTS: dict[str, Callable[[str], Any]] = {
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
}
"""What reads the canonical text of a moment, by type."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice, or a sentinel number: its code, its labels by language, and the kind of missing it stands for."""

    code: str
    labels: Mapping[str, str]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A question or calculation as the codebook describes it. `section` and `repeat` are paths."""

    name: str
    type: str
    labels: Mapping[str, str]
    section: str
    repeat: str
    relevant: str
    is_unit: bool
    is_sensitive: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, eq=False)
class Column:
    """The answers to a question, or to one choice of a select_multiple, one a row.

    `kind` is the Frictionless type. `texts` are canonical texts, codes of missing choices and sentinel numbers among
    them, NaN where there is none; `statuses` (int8) are positions in STATUSES.
    """

    name: str
    kind: str
    variable: Variable
    texts: pd.Categorical
    statuses: NDArray[np.int8]
    tick: Option | None = None

    @property
    def options(self) -> tuple[Option, ...]:
        """What the values can be, where that is a list: the ticks of a select_multiple are 1 and 0."""
        return () if self.tick else self.variable.options

    @cached_property
    def answered(self) -> NDArray[np.bool_]:
        """Where the answer is one of substance."""
        return np.equal(self.statuses, ANSWERED)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The values as numbers, those of sentinels among them, NaN where there is none."""
        known = np.array([float(text) for text in self.texts.categories] or [np.nan], np.float64)
        return np.where(self.texts.codes >= 0, known[self.texts.codes], np.nan)

    def label(self, language: str) -> str:
        """What was asked, and for a tick which choice."""
        asked = spoken(self.variable.labels, language)
        return f"{asked}: {spoken(self.tick.labels, language)}" if self.tick else asked


@dataclass(frozen=True, eq=False)
class Sheet:
    """A wide table. `keys` tell its rows apart and say where they come from."""

    name: str
    keys: dict[str, list[str]]
    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.keys["submission_id"])


@dataclass(frozen=True, eq=False)
class Dataset:
    """All tables of a folder. `sensitive` names the questions whose answers stand in the restricted table alone."""

    id: str
    title: str
    version: str
    languages: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    codebook: pd.DataFrame
    sensitive: tuple[str, ...] = field(default=())


def spoken(labels: Mapping[str, str], language: str) -> str:
    """A label in a language, else in the first one that there is."""
    return labels.get(language) or next((text for text in labels.values() if text), "")


def read(folder: Path) -> Dataset:
    """Read the tables of a folder. Raises UnreadableFile when it holds none, not all of them, or not what they say."""
    package = _package(folder)
    try:
        dataset = _dataset(folder, package)
        for sheet in dataset.sheets:
            for column in sheet.columns:
                _check(column)
    except (KeyError, ValueError) as error:
        message = f"the tables in {folder} do not belong together, or were changed: {error}"
        raise UnreadableFile("file-unreadable", message) from error
    return dataset


def _check(column: Column) -> None:
    """Raises ValueError where a column does not hold what its type says."""
    if column.kind in ("integer", "number"):
        column.numbers  # noqa: B018
    for text in column.texts.categories if column.kind in MOMENTS else ():
        MOMENTS[column.kind](text)


def _dataset(folder: Path, package: Mapping[str, Any]) -> Dataset:
    codebook = read_table(folder, "codebook").astype("object")
    codebook = codebook.where(codebook.notna(), "")
    variables = list(_variables(codebook))
    submissions = read_table(folder, "submissions", SUBMISSION_COLUMNS)
    answers = read_table(folder, "answers", _ANSWERS).astype("category")
    rows = _Rows(submissions, answers)
    resources = {resource["name"]: resource for resource in package["resources"]}
    sheets = [rows.sheet("submissions", submissions, variables, resources["submissions"])]
    for name in dict.fromkeys(one.repeat for one in variables if one.repeat):
        last = name.rpartition("/")[2]
        table = f"{last}.repeat" if f"{last}.repeat" in resources else last
        keys = read_table(folder, table, REPEAT_COLUMNS)
        sheets.append(rows.sheet(table, keys, variables, resources[table], last))
    languages = tuple(name.partition(".")[2] for name in codebook.columns if name.startswith("label."))
    sensitive = tuple(one.name for one in variables if one.is_sensitive)
    title, version = str(package.get("title", "")), str(package.get("version", ""))
    return Dataset(str(package["name"]), title, version, languages, tuple(sheets), codebook, sensitive)


def _package(folder: Path) -> dict[str, Any]:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        names = {resource["name"]: resource["schema"]["fields"] for resource in package["resources"]}
    except FileNotFoundError:
        message = f"{folder} holds no tables; run `checklist parse` first"
        raise UnreadableFile("file-unreadable", message) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile("file-unreadable", f"{path} is not what `checklist parse` wrote: {error}") from error
    if "submissions" not in names or "name" not in package:
        raise UnreadableFile("file-unreadable", f"{path} names no table `submissions`")
    for name in (*names, package["name"]):  # which become names of files
        if not _NAME.fullmatch(str(name)):
            raise UnreadableFile("file-unsafe", f"{path} holds the name {str(name)[:60]!r}, which no table has")
    return dict(package)


def _variables(codebook: pd.DataFrame) -> Iterator[Variable]:
    for name, part in codebook.groupby("item", sort=False, observed=True):
        rows: list[dict[Any, str]] = part.to_dict("records")
        head = rows[0]
        options = (
            Option(row["choice"], _labels(row, "choice_label."), row["missing"]) for row in rows if row["choice"] != ""
        )
        yield Variable(
            name=str(name),
            type=head["type"],
            labels=_labels(head, "label."),
            section=head["section"],
            repeat=head["repeat"],
            relevant=head["relevant"],
            is_unit=head["unit"] == "1",
            is_sensitive=head["sensitive"] == "1",
            options=tuple(options),
        )


def _labels(row: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in row.items() if key.startswith(prefix)}


class _Rows:
    """The long table, cut up by question and laid out by row."""

    def __init__(self, submissions: pd.DataFrame, answers: pd.DataFrame) -> None:
        self.answers = answers
        self.ids = pd.Index(submissions["submission_id"].astype("str"))
        self.owner = self._positions(answers["submission_id"])
        self.by_item: Mapping[Any, Any] = answers.groupby("item", observed=True).indices

    def _positions(self, names: pd.Series) -> NDArray[np.intp]:
        known = self.ids.get_indexer(names.cat.categories.astype("str"))
        return known[names.cat.codes.to_numpy()]

    def sheet(
        self, name: str, rows: pd.DataFrame, variables: list[Variable], resource: Mapping[str, Any], repeat: str = ""
    ) -> Sheet:
        """Lay the questions of a table out over its rows."""
        kinds = {one["name"]: one["type"] for one in resource["schema"]["fields"]}
        keys = {key: ["" if pd.isna(cell) else str(cell) for cell in rows[key]] for key in rows.columns}
        index = self._index(keys) if repeat else None
        columns: list[Column] = []
        for variable in variables:
            if variable.is_sensitive or variable.repeat.rpartition("/")[2] != repeat:
                continue
            part = self.by_item.get(variable.name, np.zeros(0, np.intp))
            at = self._places(part, index)
            if variable.type == _TICK:
                columns += self._ticks(variable, part, at, len(rows))
            else:
                shown = f"{variable.name}.answer" if variable.name in keys else variable.name
                columns.append(self._column(shown, kinds.get(shown, "string"), variable, part, at, len(rows)))
        return Sheet(name, keys, tuple(columns))

    def _index(self, keys: dict[str, list[str]]) -> pd.MultiIndex:
        return pd.MultiIndex.from_arrays([self.ids.get_indexer(pd.Index(keys["submission_id"])), keys["instance"]])

    def _places(self, part: NDArray[np.intp], index: pd.MultiIndex | None) -> NDArray[np.intp]:
        """The row of the sheet that each answer belongs to, -1 for none."""
        if index is None:
            return self.owner[part]
        instances = self.answers["instance"].iloc[part].astype("str")
        return index.get_indexer(pd.MultiIndex.from_arrays([self.owner[part], instances]))

    def _ticks(self, variable: Variable, part: NDArray[np.intp], at: NDArray[np.intp], rows: int) -> Iterator[Column]:
        chosen = self.answers["choice"].iloc[part].astype("str").to_numpy()
        for option in variable.options:
            own = chosen == option.code
            yield self._column(f"{variable.name}.{option.code}", "integer", variable, part[own], at[own], rows, option)

    def _column(
        self,
        name: str,
        kind: str,
        variable: Variable,
        part: NDArray[np.intp],
        at: NDArray[np.intp],
        rows: int,
        tick: Option | None = None,
    ) -> Column:
        part, at = part[at >= 0], at[at >= 0]
        values, states = self.answers["value"].iloc[part], self.answers["status"].iloc[part]
        used = values.cat.remove_unused_categories()
        codes, statuses = np.full(rows, -1, np.int32), np.full(rows, NOT_ANSWERED, np.int8)
        codes[at] = used.cat.codes
        statuses[at] = np.array([CODE[one] for one in states.cat.categories], np.int8)[states.cat.codes]
        texts = pd.Categorical.from_codes(codes, categories=used.cat.categories.astype("str"))
        return Column(name, kind, variable, texts, statuses, tick)


__all__ = ["STATUSES", "Column", "Dataset", "Option", "Sheet", "Variable", "read", "spoken"]
