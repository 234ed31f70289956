"""XPath -> our language, where building the form gives the same XPath back, word for word; else it stays XPath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from checklist_kit.importers.xlsform.items import XPATHS, Draft
from checklist_kit.logic import Kind, Scope, Symbol, analyse, kind_of
from checklist_kit.logic.xpath import NotCovered, Use, as_written, meant, tokens
from checklist_kit.model import Checklist, Expression, Item, SelectMultiple, SelectOne
from checklist_kit.targets.xlsform.choices import Choices, filter_condition
from checklist_kit.targets.xlsform.survey import Survey
from checklist_kit.targets.xlsform.texts import Texts
from checklist_kit.targets.xlsform.xpath import full_match

_PATTERN = re.compile(r"""regex\(\s*\.\s*,\s*(['"])\^(?P<pattern>.*)\$\1\s*\)""", re.DOTALL)
_ALTERNATIVES = re.compile(r"\(\?:(.*\|.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates the expressions of drafts, of which `checklist` was made with every expression as XPath."""

    checklist: Checklist
    names: dict[str, str]

    def translate(self, drafts: Iterable[Draft]) -> None:
        """Replace each XPath by an expression of ours that gives it back."""
        texts = Texts(self.checklist, self.checklist.default_language)
        survey = Survey(self.checklist, texts, Choices(texts))
        for draft in drafts:
            entry = self.checklist.by_name.get(draft.name)
            for key in XPATHS:
                value = draft.keys.get(key)
                if entry is None or not isinstance(value, dict):
                    continue
                xpath = str(value["xpath"])
                if key == "constraint" and draft.keys["type"] == "text" and (pattern := _pattern(xpath)):
                    draft.keys = {("matches" if k == key else k): v for k, v in draft.keys.items()}
                    draft.keys["matches"] = pattern
                elif found := self._expression(survey, entry.item, key, xpath):
                    draft.keys[key] = found

    def _expression(self, survey: Survey, item: Item, key: str, xpath: str) -> str | None:
        wanted = tokens(xpath)
        symbol = self.checklist.symbols[item.name]
        scope = self._scope(item, key, symbol)
        for text in _candidates(xpath, scope, self.names, key):
            tree = analyse(text, scope, condition=key != "calculation").tree
            if tree is None:
                continue
            expression = Expression(text, tree, item.span)
            back = _compiled(survey, item, key, expression, symbol)
            if back is not None and tokens(back) == wanted:
                return text
        return None

    def _scope(self, item: Item, key: str, symbol: Symbol) -> Scope:
        columns: dict[str, Symbol] = {}
        if key == "choice_filter" and isinstance(item, SelectOne | SelectMultiple):
            columns = item.choices.columns
        return Scope(self.checklist.symbols, symbol, own_answer=key == "constraint", columns=columns)


def _candidates(xpath: str, scope: Scope, names: dict[str, str], key: str) -> Iterator[str]:
    """Yield what could give an XPath back: the same words in our language, then what it means exactly."""
    use = {"constraint": Use.CONSTRAINT, "calculation": Use.VALUE}.get(key, Use.RELEVANT)
    with suppress(NotCovered):
        yield as_written(xpath, scope, names)
    with suppress(NotCovered):
        yield meant(xpath, scope, names, use)


def _compiled(survey: Survey, item: Item, key: str, expression: Expression, symbol: Symbol) -> str | None:
    """Return what building the form makes of an expression."""
    match key:
        case "relevant":
            return str(survey.expressions().relevant(expression.condition))
        case "constraint":
            return str(survey.expressions(symbol).constraint(expression.condition))
        case "choice_filter" if isinstance(item, SelectOne | SelectMultiple):
            condition = filter_condition(replace(item, choice_filter=expression))
            return None if condition is None else str(survey.expressions().relevant(condition))
        case "calculation" if kind_of(expression.tree) is not Kind.TIME:
            return str(survey.expressions().value(expression.tree))
        case _:
            return None


def _pattern(xpath: str) -> str | None:
    """Return the pattern of a constraint that is nothing but a regular expression for the whole answer."""
    found = _PATTERN.fullmatch(xpath.strip())
    if found is None:
        return None
    inside = _ALTERNATIVES.fullmatch(found["pattern"])
    pattern = inside[1] if inside else found["pattern"]
    try:
        re.compile(pattern)
    except re.error:
        return None
    return pattern if tokens(str(full_match(pattern))) == tokens(xpath) else None
