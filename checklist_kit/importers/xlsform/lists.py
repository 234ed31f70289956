"""The sheet `choices` -> choice lists by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checklist_kit.importers.xlsform.form import Form, Row
from checklist_kit.importers.xlsform.headers import split_language
from checklist_kit.importers.xlsform.names import fitting_code, same_code
from checklist_kit.importers.xlsform.words import Words
from checklist_kit.importers.yaml import Noted


@dataclass(slots=True)
class Lists:
    """Choice lists: their rows in the form, and as they stand in the checklist."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    choices: dict[str, dict[str, object]] = field(default_factory=dict)

    def codes(self, name: str) -> list[str]:
        """Return the codes of a list."""
        return list(self.choices.get(name, ()))


def read_lists(form: Form, words: Words, others: set[str]) -> Lists:
    """Return the lists of a form; those that a question with `or_other` uses get the choice that this means."""
    lists = Lists()
    for row in form.choices:
        name = row.get("list_name")
        if not name or not row.get("name"):
            message = "a choice without a list or a name is left out"
            form.book.find("import-row", message, "choices", row.number, " ".join(row.cells.values())[:80])
            continue
        lists.rows.setdefault(name, []).append(row)
    for name in others & set(lists.rows):
        if all(row.get("name") != "other" for row in lists.rows[name]):
            lists.rows[name].append(_other(lists.rows[name]))
    for name, rows in lists.rows.items():
        lists.choices[name] = dict(_choices(form, rows, words))
    return lists


def _other(rows: list[Row]) -> Row:
    """The choice that a converter adds: labelled in the languages that the other choices have."""
    labels = [column for row in rows for column in row.cells if (split_language(column) or ("",))[0] == "label"]
    return Row(-1, {"name": "other", **dict.fromkeys(labels or ["label"], "Other")})


def _choices(form: Form, rows: list[Row], words: Words) -> Mapping[str, object]:
    found: dict[str, object] = {}
    taken: set[str] = set()
    for row in rows:
        written = row.get("name")
        code = fitting_code(written, taken)
        taken.add(same_code(code))
        choice = _choice(row, words)
        if code != written:
            message = f"the choice `{written}` is `{code}` here"
            form.book.find("import-code", message, "choices", row.number, written)
            choice = Noted(choice, f"`{written}` in the form")
        found[code] = choice
    return found


def _choice(row: Row, words: Words) -> object:
    label = words.of(row, "label") or ""
    shown = {column for column in row.cells if (split_language(column) or ("",))[0] == "label"}
    attributes = {column: text for column, text in row.cells.items() if column not in {"list_name", "name", *shown}}
    return {"label": label, "attributes": attributes} if attributes else label
