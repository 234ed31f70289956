"""The lists that questions use, and the columns that their filters compare.

They stand in the sheet `choices`, or, where the checklist has them from a file, in a file beside the form. Such a file
has one label for all languages, which no app takes for more than a text; a list that needs more stays in the sheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import Condition, Symbol, symbols_in
from checklist_kit.logic import tree as t
from checklist_kit.logic.bind import bind
from checklist_kit.model import Choice, ChoiceList
from checklist_kit.model.items import Select
from checklist_kit.targets.xlsform.outcome import Column
from checklist_kit.targets.xlsform.texts import Row, Texts, clean, foreign

_XML_NAME = re.compile(r"[^\W\d][\w.-]*")
_NOT_IN_A_NAME = re.compile(r"[^\w.-]")
# What a converter takes for something else than a column of the author's own.
_TAKEN = re.compile(r"list_?name|name|value|label|itextid", re.IGNORECASE)
_SUFFIX = ".csv"
_MEDIA = re.compile(r"(media::)?(image|big-image|audio|video)(::.+)?")


@dataclass(slots=True)
class Choices:
    """Collects the lists that questions use, in order of first use."""

    texts: Texts
    _names: dict[int, str] = field(default_factory=dict)
    _plain: dict[int, bool] = field(default_factory=dict)
    _external: Mapping[object, object] = field(init=False)
    _lists: list[ChoiceList] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._external = foreign(self.texts.checklist, "external")
        if self.texts.checklist.verbatim:
            for choices in self.texts.checklist.choices.values():
                self.name(choices)

    def type_of(self, question: Select) -> str:
        """Return the type cell of a question."""
        choices = question.choices
        kind = "_external" if self._is_external(choices) else "_from_file" if self._is_file(choices) else ""
        return f"{question.type}{kind} {self.name(choices)}"

    def columns_in_file(self, question: Select) -> dict[str, str]:
        """Return the parameters that name the columns of a file which goes back as it came, if they need naming."""
        file = question.choices.file
        if file is None or not self.texts.checklist.verbatim:
            return {}
        found, usual = {"value": file.value, "label": file.label}, {"value": "name", "label": "label"}
        return {key: column for key, column in found.items() if column != usual[key]}

    def name(self, choices: ChoiceList) -> str:
        """Return the name of a list in the form, or of its file, and remember to write it."""
        if id(choices) not in self._names:
            self._names[id(choices)] = self._new_name(choices)
            self._lists.append(choices)
        return self._names[id(choices)]

    def _new_name(self, choices: ChoiceList) -> str:
        checklist, name = self.texts.checklist, choices.name.removesuffix("/choices")
        if self._is_external(choices):
            return str(self._external[choices.name])
        if choices.file and checklist.verbatim:
            return choices.file.name
        suffix = _SUFFIX if self._is_file(choices) else ""
        if not checklist.verbatim:
            name = _NOT_IN_A_NAME.sub("_", name) or "list"
        if suffix:
            # Like all files of this checklist, and unlike the one that it has its choices from.
            name = f"{checklist.id}_{name}".replace(".", "_")
        # A list in the sheet and one in a file have one name space in the form, and no file may replace its source.
        sources = {one.file.name for one in checklist.choices.values() if one.file} if suffix else set()
        taken = {used.removesuffix(_SUFFIX) for used in (*self._names.values(), *sources)}
        while name in taken:
            name += "_"
        return name + suffix

    def _is_external(self, choices: ChoiceList) -> bool:
        """Whether a list came from the sheet `external_choices`; a converter makes a file of that."""
        return choices.name in self._external

    def _is_file(self, choices: ChoiceList) -> bool:
        """Whether a list goes into a file: one that came from a file of the form does, with whatever it holds."""
        if choices.file is None or self.texts.checklist.verbatim:
            return choices.file is not None
        if id(choices) not in self._plain:
            self._plain[id(choices)] = self._fits_file(choices)
        return self._plain[id(choices)]

    def _fits_file(self, choices: ChoiceList) -> bool:
        if any(map(_MEDIA.fullmatch, {column for choice in choices.choices for column in choice.attributes})):
            return False
        return all(len(labels) == 1 and self.texts.is_plain(*labels) for labels in map(self._labels, choices.choices))

    def _labels(self, choice: Choice) -> set[str]:
        """What a choice is called in the languages of the form."""
        checklist = self.texts.checklist
        return {checklist.text(choice.label, language) or choice.code for language in checklist.languages}

    def files(self) -> dict[str, bytes]:
        """Return the files beside the form."""
        return {self.name(one): self._table(one).encode() for one in self._lists if self._is_file(one)}

    def _table(self, choices: ChoiceList) -> str:
        if choices.file and self.texts.checklist.verbatim:
            return choices.file.text
        columns, text = self._columns(choices), io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["name", "label", *columns])
        for choice in choices.choices:
            (label,) = self._labels(choice)
            table.writerow([choice.code, label, *(clean(choice.attributes.get(column, "")) for column in columns)])
        return text.getvalue()

    def rows(self) -> list[Row]:
        """Return the rows of the sheet `choices`."""
        return self._sheet([one for one in self._lists if not self._is_external(one) and not self._is_file(one)])

    def external_rows(self) -> list[Row]:
        """Return the rows of the sheet `external_choices`."""
        return self._sheet([one for one in self._lists if self._is_external(one)])

    def _sheet(self, lists: Iterable[ChoiceList]) -> list[Row]:
        kept = foreign(self.texts.checklist, "choices")
        rows: list[Row] = []
        for choices in lists:
            name = self.name(choices)
            instead = kept.get(choices.name if self._is_external(choices) else name)
            rows += _as_they_came(name, instead) if isinstance(instead, list) else self._list(choices)
        return rows

    def _columns(self, choices: ChoiceList) -> list[str]:
        """Return the further columns that a form can have; those that it cannot have are lost."""
        columns = {column: None for choice in choices.choices for column in choice.attributes}
        for column in () if self.texts.checklist.verbatim else tuple(columns):
            if not _is_column(column) and not _MEDIA.fullmatch(column):
                del columns[column]
                message = (
                    f"the column `{column}` of the list `{choices.name}` is left out: no form can have one of that name"
                )
                self.texts.losses.append(Diagnostic.of("xlsform-column", message, choices.span))
        return list(columns)

    def _list(self, choices: ChoiceList) -> list[Row]:
        columns = self._columns(choices)
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
