"""Responses to the web form: JSON lines, a JSON array, or one JSON object; UTF-8, or UTF-16 with its byte order mark.

An element is SurveyJS's own result, or an envelope `{"id", "received_at", "version", "data": {…}}` around it. The place
of a value is its JSON pointer within the file, such as `/2/data/voted`; in JSON lines the number of the line stands
before the pointer within that line: `3:/data/voted`. A line or an element that is broken is a rejected submission: the
others are read.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from checklist_kit.model import Checklist
from checklist_kit.protocols import Batch, Part, Problem, Submission, UnreadableFile
from checklist_kit.readers.web.decode import Decoded, Fault, decode, salvage
from checklist_kit.readers.web.plain import Plain
from checklist_kit.readers.web.responses import Origin, Responses, rejected

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACE = b" \t\r\n"
_BLOCK = 1 << 25  # bytes of lines that are read in one piece
_MOST_SKIPPED = 16


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the bytes say it all
    """Whether a file begins as a JSON object or array does."""
    if head.startswith(_UTF16):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)[:1] in (b"{", b"[")


def read(checklist: Checklist, path: Path) -> Iterator[Submission | Problem]:
    """Yield the submissions of a file, streaming where it is JSON lines. Raises UnreadableFile."""
    with path.open("rb") as file:
        yield from _File(checklist, path).read(file)


def read_batches(checklist: Checklist, path: Path, part: Part | None = None) -> Iterator[Batch | Submission | Problem]:
    """Yield the submissions of a file, or of a part of it, those that hold nothing unusual as columns.

    Raises UnreadableFile.
    """
    with path.open("rb") as file:
        reading = _File(checklist, path)
        if part is not None:
            file.seek(part.start)
            yield from reading.blocks(file, part.line, part.end - part.start)
        elif _is_lines(file):
            yield from reading.blocks(file)
        else:
            yield from reading.read(file)


def parts_of(_: Checklist, path: Path, size: int) -> Iterator[Part]:
    """Yield the parts of a file of JSON lines, each of about `size` bytes and of whole lines; none for another file."""
    with path.open("rb") as file:
        if not _is_lines(file):
            return
        start, line = 0, 1
        while block := _whole_lines(file, size):
            yield Part(start, start + len(block), line)
            start, line = start + len(block), line + block.count(b"\n")


def _is_lines(file: BinaryIO) -> bool:
    """Whether a file is JSON lines in UTF-8 and begins with a response; the file is then at its beginning."""
    first = file.readline()
    file.seek(0)
    return first.startswith(b"{") and first.endswith(b"\n") and _is_response(first)


def _whole_lines(file: BinaryIO, size: int) -> bytes:
    block = file.read(size)
    return block if block.endswith(b"\n") else block + file.readline()


class _File:
    """One file that is being read."""

    def __init__(self, checklist: Checklist, path: Path) -> None:
        self.checklist = checklist
        self.responses = Responses(checklist)
        self.path = path

    def read(self, file: BinaryIO) -> Iterator[Submission | Problem]:
        """Find out what the file is by its first line, and read it so."""
        lines = self._lines_of(file)
        above = []
        for line in lines:
            above.append(line)
            if line.strip():
                break
        else:
            raise UnreadableFile("file-empty", f"{self.path} holds nothing but white space")
        if above[-1].lstrip(_SPACE).startswith(b"[") or not _is_response(above[-1]):
            yield from self._document(b"".join([*above, *lines]))
            return
        for number, line in enumerate(chain(above, lines), 1):
            yield from self._line(line, number)

    def blocks(self, file: BinaryIO, number: int = 1, size: int | None = None) -> Iterator[Batch | Submission]:
        """Read JSON lines block by block, from line `number` on; `size` bytes, or all.

        After a block that is not plain the next ones probably are not either, so that they are not tried: one, then
        two, then four, and so on.
        """
        plain, skip, wait = Plain.of(self.checklist), 0, 1
        while size is None or size > 0:
            block = _whole_lines(file, _BLOCK if size is None else min(_BLOCK, size))
            if not block:
                return
            size = None if size is None else size - len(block)
            lines = cache(partial(block.split, b"\n"))
            batch = plain.batch(block, str(self.path), partial(self._again, lines, number)) if not skip else None
            if batch is not None:
                wait = 1
                yield batch
            else:
                skip, wait = (skip - 1, wait) if skip else (wait, min(wait * 2, _MOST_SKIPPED))
                for place, line in enumerate(lines()):
                    yield from self._line(line.removeprefix(codecs.BOM_UTF8), number + place)
            number += block.count(b"\n")

    def _again(self, lines: Callable[[], list[bytes]], number: int, row: int) -> Submission:
        return next(self._line(lines()[row], number + row))

    def _lines_of(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield lines in UTF-8, without byte order marks: a file may be several that were put together."""
        lines: Iterable[bytes] = file
        if file.peek(2).startswith(_UTF16):  # type: ignore[attr-defined]  # a buffered reader has it
            try:
                lines = io.BytesIO(file.read().decode("utf-16").encode())
            except UnicodeError as error:
                raise UnreadableFile("file-encoding", f"{self.path} begins as UTF-16 but is none: {error}") from None
        for line in lines:
            yield line.removeprefix(codecs.BOM_UTF8)

    def _origin(self, number: int, place: str) -> Origin:
        return Origin(str(self.path), self.path.name, number, place)

    def _line(self, line: bytes, number: int) -> Iterator[Submission]:
        """Yield the response of a line, if it holds one."""
        if not line.strip():
            return
        origin = self._origin(number, f"{number}:")
        try:
            yield self.responses.submission(decode(line), origin, line)
        except Fault as fault:
            text = line.decode("utf-8", "backslashreplace").strip()
            place = f"{number}:{fault.column}"
            yield rejected(("file-json-syntax", f"this line is no JSON: {fault.message}"), text, origin, place)

    def _document(self, text: bytes) -> Iterator[Submission | Problem]:
        try:
            whole = decode(text)
        except Fault as fault:
            yield from self._broken(text, fault)
            return
        if not isinstance(whole.value, list):
            yield self.responses.submission(whole, self._origin(1, ""), text)
            return
        if whole.extension:
            message = f"this is no standard JSON ({whole.extension}); it was read nevertheless"
            yield Problem.of("file-json-extension", message, str(self.path))
        for index, element in enumerate(whole.value):
            part = Decoded(element, suspect=whole.suspect)
            yield self.responses.submission(part, self._origin(index + 1, f"/{index}"))

    def _broken(self, text: bytes, fault: Fault) -> Iterator[Submission | Problem]:
        """Yield what can be read of a broken document: the elements of an array, or the lines that are whole."""
        lines = text.splitlines()
        first = next(line.strip() for line in lines if line.strip())
        if first.startswith(b"["):
            yield from self._salvaged(text, fault)
        elif first != b"{" and any(map(_is_response, lines)):
            for number, line in enumerate(lines, 1):
                yield from self._line(line, number)
        else:
            raise self._unreadable(fault)

    def _salvaged(self, text: bytes, fault: Fault) -> Iterator[Submission | Problem]:
        try:
            values, rest = salvage(text.decode("utf-8"))
        except UnicodeDecodeError:
            raise self._unreadable(fault) from None
        if not values:
            raise self._unreadable(fault)
        for index, element in enumerate(values):
            yield self.responses.submission(Decoded(element, suspect=True), self._origin(index + 1, f"/{index}"))
        place = f"{fault.line}:{fault.column}"
        if rest:
            message = f"from here on this is no JSON: {fault.message}"
            yield rejected(("file-json-syntax", message), rest, self._origin(len(values) + 1, place))
        else:
            yield Problem.of("file-json-syntax", "the list of responses has no end", str(self.path), place=place)

    def _unreadable(self, fault: Fault) -> UnreadableFile:
        place = f"{self.path}:{fault.line}:{fault.column}"
        return UnreadableFile("file-json-syntax", f"{place}: this is no JSON: {fault.message}")


def _is_response(line: bytes) -> bool:
    """Whether a line is a JSON object by itself."""
    try:
        return isinstance(decode(line).value, dict)
    except Fault:
        return False
