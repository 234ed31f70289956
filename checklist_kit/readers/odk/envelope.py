"""What a server says of a submission beside its answers: its id, its version, when it came, whether it counts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from checklist_kit.protocols import Problem, Record, Submission

CHANNEL = "odk"

_UNDECRYPTED = {"not decrypted", "missing encrypted form data"}
_REFUSED = {"rejected", "not approved", "validation_status_not_approved"}
_REJECTING = {"file-encrypted-submission", "file-review-rejected", "file-other-checklist"}
_WORDS = {
    "personal": "what tells of the device or the person",
    "entity": "entities",
    "audit": "logs of how the form was filled in",
    "attachment": "attached files",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands beside the answers.

    `key` is the submission's id, `replaces` that of the one that this is an edited copy of, `edits` how often it was
    edited under its own id, `number` what Kobo calls it and all its copies.
    """

    key: str
    version: str = ""
    received_at: str = ""
    replaces: str = ""
    edits: int = 0
    status: str = ""
    review: str = ""
    number: str = ""

    @classmethod
    def of_row(cls, value: Callable[..., str]) -> Envelope:
        """Read the columns that ODK Central or Kobo add; `value` gives the first that is filled of some."""
        key = value("KEY") or normal_id(value("_uuid", "meta-instanceID", "meta/instanceID"))
        edits = value("Edits")
        return cls(
            key or value("_id"),
            value("FormVersion", "__version__", "_version_"),
            value("SubmissionDate", "_submission_time"),
            normal_id(value("meta-deprecatedID", "meta/deprecatedID")),
            int(edits) if edits.isdecimal() and len(edits) < 10 else 0,
            value("Status"),
            value("ReviewState", "_validation_status"),
            value("_id") if value("_uuid") else "",
        )

    @classmethod
    def of_object(cls, data: dict[str, Any]) -> Envelope:
        """Read what OData or Kobo's interface puts beside the answers."""
        system, meta = (_object(data.get(key)) for key in ("__system", "meta"))
        edits = system.get("edits")
        return cls(
            _text(data, "__id") or normal_id(_text(data, "_uuid", "meta/instanceID") or _text(meta, "instanceID")),
            _text(system, "formVersion") or _text(data, "__version__", "_version_"),
            _text(system, "submissionDate") or _text(data, "_submission_time"),
            normal_id(_text(data, "meta/deprecatedID") or _text(meta, "deprecatedID")),
            edits if isinstance(edits, int) and edits > 0 else 0,
            _text(system, "status"),
            _text(system, "reviewState") or _text(_object(data.get("_validation_status")), "uid"),
            _text(data, "_id") if _text(data, "_uuid") else "",
        )

    def submission(self, record: Record, source: str, cells: int, place: str) -> Submission:
        """Return the submission. Without an id it gets one that is the same whenever the file is read."""
        found = Submission(
            self.key,
            CHANNEL,
            source,
            record,
            cells,
            self.version,
            self.received_at,
            replaces=self.replaces if self.replaces != self.key else "",
            edits=self.edits,
            number=self.number,
        )
        if not self.key:
            content = repr((place, sorted(map(repr, record.values.items()))))
            found.id = hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:20]
            message = f"the submission has no id and is called {found.id}"
            found.problems.append(Problem.of("value-no-id", message, source, place=place))
        if self.status.casefold() in _UNDECRYPTED:
            message = "this submission was still encrypted when it was exported: give the passphrase on the server"
            found.problems.append(Problem.of("file-encrypted-submission", message, source, place=place))
        elif self.review.casefold() in _REFUSED:
            message = f"a reviewer marked this submission as `{self.review}`, so that it does not count"
            found.problems.append(Problem.of("file-review-rejected", message, source, place=place, raw=self.review))
        return found


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(data: dict[str, Any], *keys: str) -> str:
    """The first text or number under some keys."""
    return next((str(data[key]) for key in keys if isinstance(data.get(key), str | int) and data[key] != ""), "")


def normal_id(text: str) -> str:
    """An instanceID as ODK writes it, which Kobo does without its first word.

    >>> normal_id("c0ffee"), normal_id("uuid:c0ffee"), normal_id("")
    ('uuid:c0ffee', 'uuid:c0ffee', '')
    """
    text = text.strip()
    return text if not text or ":" in text else f"uuid:{text}"


def settled(submission: Submission) -> Submission:
    """Reject a submission that has a problem which forbids to count it: its answers go among the problems."""
    fault = next((problem for problem in submission.problems if problem.code in _REJECTING), None)
    if fault is not None:
        submission.rejected = True
        for key, inner in cells(submission.record):
            fields = {"item": key, "raw": str(inner.values[key]), "place": inner.place(key), "aside": True}
            submission.problems.append(Problem.of(fault.code, fault.message, submission.source, **fields))
    return submission


def cells(record: Record) -> Iterator[tuple[str, Record]]:
    """Yield the keys of all cells of a record, those of its repeats included, each with the record that holds it."""
    yield from ((key, record) for key, raw in record.values.items() if raw is not None and raw != "")
    for instances in record.repeats.values():
        for instance in instances:
            yield from cells(instance)


def left_out(numbers: Counter[str], source: str) -> Iterator[Problem]:
    """Say what of an export was not read, because it is no answer."""
    told = [_WORDS[kind] for kind in _WORDS if numbers[kind]]
    if told:
        message = f"not read, because it is no answer: {', '.join(told)}"
        yield Problem.of("file-left-out", message, source)
