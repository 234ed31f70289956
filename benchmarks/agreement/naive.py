"""Expressions written down as they stand, operator by operator, as by hand: no guard says that an answer is known.

Where an engine does not read an operator (`-{x}`, `-(x)`), the nearest that it reads is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checklist_kit.logic import Kind, Symbol
from checklist_kit.logic import tree as t


@dataclass(frozen=True)
class Dialect:
    """How one engine writes each kind of node; `{0}`, `{1}` … are its parts.

    `reference` writes the name of a question, `has` whether it has a choice ticked, `total` the sum or count over a
    repeat by the names of repeat and question.
    """

    reference: Callable[[Symbol], str]
    text: Callable[[str], str]
    has: Callable[[Symbol, str], str]
    total: Callable[[str, str | None], str]
    words: Mapping[str, str]
    operators: Mapping[str, str]

    def write(self, node: Any) -> str:
        """Write a tree."""
        match node:
            case t.And(parts) | t.Or(parts):
                return self._join("and" if isinstance(node, t.And) else "or", parts)
            case t.Compare(op, left, right) | t.Arithmetic(op, left, right):
                return f"({self.write(left)} {self.operators.get(op, op)} {self.write(right)})"
            case t.In(operand, options):
                return self._join("or", [t.Compare("=", operand, option) for option in options])
            case t.HasChoice(symbol, code):
                return self.has(symbol, code)
            case t.IsAnswered(symbol):
                word = "answered_many" if symbol.kind is Kind.CHOICES else "answered"
                return self.words.get(word, self.words["answered"]).format(self.reference(symbol))
            case _:
                return self._term(node)

    def _join(self, word: str, parts: Any) -> str:
        written = self.write(parts[0])
        for part in parts[1:]:
            written = self.words[word].format(written, self.write(part))
        return written

    def _term(self, node: Any) -> str:
        match node:
            case t.Number(value):
                return f"({value})" if value < 0 else str(value)
            case t.Text(value):
                return self.text(value)
            case t.Date(value):
                return self.words["date"].format(value.isoformat(), value.year, value.month, value.day)
            case t.Time(value):
                return self.words["time"].format(f"{value:%H:%M}", value.hour, value.minute)
            case t.Ref(symbol):
                return self.reference(symbol)
            case t.Truth(symbol):
                return self.words["truth"].format(self.reference(symbol))
            case t.CountChoices(symbol):
                return self.words["count"].format(self.reference(symbol))
            case t.CountRows(repeat):
                return self.total(repeat.name, None)
            case t.Sum(repeat, column):
                return self.total(repeat.name, column.name)
            case _:
                return self._function(node)

    def _function(self, node: Any) -> str:
        word = {
            t.Not: "not",
            t.Negative: "minus",
            t.Days: "days",
            t.Today: "today",
            t.If: "if",
            t.Choice: "if",
            t.Coalesce: "coalesce",
        }
        parts = [self.write(getattr(node, name)) for name in node.__slots__]
        return self.words[word[type(node)]].format(*parts)


def _quotes(text: str) -> str:
    return f'"{text}"'


def _escaped(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"


XPATH = Dialect(
    reference=lambda symbol: f"${{{symbol.name}}}",
    text=_quotes,
    has=lambda symbol, code: f"selected(${{{symbol.name}}}, {_quotes(code)})",
    total=lambda repeat, name: f"sum(${{{name}}})" if name else f"count(${{{repeat}}})",
    words={
        "and": "({0} and {1})", "or": "({0} or {1})", "not": "not({0})", "minus": "(0 - {0})",
        "answered": "({0} != '')", "date": "date('{0}')", "time": "'{0}'", "truth": "({0} = 1)",
        "count": "count-selected({0})",
        "days": "(decimal-date-time({1}) - decimal-date-time({0}))", "today": "today()", "if": "if({0}, {1}, {2})",
        "coalesce": "coalesce({0}, {1})",
    },
    operators={"/": "div"},
)  # fmt: skip

SURVEYJS = Dialect(
    reference=lambda symbol: f"{{{symbol.name}}}",
    text=_escaped,
    has=lambda symbol, code: f"({{{symbol.name}}} contains {_escaped(code)})",
    total=lambda repeat, name: f"sumInArray({{{repeat}}}, '{name}')" if name else f"{{{repeat}.length}}",
    words={
        "and": "({0} and {1})", "or": "({0} or {1})", "not": "!({0})", "minus": "(0 - {0})",
        "answered": "({0} notempty)", "date": "'{0}'", "time": "'{0}'", "truth": "({0} = true)", "count": "count({0})",
        "days": "dateDiff({0}, {1}, 'days')", "today": "today()", "if": "iif({0}, {1}, {2})",
        "coalesce": "iif({0} notempty, {0}, {1})",
    },
    operators={},
)  # fmt: skip

PANDAS = Dialect(
    reference=lambda symbol: f"q['{symbol.name}']",
    text=repr,
    has=lambda symbol, code: f"q['{symbol.name}'].str.contains({code!r}, regex=False, na=False)",
    total=lambda repeat, name: f"q['sum.{name}']" if name else f"q['count.{repeat}']",
    words={
        "and": "({0} & {1})", "or": "({0} | {1})", "not": "(~{0})", "minus": "(-{0})",
        "answered": "({0}.notna() & True)", "date": "pd.Timestamp('{0}')", "time": "'{0}'", "truth": "({0} == True)",
        "count": "{0}.str.split().str.len()", "days": "days({0}, {1})", "today": "pd.Timestamp.today().normalize()",
        "if": "choose({0}, {1}, {2})", "coalesce": "choose(pd.notna({0}), {0}, {1})",
    },
    operators={"=": "=="},
)  # fmt: skip


def spreadsheet(
    cells: Callable[[Symbol], str], has: Callable[[Symbol, str], str], total: Callable[[str, str | None], str]
) -> Dialect:
    """The dialect of formulas, for questions in these cells."""
    return Dialect(
        reference=cells,
        text=_quotes,
        has=has,
        total=total,
        words={
            "and": "AND({0},{1})", "or": "OR({0},{1})", "not": "NOT({0})", "minus": "(-{0})",
            "answered": '({0}<>"")', "answered_many": "(COUNT({0})>0)", "date": "DATE({1},{2},{3})",
            "time": "TIME({1},{2},0)",
            "truth": "{0}", "count": "SUM({0})", "days": "({1}-{0})", "today": "TODAY()", "if": "IF({0},{1},{2})",
            "coalesce": 'IF({0}<>"",{0},{1})',
        },
        operators={"!=": "<>"},
    )  # fmt: skip
