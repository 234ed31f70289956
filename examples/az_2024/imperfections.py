"""The slips that people make, put into a few responses on purpose. README.md lists them.

None touches a question behind a figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Slip:
    """A raw value typed into a column, in the first row where another column holds a given value."""

    column: str
    raw: str | int
    where: tuple[str, str | int]


WORKBOOK_SLIPS = (
    Slip("box_sealed", "Bəli", ("box_sealed", "yes")),
    Slip("protocol_registered", "1,050", ("figures_source", "own_copy")),
    Slip("protocol_invalid", "14,0", ("figures_source", "own_copy")),
    Slip("wheelchair_access", "yox", ("wheelchair_access", "no")),
    Slip("count_problems.surplus", 1, ("count_problems.none", 1)),
)
"""One a region, in order."""


def spoil_workbook(sheet: Worksheet, columns: Mapping[str, int], first_row: int, slip: Slip) -> None:
    """Make one slip on the sheet of a region."""
    column, value = slip.where
    row = next(row for row in range(first_row, sheet.max_row + 1) if sheet.cell(row, columns[column]).value == value)
    sheet.cell(row, columns[slip.column], slip.raw)


def spoil_web(envelopes: Sequence[dict[str, Any]]) -> None:
    """Spoil six web responses, each in one way."""
    whole = [envelope for envelope in envelopes if envelope["data"]["figures_source"] != "nowhere"]
    data = [envelope["data"] for envelope in whole]
    skipped = next(answers for answers in data if answers["mobile_box_used"] == "no")
    skipped["mobile_box_observed"] = "yes"
    data[5]["weather"] = "snow"
    data[8]["voting_rating"] = "excellent"
    whole[11]["version"] = "2023.9"
    data[14]["turnout_1500"] = data[14]["turnout_1200"] - 25
    data[17]["comments"] = "=1+1 is text here, as it is everywhere"
