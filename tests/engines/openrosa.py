"""openrosa-xpath-evaluator, which Enketo (the web client of ODK and Kobo) asks, in a Node process that stays up."""

from collections.abc import Sequence
from typing import Any, Self

from tests.engines import NODE
from tests.engines.javarosa import TIME_ZONE
from tests.engines.process import JsonLines


class OpenRosa:
    """The engine. Use it as a context manager, or through the fixture `openrosa`."""

    def __init__(self) -> None:
        self._process = JsonLines(["env", f"TZ={TIME_ZONE}", "node", str(NODE / "openrosa.js")])
        self.close = self._process.close

    def evaluate(self, instance: str, cases: Sequence[tuple[str, str, str]]) -> list[Any]:
        """Evaluate XPath expressions over an instance: (expression, path of the context node, type).

        The type is `boolean`, as in a relevance, `string`, as in a calculation, or `any`. A value that is no number is
        None; an expression that fails is `{"error": …}`.
        """
        answers: list[Any] = self._process.ask("evaluate", instance=instance, cases=cases)
        return answers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
