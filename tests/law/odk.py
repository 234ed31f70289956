"""Exports of filled ODK forms, written the way that the servers write them, from answers."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from checklist_kit.model import (
    Acknowledge,
    Calculate,
    Checklist,
    Decimal,
    Geopoint,
    Integer,
    Item,
    Note,
    Repeat,
    Section,
    SelectMultiple,
    SelectOne,
)
from checklist_kit.model.formnames import CODE, GROUP, LABEL, form_name
from tests.law.expected import canonical

Answers = Mapping[str, Any]
ZONE = datetime.timezone(datetime.timedelta(hours=4))


@dataclass(frozen=True)
class Node:
    """A node of the form: a group or repeat with `inner`, or a leaf."""

    name: str
    item: Item | None = None
    inner: tuple[Node, ...] | None = None


def schema(checklist: Checklist, items: tuple[Item, ...] | None = None) -> tuple[Node, ...]:
    """The nodes of the form that the XLSForm of a checklist describes."""
    return tuple(_nodes(checklist, checklist.items if items is None else items))


def _nodes(checklist: Checklist, items: tuple[Item, ...]) -> Iterator[Node]:
    for item in items:
        name = form_name(checklist, item.name)
        match item:
            case Section():
                inside = schema(checklist, item.items)
                yield from [Node(name, item, inside)] if any(map(_shown, item.items)) else inside
            case Repeat(over=None):
                yield Node(name, item, schema(checklist, item.items))
            case Repeat():
                inside = schema(checklist, item.items)
                if any(map(_shown, item.items)):
                    labels = (Node(f"{LABEL}{item.name}_{language}") for language in checklist.languages)
                    inside = (*labels, Node(GROUP + item.name, inner=inside))
                yield Node(name, item, (Node(CODE + item.name), *inside))
            case _:
                yield Node(name, item)


def _shown(item: Item) -> bool:
    return any(map(_shown, item.items)) if isinstance(item, Section | Repeat) else not isinstance(item, Calculate)


def as_on_a_phone(checklist: Checklist, given: Answers) -> dict[str, Any]:
    """Answers as a phone gives them: moments with an offset, places with an altitude and an accuracy."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        item = checklist.by_name[name].item
        if isinstance(value, dict):
            found[name] = {instance: as_on_a_phone(checklist, answers) for instance, answers in value.items()}
        elif isinstance(value, datetime.datetime):
            found[name] = value.replace(tzinfo=ZONE)
        elif isinstance(item, Geopoint) and value is not None:
            latitude, longitude = map(float, value.split()[:2])
            found[name] = f"{latitude} {longitude} 12.0 5.0"
        else:
            found[name] = value
    return found


def text(item: Item | None, value: Any) -> str:
    """An answer as a phone stores it."""
    match value:
        case None:
            return ""
        case True:
            return "OK" if isinstance(item, Acknowledge) else "1"
        case tuple():
            return " ".join(value)
        case datetime.datetime():
            return value.isoformat(timespec="milliseconds")
        case datetime.time():
            return value.isoformat(timespec="milliseconds") + "+04:00"
        case _:
            return value if isinstance(value, str) else canonical(value)


def instances(node: Node, given: Answers) -> list[tuple[str, Answers]]:
    """The instances of a repeat."""
    assert node.item is not None
    return list(given.get(node.item.name, {}).items())


def value_of(node: Node, given: Answers, instance: str) -> str:
    """The text of a leaf."""
    if node.name.startswith(CODE):
        return instance
    if node.name.startswith(LABEL):
        return f"The label of {instance}"
    return text(node.item, given.get(node.item.name)) if node.item is not None else ""


# XML


def xml(checklist: Checklist, given: Answers, number: int, deprecated: str = "") -> str:
    """The instance as Collect keeps it."""
    body = "".join(_elements(schema(checklist), given, ""))
    former = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f'<?xml version=\'1.0\' ?><data id="{checklist.id}" version="{escape(checklist.version)}" '
        'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:orx="http://openrosa.org/xforms">'
        f"{body}<orx:meta><orx:instanceID>s{number}</orx:instanceID>{former}</orx:meta></data>"
    )


def _elements(nodes: tuple[Node, ...], given: Answers, instance: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node.item, Repeat):
            for name, answers in instances(node, given):
                yield f"<{node.name}>{''.join(_elements(node.inner or (), answers, name))}</{node.name}>"
        elif node.inner is not None:
            yield f"<{node.name}>{''.join(_elements(node.inner, given, instance))}</{node.name}>"
        elif value := value_of(node, given, instance):
            yield f"<{node.name}>{escape(value)}</{node.name}>"
        else:
            yield f"<{node.name}/>"


# Tables


