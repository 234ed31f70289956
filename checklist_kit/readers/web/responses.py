"""An element of a file -> a submission: the envelope, the answers, the instances of repeats, and what fits nowhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Record, Submission
from checklist_kit.readers.web.decode import DEEPEST, Decoded, Repeated, deep_text, is_deep
from checklist_kit.readers.web.frames import TOP, Frame, frames_of

CHANNEL = "web"
INSTANCE = "_instance"
ENVELOPE = ("id", "received_at", "version", "data")

Path = tuple[object, ...]
"""Keys and positions from an element down to a value."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an element stands: its file as given, that file's name, its number from 1, and how its places begin."""

    source: str
    name: str
    number: int
    place: str

    def at(self, *path: object) -> str:
        """Return the place of a value inside the element: a JSON pointer behind the element's own place."""
        return self.place + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


class Responses:
    """Makes submissions for one checklist."""

    def __init__(self, checklist: Checklist) -> None:
        self.frames = frames_of(checklist)

    def submission(self, decoded: Decoded, origin: Origin, text: bytes = b"") -> Submission:
        """Return the submission of an element. `text` is its own JSON text, where it has one."""
        element = decoded.value
        if is_deep(element):
            raw = text.decode("utf-8").strip() or deep_text(element)
            return rejected(("file-not-a-response", f"it is nested more than {DEEPEST} levels deep"), raw, origin)
        if isinstance(element, dict):
            data = element.get("data")
            if isinstance(data, dict):
                return self._enveloped(element, data, decoded, origin)
            if not element or not element.keys() <= {*ENVELOPE}:
                return self._read(_new(_derived_id(element, origin), origin), element, (), decoded, origin)
        raw = text.decode("utf-8").strip() or json.dumps(element, ensure_ascii=False)
        what = "an envelope without answers under `data`" if isinstance(element, dict) else _kind(element)
        return rejected(("file-not-a-response", f"{what} is no response"), raw, origin)

    def _enveloped(
        self, envelope: dict[str, Any], data: dict[str, Any], decoded: Decoded, origin: Origin
    ) -> Submission:
        again = list(_again(envelope, (), origin)) if isinstance(envelope, Repeated) else []
        given = {key: _plain(envelope.get(key)) for key in ("id", "version", "received_at")}
        submission = _new(given["id"] or _derived_id(data, origin), origin)
        submission.version, submission.received_at = given["version"], given["received_at"]
        submission.problems = again
        for key, value in envelope.items():
            if not _is_blank(value) and value is not data and not given.get(key):
                what = f"`{key}` stands beside `data`" if key not in given else f"the `{key}` of an envelope is no text"
                submission.problems.append(_aside(("file-unknown-key", what), value, key, origin, key))
        return self._read(submission, data, ("data",), decoded, origin)

    def _read(
        self, submission: Submission, data: dict[str, Any], path: Path, decoded: Decoded, origin: Origin
    ) -> Submission:
        if decoded.extension:
            message = f"this is no standard JSON ({decoded.extension}); it was read nevertheless"
            submission.problems.append(Problem.of("file-json-extension", message, origin.source, place=origin.place))
        walk = _Walk(self.frames, origin, submission.problems, decoded.suspect)
        submission.record = walk.record(data, TOP, path)
        submission.cells = walk.cells + sum(problem.aside for problem in submission.problems)
        return submission


