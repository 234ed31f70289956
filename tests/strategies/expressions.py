"""Random expressions, as text, that are well typed over given questions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from checklist_kit.logic import Fault, Kind, Scope, Symbol
from checklist_kit.logic.syntax import Name, Path, Place

_NOWHERE = Place(0, 0)
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
DATES = st.dates(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
TIMES = st.builds(datetime.time, st.integers(0, 23), st.integers(0, 59))


@dataclass(frozen=True)
class Words:
    """What an expression may mention: questions as they are written, and numbers of repeats as `repeat.question`."""

    questions: Sequence[tuple[str, Symbol]]
    rows: Sequence[str] = ()
    sums: Sequence[tuple[str, Symbol]] = ()
    by_kind: dict[Kind, list[tuple[str, Symbol]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for text, symbol in self.questions:
            self.by_kind.setdefault(symbol.kind, []).append((text, symbol))

    def of(self, kind: Kind) -> list[str]:
        return [text for text, _ in self.by_kind.get(kind, ())]

    def exact(self) -> list[str]:
        return [text for text, symbol in self.by_kind.get(Kind.NUMBER, ()) if symbol.exact]


def visible(scope: Scope) -> Words:
    """What an expression in a scope may mention."""
    symbols = scope.symbols.values()
    seen = [symbol for symbol in symbols if not isinstance(scope.find(Name(symbol.name, _NOWHERE)), Fault)]
    questions = [(symbol.name, symbol) for symbol in seen if symbol.kind not in (Kind.REPEAT, Kind.BROKEN)]
    if scope.here is not None and scope.own_answer:
        questions.append((".", scope.here))
    sums = [
        (f"{symbol.repeats[-1]}.{symbol.name}", symbol)
        for symbol in symbols
        if symbol.repeats and symbol.kind is Kind.NUMBER
        if not isinstance(scope.find_rows(Path(symbol.repeats[-1], symbol.name, _NOWHERE)), Fault)
    ]
    return Words(questions, [symbol.name for symbol in seen if symbol.kind is Kind.REPEAT], sums)


def conditions(words: Words, leaves: int = 6) -> SearchStrategy[str]:
    """Conditions of up to about so many leaves."""
    return st.recursive(_leaf(words), _joined, max_leaves=leaves)


def numbers(words: Words, *, exact: bool = False, leaves: int = 4) -> SearchStrategy[str]:
    """Terms that are numbers; `exact` ones are certainly whole."""
    return st.recursive(_number(words, exact), lambda inner: _computed(words, inner, exact), max_leaves=leaves)


def calculations(words: Words) -> SearchStrategy[tuple[str, Kind, bool]]:
    """What a calculate item may hold, with the kind of its value, and whether that is certainly whole."""
    options = [
        numbers(words).map(lambda text: (text, Kind.NUMBER, False)),
        numbers(words, exact=True).map(lambda text: (text, Kind.NUMBER, True)),
        conditions(words, 3).filter(_is_no_name).map(lambda text: (text, Kind.BOOLEAN, True)),
        *(dates.map(lambda text: (text, Kind.DATE, True)) for dates in _dates(words)),
    ]
    return st.one_of(options)


def _is_no_name(text: str) -> bool:
    return not text.isidentifier()


def quoted(text: str) -> str:
    """A text in quotes that it does not hold itself."""
    return f'"{text}"' if "'" in text else f"'{text}'"


def _joined(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"if({', '.join(parts)})"),
    )


def _leaf(words: Words) -> SearchStrategy[str]:
    options: list[SearchStrategy[str]] = [_comparison(words)]
    asked = [text for text, symbol in words.questions]
    if asked:
        options.append(_pair(st.sampled_from(asked), st.sampled_from(["is blank", "is answered", "is not blank"])))
    options += [_of_choice(text, symbol) for text, symbol in words.by_kind.get(Kind.CHOICE, ()) if symbol.codes]
    options += [
        st.sampled_from(symbol.codes).map(lambda code, text=text: f"{text} has {quoted(code)}")  # type: ignore[misc]
        for text, symbol in words.by_kind.get(Kind.CHOICES, ())
        if symbol.codes
    ]
    options += [st.just(text) for text in words.of(Kind.BOOLEAN)]
    if words.exact():
        options.append(_in_numbers(words))
    options += [_against(dates, DATES.map(lambda day: f"'{day}'")) for dates in _dates(words)]
    if words.of(Kind.TIME):
        options.append(_against(st.sampled_from(words.of(Kind.TIME)), TIMES.map(lambda time: f"'{time:%H:%M}'")))
    return st.one_of(options)


def _comparison(words: Words) -> SearchStrategy[str]:
    whole = numbers(words, exact=True)
    broken = numbers(words)
    return st.one_of(
        st.tuples(whole, st.sampled_from(_COMPARISONS), whole).map(" ".join),
        st.tuples(broken, st.sampled_from(_COMPARISONS[2:]), broken).map(" ".join),
    )


def _of_choice(text: str, symbol: Symbol) -> SearchStrategy[str]:
    codes = st.sampled_from(symbol.codes)
    several = st.lists(codes, min_size=1, max_size=3).map(lambda found: f"({', '.join(map(quoted, found))})")
    return st.one_of(
        st.tuples(st.just(text), st.sampled_from(["=", "!="]), codes.map(quoted)).map(" ".join),
        st.tuples(st.just(text), st.sampled_from(["in", "not in"]), several).map(" ".join),
    )


def _in_numbers(words: Words) -> SearchStrategy[str]:
    options = st.lists(st.integers(-3, 12), min_size=1, max_size=4).map(
        lambda found: f"in ({', '.join(map(str, found))})"
    )
    return _pair(st.sampled_from(words.exact()), options)


def _against(term: SearchStrategy[str], literal: SearchStrategy[str]) -> SearchStrategy[str]:
    """A comparison with a quoted date or time, which cannot stand on both sides."""
    return st.tuples(term, st.sampled_from(_COMPARISONS), st.one_of(term, literal)).map(" ".join)


def _number(words: Words, exact: bool) -> SearchStrategy[str]:
    known = words.exact() if exact else words.of(Kind.NUMBER)
    sums = [text for text, symbol in words.sums if symbol.exact or not exact]
    terms = [
        *known,
        *(f"count({text})" for text in words.of(Kind.CHOICES)),
        *(f"count({repeat})" for repeat in words.rows),
        *(f"sum({text})" for text in sums),
    ]
    literals = st.integers(0, 20).map(str)
    options = [literals] if exact else [literals, st.sampled_from(["0.5", "2.25", "100"])]
    if terms:
        options = [st.sampled_from(terms), *options]
    options += [_days(dates) for dates in _dates(words)]
    return st.one_of(options)


def _computed(words: Words, inner: SearchStrategy[str], exact: bool) -> SearchStrategy[str]:
    signs = "+-*" if exact else "+-*/"
    options = [
        st.tuples(inner, st.sampled_from(signs), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"-({part})"),
        st.tuples(inner, inner).map(lambda parts: f"coalesce({', '.join(parts)})"),
    ]
    asked = [text for text, _ in words.questions]
    if asked:
        test = st.sampled_from(asked).map(lambda text: f"{text} is answered")
        options.append(st.tuples(test, inner, inner).map(lambda parts: f"if({', '.join(parts)})"))
    return st.one_of(options)


def _dates(words: Words) -> Iterable[SearchStrategy[str]]:
    names = words.of(Kind.DATE)
    return [st.sampled_from([*names, "today()"])] if names else []


def _days(dates: SearchStrategy[str]) -> SearchStrategy[str]:
    either = st.one_of(dates, DATES.map(lambda day: f"'{day}'"))
    return st.tuples(either, either).map(lambda parts: f"days({', '.join(parts)})")


def _pair(first: SearchStrategy[str], second: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.tuples(first, second).map(" ".join)
