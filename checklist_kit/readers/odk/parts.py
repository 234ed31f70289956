"""A submission as a tree of named parts, whether it came as JSON or as XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checklist_kit.protocols import Raw


@dataclass(frozen=True, slots=True)
class Part:
    """A named value, or a group of parts (`inner`). `listed` says that it is one of a list."""

    name: str
    place: str
    value: Raw = None
    inner: Sequence[Part] | None = None
    listed: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return self.inner is None and (self.value is None or self.value == "")


DEEPEST = 100
"""No form has groups so deep; what has wants to exhaust who reads it."""


class TooDeep(ValueError):
    """Groups in groups without end."""


def parts_of_json(data: dict[str, Any], place: str, depth: int = 0) -> list[Part]:
    """Return the parts of a JSON object; `place` is its JSON pointer. Raises TooDeep."""
    if depth > DEEPEST:
        raise TooDeep
    return [part for key, value in data.items() for part in _parts(key, value, f"{place}/{_escaped(key)}", depth + 1)]


def _parts(key: str, value: Any, place: str, depth: int) -> Iterator[Part]:
    if isinstance(value, dict):
        point = _point(value)
        yield Part(key, place, inner=parts_of_json(value, place, depth)) if point is None else Part(key, place, point)
    elif isinstance(value, list) and value and all(isinstance(element, dict) for element in value):
        for number, element in enumerate(value):
            inside = f"{place}/{number}"
            yield Part(key, inside, inner=parts_of_json(element, inside, depth), listed=True)
    elif value != []:
        yield Part(key, place, _of_wkt(value) if isinstance(value, str) else value)


def _point(value: dict[str, Any]) -> str | None:
    """A GeoJSON point as ODK writes places elsewhere: latitude, longitude, altitude, accuracy."""
    coordinates = value.get("coordinates")
    if value.get("type") != "Point" or not isinstance(coordinates, list) or not 2 <= len(coordinates) <= 3:
        return None
    longitude, latitude, *altitude = coordinates
    properties = value.get("properties")
    accuracy = properties.get("accuracy") if isinstance(properties, dict) else None
    found = [latitude, longitude, *altitude]
    if accuracy is not None:
        found += [0] * (3 - len(found)) + [accuracy]
    return " ".join(map(str, found))


def _of_wkt(text: str) -> str:
    """`POINT (49.8 40.4 0)`, the other way to write a point, has the longitude first."""
    if not (text.startswith("POINT (") and text.endswith(")")):
        return text
    longitude, latitude, *rest = text[len("POINT (") : -1].split() or [""]
    return " ".join([latitude, longitude, *rest])


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
