"""The lists that cells choose from: columns of a hidden sheet, each with a defined name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checklist_kit.model import ChoiceList
from checklist_kit.targets.workbook.columns import FIRST_ROW, LAST_ROW, LISTS, MAIN, letters

TICKS = "ticks"
SUBMISSIONS = "submissions"


@dataclass(slots=True)
class Lists:
    """The lists in use, by defined name, in order of first use."""

    values: dict[str, tuple[str | int, ...]] = field(default_factory=lambda: {TICKS: (1, 0)})
    _names: dict[str, str] = field(default_factory=dict)

    def name(self, choices: ChoiceList) -> str:
        """The defined name of a choice list."""
        if choices.name not in self._names:
            name = base = "list_" + re.sub(r"\W", "_", choices.name, flags=re.ASCII)[:200]
            number = 1
            while name.casefold() in {known.casefold() for known in self.values}:
                number += 1
                name = f"{base}_{number}"
            self._names[choices.name] = name
            self.values[name] = choices.codes
        return self._names[choices.name]

    def ranges(self) -> dict[str, str]:
        """What each name refers to."""
        found = {
            name: f"='{LISTS}'!${letters(column)}$2:${letters(column)}${len(values) + 1}"
            for column, (name, values) in enumerate(self.values.items())
        }
        ids = f"'{MAIN}'!$A${FIRST_ROW}:$A${LAST_ROW}"
        found[SUBMISSIONS] = f"='{MAIN}'!$A${FIRST_ROW}:INDEX({ids},MAX(1,COUNTA({ids})))"
        return found
