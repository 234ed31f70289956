"""`with:` of an include: what stands in a bank as $(name) is filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checklist_kit.source.nodes import Map, Seq, Slot
from checklist_kit.source.texts import LANGUAGE, is_words

PARAMETER = re.compile(r"\$\(\s*([A-Za-z_]\w*)\s*\)")


@dataclass
class Filler:
    """Fills parameters into copies of nodes, whose places stay those of the bank.

    A parameter that is a text in several languages gives each language its own; a text without a language becomes one
    in these. `languages` are those of the checklist. `used` and `lacking` are the names that were asked for.
    """

    parameters: Map
    languages: frozenset[str]
    used: set[str] = field(default_factory=set)
    lacking: dict[str, None] = field(default_factory=dict)

    def fill(self, node: object) -> object:
        """Return a node with its parameters filled in, in texts and as whole values."""
        if isinstance(node, Map):
            copy = Map(node.file, node.mark)
            by_language = self._is_by_language(node)
            for key, value in node.items():
                self._put(copy, key, value, node.slots[key], key if by_language else None)
            return copy
        if isinstance(node, Seq):
            listed = Seq(node.file, node.mark)
            for value, slot in zip(node, node.slots, strict=True):
                listed.put(*self._value(value, slot))
            return listed
        return node

    def _is_by_language(self, node: Map) -> bool:
        """Whether a mapping is a text by language; a bank may have more languages than the checklist."""
        return is_words(node) and not self.languages.isdisjoint(node) and all(map(LANGUAGE.fullmatch, node))

    def _put(self, copy: Map, key: str, value: object, slot: Slot, language: str | None) -> None:
        if language is None or not isinstance(value, str) or "$(" not in value:
            copy.put(key, *self._value(value, slot))
        elif language in self._languages_of(value, {language}):  # else this language waits for its translation
            text = self._filled(value, language)
            copy.put(key, text, slot._replace(text=text))

    def _value(self, value: object, slot: Slot) -> tuple[object, Slot]:
        if not isinstance(value, str) or "$(" not in value:
            return self.fill(value), slot
        whole = PARAMETER.fullmatch(value)
        if whole and isinstance(self.parameters.get(whole[1]), Map | Seq):
            self.used.add(whole[1])
            return self.parameters[whole[1]], slot
        if not any(is_words(self.parameters.get(name)) for name in PARAMETER.findall(value)):
            text = self._filled(value, None)
            return text, slot._replace(text=text)
        words = Map(slot.file, slot.value)
        for language in sorted(self._languages_of(value, self.languages)):
            text = self._filled(value, language)
            words.put(language, text, slot._replace(text=text))
        return words, slot._replace(text=None, style=None)

    def _languages_of(self, value: str, wanted: set[str] | frozenset[str]) -> set[str]:
        """Return the languages among those wanted which no parameter of a text lacks."""
        given = [self.parameters.get(name) for name in PARAMETER.findall(value)]
        return {code for code in wanted if all(not isinstance(one, Map) or code in one for one in given)}

    def _filled(self, value: str, language: str | None) -> str:
        def fill(match: re.Match[str]) -> str:
            name, given = match[1], self.parameters.get(match[1])
            text = given.text(language or "") if isinstance(given, Map) else self.parameters.text(name)
            if text is None:
                self.lacking[name] = None
                return match[0]
            self.used.add(name)
            return text

        return PARAMETER.sub(fill, value)
