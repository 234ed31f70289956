"""survey-core, the engine that runs a SurveyJS form, in a Node process that stays up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tests.engines import NODE
from tests.engines.process import JsonLines


@dataclass(frozen=True)
class Report:
    """What the engine holds against a form: unknown properties and types, and expressions it can't run."""

    json_errors: list[dict[str, Any]]
    expression_errors: list[dict[str, Any]]

    @property
    def clean(self) -> bool:
        """Whether the engine takes the form as it stands."""
        return not self.json_errors and not self.expression_errors


@dataclass(frozen=True)
class Run:
    """A filled form. A question inside a repeat goes by its path, `votes[2].count`, panels counted from 0.

    `refused` holds the steps that a person could not have taken, because the question was hidden or read only;
    `visible`, `titles` and `choices` describe what stands on the page after the last step; `errors` are
    `{question, type, text}` as shown to the person who presses Complete. `data` is what the form holds after the last
    step, `submitted` what completing it sends, None when it does not let itself be completed.
    """

    valid: bool
    refused: list[str]
    data: dict[str, Any]
    submitted: dict[str, Any] | None
    visible: list[str]
    titles: dict[str, str]
    choices: dict[str, list[Any]]
    errors: list[dict[str, str]]


@dataclass(frozen=True)
class Evaluation:
    """One expression: whether it parses, its value, and whether `visibleIf` would take it as true."""

    parsed: bool
    value: Any
    truth: bool


class SurveyJS:
    """The engine. Use it as a context manager, or through the fixture `surveyjs`."""

    def __init__(self) -> None:
        self._process = JsonLines(["node", str(NODE / "survey.js")])
        self.close = self._process.close

    def load(self, survey: Mapping[str, Any]) -> Report:
        """Load a form and validate its expressions."""
        return Report(**self._process.ask("load", survey=survey))

    def run(
        self,
        survey: Mapping[str, Any],
        steps: Sequence[tuple[str, Any]] = (),
        data: Mapping[str, Any] | None = None,
        locale: str = "",
    ) -> Run:
        """Answer the questions one after another, in the order of `steps` (path, value; None clears), then validate.

        A path whose index is the number of panels adds one. `data` is what the form holds before the first step.
        """
        return Run(**self._process.ask("run", survey=survey, steps=list(steps), data=data, locale=locale))

    def evaluate(self, cases: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Evaluation]:
        """Evaluate each expression over its own answers; a name that is absent is blank."""
        return [Evaluation(**answer) for answer in self._process.ask("evaluate", cases=list(cases))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
