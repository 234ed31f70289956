"""A workbook as sheets of raw values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from checklist_kit.protocols import Raw, UnreadableFile
from checklist_kit.readers.workbook import ods, parts
from checklist_kit.readers.workbook.parts import Odd
from checklist_kit.readers.workbook.safety import check_ole, check_parts, kind_of, opened

META = "_meta"


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet from its first row and column on; all rows are equally long. A blank cell is an empty text.

    `odd` holds the raw texts of cells that have no value and are not blank: errors, and formulas never computed.
    """

    name: str
    rows: list[list[Raw]]
    odd: Odd = field(default_factory=dict)
    address: Callable[[str, int, int], str] = lambda sheet, row, column: f"{sheet}!{letters(column)}{row + 1}"

    def place(self, row: int, column: int) -> str:
        """Where a cell stands, as people write it."""
        return self.address(self.name, row, column)


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a workbook, and what it says of itself.

    `facts` are its `checklist`, `version` and `hash`; `frames` tells the repeat that each sheet is for.
    """

    sheets: list[Sheet]
    facts: Mapping[str, str] = field(default_factory=dict)
    frames: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""


def letters(column: int) -> str:
    """The letters of a column counted from 0.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def open_book(path: Path) -> Book:
    """Read a workbook. Raises UnreadableFile where it is damaged, encrypted, hostile, too large or no workbook."""
    with path.open("rb") as file:
        kind = kind_of(file.read(8), path)
    if not kind:
        raise UnreadableFile("file-not-a-workbook", f"{path} is no workbook, whatever its name says")
    odd, facts = _look_inside(path, kind)
    sheets = [Sheet(name, _covering(rows, odd.get(name, {})), odd.get(name, {})) for name, rows in _values(path)]
    meta = next((sheet.rows for sheet in sheets if sheet.name.casefold() == META), [])
    told, frames = _tables(meta)
    return Book(sheets, {**facts, **told}, frames, kind)


def _covering(rows: list[list[Raw]], odd: Odd) -> list[list[Raw]]:
    """Rows as many and as long as odd cells need, which may lie beyond all others."""
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in odd)])
    height = max([len(rows), *(row + 1 for row, _ in odd)])
    blank: list[Raw] = [""]
    if rows and width > len(rows[0]):
        rows = [row + blank * (width - len(row)) for row in rows]
    return rows + [blank * width for _ in range(height - len(rows))]


def _tables(rows: list[list[Raw]]) -> tuple[dict[str, str], dict[str, str]]:
    """The facts at the top of the sheet `_meta`, and the repeat of each sheet from the table below them."""
    texts = [[str(value) for value in row[:2]] for row in rows if len(row) > 1]
    end = next((number for number, (first, _) in enumerate(texts) if not first), len(texts))
    return dict(texts[:end]), dict(texts[end + 2 :])


def _look_inside(path: Path, kind: str) -> tuple[dict[str, Odd], Mapping[str, str]]:
    """What calamine does not tell; and whether the file can be given to it."""
    if kind == "xls":
        check_ole(path)
        return {}, {}
    with opened(path) as archive:
        check_parts(archive, path)
        if kind == "ods":
            return ods.odd_cells(archive.read("content.xml"), path), {}
        named = parts.sheet_parts(archive, path)
        known = set(archive.namelist())
        found = {n: parts.odd_cells(archive.read(part), path, n) for n, part in named.items() if part in known}
        return found, parts.properties(archive, path)


def _values(path: Path) -> Iterator[tuple[str, list[list[Raw]]]]:
    import python_calamine as calamine

    # Given a path, the library would believe the ending of the name.
    with _failures(path), path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ is calamine.SheetTypeEnum.WorkSheet:
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                yield sheet.name, cast("list[list[Raw]]", rows)


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    """Turn whatever the library makes of a damaged workbook into UnreadableFile."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise UnreadableFile("file-encrypted", f"{path} is protected by a password: save it without one") from error
    except CalamineError as error:
        raise UnreadableFile("file-damaged", f"{path} is damaged inside: open it, and save it again") from error
    except BaseException as error:  # the library is written in Rust, whose panics are no Exception
        if type(error).__name__ == "PanicException":
            raise UnreadableFile("file-damaged", f"{path} is damaged inside: open it, and save it again") from error
        raise
