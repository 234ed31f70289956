"""What a cell accepts and what it says when it is entered: one validation a column."""

from __future__ import annotations

from checklist_kit.model import (
    Acknowledge,
    Date,
    Datetime,
    Decimal,
    Entry,
    Integer,
    Question,
    Repeat,
    SelectMultiple,
    SelectOne,
    Time,
)
from checklist_kit.targets.workbook.columns import Column, Table
from checklist_kit.targets.workbook.lists import SUBMISSIONS, TICKS, Lists
from checklist_kit.targets.workbook.phrases import Phrases, shortened

Options = dict[str, object]

_MAX_FORMULA = 255
_MAX_TITLE = 32
_MAX_MESSAGE = 255
_WIDEST = 999_999_999_999_999  # a spreadsheet keeps 15 digits
_LATEST = "=DATE(9999,12,31)"


class Validations:
    """Makes the validations of the columns."""

    def __init__(self, phrases: Phrases, lists: Lists) -> None:
        self._phrases = phrases
        self._lists = lists

    def of(self, column: Column, table: Table, broken: str) -> Options:
        """The validation of a question's column; `broken` is the formula of a broken rule, or empty."""
        question = column.question
        options = self._accepts(question)
        custom = _custom(question, table.cells(question.name), broken)
        message = "not_allowed"
        if options["validate"] != "list" and broken and len(custom) <= _MAX_FORMULA:
            options, message = {"validate": "custom", "value": custom}, "breaks_rule"
        return {**options, **self._input(column), **self._error(question, message)}

    def named(self, entry: Entry) -> bool:
        """Whether a repeat's instances have names (a choice's code, or a path), and not just numbers."""
        return bool(entry.repeats) or (isinstance(entry.item, Repeat) and entry.item.over is not None)

    def key(self, key: str, table: Table, around: dict[str, Table]) -> Options:
        """The validation of a leading column. A wrong id is only warned of: the row it means may be written later."""
        phrases = self._phrases
        title = {"input_title": shortened(phrases(key), _MAX_TITLE)}
        if key == "instance":
            assert table.repeat is not None
            return {**self._instance(table.repeat, around), **title, "error_message": phrases("not_allowed")}
        if table.repeat is None:
            return {"validate": "any", **title, "input_message": phrases("unique_id")}
        source = {"validate": "list", "source": f"={SUBMISSIONS}", "error_type": "warning"}
        return {**source, **title, "input_message": phrases("known_id"), "error_message": phrases("known_id")}

    def _instance(self, entry: Entry, around: dict[str, Table]) -> Options:
        repeat = entry.item
        assert isinstance(repeat, Repeat)
        message = self.instance_hint(entry, around)
        options: Options = {"input_message": shortened(message, _MAX_MESSAGE)}
        if entry.repeats:
            return {"validate": "any", **options}
        if repeat.over:
            return {"validate": "list", "source": f"={self._lists.name(repeat.over)}", **options}
        limit = repeat.repeat_count or _WIDEST
        return {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": limit, **options}

    def instance_hint(self, entry: Entry, around: dict[str, Table]) -> str:
        """What to write into the column `instance` of a repeat."""
        repeat = entry.item
        assert isinstance(repeat, Repeat)
        if entry.repeats:
            return self._phrases("instance_nested", sheet=around[entry.repeats[-1].name].sheet)
        if repeat.over:
            choices = (f"{choice.code} = {self._phrases.text(choice.label)}" for choice in repeat.over.choices)
            return "\n".join((self._phrases("choose"), *choices))
        if repeat.repeat_count:
            return self._phrases("instance_count", count=repeat.repeat_count)
        return self._phrases("instance_number")

    def _accepts(self, question: Question) -> Options:
        match question:
            case SelectOne():
                return {"validate": "list", "source": f"={self._lists.name(question.choices)}"}
            case SelectMultiple() | Acknowledge():
                return {"validate": "list", "source": f"={TICKS}"}
            case Integer():
                return {"validate": "integer", "criteria": "between", "minimum": -_WIDEST, "maximum": _WIDEST}
            case Decimal():
                return {"validate": "decimal", "criteria": "between", "minimum": -_WIDEST, "maximum": _WIDEST}
            case Date() | Datetime():
                return {"validate": "date", "criteria": "between", "minimum": "=DATE(1900,1,1)", "maximum": _LATEST}
            case Time():
                return {"validate": "time", "criteria": "between", "minimum": 0, "maximum": 0.999999}
            case _:
                return {"validate": "any"}

    def _input(self, column: Column) -> Options:
        question, phrases = column.question, self._phrases
        sections = column.entry.sections
        title = phrases.text(sections[-1].label) if sections else phrases.text(question.label)
        lines = [phrases.text(question.hint), *self._meaning(question)]
        return {
            "input_title": shortened(title or question.name, _MAX_TITLE),
            "input_message": shortened(
                "\n".join(line for line in lines if line) or phrases.heading(column), _MAX_MESSAGE
            ),
        }

    def _meaning(self, question: Question) -> list[str]:
        """How an answer is written."""
        phrases = self._phrases
        match question:
            case SelectOne():
                choices = [f"{choice.code} = {phrases.text(choice.label)}" for choice in question.choices.choices]
                return [phrases("choose"), *choices]
            case SelectMultiple() | Acknowledge():
                return [phrases("tick")]
            case Integer() | Decimal():
                number = phrases("whole_number" if isinstance(question, Integer) else "number")
                return [
                    number,
                    *(f"{value.text} = {phrases.text(value.label) or value.missing}" for value in question.missing),
                ]
            case Date() | Time() | Datetime():
                return [phrases(question.type)]
            case _:
                return []

    def _error(self, question: Question, key: str) -> Options:
        rule = question.constraint.source if question.constraint else ""
        text = self._phrases.text(question.constraint_message) if key == "breaks_rule" else ""
        return {"error_message": shortened(text or self._phrases(key, rule=rule), _MAX_MESSAGE)}


def _custom(question: Question, cell: str, broken: str) -> str:
    """A formula that accepts what is of the right type and breaks no rule."""
    match question:
        case Integer():
            of_type = f"{cell}=INT({cell})"
        case Decimal():
            of_type = "TRUE()"
        case Date() | Datetime():
            of_type = f"{cell}>=1"
        case Time():
            of_type = f"AND({cell}>=0,{cell}<1)"
        case _:
            return f"=NOT({broken})"
    return f"=IF(ISNUMBER({cell}),IF({of_type},NOT({broken}),FALSE()),FALSE())"
