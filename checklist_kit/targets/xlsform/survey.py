"""The sheet `survey`: one row an item, in order, with groups and repeats between begin and end rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.logic import Condition, Kind, Symbol, kind_of
from checklist_kit.logic.tree import And
from checklist_kit.model import (
    Calculate,
    Checklist,
    ChoiceList,
    Datetime,
    Item,
    Note,
    Question,
    Recorded,
    Repeat,
    Section,
    SelectMultiple,
    Sentinel,
    Text,
)
from checklist_kit.model.formnames import CODE, COUNT, GROUP, LABEL, form_name
from checklist_kit.model.items import Numeric, Select
from checklist_kit.targets.xlsform.choices import Choices, filter_condition
from checklist_kit.targets.xlsform.questions import default, parameters
from checklist_kit.targets.xlsform.texts import Row, Texts
from checklist_kit.targets.xlsform.xpath import OR, TRUE, Expressions, XPath, full_match, quoted


@dataclass(frozen=True, slots=True)
class Survey:
    """Compiles the items of one checklist. `above` is a relevance that no row around an item bears."""

    checklist: Checklist
    texts: Texts
    choices: Choices

    def rows(self) -> list[Row]:
        """Return all rows. An item whose type in the form is empty has none: a converter makes it of another one.

        One that came from a certain row goes back to it, where a converter makes names of the numbers of rows.
        """
        rows: list[Row] = []
        for row in self._items(self.checklist.items):
            rows += [{}] * (int(row.pop("at_row", "0")) - 2 - len(rows))
            rows += [row] if row["type"] else []
        return rows

    def _items(self, items: Iterable[Item], above: Condition | None = None) -> Iterable[Row]:
        for item in items:
            yield from self._item(item, above)

    def _item(self, item: Item, above: Condition | None) -> Iterable[Row]:
        match item:
            case Section():
                yield from self._section(item, above)
            case Repeat():
                yield from self._repeat(item, above)
            case Calculate():
                yield self._calculation(item, above)
            case Question():
                yield self._question(item, above)
            case Note():
                yield self._row(item, above, "note")
            case Recorded():
                yield self._row(item, above, item.what, **self._recorded(item))
            case _:
                raise TypeError(f"no such item: {item.type}")

    @staticmethod
    def _end(item: Item, kind: str) -> Row:
        """The row that closes an item; what was taken over from an XLSForm may have been closed by another word."""
        kept = item.extra.get("xlsform")
        return {"type": str(kept.get("end", kind)) if isinstance(kept, Mapping) else kind}

    # What all rows have

    def _row(self, item: Item, above: Condition | None, kind: str, **more: str) -> Row:
        return {**self._heading(item, above, kind), **_filled(more), **self._foreign(item)}

    def _heading(self, item: Item, above: Condition | None, kind: str) -> Row:
        nameless = (
            not any(item.label.values()) and not isinstance(item, Calculate | Recorded) and not self.checklist.verbatim
        )
        label = {self.texts.shown: item.name} if nameless else item.label
        return {
            "type": kind,
            "name": self._named(item.name),
            **self.texts.cells("label", label),
            **self._hints(item),
            **_filled({"relevant": self._relevant(item, above), "appearance": item.appearance or ""}),
        }

    def _hints(self, item: Item) -> Row:
        if isinstance(item, Section | Repeat) and not self.checklist.verbatim:
            if item.hint or item.guidance_hint:
                self._lose(
                    "xlsform-hint", f"the hint of `{item.name}` is left out: a form shows none on a group", item, "hint"
                )
            return {}
        suffix = self._sentinels(item) if isinstance(item, Numeric) and item.missing else None
        return {
            **self.texts.cells("hint", item.hint, suffix),
            **self.texts.cells("guidance_hint", item.guidance_hint),
        }

    def _sentinels(self, item: Numeric) -> Callable[[str], str]:
        """Tell which numbers stand for a missing answer."""

        def meaning(sentinel: Sentinel, language: str) -> str:
            own = self.checklist.text(sentinel.label, language)
            return f"{sentinel.text} = {own or self.texts.own(language, 'missing', sentinel.missing)}"

        def told(language: str) -> str:
            space = " " if self.checklist.text(item.hint, language) else ""
            return f"{space}({'; '.join(meaning(sentinel, language) for sentinel in item.missing)})"

        return told

    @staticmethod
    def _foreign(item: Item) -> Row:
        """Cells that were taken over from an XLSForm and mean nothing here. They replace ours, also with nothing."""
        cells = item.extra.get("xlsform")
        if not isinstance(cells, Mapping):
            return {}
        return {str(column): str(cell) for column, cell in cells.items() if column != "end"}

    def _lose(self, code: str, message: str, item: Item, key: str) -> None:
        self.texts.losses.append(Diagnostic.of(code, message, item.spans.get(key, item.span)))

    # Logic

    def expressions(self, own: Symbol | None = None) -> Expressions:
        """Return what compiles expressions; `own` is the question that a constraint belongs to."""
        return Expressions(self._named, self._is_computed, self._asked, own)

    def _named(self, name: str) -> str:
        return form_name(self.checklist, name)

    def _is_computed(self, symbol: Symbol) -> bool:
        entry = self.checklist.by_name.get(symbol.name)
        return entry is not None and isinstance(entry.item, Calculate)

    def _asked(self, repeat: Symbol) -> Condition | None:
        return self.checklist.by_name[repeat.name].relevance

    def _relevant(self, item: Item, above: Condition | None) -> str:
        if "relevant" in item.xpath:
            own = XPath(item.xpath["relevant"], OR)
            around = [self.expressions().relevant(above)] if above else []
            return str(self.expressions().all([*around, own]))
        condition = _join(above, item.relevant.condition if item.relevant else None)
        return _unless_true(self.expressions().relevant(condition)) if condition else ""

    @staticmethod
    def _recorded(item: Recorded) -> Row:
        given = " ".join(f"{name}={value}" for name, value in item.parameters.items())
        return {"calculation": item.xpath.get("calculation", ""), "parameters": given}

    def _calculation(self, item: Calculate, above: Condition | None) -> Row:
        if "calculation" in item.xpath:
            return self._row(item, above, "calculate", calculation=item.xpath["calculation"])
        tree = item.calculation.tree
        if kind_of(tree) is Kind.TIME:
            message = f"`{item.name}` is not computed in the form: no function of it makes a time of day"
            self._lose("xlsform-calculation", message, item, "calculation")
            return self._row(item, above, "calculate", calculation="''")
        return self._row(item, above, "calculate", calculation=str(self.expressions().value(tree)))

    # Questions

    def _question(self, item: Question, above: Condition | None) -> Row:
        options, unknown = parameters(item)
        if isinstance(item, Select):
            options = {**self.choices.columns_in_file(item), **options}
        if unknown:
            message = f"the form knows nothing of {', '.join(f'`{name}`' for name in unknown)} on `{item.name}`"
            self._lose("xlsform-parameters", message, item, "parameters")
        return {
            **self._heading(item, above, self._type(item)),
            **_filled({"required": self._flag(item, "required", item.required)}),
            **self.texts.cells("required_message", item.required_message),
            **self._constraint(item),
            **_filled(
                {
                    "default": default(item, self.checklist),
                    "read_only": self._flag(item, "read_only", item.read_only),
                    "parameters": " ".join(f"{name}={value}" for name, value in options.items()),
                    "choice_filter": self._filter(item) if isinstance(item, Select) else "",
                }
            ),
            **self._foreign(item),
        }

    def _type(self, item: Question) -> str:
        if isinstance(item, Select):
            return self.choices.type_of(item)
        return "dateTime" if isinstance(item, Datetime) else item.type

    def _flag(self, item: Question, key: str, value: bool) -> str:
        return "yes" if value else "no" if self.checklist.verbatim and key in item.spans else ""

    def _constraint(self, item: Question) -> Row:
        here = self.expressions(self.checklist.symbols[item.name])
        parts = [full_match(item.matches)] if isinstance(item, Text) and item.matches is not None else []
        if "constraint" in item.xpath:
            parts.append(XPath(item.xpath["constraint"], OR))
        elif item.constraint is not None:
            parts.append(here.constraint(item.constraint.condition))
        alone = (
            [choice for choice in item.choices.choices if choice.exclusive] if isinstance(item, SelectMultiple) else []
        )
        parts += [XPath(f"not(selected(., {quoted(one.code)}) and count-selected(.) > 1)") for one in alone]
        parts = [part for part in parts if part != TRUE]
        if not parts:
            return self.texts.cells("constraint_message", item.constraint_message) if self.checklist.verbatim else {}

        def message(language: str) -> str:
            own = self.checklist.text(item.constraint_message, language)
            told = (
                self.texts.own(language, "exclusive").format(choice=self.checklist.text(one.label, language))
                for one in alone
            )
            return " ".join([*([""] if own and alone else []), *told])

        messages = self.texts.cells("constraint_message", item.constraint_message, message)
        return {"constraint": str(here.all(parts)), **messages}

    def _filter(self, item: Select) -> str:
        if "choice_filter" in item.xpath:
            return item.xpath["choice_filter"]
        condition = filter_condition(item)
        if condition is None:
            if item.choice_filter is not None:
                message = f"`{item.name}` always offers all its choices: the form lacks a column that its filter needs"
                self._lose("xlsform-filter", message, item, "choice_filter")
            return ""
        return _unless_true(self.expressions().relevant(condition))

    # Groups and repeats

    def _section(self, item: Section, above: Condition | None) -> Iterable[Row]:
        if not any(map(_is_shown, item.items)) and not self.checklist.verbatim:
            # A group with nothing to show is refused; its relevance goes to the calculations in it.
            yield from self._items(item.items, _join(above, item.relevant.condition if item.relevant else None))
            return
        yield self._row(item, above, "begin_group")
        yield from self._items(item.items)
        yield self._end(item, "end_group")

    def _repeat(self, item: Repeat, above: Condition | None) -> Iterable[Row]:
        number = len(item.over.choices) if item.over else item.repeat_count
        count = "" if number is None else str(number)
        if count and f"{item.name}_count" in self.checklist.by_name and not self.checklist.verbatim:
            # A converter would put the number under that name.
            yield {"type": "calculate", "name": COUNT + item.name, "calculation": count}
            count = f"${{{COUNT}{item.name}}}"
        yield self._row(item, above, "begin_repeat", repeat_count=count)
        if item.over is not None:
            codes = quoted(" ".join(item.over.codes))
            place = f"selected-at({codes}, position(..) - 1)"
            yield {"type": "calculate", "name": CODE + item.name, "calculation": place}
        if item.over is not None and any(map(_is_shown, item.items)):
            yield from self._heading_of_instance(item.name, item.over)
            yield from self._items(item.items)
            yield {"type": "end_group"}
        else:
            yield from self._items(item.items)
        yield self._end(item, "end_repeat")

    def _heading_of_instance(self, name: str, over: ChoiceList) -> Iterable[Row]:
        """The label of the choice that an instance is about, and the group that has it as its heading."""
        headings = {}
        for language in self.checklist.languages:
            shown = ((one.code, self.checklist.text(one.label, language) or one.code) for one in over.choices)
            labels = ((code, self.texts.shown_as_it_is(label)) for code, label in shown)
            picked = [f"if(${{{CODE}{name}}} = {quoted(code)}, {quoted(label)}, '')" for code, label in labels]
            text = picked[0] if len(picked) == 1 else f"concat({', '.join(picked)})"
            yield {"type": "calculate", "name": f"{LABEL}{name}_{language}", "calculation": text}
            headings[self.texts.column("label", language)] = f"${{{LABEL}{name}_{language}}}"
        yield {"type": "begin_group", "name": GROUP + name, **headings}


def _is_shown(item: Item) -> bool:
    return any(map(_is_shown, item.items)) if isinstance(item, Section) else not isinstance(item, Calculate | Recorded)


def _filled(cells: Row) -> Row:
    return {column: text for column, text in cells.items() if text}


def _unless_true(condition: XPath) -> str:
    return "" if condition == TRUE else str(condition)


def _join(above: Condition | None, own: Condition | None) -> Condition | None:
    if above is None or own is None:
        return above if own is None else own
    return And((above, own))
