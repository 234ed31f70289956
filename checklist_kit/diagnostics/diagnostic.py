"""The Diagnostic: what is wrong, where, how bad, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from checklist_kit.diagnostics.codes import CODES


class Severity(StrEnum):
    """How bad a finding is. Only an error makes a command fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text file. Lines and columns count from 1, in characters; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that helps to understand a finding, such as the first of two equal names."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` says what is wrong, in lower case and without a full stop; `help` says what to do. `span` is missing
    only where a finding is about no place in a text, such as a file that cannot be opened.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    help: str | None = None
    related: tuple[Related, ...] = ()

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        help: str | None = None,
        related: Iterable[Related] = (),
    ) -> Diagnostic:
        """Make a finding whose severity is the one that the code table gives. Raises KeyError for an unlisted code."""
        return cls(code, Severity(CODES[code].severity), message, span, help, tuple(related))

    @property
    def is_error(self) -> bool:
        """Whether this finding makes the definition unusable."""
        return self.severity is Severity.ERROR

    def sort_key(self) -> tuple[str, int, int, str]:
        """Order of presentation: by file, then place, then code."""
        if self.span is None:
            return ("", 0, 0, self.code)
        return (self.span.file, self.span.line, self.span.column, self.code)


class DefinitionError(Exception):
    """A definition cannot be used; `diagnostics` holds every finding of the run."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        errors = [finding for finding in self.diagnostics if finding.is_error]
        super().__init__("\n".join(f"{e.span or ''}: {e.message} [{e.code}]" for e in errors))
