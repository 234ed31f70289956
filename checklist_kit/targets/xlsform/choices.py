"""The sheet `choices`: every list that a question uses, and the columns that its filters compare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import Condition, Symbol, symbols_in
from checklist_kit.logic import tree as t
from checklist_kit.logic.bind import bind
from checklist_kit.model import ChoiceList
from checklist_kit.model.items import Select
from checklist_kit.targets.xlsform.outcome import Column
from checklist_kit.targets.xlsform.texts import Row, Texts, foreign

_XML_NAME = re.compile(r"[^\W\d][\w.-]*")
_NOT_IN_A_NAME = re.compile(r"[^\w.-]")
# What a converter takes for something else than a column of the author's own.
_TAKEN = re.compile(r"list_?name|name|value|label|itextid", re.IGNORECASE)
_MEDIA = re.compile(r"(media::)?(image|big-image|audio|video)(::.+)?")


@dataclass(slots=True)
class Choices:
    """Collects the lists that questions use, in order of first use."""

    texts: Texts
    _names: dict[int, str] = field(default_factory=dict)
    _lists: list[ChoiceList] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.texts.checklist.verbatim:
            for choices in self.texts.checklist.choices.values():
                self.name(choices)

    def name(self, choices: ChoiceList) -> str:
        """Return the name of a list in the form, and remember to write the list."""
        if id(choices) not in self._names:
            wanted = choices.name.removesuffix("/choices")
            if not self.texts.checklist.verbatim:
                wanted = _NOT_IN_A_NAME.sub("_", wanted) or "list"
            taken = self._names.values()
            name = wanted
            while name in taken:
                name += "_"
            self._names[id(choices)] = name
            self._lists.append(choices)
        return self._names[id(choices)]

    def rows(self) -> list[Row]:
        """Return the rows of the sheet."""
        kept = foreign(self.texts.checklist, "choices")
        rows: list[Row] = []
        for choices in self._lists:
            name = self.name(choices)
            instead = kept.get(name)
            rows += _as_they_came(name, instead) if isinstance(instead, list) else self._list(choices)
        return rows

    def _list(self, choices: ChoiceList) -> list[Row]:
        columns = {column: None for choice in choices.choices for column in choice.attributes}
        for column in () if self.texts.checklist.verbatim else tuple(columns):
            if not _is_column(column) and not _MEDIA.fullmatch(column):
                del columns[column]
                message = (
                    f"the column `{column}` of the list `{choices.name}` is left out: no form can have one of that name"
                )
                self.texts.losses.append(Diagnostic.of("xlsform-column", message, choices.span))
        return [
            {
                "list_name": self.name(choices),
                "name": choice.code,
                **self.texts.cells("label", choice.label or {self.texts.shown: choice.code}, sheet="choices."),
                **{column: text for column in columns if (text := choice.attributes.get(column))},
            }
            for choice in choices.choices
        ]


def _as_they_came(name: str, rows: Sequence[object]) -> list[Row]:
    """Return the rows of a list that has something in the XLSForm, from which it was taken over, that ours cannot."""
    cells = ({str(key): str(value) for key, value in row.items()} for row in rows if isinstance(row, Mapping))
    return [{"list_name": name, **row} for row in cells]


def filter_condition(question: Select) -> Condition | None:
    """Return the condition of a choice filter, with the columns of the list in place of their names.

    None where there is no filter, or one that needs a column which the form cannot have.
    """
    if question.choice_filter is None:
        return None
    condition = question.choice_filter.condition
    columns = {symbol: _column(symbol, question.choices) for symbol in symbols_in(condition) if symbol.order == 0}
    if not all(_is_column(symbol.name) for symbol in columns):
        return None
    return bind(condition, columns)


def _is_column(name: str) -> bool:
    """Whether a column can become an element of each choice, which a filter can read."""
    return _XML_NAME.fullmatch(name) is not None and not _TAKEN.fullmatch(name) and not _MEDIA.fullmatch(name)


def _column(symbol: Symbol, choices: ChoiceList) -> t.Text:
    """Return how a filter reads a column.

    An empty cell makes no node at all, which engines compare each in their own way; its text is empty in all. A bare
    name that begins like an operator is one to Enketo's evaluator.
    """
    path = f"./{symbol.name}" if symbol.name.startswith(("and", "div", "mod", "or")) else symbol.name
    filled = all(choice.attributes.get(symbol.name) for choice in choices.choices)
    return Column(path if filled else f"string({path})", filled)
