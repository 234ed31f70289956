"""What ODK Central and KoboToolbox export: CSV by itself or in an archive, workbooks, JSON, and instances as XML.

A submission is named by its instanceID. One that was edited replaces the one that it was made of. What is no answer
(devices and persons, entities, audit logs, attachments) is not read, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Submission, UnreadableFile
from checklist_kit.readers.odk import documents, tables
from checklist_kit.readers.odk.documents import read_document
from checklist_kit.readers.odk.instances import read_instance
from checklist_kit.readers.odk.tables import main_table_of, read_export
from checklist_kit.readers.odk.tabular import Tabular

TAKES_KEY = True
"""`read` takes the private key of encrypted forms."""

_SPACE = b" \t\r\n"
_DEFINITION = (b"<h:html", b"<html", b"<!DOCTYPE html")


def recognises(path: Path, head: bytes) -> bool:
    """Whether a file is an export of ODK or Kobo, an instance of a form, or a file that belongs to one."""
    if _is_sealed(path):
        return True
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(_SPACE)
    if text[:1] == b"<":
        return not any(mark in text[:1024] for mark in _DEFINITION)
    if text[:1] in (b"{", b"["):
        return documents.looks_exported(head)
    return tables.looks_exported(path, head) or _is_attachment(path)


def read(checklist: Checklist, path: Path, *, key: bytes | None = None) -> Iterator[Submission | Problem]:
    """Yield the submissions of a file, and what belongs to none of them.

    `key` is the private key of an encrypted form, as PEM. Raises UnreadableFile where the file is damaged, hostile,
    encrypted with another key, or holds nothing of the checklist.
    """
    if _is_sealed(path):
        return
    with path.open("rb") as file:
        head = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip(_SPACE)
    if head[:1] == b"<":
        yield from read_instance(checklist, path, key)
    elif head[:1] in (b"{", b"["):
        yield from read_document(checklist, path)
    elif tables.looks_exported(path, head):
        yield from _tables(checklist, path)
    # Else it is an attachment, whose name is an answer in the instance beside it.


def _tables(checklist: Checklist, path: Path) -> Iterator[Submission | Problem]:
    export = read_export(path)
    if any(table.is_main for table in export.tables):
        yield from Tabular(checklist, export, str(path)).read()
        return
    main = main_table_of(path) if len(export.tables) == 1 else None
    if main is None:
        message = f"{path} holds no submissions, only what belongs to some: give it together with them"
        raise UnreadableFile("file-no-submissions", message)
    message = f"{path} is read together with {main.name}, which it belongs to"
    yield Problem.of("file-left-out", message, str(path))


def _is_sealed(path: Path) -> bool:
    """Whether a file is an encrypted part of a submission, whose bytes may look like anything."""
    return path.suffix == ".enc" and _is_attachment(path)


def _is_attachment(path: Path) -> bool:
    """Whether an instance beside a file names it: a picture, or a part that is encrypted."""
    name = b">%s<" % path.name.encode("utf-8", "surrogateescape")
    return any(name in instance.read_bytes() for instance in sorted(path.parent.glob("*.xml"))[:20])