@dataclass(slots=True)
class _Walk:
    """Reads one response; `cells` counts what goes into its records."""

    frames: Mapping[str, Frame]
    origin: Origin
    problems: list[Problem]
    suspect: bool
    cells: int = 0

    def record(self, data: dict[str, Any], frame_name: str, path: Path) -> Record:
        """Return a row of answers, and take from `data` what belongs to its repeats."""
        frame = self.frames[frame_name]
        if isinstance(data, Repeated):
            self.problems += _again(data, path, self.origin)
        record = Record(data, partial(self.origin.at, *path))
        if frame_name != TOP:
            record.instance = data.pop(INSTANCE, None)
        for key, repeat in frame.repeats.items():
            if key in data:
                record.repeats[key] = self._instances(data.pop(key), key, repeat, (*path, key))
        for key in frame.boxes:
            # The box of the web form is a list of one.
            if isinstance(box := data.get(key), list) and len(box) == 1:
                (data[key],) = box
        if self.suspect:
            for key, value in data.items():
                self.problems += _inside(value, (*path, key), self.origin)
        values = list(data.values())
        self.cells += len(values) - values.count(None) - values.count("")
        return record

    def _instances(self, value: object, key: str, frame: str, path: Path) -> list[Record]:
        """The instances of a repeat. What is no object leaves a blank one, so that the others keep their number."""
        if not isinstance(value, list):
            if not _is_blank(value):
                self._set_aside(
                    f"{_kind(value)} stands where the list of instances of `{key}` is expected", value, key, path
                )
            return []
        instances = []
        for number, instance in enumerate(value):
            if isinstance(instance, dict):
                instances.append(self.record(instance, frame, (*path, number)))
                continue
            if not _is_blank(instance):
                self._set_aside(
                    f"{_kind(instance)} stands where an instance of `{key}` is expected", instance, key, (*path, number)
                )
            instances.append(_blank(self.origin))
        return instances

    def _set_aside(self, message: str, value: object, key: str, path: Path) -> None:
        self.problems.append(_aside(("value-wrong-shape", message), value, key, self.origin, *path))


def rejected(fault: tuple[str, str], text: str, origin: Origin, place: str = "") -> Submission:
    """Return a submission that becomes no row: its whole text is in its problem."""
    code, message = fault
    problem = Problem.of(code, message, origin.source, place=place or origin.place, raw=text, aside=True)
    submission = _new(_digest(text.encode("utf-8", "backslashreplace"), origin), origin)
    submission.cells, submission.problems, submission.rejected = 1, [problem], True
    return submission


def _new(id_: str, origin: Origin) -> Submission:
    return Submission(id_, CHANNEL, origin.source, _blank(origin), 0)


def _again(found: Repeated, path: Path, origin: Origin) -> Iterator[Problem]:
    """Set the values of keys that came again aside; the first as well, where they differ."""
    for key in dict.fromkeys(key for key, _ in found.others):
        values = [value for other, value in found.others if other == key]
        if any(value != found[key] for value in values):
            values.insert(0, found.pop(key))
            message = f"`{key}` is here {len(values)} times with different values, and none of them counts"
        else:
            message = f"`{key}` is here {len(values) + 1} times with the same value"
        for value in values:
            yield _aside(("file-duplicate-key", message), value, key, origin, *path, key)


def _inside(value: object, path: Path, origin: Origin) -> Iterator[Problem]:
    """Find keys that came again inside a value that is no record."""
    if isinstance(value, Repeated):
        yield from _again(value, path, origin)
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _inside(inner, (*path, key), origin)


def _aside(fault: tuple[str, str], value: object, item: str, origin: Origin, *path: object) -> Problem:
    code, message = fault
    raw = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Problem.of(code, message, origin.source, place=origin.at(*path), item=item, raw=raw, aside=True)


def _derived_id(data: dict[str, Any], origin: Origin) -> str:
    """Name a response that has no id by what it holds and where it stands: reading again gives the same name."""
    try:
        content = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # half a character
        content = json.dumps(data, sort_keys=True).encode()
    return _digest(content, origin)


def _digest(content: bytes, origin: Origin) -> str:
    place = f"{origin.name}\0{origin.number}\0".encode("utf-8", "surrogateescape")
    return hashlib.sha256(place + content).hexdigest()[:20]


def _blank(origin: Origin) -> Record:
    return Record({}, origin.at)


def _plain(value: object) -> str:
    """The text of an envelope's own value; nothing, where it is none."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _is_blank(value: object) -> bool:
    return value is None or value == ""


def _kind(value: object) -> str:
    """What a JSON value is called."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case None:
            return "null"
        case _:
            return "an object"