def leaves(nodes: tuple[Node, ...], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The leaves of a table with their paths in it."""
    for node in nodes:
        if node.inner is None:
            yield (*prefix, node.name), node
        elif not isinstance(node.item, Repeat):
            yield from leaves(node.inner, (*prefix, node.name))


def repeats(nodes: tuple[Node, ...], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The repeats right inside of a table with their paths in it."""
    for node in nodes:
        if isinstance(node.item, Repeat):
            yield (*prefix, node.name), node
        elif node.inner is not None:
            yield from repeats(node.inner, (*prefix, node.name))


def central(checklist: Checklist, given: list[Answers], *, split: bool = False, groups: bool = True) -> bytes:
    """The archive that ODK Central makes: `submissions.csv.zip`."""
    files: dict[str, list[list[str]]] = {}
    ids = [f"s{number}" for number in range(len(given))]
    _central_table(
        files,
        f"{checklist.id}.csv",
        schema(checklist),
        [(key, "", each) for key, each in zip(ids, given, strict=True)],
        split,
        groups,
    )
    main = files[f"{checklist.id}.csv"]
    main[0] = ["SubmissionDate", *main[0], "meta-instanceID" if groups else "instanceID", "KEY", "SubmitterID"]
    main[0] += ["SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID"]
    main[0] += ["Edits", "FormVersion"]
    for number, row in enumerate(main[1:]):
        row.insert(0, "2024-02-07T19:30:00.000Z")
        row += [ids[number], ids[number], "22", "Phones", "0", "0", "", "", "collect:x", "0", checklist.version]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            table = io.StringIO()
            csv.writer(table, lineterminator="\n").writerows(rows)
            archive.writestr(name, table.getvalue())
    return stream.getvalue()


def _central_table(
    files: dict[str, list[list[str]]],
    name: str,
    nodes: tuple[Node, ...],
    rows: list[tuple[str, str, Answers]],
    split: bool,
    groups: bool,
) -> None:
    columns = list(leaves(nodes))
    header = [
        column for path, node in columns for column in _central_columns(path if groups else path[-1:], node, split)
    ]
    files[name] = [header]
    for _, instance, answers in rows:
        cells = (_central_cells(node, value_of(node, answers, instance), split) for _, node in columns)
        files[name].append([cell for some in cells for cell in some])
    for path, node in repeats(nodes):
        below = [
            (f"{key}/{'/'.join(path)}[{number}]", code, inside, key)
            for key, _, answers in rows
            for number, (code, inside) in enumerate(instances(node, answers), 1)
        ]
        file = f"{name.partition('.csv')[0].partition('-')[0]}-{node.name}.csv"
        _central_table(files, file, node.inner or (), [one[:3] for one in below], split, groups)
        files[file][0] += ["PARENT_KEY", "KEY"]
        for row, (key, _, _, above) in zip(files[file][1:], below, strict=True):
            row += [above, key]


def _central_columns(path: tuple[str, ...], node: Node, split: bool) -> list[str]:
    name = "-".join(path)
    if isinstance(node.item, Geopoint):
        return [f"{name}-{part}" for part in ("Latitude", "Longitude", "Altitude", "Accuracy")]
    more = [f"{name}/{code}" for code in node.item.choices.codes] if isinstance(node.item, SelectMultiple) else []
    return [name, *(more if split else [])]


def _central_cells(node: Node, value: str, split: bool) -> list[str]:
    if isinstance(node.item, Geopoint):
        return (value.split() + [""] * 4)[:4]
    cells = [value]
    if split and isinstance(node.item, SelectMultiple):
        ticked = set(value.split())
        cells += [str(int(code in ticked)) if value else "" for code in node.item.choices.codes]
    return cells


# JSON


def odata(checklist: Checklist, given: list[Answers]) -> bytes:
    """The feed of ODK Central with `$expand=*`."""
    values = []
    for number, answers in enumerate(given):
        system = {"submissionDate": "2024-02-07T19:30:00.000Z", "updatedAt": None, "submitterId": "22"}
        system |= {"submitterName": "Phones", "attachmentsPresent": 0, "attachmentsExpected": 0, "status": None}
        system |= {"reviewState": None, "deviceId": None, "edits": 0, "formVersion": checklist.version}
        data = _odata_object(schema(checklist), answers, "")
        values.append({"__id": f"s{number}", "__system": system, "meta": {"instanceID": f"s{number}"}, **data})
    context = "https://central.example/v1/projects/1/forms/f.svc/$metadata#Submissions"
    return json.dumps({"value": values, "@odata.context": context}, ensure_ascii=False).encode()


def _odata_object(nodes: tuple[Node, ...], given: Answers, instance: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node.item, Repeat):
            found[f"{node.name}@odata.navigationLink"] = f"Submissions('s')/{node.name}"
            found[node.name] = [
                {"__id": "f00", **_odata_object(node.inner or (), answers, name)}
                for name, answers in instances(node, given)
            ]
        elif node.inner is not None:
            found[node.name] = _odata_object(node.inner, given, instance)
        else:
            found[node.name] = _odata_value(node, value_of(node, given, instance))
    return found


def _odata_value(node: Node, value: str) -> Any:
    if value == "":
        return None
    if isinstance(node.item, Geopoint):
        latitude, longitude, altitude, accuracy = (json.loads(part) for part in value.split())
        return {"type": "Point", "coordinates": [longitude, latitude, altitude], "properties": {"accuracy": accuracy}}
    return json.loads(value) if isinstance(node.item, Integer | Decimal) else value


def kobo_json(checklist: Checklist, given: list[Answers]) -> bytes:
    """The data of a project as Kobo's programming interface gives them."""
    results = []
    for number, answers in enumerate(given):
        about: dict[str, Any] = {
            "_id": 1000 + number,
            "formhub/uuid": "0f0f",
            **_kobo_object(schema(checklist), answers, "", ()),
        }
        about |= {"__version__": checklist.version, "meta/instanceID": f"uuid:s{number}", "_xform_id_string": "aX"}
        about |= {
            "_uuid": f"s{number}",
            "_attachments": [],
            "_status": "submitted_via_web",
            "_geolocation": [None, None],
        }
        about |= {"_submission_time": "2024-02-07T19:30:00", "_tags": [], "_notes": [], "_validation_status": {}}
        results.append(about | {"_submitted_by": None})
    page = {"count": len(given), "next": None, "previous": None, "results": results}
    return json.dumps(page, ensure_ascii=False).encode()


def _kobo_object(nodes: tuple[Node, ...], given: Answers, instance: str, path: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in nodes:
        here = (*path, node.name)
        if isinstance(node.item, Repeat):
            inside = [_kobo_object(node.inner or (), answers, name, here) for name, answers in instances(node, given)]
            if inside:
                found["/".join(here)] = inside
        elif node.inner is not None:
            found |= _kobo_object(node.inner, given, instance, here)
        elif value := value_of(node, given, instance):
            found["/".join(here)] = value
    return found


# Kobo's workbook


def kobo_xlsx(checklist: Checklist, given: list[Answers]) -> bytes:
    """The workbook that Kobo makes, with names and codes."""
    stream = io.BytesIO()
    tables = _Kobo(checklist, None)
    tables.table(checklist.id, schema(checklist), [("", answers, None) for answers in given], None)
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in tables.sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def kobo_csv(checklist: Checklist, given: list[Answers], language: str | None = None) -> bytes:
    """The text that Kobo makes, with names and codes, or with the labels of a language. It has no repeats."""
    tables = _Kobo(checklist, language)
    tables.table(checklist.id, schema(checklist), [("", answers, None) for answers in given], None)
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        tables.sheets[checklist.id]
    )
    return stream.getvalue().encode("utf-8-sig")


@dataclass
class _Kobo:
    checklist: Checklist
    language: str | None

    def __post_init__(self) -> None:
        self.sheets: dict[str, list[list[Any]]] = {}

    def table(
        self, name: str, nodes: tuple[Node, ...], rows: list[tuple[str, Answers, int | None]], parent: str | None
    ) -> None:
        columns = [(path, node) for path, node in leaves(nodes) if not isinstance(node.item, Note)]
        header = [heading for path, node in columns for heading in self._headings(path, node)]
        ids = ["_id", "_uuid", "_submission_time", "_validation_status", "_status", "_submitted_by", "__version__"]
        header += ["_index", "_parent_table_name", "_parent_index"] if parent else [*ids, "_index"]
        self.sheets[name] = [header]
        for number, (instance, answers, above) in enumerate(rows, 1):
            row = [c for _, node in columns for c in self._cells(node, value_of(node, answers, instance))]
            about = [1000 + number, f"s{number - 1}", "2024-02-07T19:30:00", "", "submitted_via_web", ""]
            row += [number, parent, above] if parent else [*about, self.checklist.version, number]
            self.sheets[name].append(row)
        for _, node in repeats(nodes):
            below = [
                (code, inside, number)
                for number, (_, answers, _) in enumerate(rows, 1)
                for code, inside in instances(node, answers)
            ]
            self.table(node.name[:31], node.inner or (), below, name)

    def _label(self, words: Mapping[str, str]) -> str:
        return words.get(self.language or "", "")

    def _headings(self, path: tuple[str, ...], node: Node) -> list[str]:
        name = "/".join(path)
        if self.language and node.item is not None and self._label(node.item.label):
            name = self._label(node.item.label)
        found = [name]
        if isinstance(node.item, SelectMultiple):
            choices = node.item.choices.choices
            found += [f"{name}/{(self.language and self._label(choice.label)) or choice.code}" for choice in choices]
        if isinstance(node.item, Geopoint):
            found += [f"_{name}_{part}" for part in ("latitude", "longitude", "altitude", "precision")]
        return found

    def _cells(self, node: Node, value: str) -> list[Any]:
        item = node.item
        codes = value.split()
        if isinstance(item, SelectMultiple):
            shown = [(self.language and self._label(item.choices[code].label)) or code for code in codes]
            return [" ".join(shown), *(int(c in codes) if value else "" for c in item.choices.codes)]
        if isinstance(item, Geopoint):
            return [value, *(codes + [""] * 4)[:4]]
        if isinstance(item, SelectOne) and value and self.language:
            return [self._label(item.choices[value].label) or value]
        return [value]


Make = Callable[[Checklist, list[Answers]], bytes]
