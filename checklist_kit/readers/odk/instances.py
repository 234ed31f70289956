"""Submissions as XML: the instance of an XForm, plain or encrypted, as phones keep it and servers hand it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Submission, UnreadableFile
from checklist_kit.readers.odk.decrypt import decrypted, is_manifest
from checklist_kit.readers.odk.envelope import Envelope, left_out, settled
from checklist_kit.readers.odk.names import names_of
from checklist_kit.readers.odk.nested import Filling
from checklist_kit.readers.odk.xmltree import Element, parse

_KOBO = re.compile(r"a[0-9A-Za-z]{21}")  # Kobo puts a name of its own in the place of the form's
_LARGEST = 64 << 20


def read_instance(checklist: Checklist, path: Path, key: bytes | None) -> Iterator[Submission | Problem]:
    """Yield the submission of a file. Raises UnreadableFile."""
    if path.stat().st_size > _LARGEST:
        raise UnreadableFile("file-too-large", f"{path} is larger than any submission")
    root = parse(path.read_bytes(), path)
    genuine: bool | None = True
    if is_manifest(root):
        opened = decrypted(root, path, key)
        root, genuine = parse(opened.text, path), opened.genuine
    if root.name in ("html", "svg", "root") or "id" not in root.attributes:
        raise UnreadableFile("file-unknown-kind", f"{path} is XML, but no submission of a form")
    filling = Filling(names_of(checklist), str(path))
    record = filling.record(root.inner, place=root.place)
    found = _envelope(root).submission(record, str(path), 0, root.place)
    found.problems += filling.problems
    found.cells = filling.cells
    if genuine is False:
        message = "the signature does not fit: the submission was changed after it was encrypted"
        found.problems.append(Problem.of("file-bad-signature", message, str(path), place=root.place))
    if root.attributes["id"] != checklist.id and not _KOBO.fullmatch(root.attributes["id"]):
        message = f"this submission belongs to the form `{root.attributes['id']}`, not to `{checklist.id}`"
        found.problems.append(Problem.of("file-other-checklist", message, str(path), place=root.place))
    yield from left_out(filling.left_out, str(path))
    yield settled(found)


def _envelope(root: Element) -> Envelope:
    attributes = root.attributes
    return Envelope(
        root.find("meta", "instanceID") or attributes.get("instanceID", ""),
        attributes.get("version", ""),
        attributes.get("submissionDate", ""),
        root.find("meta", "deprecatedID"),
    )
