"""What an engine is asked: whether an expression holds, and whether its opposite does."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks.agreement.material import Asked, Form
from checklist_kit.logic import Condition
from checklist_kit.logic import tree as t

INEXPRESSIBLE = "inexpressible"
"""The verdict where a target says itself that the engine has no expression for this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an expression held, and its opposite, in an engine: as compiled, and as written down naively."""

    asked: Asked
    compiled: tuple[Any, Any]
    plain: tuple[Any, Any]


class Engine(ABC):
    """An engine that stays up while it is asked. `batch` is how many forms it is given at once."""

    batch = 10

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def verdicts(self, forms: Sequence[Form]) -> Iterator[Verdict]:
        """Ask about all expressions of some forms."""
        for form, answers in zip(forms, self.ask(forms), strict=True):
            for number, asked in enumerate(form.asked):
                first, second, third, fourth = answers[4 * number : 4 * number + 4]
                yield Verdict(asked, (first, second), (third, fourth))

    @abstractmethod
    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """For each form, four values an expression: it holds, its opposite holds; the same, naively."""


def write_all(form: Form, compiled: Callable[[Condition], str], plain: Callable[[Condition], str]) -> list[str]:
    found = []
    for asked in form.asked:
        for write in (compiled, plain):
            found += [write(asked.tree), write(t.Not(asked.tree))]
    return found


def plain(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case datetime.time():
            return f"{value:%H:%M}"
        case datetime.date():
            return value.isoformat()
        case _:
            return value
