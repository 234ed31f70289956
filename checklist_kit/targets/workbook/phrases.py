"""The workbook's own words in the language of the form, and the checklist's texts as cells show them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from checklist_kit.model import Checklist, Question, Words, base_language, is_right_to_left
from checklist_kit.targets.workbook.columns import Column

_PLACEHOLDER = re.compile(r"\$\{\s*(\w+)\s*\}")
FALLBACK = "en"
MAX_TEXT = 32_767
"""How long the text of a cell may be."""


@cache
def _table() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))


class Phrases:
    """Texts in one language."""

    def __init__(self, checklist: Checklist, language: str) -> None:
        self.checklist = checklist
        self.language = language
        base = base_language(language)
        self.right_to_left = is_right_to_left(language)
        self.translated = base in _table()
        self._phrases = _table()[base if self.translated else FALLBACK]

    def __call__(self, key: str, **fields: object) -> str:
        """One of the workbook's own texts."""
        phrase = self._phrases[key]
        assert isinstance(phrase, str)
        return phrase.format(**fields)

    def several(self, key: str) -> list[str]:
        """One of the workbook's own lists of texts."""
        phrases = self._phrases[key]
        assert isinstance(phrases, list)
        return phrases

    def text(self, words: Words, language: str | None = None) -> str:
        """A text of the checklist. A placeholder becomes the number of its question: a heading stands for many rows."""
        return _PLACEHOLDER.sub(self._number, self.checklist.text(words, language or self.language))

    def _number(self, placeholder: re.Match[str]) -> str:
        entry = self.checklist.by_name.get(placeholder[1])
        return f"[{entry.number or entry.item.name}]" if entry else placeholder[0]

    def heading(self, column: Column) -> str:
        """The label over a column; in a select_multiple's columns with that of the choice."""
        question = column.question
        label = self.text(question.label) or question.name
        if column.choice:
            label += f" – {self.text(column.choice.label) or column.choice.code}"
        return label + (" *" if question.required else "")


def shortened(text: str, limit: int) -> str:
    """A text of at most `limit` UTF-16 units, which is how spreadsheets count; cut at the end with an ellipsis."""
    if 2 * len(text) <= limit:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    return units[: 2 * limit - 2].decode("utf-16-le", errors="ignore").rstrip() + "…"


def has_placeholder(question: Question) -> bool:
    """Whether a question's label or hint holds another answer."""
    return any(_PLACEHOLDER.search(text) for words in (question.label, question.hint) for text in words.values())
