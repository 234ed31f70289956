"""The frame: the list of all units, from which a sample is drawn. A CSV file with one row a unit."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from checklist_kit.analysis.coerce import Coerced
from checklist_kit.diagnostics import Diagnostic, Related, Span, did_you_mean

MAX_BYTES = 200_000_000
SHOWN = 10
"""How many findings of one code are shown; the rest are counted."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_LINES_OF_A_ROW = 20  # in which a cell is looked for

ReadAnswer = Callable[[str], Coerced]


class FrameError(Exception):
    """A frame, or what was asked of it, cannot be used; `diagnostics` says why, each fault at its place."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(f"{found.span or ''}: {found.message} [{found.code}]" for found in diagnostics))


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame that was read. All cells are text, without the white space around them: "007" stays "007".

    `unit` is the column with the ids, of which none is blank and none comes twice. `starts` holds the line that each
    row begins at, that of the column names first, and `sha256` is that of the file's bytes, in hexadecimal.
    """

    file: str
    sha256: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...] = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    delimiter: str = ","

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The ids, in the order of the file."""
        return self.column(self.unit)

    def column(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column. Raises FrameError where there is no such column."""
        if name not in self.columns:
            near = did_you_mean(name, self.columns) or f"the columns are {', '.join(f'`{c}`' for c in self.columns)}"
            message = f"the frame has no column `{name}`"
            raise FrameError([Diagnostic.of("frame-column-unknown", message, self.heading(self.columns[0]), help=near)])
        position = self.columns.index(name)
        return tuple(row[position] for row in self.rows)

    def numbers(self, name: str, *, blanks: bool = False) -> tuple[Fraction, ...]:
        """Return the numbers of a column, none below 0 and each exact. Raises FrameError where a cell holds no number.

        They are digits with at most a point: in "1,200" a comma may mean either of two things, so it is refused. An
        empty cell is refused too, or left out where `blanks` are allowed.
        """
        cells = self.column(name)
        wrong = [row for row, cell in enumerate(cells) if not (_NUMBER.fullmatch(cell) or (blanks and not cell))]
        if wrong:
            raise FrameError(shortened(self._no_number(name, row, cells[row]) for row in wrong))
        return tuple(Fraction(cell) for cell in cells if cell)

    def _no_number(self, name: str, row: int, cell: str) -> Diagnostic:
        return Diagnostic.of(
            "frame-number",
            f"`{cell}` is no number" if cell else f"unit `{self.units[row]}` has no `{name}`",
            self.place(row, name),
            help="write digits, with a point before decimals and nothing between thousands",
        )

    def place(self, row: int, name: str) -> Span:
        """Return where the cell of a column stands."""
        return self.cell(row + 1, self.columns.index(name))

    def heading(self, name: str) -> Span:
        """Return where the name of a column stands."""
        return self.cell(0, self.columns.index(name))

    def cell(self, number: int, position: int) -> Span:
        """Return where a cell stands; the column names are row 0. It is looked for in the text again."""
        start = self.starts[number]
        text = "\n".join(self.lines[start - 1 : start + _LINES_OF_A_ROW])
        pattern = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(self.delimiter)}\n]*')
        at, cell = 0, ""
        for _ in range(position + 1):
            at += len(cell)
            found = pattern.match(text, at)
            cell = (found.group() if found else "") + self.delimiter
        line = start + text.count("\n", 0, at)
        column = at - text.rfind("\n", 0, at)
        return Span(self.file, line, column, line, column + max(len(cell.partition("\n")[0]) - 1, 1))


def read_frame(path: Path, unit: str | None = None, read: ReadAnswer | None = None) -> Frame:
    """Return the frame in a CSV file: UTF-8 or UTF-16, delimited by commas, semicolons or tabs.

    `unit` is the column with the ids, the first one if None. Each id must be one that `read`, which reads answers to
    the unit's question, takes as it stands. Raises FrameError with everything that is wrong.
    """
    frame = read_table(path)
    frame = replace(frame, unit=unit or frame.columns[0])
    faults = shortened(_unit_faults(frame, read))
    if faults:
        raise FrameError(faults)
    return frame


def read_table(path: Path) -> Frame:
    """Return any CSV file as a frame whose units are not known yet. Raises FrameError with everything that is wrong."""
    name = str(path)
    data = _bytes(path, name)
    frame = _table(_decoded(data, name), name, hashlib.sha256(data).hexdigest())
    faults = shortened([*_header_faults(frame), *_row_faults(frame)])
    if faults:
        raise FrameError(faults)
    return frame


