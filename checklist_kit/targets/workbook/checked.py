"""xlsxwriter reports a refused argument by its return code alone: here a refusal is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Refused(Exception):
    """The library refused what it was told to write: a limit of the format was passed unseen."""


class Checked:
    """Passes calls on to a workbook or a sheet of xlsxwriter. Raises Refused where its answer is a failure."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._inner, name)

        def call(*arguments: Any, **options: Any) -> Any:
            answer = method(*arguments, **options)
            if isinstance(answer, int) and answer < 0:
                raise Refused(f"{name}{arguments} was refused with {answer}")
            return answer

        return call
