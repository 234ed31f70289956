"""What of a checklist paper cannot do, found before anything is typeset."""

from __future__ import annotations

import math
from collections.abc import Iterator

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model import (
    Checklist,
    Geopoint,
    Image,
    Integer,
    Item,
    Question,
    Repeat,
    SelectMultiple,
    SelectOne,
    base_language,
)
from checklist_kit.targets.paper.bounds import lower_bound
from checklist_kit.targets.paper.document import FREE_ROWS
from checklist_kit.targets.paper.vocabulary import vocabulary


def losses_of(checklist: Checklist, languages: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each thing that the printed form leaves out or fixes."""
    for language in languages:
        spoken = vocabulary(language).language
        if base_language(spoken) != base_language(language):
            message = f"the form in `{language}` says its own words, such as skip instructions, in `{spoken}`"
            help = f"add words/{base_language(language)}.toml to the paper target"
            yield Diagnostic.of("paper-words", message, checklist.span, help=help)
    if "bilingual" in checklist.paper.formats and len(languages) == 1:
        message = f"a form in two languages needs two, and there is only `{languages[0]}`"
        help = "choose another language as well, or leave out the format `bilingual`"
        yield Diagnostic.of("paper-one-language", message, checklist.spans.get("paper", checklist.span), help=help)
    for entry in checklist.entries:
        yield from _item(entry.item)


def _item(item: Item) -> Iterator[Diagnostic]:
    match item:
        case Image() | Geopoint():
            what = "photograph" if isinstance(item, Image) else "place"
            message = f"the {what} `{item.name}` is collected elsewhere: the paper form only mentions it"
            yield Diagnostic.of("paper-elsewhere", message, item.span, help="collect it in the web or phone form")
        case Repeat(over=None, repeat_count=None):
            message = f"`{item.name}` is printed {FREE_ROWS} times: paper cannot grow"
            help = "set `repeat_count` to print another number, and hand out a further form where that is not enough"
            yield Diagnostic.of("paper-repeat", message, item.span, help=help)
        case Integer() if -math.inf < lower_bound(item) < 0:
            message = f"`{item.name}` can be negative, but its digit columns have no sign"
            help = "ask for the amount, and whether it is a surplus or a lack in a question of its own"
            yield Diagnostic.of("paper-sign", message, item.span, help=help)
        case SelectOne(filters=filters) | SelectMultiple(filters=filters) if filters:
            message = f"paper cannot hide choices of `{item.name}`: each says in words when it is offered"
            yield Diagnostic.of("paper-choice-filter", message, item.spans.get("choice_filter", item.span))
    if isinstance(item, Question) and item.read_only:
        message = f"`{item.name}` is read-only, but a printed field can be filled in"
        help = "leave the question out, or print what it shows as a note"
        yield Diagnostic.of("paper-read-only", message, item.spans.get("read_only", item.span), help=help)
    if isinstance(item, Question) and item.default is not None:
        message = f"the default answer of `{item.name}` is not printed: a blank stays blank on paper"
        yield Diagnostic.of("paper-default", message, item.spans.get("default", item.span))
