"""What building the form would write otherwise than it came: it is kept beside what we understood, and goes back."""

from __future__ import annotations

from collections.abc import Iterable

from checklist_kit.importers.xlsform.headers import place
from checklist_kit.importers.xlsform.items import Draft, form_name
from checklist_kit.importers.xlsform.lists import Lists
from checklist_kit.importers.xlsform.types import Type, parameters
from checklist_kit.model import Checklist
from checklist_kit.targets.xlsform.choices import Choices
from checklist_kit.targets.xlsform.survey import Survey
from checklist_kit.targets.xlsform.texts import Texts

Cells = dict[str, str]

# Keys that mean nothing here beyond the cell that they come from.
_ONLY_SHOWN = ("parameters", "default", "appearance", "repeat_count")


def keep_cells(checklist: Checklist, drafts: Iterable[Draft], types: dict[int, Type], languages: list[str]) -> None:
    """Note with each draft the cells that `checklist`, which was made of the drafts, gives otherwise or not at all."""
    texts = Texts(checklist, checklist.default_language)
    rows = Survey(checklist, texts, Choices(texts)).rows()
    built = [(number, row) for number, row in enumerate(rows, 1) if row.get("name")]
    came = [draft for draft in drafts if draft.row is not None]
    tables, above = _in_tables(came), 0
    for draft, (number, row) in zip(came, built, strict=True):
        assert draft.row is not None
        wanted = {**draft.row.cells, "type": types[draft.row.number].cell, "name": form_name(draft.row)}
        wanted["type"] = draft.kept.get("type", wanted["type"])
        if parameters(row.get("parameters", "")) == parameters(wanted.get("parameters", "")) != {}:
            wanted["parameters"] = row["parameters"]  # commas and the order mean nothing
        draft.kept = in_order({**draft.kept, **difference(row, wanted)}, languages)
        for key in _ONLY_SHOWN:
            if key in draft.kept:
                draft.keys.pop(key, None)
        if draft.name in tables and draft.row.number > number + above:
            draft.kept["at_row"] = str(draft.row.number + 1)
            above = draft.row.number - number


def _in_tables(drafts: Iterable[Draft]) -> set[str]:
    """The groups shown as tables, and what is in them: a converter names parts of these after the rows they are in."""
    tables = [draft for draft in drafts if draft.row is not None and "table-list" in draft.row.get("appearance")]
    return {draft.name for table in tables for draft in (table, *table.items)}


def keep_lists(checklist: Checklist, lists: Lists, languages: list[str]) -> dict[str, list[Cells]]:
    """Return the rows of the lists that `checklist` would give otherwise."""
    built = Choices(Texts(checklist, checklist.default_language))
    inside, external = _by_list(built.rows()), _by_list(built.external_rows())
    pairs = {name: (rows, inside.get(name)) for name, rows in lists.rows.items()}
    pairs |= {name: (rows, external.get(lists.called[name])) for name, rows in lists.external.items()}
    came = {name: ([_without_list(row.cells) for row in rows], other) for name, (rows, other) in pairs.items()}
    return {name: [in_order(row, languages) for row in rows] for name, (rows, other) in came.items() if rows != other}


def _by_list(rows: Iterable[Cells]) -> dict[str, list[Cells]]:
    found: dict[str, list[Cells]] = {}
    for row in rows:
        found.setdefault(row["list_name"], []).append(_without_list(row))
    return found


def _without_list(cells: Cells) -> Cells:
    return {column: text for column, text in cells.items() if column != "list_name"}


def in_order(cells: Cells, languages: list[str]) -> Cells:
    """Return cells in the order of the columns of a form that is built."""
    return dict(sorted(cells.items(), key=lambda cell: place(cell[0], languages)))


def difference(built: Cells, wanted: Cells) -> Cells:
    """Return the cells that turn a row into another one; an empty text takes a cell away."""
    columns = dict.fromkeys((*wanted, *built))
    return {column: wanted.get(column, "") for column in columns if built.get(column, "") != wanted.get(column, "")}
