"""Putting what a translator hands back into the catalogues, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checklist_kit.diagnostics.letters import describe, mixed_word
from checklist_kit.protocols import Problem
from checklist_kit.source import Text
from checklist_kit.translation.catalogues import Catalogue, Catalogues
from checklist_kit.translation.placeholders import placeholders
from checklist_kit.translation.returned import Line, Returned
from checklist_kit.translation.sheet import fingerprint, identity


@dataclass
class Merged:
    """What became of the lines of a file: how many were taken, were there already, are blank, or wait to be looked at.

    Lines that wait are in the catalogues, marked as fuzzy, unless they are of a text that does not exist.
    """

    taken: int = 0
    same: int = 0
    blank: int = 0
    waiting: int = 0
    problems: list[Problem] = field(default_factory=list)


def merge(texts: Iterable[Text], catalogues: Catalogues, returned: Returned, folder: Path) -> Merged:
    """Put the lines of a file into the catalogues of its language. `folder` is that of the checklist."""
    merged = Merged(problems=list(returned.problems))
    index: dict[str, list[Text]] = {}
    for text in texts:
        if text.original != catalogues.language:
            for name in {identity(text, folder), text.context}:
                index.setdefault(name, []).append(text)
    for line in returned.lines:
        if not line.text.strip():
            merged.blank += 1
        else:
            _merge_line(line, index.get(line.name, []), catalogues, returned.source, merged)
    return merged


def _merge_line(line: Line, named: list[Text], catalogues: Catalogues, source: str, merged: Merged) -> None:
    meant = [text for text in named if fingerprint(catalogues.of(text).source_of(text)) == line.fingerprint]
    problems = list(_problems(line, named, meant, source))
    merged.problems += problems
    if any(problem.code != "text-mixed-script" for problem in problems) or line.fuzzy:
        merged.waiting += 1
        for text in meant or named:
            _set_aside(catalogues.of(text), text, line, catalogues.language, changed=not meant)
    elif all(text.words.get(catalogues.language) == line.text for text in meant):
        merged.same += 1
    else:
        merged.taken += 1
        for text in meant:
            entry = catalogues.of(text).entry_for(text)
            entry.msgstr, entry.previous_msgid = line.text, None
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def _problems(line: Line, named: list[Text], meant: list[Text], source: str) -> Iterator[Problem]:
    def problem(code: str, message: str) -> Problem:
        return Problem.of(code, message, source, place=line.place, raw=line.text)

    if not named:
        yield problem("text-unknown-translation", f"there is no text `{line.name}`")
    elif not meant:
        yield problem("text-stale-translation", f"the text of `{line.name}` has changed since it was handed out")
    lost = placeholders(line.source) ^ placeholders(line.text)
    if lost and not line.fuzzy:
        yield problem("text-placeholder", f"{' '.join(sorted(lost))} stands in the text or in its translation only")
    if (found := mixed_word(line.text)) is not None:
        word, letter = found
        yield problem("text-mixed-script", f"the word `{word}` mixes alphabets: it holds {describe(letter)}")


def _set_aside(catalogue: Catalogue, text: Text, line: Line, language: str, *, changed: bool) -> None:
    """Keep a translation that cannot be used as it is, where no usable one would be lost."""
    if text.words.get(language, "").strip():
        return
    entry = catalogue.entry_for(text)
    entry.msgstr = line.text
    if changed:
        entry.previous_msgid = line.source
    if not entry.fuzzy:
        entry.flags.append("fuzzy")
