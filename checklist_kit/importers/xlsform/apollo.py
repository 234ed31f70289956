"""What the forms of Apollo have beside an XLSForm: `metadata`, `analysis` and `quality_checks` become findings here.

The sheets themselves go back as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from checklist_kit.importers.xlsform.cells import Book, Rows
from checklist_kit.importers.xlsform.names import fitting
from checklist_kit.logic import Scope, analyse
from checklist_kit.model import Checklist, Item, SelectMultiple, SelectOne

Found = dict[str, object]

_SHEETS = ("metadata", "analysis", "quality_checks")
_CODE = re.compile("[A-HJKMNP-Z]{2,8}")
_WORD = re.compile(r"[^\W\d]\w*")
_COMPARISONS = {"==": "=", "<>": "!=", "&&": "and", "||": "or"}


def apollo_sheets(book: Book) -> dict[str, list[dict[str, str]]]:
    """Return the rows of Apollo's own sheets, each its cells by header; nothing for any other form."""
    named = {name.strip().casefold(): rows for name, rows in book.sheets.items()}
    found = {name: _table(named[name]) for name in _SHEETS if name in named}
    told = found.get("metadata") or [{}]
    return found if "prefix" in told[0] or "form_type" in told[0] or "quality_checks" in found else {}


def _table(rows: Rows) -> list[dict[str, str]]:
    headers = [header.strip().casefold() for header in rows[0]] if rows else []
    table = [{key: text for key, text in zip(headers, row, strict=False) if key and text} for row in rows[1:]]
    return [row for row in table if row]


def settings_of(sheets: Mapping[str, list[dict[str, str]]]) -> dict[str, str]:
    """Return the title and the id of a form, which stand in `metadata`."""
    told = (sheets.get("metadata") or [{}])[0]
    keys = {"form_title": "name", "form_id": "prefix"}
    return {setting: told[key] for setting, key in keys.items() if told.get(key)}


def codes_of(names: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that observers send by SMS, by item; those that could be mistaken for each other are left out."""
    tags = {tag for tag in names if _CODE.fullmatch(tag)}
    alone = {tag for tag in tags if not any(other != tag and tag.startswith(other) for other in tags)}
    begun = {tag for tag in alone if not any(other != tag and other.startswith(tag) for other in tags)}
    return {names[tag]: tag for tag in begun}


@dataclass(frozen=True, slots=True)
class Findings:
    """Makes findings of Apollo's sheets. `names` gives the items of tags."""

    sheets: Mapping[str, list[dict[str, str]]]
    checklist: Checklist
    names: Mapping[str, str]
    book: Book

    def indicators(self) -> list[Found]:
        """Return a finding for each choice, number or result that is analysed."""
        taken: set[str] = set()
        found: list[Found] = []
        for one in [*self._turnout(), *(each for row in self.sheets.get("analysis", []) for each in self._of(row))]:
            one["name"] = fitting(str(one["name"]), taken, "indicator")
            taken.add(str(one["name"]))
            found.append(one)
        return found

    def _told(self, key: str) -> str:
        told = (self.sheets.get("metadata") or [{}])[0]
        return self.names.get(told.get(key, ""), "")

    def _turnout(self) -> Iterator[Found]:
        voted, registered = self._told("accredited_voters_tag"), self._told("registered_voters_tag")
        if voted and registered and self._fits(f"{voted} + {registered}", condition=False):
            yield {"name": "turnout", "label": "Turnout", "ratio": voted, "per": registered}

    def _of(self, row: Mapping[str, str]) -> Iterator[Found]:
        name = self.names.get(row.get("name", ""), "")
        entry = self.checklist.by_name.get(name)
        kind = row.get("analysis", "").casefold()
        if entry is None:
            return
        item, label = entry.item, self._label(entry.item)
        if isinstance(item, SelectOne | SelectMultiple):
            if kind in ("histogram", "process"):
                yield from self._shares(item, label)
        elif kind in ("mean", "process") and self._fits(f"{name} + 0", condition=False):
            yield {"name": name, "label": label, "mean": name}
        elif kind == "result" and self._fits(f"{name} + 0", condition=False):
            yield {"name": f"{name}_share", "label": label, "ratio": name, "per": self._all_votes()}

    def _shares(self, item: SelectOne | SelectMultiple, label: str) -> Iterator[Found]:
        relation = "=" if isinstance(item, SelectOne) else "has"
        for choice in item.choices.choices:
            shown = self.checklist.text(choice.label) or choice.code
            yield {
                "name": f"{item.name}_{choice.code}",
                "label": f"{label}: {shown}",
                "when": f"{item.name} {relation} '{choice.code}'",
            }

    def _all_votes(self) -> str:
        results = [row.get("name", "") for row in self.sheets["analysis"] if row.get("analysis") == "RESULT"]
        return " + ".join(self.names[tag] for tag in results if tag in self.names)

    def _label(self, item: Item) -> str:
        return self.checklist.text(item.label) or item.name

    def checks(self) -> list[Found]:
        """Return a check for each quality check that our language can say."""
        taken: set[str] = set()
        found: list[Found] = []
        rows = list(enumerate(self.sheets.get("quality_checks", []), 1))
        for key, group in groupby(rows, lambda row: row[1].get("name") or row[0]):
            terms = list(group)
            described = terms[0][1].get("description") or str(key)
            that = self._joined([row for _, row in terms])
            if not self._fits(that, condition=True):
                message = f"the quality check `{described}` is left out: `{that}` is no condition on this form"
                self.book.find("import-check", message, "quality_checks", terms[0][0])
                continue
            name = fitting(str(key), taken, "check")
            taken.add(name)
            found.append({"name": name, "label": described, "that": that})
        return found

    def _joined(self, terms: list[dict[str, str]]) -> str:
        text = ""
        for number, term in enumerate(terms):
            left, relation, right = (term.get(key, "") for key in ("left", "relation", "right"))
            word = _COMPARISONS.get(term.get("conjunction", ""), term.get("conjunction", "and").casefold() or "and")
            text += f" {word} " if number else ""
            text += f"{self._renamed(left)} {_COMPARISONS.get(relation, relation)} {self._renamed(right)}"
        return text

    def _renamed(self, text: str) -> str:
        return _WORD.sub(lambda match: self.names.get(match[0], match[0]), text)

    def _fits(self, text: str, *, condition: bool) -> bool:
        return analyse(text, Scope(self.checklist.symbols), condition=condition).tree is not None
