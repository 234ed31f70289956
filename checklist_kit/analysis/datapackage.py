"""What the columns of each table hold, as a Frictionless data package (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from checklist_kit.analysis.answers import COLUMNS as ANSWER_COLUMNS
from checklist_kit.analysis.fields import field_type
from checklist_kit.analysis.status import STATUSES
from checklist_kit.analysis.tables import Tables
from checklist_kit.analysis.wide import REPEAT_COLUMNS, SUBMISSION_COLUMNS, column_name, open_entries
from checklist_kit.model import Checklist, Item, SelectMultiple, SelectOne

Field = dict[str, Any]

NAMES = ("submissions", "answers", "problems", "codebook", "restricted", "restricted_problems")


@dataclass(frozen=True, slots=True)
class Resource:
    """A table with the name that it is written under, its fields, and those that tell its rows apart, if any do."""

    name: str
    table: pa.Table
    fields: list[Field]
    key: tuple[str, ...] = ()

    def descriptor(self, file_format: str) -> dict[str, Any]:
        """Return the Frictionless description of this table."""
        schema: dict[str, Any] = {"fields": self.fields, "missingValues": [""]}
        if self.key:
            schema["primaryKey"] = list(self.key)
        if self.name != "submissions" and self.table.column_names[0] == "submission_id":
            reference = {"resource": "submissions", "fields": "submission_id"}
            schema["foreignKeys"] = [{"fields": "submission_id", "reference": reference}]
        path = f"{self.name}.{file_format}"
        return {"name": self.name, "path": path, "format": file_format, "encoding": "utf-8", "schema": schema}


def resources(tables: Tables, *, restricted: bool = False) -> Iterator[Resource]:
    """Yield the tables as they are written; restricted ones where they hold something, or where it is asked for."""
    checklist = tables.checklist
    fields = [*_texts(SUBMISSION_COLUMNS), *_question_fields(checklist, "")]
    yield Resource("submissions", tables.arrow["submissions"], fields, SUBMISSION_COLUMNS[:1])
    yield Resource("answers", tables.arrow["answers"], _answer_fields())
    for name, table in tables.arrow_repeats.items():
        fields = [*_texts(REPEAT_COLUMNS), *_question_fields(checklist, name)]
        yield Resource(f"{name}.repeat" if name in NAMES else name, table, fields, REPEAT_COLUMNS)
    for name in ("problems", "codebook"):
        yield Resource(name, tables.arrow[name], _texts(tables.arrow[name].column_names))
    if restricted or len(tables.arrow["restricted"]):
        yield Resource("restricted", tables.arrow["restricted"], _answer_fields())
    if restricted or len(tables.arrow["restricted_problems"]):
        problems = tables.arrow["restricted_problems"]
        yield Resource("restricted_problems", problems, _texts(problems.column_names))


def data_package(checklist: Checklist, written: Iterable[Resource], file_format: str) -> dict[str, Any]:
    """Return the descriptor of tables that were written; it names the banks of questions with their versions."""
    banks = [{"name": bank.name, "version": bank.version} for bank in checklist.banks]
    return {
        "name": checklist.id,
        "title": checklist.text(checklist.title),
        "version": checklist.version,
        **({"banks": banks} if banks else {}),
        "resources": [resource.descriptor(file_format) for resource in written],
    }


def _texts(names: Iterable[str]) -> list[Field]:
    return [{"name": name, "type": "string"} for name in names]


def _answer_fields() -> list[Field]:
    special: dict[str, Field] = {
        "status": {"type": "string", "constraints": {"required": True, "enum": list(STATUSES)}},
        "number": {"type": "number"},
    }
    return [{"name": name, **special.get(name, {"type": "string"})} for name in ANSWER_COLUMNS]


def _question_fields(checklist: Checklist, frame: str) -> Iterator[Field]:
    for entry in open_entries(checklist, frame):
        item, title = entry.item, checklist.text(entry.item.label)
        if isinstance(item, SelectMultiple):
            for choice in item.choices.choices:
                name = f"{item.name}.{choice.code}"
                yield {"name": name, "title": f"{title}: {checklist.text(choice.label)}", "type": "integer"}
        else:
            yield {"name": column_name(item, frame), "title": title, **_type(item)}


def _type(item: Item) -> Field:
    kind = field_type(item)
    if kind == "time":
        return {"type": kind, "format": "any"}  # seconds only where there are any
    if isinstance(item, SelectOne):
        return {"type": kind, "constraints": {"enum": list(item.choices.codes)}}
    return {"type": kind}
