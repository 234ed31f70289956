"""Choices by their code; else by an old code, a label, or a code that a spreadsheet changed, if that fits one only."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal as Exact
from heapq import nsmallest

from checklist_kit.analysis.coerce.moments import looks_like_date
from checklist_kit.analysis.coerce.numbers import format_number
from checklist_kit.analysis.coerce.result import Coerced, Fault, answered, set_aside, wrong_shape
from checklist_kit.analysis.coerce.text import folded, plain
from checklist_kit.diagnostics import did_you_mean
from checklist_kit.model import Choice, ChoiceList
from checklist_kit.protocols import Raw

_EXACT = 1e15
_COMPARED, _LONGEST = 60, 80  # a suggestion must not cost more than the reading
_NUMERIC = re.compile(r"\d{1,30}(?:\.\d{1,30})?")
_BETWEEN = re.compile(r"\s*[;\n]\s*")
_SPACES_OR_COMMAS = re.compile(r"[\s,|]+")

Found = tuple[Choice, Fault | None]


class ChoiceReader:
    """Finds the choices of a list."""

    def __init__(self, choices: ChoiceList) -> None:
        self.choices = choices.choices
        self.exact = {old: choice for choice in self.choices for old in choice.was}
        self.exact.update((choice.code, choice) for choice in self.choices)
        self._loose: dict[str, dict[str, Choice]] = defaultdict(dict)
        self._numeric: dict[Exact, Choice] = {}  # a list has no two codes that are the same number
        self._spellings = [spelling for choice in self.choices for spelling in spellings_of(choice)]
        for choice in self.choices:
            for spelling in spellings_of(choice):
                self._loose[folded(spelling)][choice.code] = choice
            if _NUMERIC.fullmatch(choice.code):
                self._numeric[Exact(choice.code)] = choice

    def find(self, raw: object) -> Found | Fault:
        """Return the choice that a raw value certainly means, with a note on its spelling, else why there is none."""
        if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
            return self._made_of_code()
        if isinstance(raw, bool):
            return self._of_text("true" if raw else "false")
        if isinstance(raw, int | float):
            return self._of_text(format_number(raw) if raw == raw and abs(raw) < _EXACT else "")
        return self._of_text(raw if isinstance(raw, str) else "")

    @staticmethod
    def _made_of_code() -> Fault:
        return "value-date-for-code", "a date stands where a code is expected; a spreadsheet may have made it"

    def _of_text(self, raw: str) -> Found | Fault:
        text = plain(raw)
        if text in self.exact:
            return self.exact[text], None
        alike = self._loose.get(folded(text), {})
        if len(alike) > 1:
            return "value-ambiguous-choice", f"this is the label of {_alternatives(alike)}"
        if alike:
            choice = next(iter(alike.values()))
            return choice, ("value-label-for-code", f"read as the code `{choice.code}`")
        equal = self._numeric.get(Exact(text)) if _NUMERIC.fullmatch(text) else None
        if equal is not None:
            return equal, ("value-leading-zeros", f"read as the code `{equal.code}`, which is the same number")
        return self._made_of_code() if looks_like_date(text) else self._unknown(text)

    def _unknown(self, text: str) -> Fault:
        near = nsmallest(_COMPARED, self._spellings, key=lambda spelling: abs(len(spelling) - len(text)))
        codes = ", ".join(choice.code for choice in self.choices[:8]) + (", …" if len(self.choices) > 8 else "")
        hint = (did_you_mean(text, near) if 0 < len(text) < _LONGEST else None) or f"the codes are {codes}"
        return "value-unknown-choice", f"there is no such choice; {hint}"

    def split(self, raw: str) -> list[str]:
        """Return the codes or labels in one text: parted by `;` or lines, or by spaces or commas if all are codes."""
        text = raw.strip()
        if plain(text) in self.exact:
            return [text]
        parts = [part for part in _BETWEEN.split(text) if part]
        if len(parts) > 1 or text.endswith(";"):
            return parts
        words = [word for word in _SPACES_OR_COMMAS.split(plain(text)) if word]
        return words if len(words) > 1 and all(word in self.exact for word in words) else [text]


def spellings_of(choice: Choice) -> tuple[str, ...]:
    """Return what a choice may be called: its code, its former codes, its labels."""
    return choice.code, *choice.was, *choice.label.values()


def _alternatives(choices: Iterable[str]) -> str:
    return " and of ".join(f"`{code}`" for code in choices)


def one_reader(choices: ChoiceList) -> Callable[[Raw], Coerced]:
    """Return the function that reads the raw answers of a select_one."""
    reader = ChoiceReader(choices)

    def read(raw: Raw) -> Coerced:
        if isinstance(raw, list | dict):
            return wrong_shape(raw)
        found = reader.find(raw)
        if isinstance(found[0], Choice):
            choice, note = found[0], found[1]
            assert not isinstance(note, str)
            return Coerced(choice.missing.value if choice.missing else "answered", choice.code, None, note)
        parts = reader.split(raw) if isinstance(raw, str) else []
        if len(parts) > 1 and all(isinstance(reader.find(part)[0], Choice) for part in parts):
            return set_aside("value-several-for-one", "several choices stand where one is expected")
        return set_aside(found[0], str(found[1]))

    return read


def multiple_reader(choices: ChoiceList) -> Callable[[Raw], Coerced]:
    """Return the function that reads the raw answers of a select_multiple that come as one value."""
    reader = ChoiceReader(choices)

    def read(raw: Raw) -> Coerced:
        parts = raw if isinstance(raw, list) else reader.split(raw) if isinstance(raw, str) else [raw]
        if any(isinstance(part, list | dict) or part is None for part in parts):
            return wrong_shape(raw)
        ticked: dict[str, Choice] = {}
        note: Fault | None = None
        for part in parts:
            found = reader.find(part)
            if not isinstance(found[0], Choice):
                return set_aside(found[0], str(found[1]))
            assert not isinstance(found[1], str)
            ticked[found[0].code] = found[0]
            note = note or found[1]
        return _ticks(choices, ticked, note)

    return read


def _ticks(choices: ChoiceList, ticked: dict[str, Choice], note: Fault | None) -> Coerced:
    codes = tuple(code for code in choices.codes if code in ticked)
    kinds = [ticked[code].missing for code in codes]
    missing = kinds[0] if all(kinds) else None
    return Coerced(missing.value if missing else "answered", ";".join(codes), None, note, codes)


_YES = {"1", "true"}
_NO = {"0", "false"}
_SPOKEN_YES = {"x", "yes", "y", "✓", "✔", "☑", "☒", "√", "+"}
_SPOKEN_NO = {"no", "n", "☐", "-"}


def tick_reader(spellings: Iterable[str]) -> Callable[[Raw], Coerced]:
    """Return the function that reads a tick: 1 or 0. `spellings` are further words that mean that it is ticked."""
    own = set(map(folded, spellings))

    def read(raw: Raw) -> Coerced:
        if isinstance(raw, list | dict):
            return wrong_shape(raw)
        text = folded(format_number(raw) if isinstance(raw, float) and raw == raw else str(raw))
        if text in _YES or text in _NO:
            return _tick(text in _YES)
        yes, no = text in _SPOKEN_YES or text in own, text in _SPOKEN_NO
        if yes == no:
            return set_aside("value-not-a-tick", "this is neither 1 nor 0")
        return _tick(yes, ("value-tick-mark", f"read as {int(yes)}"))

    return read


def _tick(yes: bool, note: Fault | None = None) -> Coerced:
    return answered("1" if yes else "0", float(yes), note)