def shortened(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Keep the first findings of each code, in order of place, and count the rest."""
    seen: Counter[str] = Counter()
    kept = []
    for finding in sorted(findings, key=Diagnostic.sort_key):
        seen[finding.code] += 1
        if seen[finding.code] <= SHOWN:
            kept.append(finding)
    more = ((code, count - SHOWN) for code, count in seen.items() if count > SHOWN)
    return kept + [Diagnostic.of(code, f"there are {count:,} more of these") for code, count in more]


def _bytes(path: Path, name: str) -> bytes:
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise FrameError([Diagnostic.of("frame-file", f"cannot open {name}: {reason}")]) from error
    if data is None:
        raise FrameError([Diagnostic.of("frame-file", f"{name} is larger than {MAX_BYTES:,} bytes")])
    return data


def lines_of(path: Path) -> Sequence[str]:
    """Return the lines of a frame, to be shown beside findings; characters that cannot be read are replaced."""
    data, encoding = _unmarked(path.read_bytes())
    return _lines_ended(data.decode(encoding, "replace")).split("\n")


def _unmarked(data: bytes) -> tuple[bytes, str]:
    """Return data without its byte order mark, and the encoding that the mark tells."""
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    return data[len(mark) :], encoding


def _decoded(data: bytes, name: str) -> str:
    data, encoding = _unmarked(data)
    try:
        return _lines_ended(data.decode(encoding))
    except UnicodeDecodeError as error:
        before = _lines_ended(data[: error.start].decode(encoding, "replace"))
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"byte 0x{data[error.start]:02X} is not {encoding.upper()}"
        help_ = "save the file as CSV UTF-8, which spreadsheets offer beside plain CSV"
        place = Span(name, line, column, line, column + 1)
        raise FrameError([Diagnostic.of("frame-encoding", message, place, help=help_)]) from error


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _table(text: str, name: str, sha256: str) -> Frame:
    """Read the rows that are not empty. Cells without a value are left out where a row goes on beyond the columns."""
    lines = tuple(text.split("\n"))
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[tuple[str, ...]] = []
    starts = []
    start = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                while len(cells) > (len(rows[0]) if rows else 1) and not cells[-1]:
                    cells.pop()
                rows.append(tuple(cells))
                starts.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        fault = Diagnostic.of("frame-syntax", f"this is no CSV: {error}", _line(name, start), help="check the quotes")
        raise FrameError([fault]) from error
    if len(rows) < 2:
        help_ = "the first line names the columns, each further line is a unit"
        raise FrameError([Diagnostic.of("frame-empty", f"{name} has no units", _line(name, 1), help=help_)])
    return Frame(name, sha256, "", rows[0], tuple(rows[1:]), tuple(starts), lines, delimiter)


def _line(name: str, line: int) -> Span:
    return Span(name, line, 1, line, 2)


def _header_faults(frame: Frame) -> Iterator[Diagnostic]:
    for position, column in enumerate(frame.columns):
        place = frame.cell(0, position)
        if not column:
            message = f"column {position + 1} has no name"
            yield Diagnostic.of("frame-column", message, place, help="name it, or remove it")
        elif column in frame.columns[:position]:
            yield Diagnostic.of("frame-column", f"there are two columns `{column}`", place, help="rename one")


def _row_faults(frame: Frame) -> Iterator[Diagnostic]:
    width = len(frame.columns)
    for number, row in enumerate(frame.rows, 1):
        if len(row) != width:
            yield Diagnostic.of(
                "frame-cells",
                f"this row has {len(row)} cells, and there are {width} columns",
                frame.cell(number, min(len(row), width + 1) - 1),
                help=f"a cell that holds `{frame.delimiter}` stands in double quotes",
            )


def _unit_faults(frame: Frame, read: ReadAnswer | None) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for row, unit in enumerate(frame.units):
        if not unit:
            help_ = f"give it one; if `{frame.unit}` is not the column of ids, name that one with --unit"
            yield Diagnostic.of("frame-unit-blank", "this unit has no id", frame.place(row, frame.unit), help=help_)
        elif unit in first:
            yield Diagnostic.of(
                "frame-unit-duplicate",
                f"unit `{unit}` stands here a second time",
                frame.place(row, frame.unit),
                help=f"keep one row a unit; if `{frame.unit}` is not the column of ids, name that one with --unit",
                related=[Related("the first one is here", frame.place(first[unit], frame.unit))],
            )
        else:
            first[unit] = row
            if read is not None and (fault := _id_fault(unit, read(unit))):
                help_ = "write it as observers will, so that reports find their unit; a spreadsheet may have changed it"
                yield Diagnostic.of("frame-unit-form", fault, frame.place(row, frame.unit), help=help_)


def _id_fault(unit: str, answer: Coerced) -> str | None:
    """Say what is wrong with an id as an answer to the unit's question."""
    if answer.problem is not None:
        return f"`{unit}` is no answer to the unit's question: {answer.problem[1]}"
    if answer.status != "answered":
        return f"`{unit}` means that there is no answer"
    return None if answer.value == unit else f"`{unit}` is read as `{answer.value}` by the unit's question"
