"""The contracts between the core and what surrounds it: targets write artifacts, readers yield submissions.

A target is a module with the function of `Target`, a reader one with those of `Reader`; the registry finds them by
name.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from checklist_kit.diagnostics import CODES, Diagnostic
from checklist_kit.model import Checklist

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a target made: file contents by file name, and what of the checklist it could not express."""

    files: Mapping[str, bytes]
    losses: tuple[Diagnostic, ...] = ()


class Target(Protocol):
    """Compiles a checklist. Pure: the same checklist and languages give the same bytes.

    `languages` are those asked for, in order; a target whose files hold all languages at once uses the first as the
    one to show.
    """

    def build(self, checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
        """Return the files of this target. Raises DefinitionError where it cannot be built at all."""
        ...


Raw = (
    str
    | int
    | float
    | bool
    | datetime.date
    | datetime.time
    | datetime.datetime
    | datetime.timedelta
    | list[object]
    | dict[str, object]
    | None
)
"""A cell or value as the channel holds it, before it has a type. None and the empty string are blank."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a response that a person should see: one row of the table `problems`.

    `place` is sheet!cell, line:column, a JSON pointer, or page and box. `aside` says that `raw` was set aside, that
    is: it did not become a value.
    """

    severity: str
    code: str
    message: str
    source: str
    place: str = ""
    submission_id: str = ""
    item: str = ""
    raw: str = ""
    aside: bool = False

    @classmethod
    def of(cls, code: str, message: str, source: str, **fields: Any) -> Problem:
        """Make a problem whose severity is the one that the code table gives. Raises KeyError for an unlisted code."""
        return cls(CODES[code].severity, code, message, source, **fields)


@dataclass(slots=True)
class Record:
    """One row of answers: a submission's own, or one instance of a repeat.

    `values` maps a question's name to its raw value; a select_multiple may instead come as one value a choice, under
    `name.choice`. `repeats` maps a repeat's name to its instances. `instance` is the raw name of this instance, None
    where the channel gives none. `place` tells where a column's value stands.
    """

    values: dict[str, Raw]
    place: Callable[[str], str]
    repeats: dict[str, list[Record]] = field(default_factory=dict)
    instance: Raw = None


@dataclass(slots=True)
class Submission:
    """What one observer handed in, raw, with its places.

    `cells` counts the non-blank values that the reader saw in it, those in `problems` included; `problems` holds what
    it could not tie to a question. A rejected submission becomes no row; all its cells are in `problems`. `replaces` is
    the id of the submission that this one is an edited copy of, `edits` how often it was edited under its own id,
    `number` what a server calls it that gives each edited copy an id of its own.
    """

    id: str
    channel: str
    source: str
    record: Record
    cells: int
    version: str = ""
    received_at: str = ""
    problems: list[Problem] = field(default_factory=list)
    rejected: bool = False
    replaces: str = ""
    edits: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Submissions of one file in which a reader finds little unusual, as columns: what it may yield in their place.

    `columns` lead from the keys of answers, all of which the checklist has, to Arrow arrays with one raw value a
    submission, null where there is none. `cells` counts the values that are not blank. `submission` returns the one in
    a row as a Submission, with its places. `odd` are those in some rows that do not fit the columns, which are null
    there; none of them is rejected.
    """

    channel: str
    source: str
    ids: list[str]
    versions: list[str]
    received: list[str]
    columns: Mapping[str, pa.Array]
    cells: int
    submission: Callable[[int], Submission]
    odd: Mapping[int, Submission] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file that can be read by itself: the bytes from `start` to `end`.

    Its first line is `line`, and its first row, in a file of rows, is `row`, counted from 0.
    """

    start: int
    end: int
    line: int
    row: int = 0


class Reader(Protocol):
    """Reads one channel. Knows columns and places, and nothing of types."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether a file looks like this channel's, judged by its first bytes and not by its name."""
        ...

    def read(self, checklist: Checklist, path: Path) -> Iterator[Submission | Problem]:
        """Yield the submissions of a file, and problems that belong to the file and to no submission.

        Raises UnreadableFile when the file cannot be read at all.
        """
        ...


class UnreadableFile(Exception):
    """A file that cannot be read at all: encrypted, truncated, hostile or of another kind.

    Carries the problem to report.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
