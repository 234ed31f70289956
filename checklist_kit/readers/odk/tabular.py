"""Rows of an export -> submissions, with the instances of repeats that stand in tables of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Raw, Record, Submission, UnreadableFile
from checklist_kit.readers.odk.envelope import Envelope, left_out, normal_id, settled
from checklist_kit.readers.odk.names import TOP, Column, Names, Role, names_of
from checklist_kit.readers.odk.tables import Export, Table

_UNKNOWN = "?"  # the frame of a repeat that the checklist does not have


@dataclass(slots=True)
class Layout:
    """Where things stand in a table: the columns of answers by key, of places, of an instance's name, of the system.

    `system` leads from the name of a column that the system made to its position.
    """

    frame: str
    keys: list[str] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    places: dict[str, dict[int, int]] = field(default_factory=dict)
    instance: int | None = None
    system: dict[str, int] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, table: Table, frame: str, names: Names) -> Layout:
        """Find out what each column of a table is, if it belongs to a frame."""
        layout = cls(frame)
        for position, heading in enumerate(table.header):
            layout._assign(position, heading, names.column(heading) if heading else Column(Role.UNKNOWN, ""))
        return layout

    def _assign(self, position: int, heading: str, column: Column) -> None:
        match column.role:
            case Role.ANSWER | Role.UNKNOWN:
                key = column.key if column.key and column.key not in self.keys else ""
                self.keys.append(key or f"{heading} (column {position + 1})".strip())
                self.columns.append(position)
            case Role.PLACE:
                self.places.setdefault(column.key, {}).setdefault(column.part, position)
            case Role.INSTANCE:
                self.instance = position
            case Role.FORM:
                pass
            case _:
                self.system[heading] = position
                if column.role is not Role.SYSTEM:
                    self.left_out[column.role.value] += 1


class Rows:
    """The rows of a table as records."""

    def __init__(self, table: Table, layout: Layout, names: Names) -> None:
        self.table = table
        self._multiple = [(key, names.multiple[key]) for key in layout.keys if key in names.multiple]
        self.layout = layout
        self._pick = itemgetter(0, 0, *layout.columns)  # never of one column alone: always a tuple
        self._names = ("", "", *layout.keys)
        self._system: dict[tuple[str, ...], list[int]] = {}
        self._positions = dict(zip(layout.keys, layout.columns, strict=True))
        self._positions |= {key: min(parts.values()) for key, parts in layout.places.items()}

    def record(self, number: int) -> tuple[Record, int]:
        """Return the record of a row, and how many cells it has."""
        row = self.table.rows[number]
        values: dict[str, Raw] = dict(zip(self._names, self._pick(row), strict=True))
        del values[""]
        for key, parts in self.layout.places.items():
            if not values.get(key):
                values[key] = _joined([row[parts[part]] if part in parts else "" for part in range(4)])
        for key, take_apart in self._multiple:
            if type(text := values[key]) is str and " " in text:
                values[key] = take_apart(text)
        present = list(values.values())
        cells = len(present) - present.count("") - present.count(None)
        instance = None if self.layout.instance is None else row[self.layout.instance] or None
        return Record(values, partial(self._place, number), instance=instance), cells

    def _place(self, number: int, key: str) -> str:
        return self.table.at(number, self._positions.get(key, 0))

    def system(self, number: int, *names: str) -> str:
        """Return the first value that a row has in columns of the system."""
        positions = self._system.get(names)
        if positions is None:
            system = self.layout.system
            positions = self._system[names] = [system[name] for name in names if name in system]
        row = self.table.rows[number]
        for position in positions:
            value = row[position]
            if value not in ("", None):
                return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return ""


def _joined(parts: list[Raw]) -> str:
    while parts and parts[-1] in ("", None):
        parts.pop()
    return " ".join(str(part) for part in parts)


class Tabular:
    """Reads the tables of one export."""

    def __init__(self, checklist: Checklist, export: Export, source: str) -> None:
        self._export = export
        self._id = checklist.id
        self._source = source
        self._names = names_of(checklist, labels=any(table.is_of_kobo for table in export.tables))
        self._order = [TOP, *(entry.item.name for entry in checklist.repeats)]
        self._submissions: list[Submission] = []
        self._owners: dict[str, tuple[Submission, Record]] = {}
        self._left_out: Counter[str] = Counter()

    def read(self) -> Iterator[Submission | Problem]:
        """Yield what belongs to no submission, then the submissions."""
        repeats = []
        for table in self._export.tables:
            if table.is_main:
                self._read_main(table)
            elif table.is_repeat:
                repeats.append((table, *self._frame_of(table)))
            elif any(row for row in table.rows):
                message = f"the table {table.name} is neither of submissions nor of a repeat; it was not read"
                yield Problem.of("file-unread-sheet", message, self._source, place=table.name)
        for table, frame, name in sorted(repeats, key=lambda found: self._rank(found[1])):
            yield from self._read_repeat(table, frame, name)
        self._left_out["attachment"] += self._export.attachments
        self._left_out["audit"] += self._export.audits
        yield from left_out(self._left_out, self._source)
        yield from map(settled, self._submissions)

    def _rank(self, frame: str) -> int:
        return self._order.index(frame) if frame in self._order else len(self._order)

    def _frame_of(self, table: Table) -> tuple[str, str]:
        """The frame that a repeat's table fits best, and the name of the repeat in it; that of none where it fits none.

        Keys of ODK tell the name, as in `uuid:1/results/votes[2]`; else the columns and the name of the table do.
        """
        told = table.name.removesuffix(".csv").partition("~")[0]
        if "KEY" in table.header and table.rows:
            told = str(table.rows[0][table.header.index("KEY")]).rpartition("/")[2].partition("[")[0]
        for names in self._names.values():
            if (key := names.repeat(told)) is not None:
                return names.frames[key], key
        best = max(self._order[1:], key=partial(self._fit, table), default="")
        return (best, best) if best and self._fit(table, best) else (_UNKNOWN, _last(told) or table.name)

    def _fit(self, table: Table, frame: str) -> int:
        columns = [self._names[frame].column(heading) for heading in table.header if heading]
        return sum(column.role in (Role.ANSWER, Role.PLACE, Role.INSTANCE) for column in columns)

    def _read_main(self, table: Table) -> None:
        names = self._names[TOP]
        names.listen(table.header)
        rows = Rows(table, Layout.of(table, TOP, names), names)
        if not self._fit(table, TOP):
            raise UnreadableFile("file-no-columns", f"{self._source} has no column of the checklist `{self._id}`")
        self._left_out += rows.layout.left_out
        for number in range(len(table.rows)):
            record, cells = rows.record(number)
            envelope = Envelope.of_row(partial(rows.system, number))
            found = envelope.submission(record, self._source, cells, table.at(number, 0))
            self._submissions.append(found)
            for key in (envelope.key, f"{table.name}#{rows.system(number, '_index')}"):
                self._owners.setdefault(key, (found, record))

    def _read_repeat(self, table: Table, frame: str, name: str) -> Iterator[Problem]:
        names = self._names.get(frame) or Names()
        names.listen(table.header)
        rows = Rows(table, Layout.of(table, frame, names), names)
        self._left_out += rows.layout.left_out
        for number in range(len(table.rows)):
            record, cells = rows.record(number)
            above = rows.system(number, "PARENT_KEY")
            if not above:
                above = f"{rows.system(number, '_parent_table_name')}#{rows.system(number, '_parent_index')}"
            owner = self._owners.get(above)
            if owner is None:
                owner = self._owners.get(normal_id(rows.system(number, "_submission__uuid")))
            if owner is None:
                yield from self._lost(record, above, table.at(number, 0))
                continue
            submission, holder = owner
            submission.cells += cells
            holder.repeats.setdefault(name, []).append(record)
            for key in (rows.system(number, "KEY"), f"{table.name}#{rows.system(number, '_index')}"):
                self._owners.setdefault(key, (submission, record))

    def _lost(self, record: Record, above: str, place: str) -> Iterator[Problem]:
        message = f"the row belongs to `{above}`, which is no row of the submissions here"
        filled: Mapping[str, Raw] = {key: raw for key, raw in record.values.items() if raw not in ("", None)}
        for key, raw in filled.items():
            yield Problem.of(
                "file-lost-row", message, self._source, item=key, raw=str(raw), place=record.place(key), aside=True
            )
        if not filled:
            yield Problem.of("file-lost-row", message, self._source, place=place)


def _last(name: str) -> str:
    return name.rpartition("/")[2].rpartition("-")[2]
