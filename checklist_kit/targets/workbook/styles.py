"""How cells look: number formats, headings and the colours of rules. Cells are styled by column, never one by one."""

from __future__ import annotations

from functools import cache
from math import ceil
from typing import Any

from checklist_kit.model import Acknowledge, Date, Datetime, Decimal, Integer, Question, SelectMultiple, Time
from checklist_kit.targets.workbook.checked import Checked
from checklist_kit.targets.workbook.rules import Look

_TINTS = ("#DCE6F1", "#E8EEE0")  # sections in turn, so that a wide sheet has landmarks
_KEY = "#EDEDED"
_LOOKS: dict[Look, dict[str, object]] = {
    Look.SKIPPED: {"bg_color": "#E4E4E4", "font_color": "#8C8C8C", "font_strikeout": True},
    Look.BROKEN: {"bg_color": "#F8C9C4", "font_color": "#9C0006"},
    Look.MISSING: {"bg_color": "#FFF2BF"},
}
TEXT = "@"
LINE = 15
"""The height of a line of text, in points."""


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Checked) -> None:
        self.make = cache(lambda *properties: book.add_format(dict(properties)))

    def _format(self, **properties: object) -> Any:
        return self.make(*properties.items())

    def answers(self, number_format: str) -> Any:
        """The format of a column of answers."""
        return self._format(num_format=number_format, valign="top", text_wrap=number_format == TEXT)

    def heading(self, row: str, section: int | None) -> Any:
        """A heading of the row `id`, `number`, `label` or `hint`; `section` counts from 0, None for leading columns."""
        shared: dict[str, object] = {
            "bg_color": _KEY if section is None else _TINTS[section % len(_TINTS)],
            "text_wrap": True,
            "valign": "top",
            "num_format": TEXT,
            "border": 1,
            "border_color": "#BFBFBF",
        }
        own: dict[str, dict[str, object]] = {
            "id": {"font_color": "#7F7F7F"},
            "number": {"bold": True},
            "label": {"bold": True},
            "hint": {"italic": True, "font_color": "#595959", "font_size": 9, "bottom": 2, "bottom_color": "#7F7F7F"},
        }
        return self._format(**shared, **own[row])

    def look(self, look: Look) -> Any:
        """The format of a rule."""
        return self._format(**_LOOKS[look])

    def title(self) -> Any:
        """The title of a sheet that is read, not filled in."""
        return self._format(bold=True, font_size=14)

    def head(self) -> Any:
        """The head of a table that is read."""
        return self._format(bold=True, bg_color=_KEY, text_wrap=True, valign="top", border=1, border_color="#BFBFBF")

    def aside(self) -> Any:
        """A line under the title."""
        return self._format(font_color="#7F7F7F")

    def prose(self) -> Any:
        """A text that is read."""
        return self._format(text_wrap=True, valign="top", num_format=TEXT)

    def mark(self) -> Any:
        """A short text in front of prose."""
        return self._format(valign="top", bold=True, num_format=TEXT)


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column of a width: about a tenth of each is lost at its end."""
    if 1.1 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, ceil(1.1 * len(paragraph) / width)) for paragraph in text.split("\n"))


def number_format(question: Question) -> str:
    """The number format of a question's cells: text, unless it is a number, a date or a time."""
    match question:
        case Integer() | SelectMultiple() | Acknowledge():
            return "0"
        case Decimal():
            return "General"
        case Date():
            return "yyyy-mm-dd"
        case Time():
            return "hh:mm"
        case Datetime():
            return "yyyy-mm-dd hh:mm"
        case _:
            return TEXT
