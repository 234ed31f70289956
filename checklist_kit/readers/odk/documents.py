"""Submissions as JSON: the OData feed of ODK Central, and the programming interface of Kobo."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Record, Submission, UnreadableFile
from checklist_kit.readers.odk.envelope import CHANNEL, Envelope, left_out, settled
from checklist_kit.readers.odk.names import TOP, Names, names_of
from checklist_kit.readers.odk.nested import Filling
from checklist_kit.readers.odk.parts import TooDeep, parts_of_json

_MARKS = re.compile(
    rb'^\s*\{\s*"@odata\.|"@odata\.context"\s*:|"__system"\s*:|"formhub/uuid"\s*:|"_xform_id_string"\s*:'
    rb'|^\s*\{\s*"count"\s*:\s*\d+\s*,\s*"next"\s*:'
)
_LINK = "@odata.navigationLink"


def looks_exported(head: bytes) -> bool:
    """Whether a JSON text has the marks of a server's export."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") and bool(_MARKS.search(head))


def read_document(checklist: Checklist, path: Path) -> Iterator[Submission | Problem]:
    """Yield the submissions of a document, and what belongs to none of them. Raises UnreadableFile."""
    names, source = names_of(checklist), str(path)
    numbers: Counter[str] = Counter()
    missing: set[str] = set()
    for element, place in _elements(path):
        if not isinstance(element, dict):
            yield _rejected(element, source, place)
            continue
        if "__system" not in element and any(key.startswith("__") and key.endswith("-id") for key in element):
            message = f"{path} is the table of a repeat without its submissions: download these with ?$expand=*"
            raise UnreadableFile("file-no-submissions", message)
        missing |= _missing_repeats(element, names[TOP])
        filling = Filling(names, source, left_out=numbers)
        try:
            record = filling.record(parts_of_json(element, place), place=place)
        except TooDeep as error:
            message = f"{path} has objects in objects more than a form can have"
            raise UnreadableFile("file-unsafe", message) from error
        found = Envelope.of_object(element).submission(record, source, filling.cells, place)
        found.problems += filling.problems
        yield settled(found)
    for repeat in sorted(missing):
        message = f"the instances of `{repeat}` were not exported: download with ?$expand=*"
        yield Problem.of("file-missing-repeat", message, source, item=repeat)
    yield from left_out(numbers, source)


def _elements(path: Path) -> Iterator[tuple[Any, str]]:
    """Yield what may be submissions, each with its JSON pointer; in JSON lines the line stands before it."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        whole = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        lines = data.splitlines()
        if len(lines) > 1 and _is_object(lines[0]):
            yield from _lines(lines)
            return
        place = f"{path}:{error.lineno}:{error.colno}"
        raise UnreadableFile("file-json-syntax", f"{place}: this is no JSON: {error.msg}") from error
    for key in ("value", "results"):
        if isinstance(whole, dict) and isinstance(whole.get(key), list):
            yield from ((element, f"/{key}/{number}") for number, element in enumerate(whole[key]))
            return
    if isinstance(whole, list):
        yield from ((element, f"/{number}") for number, element in enumerate(whole))
    else:
        yield whole, ""


def _lines(lines: list[bytes]) -> Iterator[tuple[Any, str]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield orjson.loads(line), f"{number}:"
            except orjson.JSONDecodeError:
                yield line.decode("utf-8", "backslashreplace"), f"{number}:"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _missing_repeats(data: dict[str, Any], names: Names) -> set[str]:
    """The repeats of the top level that a document only has links to."""
    found = set()
    for key, value in data.items():
        if isinstance(value, dict) and not key.startswith("__"):
            found |= _missing_repeats(value, names)
        elif key.endswith(_LINK) and key.removesuffix(_LINK) not in data:
            repeat = names.repeat(key.removesuffix(_LINK))
            found |= {repeat} if repeat is not None else set()
    return found


def _rejected(element: object, source: str, place: str) -> Submission:
    raw = element if isinstance(element, str) else orjson.dumps(element).decode()
    problem = Problem.of("file-not-a-response", "this is no submission", source, place=place, raw=raw, aside=True)
    record = Record({}, lambda _: place)
    return Submission(f"{source}{place}", CHANNEL, source, record, 1, problems=[problem], rejected=True)
