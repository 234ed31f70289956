"""Submissions that were edited: the last copy counts, and those that it replaces are kept among the problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checklist_kit.analysis.coerce import raw_text
from checklist_kit.analysis.problems import cells
from checklist_kit.protocols import Batch, Problem, Submission

REVISABLE = frozenset({"odk"})
"""The channels in which submissions are edited. A copy may come before what it replaces, so all are waited for."""

_SUPERSEDED, _CONFLICTING = "file-superseded", "value-conflicting-submission"


def current(stream: Iterable[Batch | Submission | Problem]) -> Iterator[Batch | Submission | Problem]:
    """Pass on what readers yield, once it is known which submissions are superseded: these become rejected."""
    waiting: list[Submission] = []
    for thing in stream:
        if isinstance(thing, Submission) and thing.channel in REVISABLE:
            waiting.append(thing)
        else:
            yield thing
    valid = [submission for submission in waiting if not submission.rejected]
    replaced_by = _replacements(valid)
    newest: dict[str, int] = {}
    for submission in valid:
        newest[submission.id] = max(newest.get(submission.id, 0), submission.edits)
    copies: dict[str, str] = {}
    for submission in valid:
        if submission.id in replaced_by:
            _reject(
                submission, _SUPERSEDED, f"the submission {replaced_by[submission.id]} is an edited copy of this one"
            )
        elif submission.edits < newest[submission.id]:
            _reject(submission, _SUPERSEDED, "this submission is here again, edited more often")
        elif submission.number and copies.setdefault(submission.number, submission.id) != submission.id:
            message = f"the server calls this {submission.number}, as it does {copies[submission.number]} that was read"
            _reject(submission, _CONFLICTING, f"{message} before, and neither tells which is newer")
    yield from waiting


def _replacements(submissions: list[Submission]) -> dict[str, str]:
    """The id of the submission that replaces each one. Of copies that replace each other the first one stays."""
    replaces = {submission.id: submission.replaces for submission in submissions if submission.replaces}
    replaced_by: dict[str, str] = {}
    for newest in (submission.id for submission in submissions if submission.id not in replaced_by):
        newer = newest
        # What is older than one that is marked is marked already.
        while (older := replaces.get(newer, "")) and older != newest and older not in replaced_by:
            replaced_by[older] = newer
            newer = older
    return replaced_by


def _reject(submission: Submission, code: str, message: str) -> None:
    """Reject a submission, with all its cells among its problems."""
    submission.rejected = True
    source = submission.source
    submission.problems.append(Problem.of(code, message, source))
    for key, inner in cells(submission.record):
        fields = {"item": key, "raw": raw_text(inner.values[key]), "place": inner.place(key), "aside": True}
        submission.problems.append(Problem.of(code, message, source, **fields))
