"""The form as a whole: pages, panels, repeats, and the questions with their logic."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Any

from checklist_kit.diagnostics import Diagnostic, Span
from checklist_kit.logic import Condition
from checklist_kit.logic.tree import And
from checklist_kit.model import (
    Acknowledge,
    Calculate,
    Checklist,
    Item,
    Note,
    Question,
    Recorded,
    Repeat,
    Section,
    SelectMultiple,
    Sentinel,
    Words,
)
from checklist_kit.model.items import Numeric, Select
from checklist_kit.targets.surveyjs.expressions import TRUE, Expressions, Inexpressible, Rows, quoted
from checklist_kit.targets.surveyjs.questions import default_answer, pattern, properties
from checklist_kit.targets.surveyjs.texts import ENGINE_LANGUAGE, Localised, Suffix, Texts

Element = dict[str, Any]

MOST_INSTANCES = 1000
_HIDDEN = {"visible": False, "clearIfInvisible": "none"}
_APPEARANCES = {"select_one": "minimal", "text": "multiline"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: the repeats around it, and the relevance that the sections above add to its own.

    A repeat that is hidden loses its answers as a whole, so its own relevance does not reach inside.
    """

    repeats: tuple[str, ...] = ()
    relevance: Condition | None = None

    def under(self, item: Item) -> Place:
        """Return the place of what stands under a section, or of the item itself."""
        own = item.relevant.condition if item.relevant else None
        both = own if self.relevance is None else self.relevance if own is None else And((self.relevance, own))
        return Place(self.repeats, both)


