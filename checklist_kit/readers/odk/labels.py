"""Labels where codes are expected: Kobo joins those of a select_multiple by spaces, which labels have themselves."""

from __future__ import annotations

from checklist_kit.model import ChoiceList
from checklist_kit.protocols import Raw


def folded(text: str) -> str:
    """A label as it is compared: without case and without outer and repeated white space."""
    return " ".join(text.casefold().split())


class Labels:
    """Takes an answer to a select_multiple apart, where it is made of labels in one way only."""

    def __init__(self, choices: ChoiceList) -> None:
        self._codes = {code for choice in choices.choices for code in (choice.code, *choice.was)}
        self._labels = {folded(label) for choice in choices.choices for label in choice.label.values()}
        self._longest = max((label.count(" ") + 1 for label in self._labels), default=0)

    def __call__(self, text: str) -> Raw:
        """Return the labels as a list; the text itself where it holds codes, one label, or what cannot be told."""
        words = text.split()
        if len(words) < 2 or all(word in self._codes for word in words) or folded(text) in self._labels:
            return text
        ways = self._ways(words)
        return list(ways[0]) if len(ways) == 1 else text

    def _ways(self, words: list[str]) -> list[tuple[str, ...]]:
        """The ways to make words of labels, at most two of them, from the end backwards."""
        ways: list[list[tuple[str, ...]]] = [[] for _ in words] + [[()]]
        for start in reversed(range(len(words))):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                label = " ".join(words[start:end])
                if folded(label) in self._labels:
                    ways[start] += [(label, *rest) for rest in ways[end]][: 2 - len(ways[start])]
        return ways[0]
