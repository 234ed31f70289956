"""What a translator hands back: a workbook that was filled in, or a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checklist_kit.protocols import Problem, Raw, UnreadableFile
from checklist_kit.source.catalogue import BadCatalogue, parse_po
from checklist_kit.translation.sheet import COLUMNS, META, SHEET, fingerprint

if TYPE_CHECKING:
    from checklist_kit.readers.workbook.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Line:
    """The translation of one text. `name` says of which, `fingerprint` of which wording; `source` is that wording."""

    name: str
    fingerprint: str
    source: str
    text: str
    place: str
    fuzzy: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that came back: its language, its lines, and what could not be read of it."""

    source: str
    language: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()


def read_returned(path: Path) -> Returned:
    """Read a file that came back. Raises UnreadableFile where it is neither of what `extract` makes."""
    with path.open("rb") as file:
        is_archive = file.read(2) == b"PK"
    return _from_workbook(path) if is_archive else _from_catalogue(path)


def _from_catalogue(path: Path) -> Returned:
    try:
        entries = parse_po(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise UnreadableFile("file-encoding", f"{path} is not UTF-8: save it as UTF-8") from error
    except BadCatalogue as error:
        raise UnreadableFile("file-not-a-translation", f"{path}:{error.line}: {error}") from error
    lines = tuple(
        Line(
            entry.msgctxt or "",
            fingerprint(entry.msgid),
            entry.msgid,
            entry.msgstr,
            f"{entry.linenum}:1",
            entry.fuzzy,
        )
        for entry in entries
        if not entry.obsolete
    )
    return Returned(str(path), entries.metadata.get("Language") or path.stem, lines)


def _from_workbook(path: Path) -> Returned:
    from checklist_kit.readers.workbook.sheets import open_book

    book = open_book(path)
    sheets = {sheet.name.casefold(): sheet for sheet in book.sheets}
    sheet, language = sheets.get(SHEET.casefold()), book.facts.get("language", "")
    names = list(map(str, sheet.rows[0])) if sheet is not None and sheet.rows else []
    if sheet is None or not language or not set(COLUMNS) <= set(names):
        raise UnreadableFile(
            "file-not-a-translation",
            f"{path} is no workbook for translators: its sheet {SHEET}, hidden first row or sheet {META} is gone",
        )
    at = {name: names.index(name) for name in COLUMNS}
    lines, problems = [], []
    for number, row in enumerate(sheet.rows[1:], 1):
        place = sheet.place(number, at["translation"])
        name, text = str(row[at["id"]]), _text(row[at["translation"]])
        if text is None:
            raw = str(row[at["translation"]])
            message = f"{raw!r} is a date or a time to the spreadsheet: write it as a text"
            problems.append(Problem.of("file-not-a-text", message, str(path), place=place, raw=raw, aside=True))
        elif "#" in name:
            mark, source = str(row[at["fingerprint"]]), str(row[at["text"]])
            lines.append(Line(name, mark, source, text, place))
    problems += _odd(sheet, at["translation"], str(path))
    return Returned(str(path), language, tuple(lines), tuple(problems))


def _odd(sheet: Sheet, column: int, source: str) -> Iterator[Problem]:
    for (row, at), raw in sheet.odd.items():
        if at == column:
            place = sheet.place(row, at)
            yield Problem.of("file-not-a-text", f"{raw!r} is no text", source, place=place, raw=raw, aside=True)


def _text(value: Raw) -> str | None:
    """The text of a cell; a spreadsheet may have taken digits for a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return "" if value is None else None
