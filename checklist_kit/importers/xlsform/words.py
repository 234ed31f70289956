"""Texts in languages, out of columns of a sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checklist_kit.importers.xlsform.form import Row

_PLACEHOLDER = re.compile(r"\$\{\s*([^{}]+?)\s*\}")


@dataclass(frozen=True, slots=True)
class Words:
    """Reads texts. `codes` are those of the form's languages, `names` those of items by their names in the form."""

    codes: Mapping[str, str]
    default: str
    names: Mapping[str, str]

    def of(self, row: Row, column: str) -> object:
        """Return a text, or a mapping of texts by language; None where there is none."""
        columns = {code: f"{column}::{language}" if language else column for language, code in self.codes.items()}
        if "" not in self.codes and row.get(column):
            columns = {self.default: column}
        found = {
            code: _PLACEHOLDER.sub(self._placeholder, text)
            for code, header in columns.items()
            if (text := row.get(header))
        }
        return found[self.default] if list(found) == [self.default] else found or None

    def _placeholder(self, match: re.Match[str]) -> str:
        return f"${{{self.names.get(match[1], match[1])}}}"
