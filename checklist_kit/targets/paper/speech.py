"""Conditions in words: the typed tree, said in the form's language by question numbers and choice labels."""

from __future__ import annotations

from checklist_kit.logic import Condition, Symbol, Term, Tree, symbols_in
from checklist_kit.logic import tree as t
from checklist_kit.model import Calculate, Checklist, SelectMultiple, SelectOne
from checklist_kit.targets.paper.vocabulary import Vocabulary, fill

_LONGEST = 300  # characters; what takes more than a few lines to say is not read at a polling station
_DEEPEST = 6  # how far formulas are said within formulas
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NUMBERS = {"=": "equal", "!=": "unequal", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
_DAYS = {"=": "equal", "!=": "unequal", "<": "before", "<=": "not_after", ">": "after", ">=": "not_before"}
_Phrase = t.CountChoices | t.CountRows | t.Sum | t.Today | t.Days | t.If | t.Coalesce


class Unsayable(Exception):
    """A condition that would take too many words."""


class Speaker:
    """Says conditions about one checklist in one language."""

    def __init__(self, checklist: Checklist, language: str, words: Vocabulary) -> None:
        self._checklist = checklist
        self._language = language
        self._words = words

    def say(self, condition: Condition) -> str:
        """Return a condition in words. Raises Unsayable when they would be too many."""
        said = self._condition(condition, True, 0)
        if len(said) > _LONGEST:
            raise Unsayable
        return said

    def label(self, name: str, code: str) -> str:
        """Return the quoted label of a question's choice."""
        item = self._checklist.by_name[name].item
        if isinstance(item, SelectOne | SelectMultiple) and code in item.choices.codes:
            return self._words.quote(self._checklist.text(item.choices[code].label, self._language) or code)
        return self._words.quote(code)

    def _condition(self, condition: Condition, wanted: bool, depth: int) -> str:
        """Say that a condition is true or, if not wanted, false; negation moves inwards, as Kleene's tables allow."""
        match condition:
            case t.Not(operand):
                return self._condition(operand, not wanted, depth)
            case t.And(parts) | t.Or(parts):
                joint = "and" if isinstance(condition, t.And) == wanted else "or"
                said = self._words.condition[joint].join(self._condition(part, wanted, depth + 1) for part in parts)
                return f"({said})" if depth else said
            case t.Choice(test, then, otherwise):
                yes, no = self._condition(then, wanted, depth + 1), self._condition(otherwise, wanted, depth + 1)
                return self._fill("choose", condition=self._condition(test, True, 0), a=yes, b=no)
            case t.Truth(symbol):
                return self._condition(self._formula(symbol, depth), wanted, depth + 1)  # type: ignore[arg-type]
            case _:
                return self._leaf(condition, wanted, depth)

    def _leaf(self, condition: t.Compare | t.In | t.HasChoice | t.IsAnswered, wanted: bool, depth: int) -> str:
        match condition:
            case t.IsAnswered(symbol):
                return self._fill("answered" if wanted else "blank", number=self._number(symbol))
            case t.HasChoice(symbol, code):
                choice = self.label(symbol.name, code)
                return self._fill("marked" if wanted else "unmarked", number=self._number(symbol), choice=choice)
            case t.In(operand, options):
                values = [self._value(option, operand, depth) for option in options]
                listed = self._words.either(values) if wanted else ", ".join(values)
                return self._fill("one_of" if wanted else "none_of", a=self._term(operand, depth), list=listed)
            case t.Compare(op, left, right):
                op = op if wanted else _OPPOSITE[op]
                verbs = _DAYS if {t.kind_of(left), t.kind_of(right)} & {t.Kind.DATE, t.Kind.TIME} else _NUMBERS
                return self._fill(verbs[op], a=self._value(left, right, depth), b=self._value(right, left, depth))

    def _value(self, term: Term, other: Term, depth: int) -> str:
        """Say a term that is compared with another one, whose question tells what a bare code means."""
        if isinstance(term, t.Text):
            asked = [symbol.name for symbol in symbols_in(other) if term.value in symbol.codes]
            return self.label(asked[0], term.value) if asked else self._words.quote(term.value)
        return self._term(term, depth)

    def _term(self, term: Term, depth: int) -> str:
        match term:
            case t.Number() | t.Text() | t.Date() | t.Time():
                return self._literal(term)
            case t.Ref(symbol):
                formula = self._formula(symbol, depth)
                if formula is None:
                    return fill(self._words.term["answer"], number=self._number(symbol))
                return self._term(formula, depth + 1)  # type: ignore[arg-type]  # a term's calculation is a term
            case t.Negative(operand):
                return "−" + self._operand(operand, "-", True, depth)
            case t.Arithmetic(op, left, right):
                return f"{self._operand(left, op, False, depth)} {_SIGNS[op]} {self._operand(right, op, True, depth)}"
            case _:
                return self._phrase(term, depth)

    def _operand(self, term: Term, op: str, right: bool, depth: int) -> str:
        """Say an operand, in brackets where its own operation would otherwise be taken apart."""
        said = self._term(term, depth)
        inner = self._formula(term.symbol, depth) if isinstance(term, t.Ref) else term
        if isinstance(inner, t.Arithmetic) and (right or (inner.op in "+-" and op in "*/")):
            return f"({said})"
        return said

    def _literal(self, literal: t.Number | t.Text | t.Date | t.Time) -> str:
        match literal:
            case t.Number(value):
                return f"{value:g}" if isinstance(value, float) else str(value)
            case t.Text(text):
                return self._words.quote(text)
            case t.Date(day):
                return f"{day:%d.%m.%Y}"
            case t.Time(time):
                return time.isoformat("seconds" if time.second else "minutes")

    def _phrase(self, term: _Phrase, depth: int) -> str:
        values: dict[str, object] = {}
        match term:
            case t.CountChoices(symbol):
                key, values = "marks", {"number": self._number(symbol)}
            case t.CountRows(repeat):
                label = self._checklist.text(self._checklist.by_name[repeat.name].item.label, self._language)
                key, values = "entries", {"list": self._words.quote(label or repeat.name)}
            case t.Sum(_, column):
                key, values = "total", {"number": self._number(column)}
            case t.Today():
                key = "today"
            case t.Days(start, end):
                key, values = "days", {"a": self._term(start, depth), "b": self._term(end, depth)}
            case t.If(test, then, otherwise):
                key, values = "choose", {"a": self._term(then, depth), "b": self._term(otherwise, depth)}
                values["condition"] = self._condition(test, True, 0)
            case t.Coalesce(first, second):
                key, values = "instead", {"a": self._term(first, depth), "b": self._term(second, depth)}
        return fill(self._words.term[key], **values)

    def _formula(self, symbol: Symbol, depth: int) -> Tree | None:
        """Return what a calculation computes, None for a question: paper shows no results, so the formula is said."""
        item = self._checklist.by_name[symbol.name].item
        if not isinstance(item, Calculate):
            return None
        if depth > _DEEPEST:
            raise Unsayable
        return item.calculation.tree

    def _number(self, symbol: Symbol) -> int:
        number = self._checklist.by_name[symbol.name].number
        if number == 0:  # a calculation, which has no place on paper
            raise Unsayable
        return number

    def _fill(self, key: str, **values: object) -> str:
        return fill(self._words.condition[key], **values)
