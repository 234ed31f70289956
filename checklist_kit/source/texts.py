"""Where the texts of a document stand: what a translator translates, each under a path of its own.

A path is that of the document, with names in the place of positions: `items/opening/box_empty/label`,
`choices/yes_no/yes`, `indicators/late/label`, `title`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checklist_kit.model import TEXT_KEYS, Translated, Words
from checklist_kit.source.nodes import Map, Seq

# As in the schema: texts in what is no language are nobody's fault but that key's.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


_OUTCOMES = ("indicators", "checks", "reports")


class TextPlace(NamedTuple):
    """A text of a document: it is `holder[key]`."""

    path: str
    holder: Map
    key: str


def text_places(document: object) -> Iterator[TextPlace]:
    """Yield the texts of a checklist, of a bank (items, one item, or a mapping with both) or of a project file."""
    if isinstance(document, Seq):
        yield from _items(document, "items")
    elif isinstance(document, Map) and "type" in document:
        yield from _item(document, "items")
    elif isinstance(document, Map):
        yield from _text(document, "title", "title")
        choices = document.get("choices")
        for name, node in choices.items() if isinstance(choices, Map) else ():
            yield from _choices(node, f"choices/{name}")
        attributes = document.get("attributes")
        for name, node in attributes.items() if isinstance(attributes, Map) else ():
            if isinstance(node, Map):
                yield from _text(node, "label", f"attributes/{name}/label")
                yield from _choices(node.get("choices"), f"attributes/{name}/choices")
        yield from _items(document.get("items"), "items")
        paper = document.get("paper")
        example = paper.get("example") if isinstance(paper, Map) else None
        if isinstance(example, Map):
            yield from _text(example, "story", "paper/example/story")
        for key in _OUTCOMES:
            yield from _outcomes(document.get(key), key)


def _outcomes(nodes: object, above: str) -> Iterator[TextPlace]:
    for node in nodes if isinstance(nodes, Seq) else ():
        if isinstance(node, Map):
            for key in ("label", "phrase"):
                yield from _text(node, key, f"{above}/{node.text('name')}/{key}")


def words(node: Map, key: str, language: str) -> Words:
    """Return a text by language; a plain text is in the given language. Empty where there is none.

    Of translations that stand in another file than the text itself the places are kept.
    """
    value = node.get(key)
    if not isinstance(value, Map):
        text = node.text(key)
        return {} if text is None else {language: text}
    found = {code: text for code in value if (text := value.text(code)) is not None}
    file = node.slots[key].file
    places = {code: value.value_span(code) for code in found if value.slots[code].file != file}
    return Translated(found, places) if places else found


def is_words(value: object) -> bool:
    """Whether a value is a mapping of texts, as a text in several languages is."""
    return isinstance(value, Map) and bool(value) and all(value.text(key) is not None for key in value)


def is_choice_file(node: Map) -> bool:
    """Whether a list of choices stands in a CSV file, which `file` names, and perhaps two of its columns."""
    return node.keys() <= {"file", "value", "label"} and (node.text("file") or "").lower().endswith(".csv")


def _items(nodes: object, above: str) -> Iterator[TextPlace]:
    for node in nodes if isinstance(nodes, Seq) else ():
        if isinstance(node, Map):
            yield from _include(node, above) if "include" in node else _item(node, above)


def _include(node: Map, above: str) -> Iterator[TextPlace]:
    """The parameters that are texts: those written by language."""
    parameters = node.get("with")
    for key, value in parameters.items() if isinstance(parameters, Map) else ():
        if is_words(value):
            assert isinstance(parameters, Map)
            yield TextPlace(f"{above}/with/{key}", parameters, key)


def _item(node: Map, above: str) -> Iterator[TextPlace]:
    path = f"{above}/{node.text('name')}"
    for key in TEXT_KEYS:
        yield from _text(node, key, f"{path}/{key}")
    for key in ("choices", "over"):
        yield from _choices(node.get(key), f"{path}/{key}")
    sentinels = node.get("missing")
    for number, sentinel in sentinels.items() if isinstance(sentinels, Map) else ():
        if isinstance(sentinel, Map):
            yield from _text(sentinel, "label", f"{path}/missing/{number}")
    yield from _items(node.get("items"), path)


def _choices(node: object, path: str) -> Iterator[TextPlace]:
    """The labels of a list; those of a list in a file stand there."""
    if not isinstance(node, Map) or is_choice_file(node):
        return
    for code, choice in node.items():
        if isinstance(choice, Map) and ("label" in choice or "missing" in choice):
            yield from _text(choice, "label", f"{path}/{code}")
        else:
            yield from _text(node, code, f"{path}/{code}")


def _text(holder: Map, key: str, path: str) -> Iterator[TextPlace]:
    if holder.text(key) is not None or is_words(holder.get(key)):
        yield TextPlace(path, holder, key)