@dataclass(frozen=True, slots=True)
class Form:
    """Compiles one checklist; `losses` fills up on the way."""

    checklist: Checklist
    texts: Texts
    losses: list[Diagnostic] = field(default_factory=list)

    def survey(self, shown: str) -> Element:
        """Return the whole form, in all languages, `shown` first."""
        pages = self._pages(Place())
        return {
            "title": self._title(self.checklist.title, Place(), self.checklist.span),
            **({} if shown == ENGINE_LANGUAGE else {"locale": shown}),
            **self.texts.engine("completeText", "pageNextText", "pagePrevText", "completedHtml"),
            "showProgressBar": len(pages) > 1,
            "progressBarShowPageTitles": True,
            "clearInvisibleValues": "onHidden",
            "pages": pages,
        }

    def _pages(self, top: Place) -> list[Element]:
        """One page a section at the top; what stands between them shares a page."""
        pages: list[Element] = []
        for loose, items in groupby(self.checklist.items, key=lambda item: not isinstance(item, Section)):
            if loose:
                number = str(len(pages) + 1)
                # No item's name begins with _.
                page: Element = {"name": f"_page{number}", "navigationTitle": number}
                pages.append({**page, "elements": self._elements(tuple(items), top)})
            else:
                pages += [self._container(section, top) for section in items if isinstance(section, Section)]
        return pages

    def _container(self, section: Section, place: Place) -> Element:
        """A page or panel: it has no condition of its own, because hiding it would leave its answers in place."""
        return {**self._heading(section, place), "elements": self._elements(section.items, place.under(section))}

    def _elements(self, items: tuple[Item, ...], place: Place) -> list[Element]:
        elements = (self._element(item, place) for item in items)
        return [element for element in elements if element is not None]

    def _element(self, item: Item, place: Place) -> Element | None:
        match item:
            case Section():
                return {"type": "panel", **self._container(item, place)}
            case Repeat():
                return self._repeat(item, place)
            case Calculate():
                return self._calculation(item, place)
            case Question():
                return self._question(item, place)
            case Note():
                # A title is always text; an `html` element would let an answer that is piped into it be markup.
                return {"type": "expression", **self._heading(item, place), **self._visible(item, place)}
            case Recorded():
                return None
            case _:
                raise TypeError(f"no such item: {item.type}")

    # Texts

    def _title(self, words: Words, place: Place, span: Span, suffix: Suffix | None = None) -> Localised:
        def pipe(name: str) -> str | None:
            symbol = self.checklist.symbols.get(name.strip())
            try:
                return None if symbol is None else self._expressions(place).reference(symbol)
            except Inexpressible as error:
                self._lose("surveyjs-placeholder", f"a placeholder stays as it is: {error}", span)
                return None

        return self.texts.title(words, pipe, suffix)

    def _heading(self, item: Item, place: Place) -> Element:
        """Name, title and description. A number that stands for a missing answer is told in the description."""
        heading: Element = {"name": item.name}
        if item.label:
            heading["title"] = self._title(item.label, place, item.span)
        if isinstance(item, Numeric) and item.missing:
            heading["description"] = self._title(item.hint, place, item.span, partial(self._sentinels, item))
        elif item.hint:
            heading["description"] = self._title(item.hint, place, item.span)
        return heading

    def _sentinels(self, item: Numeric, language: str) -> str:
        def label(sentinel: Sentinel) -> str:
            return self.checklist.text(sentinel.label, language) or self.texts.missing(sentinel.missing, language)

        told = "; ".join(f"{sentinel.text} = {label(sentinel)}" for sentinel in item.missing)
        return f" ({told})" if self.checklist.text(item.hint, language) else f"({told})"

    # Logic

    def _expressions(self, place: Place) -> Expressions:
        return Expressions(place.repeats, self._rows)

    def _rows(self, repeat: str) -> Rows:
        entry = self.checklist.by_name[repeat]
        return Rows(_instances(entry.item), entry.relevance)

    def _lose(self, code: str, message: str, span: Span) -> None:
        self.losses.append(Diagnostic.of(code, message, span))

    def _visible(self, item: Item, place: Place) -> Element:
        condition = place.under(item).relevance
        return self._when(condition, place, item, "relevant", "is always asked") if condition else {}

    def _when(self, condition: Condition, place: Place, item: Item, key: str, otherwise: str) -> Element:
        expressions = replace(self._expressions(place), of_choice=key == "choice_filter")
        try:
            expression = expressions.relevant(condition)
        except Inexpressible as error:
            self._lose("surveyjs-expression", f"`{item.name}` {otherwise}: {error}", item.spans.get(key, item.span))
            return {}
        return {} if expression == TRUE else {"visibleIf": expression}

    def _calculation(self, item: Calculate, place: Place) -> Element | None:
        """An expression that nobody sees and that stays: it is nothing by itself where it is not asked.

        Not a `calculatedValue`: there is none inside a repeat, and while one is blank its name is unknown.
        """
        try:
            expression = self._expressions(place).value(item.calculation.tree, place.under(item).relevance)
        except Inexpressible as error:
            told = f"`{item.name}` is not computed in the form: {error}"
            self._lose("surveyjs-expression", told, item.calculation.span)
            return None
        if expression is None:
            return None
        return {"type": "expression", "name": item.name, **_HIDDEN, "expression": expression}

    # Questions

    def _question(self, item: Question, place: Place) -> Element:
        self._foreign(item)
        default = default_answer(item)
        return {
            **properties(item, self.texts),
            **self._heading(item, place),
            **self._visible(item, place),
            **self._required(item),
            **({"readOnly": True} if item.read_only else {}),
            **({} if default is None else {"defaultValue": default}),
            **self._choices(item, place),
            **self._validators(item, place),
        }

    def _required(self, item: Question) -> Element:
        if not item.required:
            return {}
        if not item.required_message:
            return {"isRequired": True, **self.texts.engine("requiredErrorText")}
        return {"isRequired": True, "requiredErrorText": self.texts.message(item.required_message)}

    def _choices(self, item: Question, place: Place) -> Element:
        if isinstance(item, Acknowledge):
            return {"choices": [{"value": True, "text": self._title(item.label, place, item.span)}]}
        if not isinstance(item, Select):
            return {}
        choices: list[Element] = []
        for choice in item.choices.choices:
            offered: Element = {"value": choice.code, "text": self._title(choice.label, place, choice.span)}
            if choice.exclusive and isinstance(item, SelectMultiple):
                offered["isExclusive"] = True
            if condition := item.filters.get(choice.code):
                otherwise = f"always offers `{choice.code}`"
                offered |= self._when(condition, place, item, "choice_filter", otherwise)
            choices.append(offered)
        return {"choices": choices}

    def _validators(self, item: Question, place: Place) -> Element:
        validators = pattern(item, self.texts)
        if item.constraint is not None:
            message = self.texts.message(item.constraint_message, "constraint")
            own = self.checklist.symbols[item.name]
            try:
                expression = self._expressions(place).check(own, item.constraint.condition)
                validators.append({"type": "expression", "text": message, "expression": expression})
            except Inexpressible as error:
                told = f"`{item.name}` is not checked in the form: {error}"
                self._lose("surveyjs-expression", told, item.constraint.span)
        return {"validators": validators} if validators else {}

    def _foreign(self, item: Question) -> None:
        """Say what of a question the engine has no counterpart for."""
        if item.appearance not in (None, _APPEARANCES.get(item.type)):
            message = f"the form shows `{item.name}` as it shows all its questions, not as `{item.appearance}`"
            self._lose("surveyjs-appearance", message, item.spans.get("appearance", item.span))
        if item.parameters:
            message = f"the form knows nothing of the parameters of `{item.name}`"
            self._lose("surveyjs-parameters", message, item.spans.get("parameters", item.span))
        if item.type == "geopoint":
            message = f"`{item.name}` is typed in: the form does not ask the device for its place"
            self._lose("surveyjs-geopoint", message, item.span)
        if item.type == "image":
            message = f"the photograph `{item.name}` travels inside the response; tables hold its name"
            self._lose("surveyjs-image", message, item.span)

    # Repeats

    def _repeat(self, item: Repeat, place: Place) -> Element:
        inside = Place((*place.repeats, item.name))
        count = _instances(item)
        return {
            "type": "paneldynamic",
            **self._heading(item, place),
            **self._visible(item, place),
            **(self._free() if count is None else _fixed(count)),
            **self._instances(item, place, inside),
        }

    def _free(self) -> Element:
        return {
            "panelCount": 0,
            "maxPanelCount": MOST_INSTANCES,
            **self.texts.engine("addPanelText", "removePanelText", "noEntriesText"),
        }

    def _instances(self, item: Repeat, place: Place, inside: Place) -> Element:
        """The questions of each instance. One over a list knows the choice that it is about, and shows its label."""
        elements = self._elements(item.items, inside)
        if item.over is None:
            title = self._title(item.label, place, item.span, suffix=lambda _: " {panelIndex}")
            return {"templateTitle": title, "templateElements": elements}
        choices = [
            {"value": choice.code, "text": self._title(choice.label, place, choice.span)}
            for choice in item.over.choices
        ]
        named = {"type": "dropdown", "name": "_instance", **_HIDDEN, "choices": choices, **self._own_name(item)}
        return {
            "templateTitle": "{panel._instance}",
            "defaultValue": [{"_instance": code} for code in item.over.codes],
            "templateElements": [named, *elements],
        }

    def _own_name(self, item: Repeat) -> Element:
        """How each instance knows its name by itself.

        The default of the repeat names them all; but the engine passes over it where a question inside has a value
        already, as a calculation, a default or a repeat within may while this repeat is still hidden.
        """
        assert item.over is not None
        try:
            codes = [quoted(code) for code in item.over.codes]
        except Inexpressible as error:
            self._lose(
                "surveyjs-expression", f"the instances of `{item.name}` may lose their names: {error}", item.span
            )
            return {}
        by_position = "".join(f"iif({{panelIndex}} = {position}, {code}, " for position, code in enumerate(codes))
        return {"defaultValueExpression": f"{by_position}''{')' * len(codes)}"}


def _instances(item: Item) -> int | None:
    """How many instances a repeat always has; None where that is open."""
    if not isinstance(item, Repeat):
        return None
    return len(item.over.codes) if item.over else item.repeat_count


def _fixed(count: int) -> Element:
    counts = {"panelCount": count, "minPanelCount": count, "maxPanelCount": count}
    return {**counts, "allowAddPanel": False, "allowRemovePanel": False}
