"""The sheets of an XLSForm, each row its cells by column in the usual spelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from checklist_kit.importers.xlsform.apollo import apollo_sheets, settings_of
from checklist_kit.importers.xlsform.cells import Book, Rows
from checklist_kit.importers.xlsform.headers import TEXTS, canonical, split_language
from checklist_kit.importers.xlsform.types import SETTINGS, type_of
from checklist_kit.protocols import UnreadableFile

_SHOWN, _LONGEST = 5, 31
_KNOWN = ("survey", "choices", "settings", "external_choices")
_YES = {"yes", "true", "true()"}
_NO = {"no", "false", "false()"}
_FLAGS = ("required", "read_only")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row that are not empty, by column, and its number in the sheet (from 0)."""

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """Return a cell, empty where there is none."""
        return self.cells.get(column, "")


@dataclass(slots=True)
class Form:
    """An XLSForm.

    `languages` are as its headers call them, "" for none. `unnamed` are columns of texts in the default language that
    do not name it, `hint` or `choices.label`. `columns` are those of each sheet in order. `sheets` are those that mean
    nothing here, `apollo` the rows of those that Apollo adds.
    """

    book: Book
    survey: list[Row]
    choices: list[Row]
    external: list[Row]
    settings: dict[str, str]
    languages: list[str]
    unnamed: list[str]
    columns: dict[str, list[str]]
    sheets: dict[str, Rows] = field(default_factory=dict)
    apollo: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def _some(names: Iterable[str]) -> str:
    """The first names, none longer than a worksheet's may be: a file of another kind can hold any number."""
    found = list(names)
    shown = ", ".join(f"`{name[:_LONGEST]}`" for name in found[:_SHOWN])
    return shown if len(found) <= _SHOWN else f"{shown} and {len(found) - _SHOWN} more"


def read_form(book: Book) -> Form:
    """Find the sheets of a form in a file. Raises UnreadableFile where there is no survey."""
    names = {name.strip().casefold(): name for name in reversed(list(book.sheets))}
    if "survey" not in names and len(book.sheets) == 1:
        names["survey"] = next(iter(book.sheets))
    if "survey" not in names:
        found = f"its sheets are {_some(book.sheets)}" if book.sheets else "it holds no table"
        raise UnreadableFile("import-no-survey", f"{book.source} is no XLSForm: it has no sheet `survey`, {found}")
    apollo = apollo_sheets(book)
    rows = {kind: _rows(book, names[kind], kind, bool(apollo)) if kind in names else [] for kind in _KNOWN}
    survey = [row for row in rows["survey"] if not _is_off(book, names["survey"], row)]
    shown = [row for row in survey if type_of(row.get("type")).kind != "close"]
    if not shown:
        raise UnreadableFile("import-no-survey", f"{book.source} is no XLSForm: its sheet `survey` asks nothing")
    settings = dict(rows["settings"][0].cells) if rows["settings"] else settings_of(apollo)
    for row in survey:
        if row.get("type") in SETTINGS:
            settings[row.get("type").removeprefix("set_")] = row.get("name")
    if settings.get("default_language"):
        _name_default(rows["survey"] + rows["choices"], settings["default_language"])
    languages, unnamed = _languages(shown, rows["choices"])
    used = {names[kind] for kind in _KNOWN if kind in names}
    return Form(
        book=book,
        survey=[row for row in survey if row.get("type") not in SETTINGS],
        choices=rows["choices"],
        external=rows["external_choices"],
        settings=settings,
        languages=languages,
        unnamed=unnamed,
        apollo=apollo,
        columns={kind: _columns(book.sheets[names[kind]], kind, bool(apollo))[1] for kind in _KNOWN if kind in names},
        sheets={
            name: _trimmed(cells) for name, cells in book.sheets.items() if name not in used and any(map(any, cells))
        },
    )


def _rows(book: Book, name: str, kind: str, apollo: bool) -> list[Row]:
    table = book.sheets[name]
    head, columns = _columns(table, kind, apollo)
    for number, column in enumerate(columns):
        if column and column in columns[:number]:
            book.find(
                "import-column",
                f"the column `{column}` is here twice; its first cells count",
                name,
                head,
                column=number,
            )
    found = []
    for number, cells in enumerate(table[head + 1 :], head + 1):
        row: dict[str, str] = {}
        for column, text in zip(columns, cells, strict=False):
            if column and text:
                row.setdefault(column, _flag(text) if column in _FLAGS else text)
        if row:
            found.append(Row(number, row))
        stray = next((n for n, text in enumerate(cells) if text and not (n < len(columns) and columns[n])), None)
        if stray is not None:
            message = "a cell without a header above it is left out"
            book.find("import-column", message, name, number, cells[stray], stray)
    return found


def _name_default(rows: list[Row], default: str) -> None:
    """Put the default language's name to texts without one that stand beside texts in other languages."""
    for row in rows:
        named = {split[0] for column in row.cells if (split := split_language(column)) and split[1]}
        for column in named & set(row.cells):
            row.cells.setdefault(f"{column}::{default}", row.cells.pop(column))


def _columns(table: Rows, kind: str, apollo: bool) -> tuple[int, list[str]]:
    """Return the number of the row of headers, and its columns in their usual spelling."""
    head = next((number for number, row in enumerate(table) if any(row)), 0)
    return head, canonical(kind, table[head], apollo) if table else []


def _flag(text: str) -> str:
    """A yes or no in its usual spelling; anything else is an expression."""
    return "yes" if text.lower() in _YES else "no" if text.lower() in _NO else text


def _is_off(book: Book, sheet: str, row: Row) -> bool:
    if _flag(row.get("disabled")) == "yes":
        book.find("import-row", "a disabled row is left out", sheet, row.number, row.get("name"))
        return True
    if not row.get("type"):
        book.find(
            "import-row", "a row without a type is left out", sheet, row.number, " ".join(row.cells.values())[:80]
        )
        return True
    return False


def _languages(survey: list[Row], choices: list[Row]) -> tuple[list[str], list[str]]:
    """Return the languages of a form, those of labels first, and its columns of texts that name none.

    Where no column names a language, "" is the one; where one has texts with and without, "" is one of several, before
    those that it comes before in a row: a converter lets a text without a language replace those before it.
    """
    columns: dict[str, dict[str, None]] = {}
    behind: set[str] = set()
    for sheet, rows in (("", survey), ("choices.", choices)):
        for row in rows:
            unnamed = set()
            for column, language in filter(None, map(split_language, row.cells)):
                columns.setdefault(sheet + column, {})[language] = None
                if not language:
                    unnamed.add(column)
                elif column in unnamed:
                    behind.add(language)
    first = [sheet + column for sheet in ("", "choices.") for column in TEXTS if sheet + column in columns]
    named = list(
        dict.fromkeys(
            language
            for column in (*first, *columns)
            for language in columns[column]
            if language or len(columns[column]) > 1
        )
    )
    if not any(named):
        return [""] if first else [], []
    if "" in named and behind:
        place = min(named.index(language) for language in ("", *behind))
        named.remove("")
        named.insert(place, "")
    return named, [column for column in first if list(columns[column]) == [""]]


def _trimmed(rows: Rows) -> Rows:
    """Rows without the empty cells at their ends, and without empty rows at the end."""
    short = [row[: max((number for number, text in enumerate(row, 1) if text), default=0)] for row in rows]
    while short and not short[-1]:
        short.pop()
    return short
