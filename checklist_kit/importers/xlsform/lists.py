"""The sheets `choices` and `external_choices` -> choice lists by name."""

from __future__ import annotations

from dataclasses import dataclass, field

from checklist_kit.importers.xlsform.form import Form, Row
from checklist_kit.importers.xlsform.headers import split_language
from checklist_kit.importers.xlsform.names import fitting_code, same_code
from checklist_kit.importers.xlsform.types import Type
from checklist_kit.importers.xlsform.words import Words
from checklist_kit.importers.yaml import Noted


@dataclass(slots=True)
class Lists:
    """Choice lists: `choices` as they stand in the checklist, `rows` in the form, `external` those of the other sheet.

    `called` gives the name in that sheet of each external list. `unclear` are those that have a code twice, under two
    regions perhaps, so that an answer does not tell which is meant. `in_files` gives the list of a question by the row
    of the question, where the list stands in a file.
    """

    choices: dict[str, dict[str, object]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    external: dict[str, list[Row]] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    in_files: dict[int, str] = field(default_factory=dict)

    def add(self, wanted: str, choices: dict[str, object]) -> str:
        """Add a list, and return its name in the checklist."""
        name, number = wanted, 1
        while name in self.choices:
            number += 1
            name = f"{wanted}_{number}"
        self.choices[name] = choices
        return name

    def of(self, row: Row, kind: Type) -> str:
        """Return the list in the checklist that a question chooses from; empty where there is none."""
        match kind.source:
            case "file":
                return self.in_files.get(row.number, "")
            case "external":
                name = next((name for name, called in self.called.items() if called == kind.list), "")
                return "" if name in self.unclear else name
        return kind.list if kind.list in self.rows else ""


def read_lists(form: Form, words: Words, others: set[str]) -> Lists:
    """Return the lists of a form; those that a question with `or_other` uses get the choice that this means."""
    lists = Lists(rows=_by_list(form, form.choices, "choices"))
    for name in others & set(lists.rows):
        if all(row.get("name") != "other" for row in lists.rows[name]):
            lists.rows[name].append(_other(lists.rows[name]))
    for name, rows in lists.rows.items():
        lists.choices[name] = _choices(form, rows, words, "choices")
    for name, rows in _by_list(form, form.external, "external_choices").items():
        ours = lists.add(name, _choices(form, rows, words, "external_choices"))
        lists.external[ours], lists.called[ours] = rows, name
        if len({same_code(row.get("name")) for row in rows}) < len(rows):
            lists.unclear.add(ours)
    return lists


def _by_list(form: Form, rows: list[Row], sheet: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.get("list_name") and row.get("name"):
            found.setdefault(row.get("list_name"), []).append(row)
        else:
            message = "a choice without a list or a name is left out"
            form.book.find("import-row", message, sheet, row.number, " ".join(row.cells.values())[:80])
    return found


def _other(rows: list[Row]) -> Row:
    """The choice that a converter adds: labelled in the languages that the other choices have."""
    labels = [column for row in rows for column in row.cells if (split_language(column) or ("",))[0] == "label"]
    return Row(-1, {"name": "other", **dict.fromkeys(labels or ["label"], "Other")})


def _choices(form: Form, rows: list[Row], words: Words, sheet: str) -> dict[str, object]:
    found: dict[str, object] = {}
    taken: set[str] = set()
    for row in rows:
        written = row.get("name")
        code = fitting_code(written, taken)
        taken.add(same_code(code))
        choice = _choice(row, words)
        if code != written:
            message = f"the choice `{written}` is `{code}` here"
            form.book.find("import-code", message, sheet, row.number, written)
            choice = Noted(choice, f"`{written}` in the form")
        found[code] = choice
    return found


def _choice(row: Row, words: Words) -> object:
    label = words.of(row, "label") or ""
    shown = {column for column in row.cells if (split_language(column) or ("",))[0] == "label"}
    attributes = {column: text for column, text in row.cells.items() if column not in {"list_name", "name", *shown}}
    return {"label": label, "attributes": attributes} if attributes else label
