"""The codebook: what each column of the tables means, one row per question and choice."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.model.checklist import Checklist, Entry
from checklist_kit.model.items import Calculate, Decimal, Integer, Item, Question, SelectMultiple, SelectOne, Text

Row = tuple[str, ...]

_HEAD = ("item", "number", "code", "type", "section", "repeat")
_TAIL = ("required", "sensitive", "unit", "relevant", "constraint", "calculation", "matches")


def rows(checklist: Checklist) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns of the codebook and its rows, all texts.

    A question or calculation has one row, or one a choice or sentinel number. `choice` is the choice's code or the
    number, `missing` the kind of missing answer that it stands for, `exclusive` whether it must stand alone. There is
    one `label.<language>` and one `choice_label.<language>` a language, the default language first. `section` and
    `repeat` name what is around the question, outermost first, joined by `/`. `relevant` and `constraint` are
    expressions as they were written, the relevance joined with those of the sections around. Flags are 1 or 0.
    """
    languages = _languages(checklist)
    labels = [f"label.{language}" for language in languages]
    choice_labels = [f"choice_label.{language}" for language in languages]
    columns = (*_HEAD, *labels, "choice", *choice_labels, "missing", "exclusive", *_TAIL)
    return columns, [row for entry in checklist.questions for row in _rows(checklist, entry, languages)]


def _languages(checklist: Checklist) -> list[str]:
    default = checklist.default_language
    return [default, *(language for language in checklist.languages if language != default)]


def _rows(checklist: Checklist, entry: Entry, languages: list[str]) -> Iterator[Row]:
    item = entry.item
    head = (
        item.name,
        str(entry.number or ""),
        item.code if isinstance(item, Question) else "",
        item.type,
        "/".join(section.name for section in entry.sections),
        "/".join(repeat.name for repeat in entry.repeats),
        *(item.label.get(language, "") for language in languages),
    )
    tail = _tail(checklist, entry)
    options = list(_options(item, languages)) or [("", *("" for _ in languages), "", "")]
    for option in options:
        yield (*head, *option, *tail)


def _options(item: Item, languages: list[str]) -> Iterator[Row]:
    """Yield code, labels, missing kind and exclusiveness of what can be chosen or stands for a missing answer."""
    if isinstance(item, SelectOne | SelectMultiple):
        for choice in item.choices.choices:
            words = (choice.label.get(language, "") for language in languages)
            yield (choice.code, *words, str(choice.missing or ""), _flag(choice.exclusive))
    elif isinstance(item, Integer | Decimal):
        for sentinel in item.missing:
            words = (sentinel.label.get(language, "") for language in languages)
            yield (sentinel.text, *words, str(sentinel.missing), _flag(False))


def _tail(checklist: Checklist, entry: Entry) -> Row:
    item = entry.item
    sources = list(filter(None, (_said(each, "relevant") for each in (*entry.sections, *entry.repeats, item))))
    relevant = sources[0] if len(sources) == 1 else " and ".join(f"({source})" for source in sources)
    question = item if isinstance(item, Question) else None
    return (
        _flag(question is not None and question.required),
        _flag(isinstance(item, Question | Calculate) and item.sensitive),
        _flag(item.name == checklist.unit),
        relevant,
        _said(item, "constraint"),
        _said(item, "calculation"),
        item.matches or "" if isinstance(item, Text) else "",
    )


def _said(item: Item, key: str) -> str:
    """An expression as it was written; as XPath where our language does not cover that."""
    expression = getattr(item, key, None)
    return expression.source.strip() if expression else item.xpath.get(key, "")


def _flag(value: bool) -> str:
    return "1" if value else "0"
