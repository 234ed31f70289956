"""What a document says about how it is printed."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.model import PAPER_FORMATS, Example, Paper
from checklist_kit.source.nodes import Map, Seq
from checklist_kit.source.texts import words


def paper_of(document: Map, language: str) -> Paper:
    """Return what stands under `paper`, without what is faulty; `language` is that of plain texts."""
    node = document.get("paper")
    if not isinstance(node, Map):
        return Paper()
    formats = node.get("formats")
    known = [name for name in formats.texts() if name in PAPER_FORMATS] if isinstance(formats, Seq) else []
    example = node.get("example")
    return Paper(
        formats=tuple(dict.fromkeys(known)) or Paper().formats,
        example=_example(example, language) if isinstance(example, Map) else None,
    )


def _example(node: Map, language: str) -> Example:
    answers = node.get("answers")
    given = answers if isinstance(answers, Map) else Map(node.file, node.mark)
    return Example(
        story=words(node, "story", language),
        answers={name: dict(_instances(given, name)) for name in given},
        spans={name: given.value_span(name) for name in given},
    )


def _instances(answers: Map, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the answers to a question by instance, outside of repeats under an empty one."""
    value = answers[name]
    if isinstance(value, Map):
        for instance in value:
            yield instance, _texts(value, instance)
    else:
        yield "", _texts(answers, name)


def _texts(node: Map, key: str) -> tuple[str, ...]:
    value = node[key]
    if isinstance(value, Seq):
        return tuple(value.texts())
    text = node.text(key)
    return () if text is None else (text,)
