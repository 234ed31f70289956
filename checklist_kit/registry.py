"""One table from names to targets and readers, loaded at first use.

The built-in ones, then what other packages register.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import cast

from checklist_kit.protocols import Reader, Target


@dataclass(frozen=True, slots=True)
class Plugin:
    """Where a target or reader lives, and the extra that installs what it needs (empty when the core has it all).

    `device` says that what a target makes runs on a device that obeys XPath and records values by itself.
    """

    module: str
    extra: str = ""
    device: bool = False


class UnknownPlugin(LookupError):
    """No target or reader has this name."""


class MissingExtra(ImportError):
    """A target or reader needs a library that is not installed; the message names the extra that brings it."""


_TARGETS = {
    "paper": Plugin("checklist_kit.targets.paper", "paper"),
    "workbook": Plugin("checklist_kit.targets.workbook"),
    "surveyjs": Plugin("checklist_kit.targets.surveyjs"),
    "xlsform": Plugin("checklist_kit.targets.xlsform", device=True),
    "xform": Plugin("checklist_kit.targets.xform", "odk", device=True),
    "jsonschema": Plugin("checklist_kit.targets.jsonschema"),
    "codebook": Plugin("checklist_kit.targets.codebook"),
}
_READERS = {
    "odk": Plugin("checklist_kit.readers.odk"),
    "workbook": Plugin("checklist_kit.readers.workbook"),
    "web": Plugin("checklist_kit.readers.web"),
}


def targets() -> dict[str, Plugin]:
    """Return all known targets by name, in the order in which they are built."""
    return _with_entry_points(_TARGETS, "checklist_kit.targets")


def readers() -> dict[str, Plugin]:
    """Return all known readers by name, in the order in which they are asked whether they recognise a file."""
    return _with_entry_points(_READERS, "checklist_kit.readers")


def load_target(name: str) -> Target:
    """Return a target. Raises UnknownPlugin, or MissingExtra when its libraries are not installed."""
    return cast("Target", _load(name, targets()))


def load_reader(name: str) -> Reader:
    """Return a reader. Raises UnknownPlugin, or MissingExtra when its libraries are not installed."""
    return cast("Reader", _load(name, readers()))


def load_scanner() -> ModuleType:
    """Return the reader of printed forms, which takes their layouts too. Raises MissingExtra."""
    return cast("ModuleType", _load("scan", {"scan": Plugin("checklist_kit.readers.scan", "scan")}))


def _with_entry_points(builtin: dict[str, Plugin], group: str) -> dict[str, Plugin]:
    return {**_entry_points(group), **builtin}


@cache
def _entry_points(group: str) -> dict[str, Plugin]:
    """What other packages register; looked up once, because that reads files of every package."""
    from importlib.metadata import entry_points

    return {entry.name: Plugin(entry.value) for entry in entry_points(group=group)}


def _load(name: str, table: dict[str, Plugin]) -> object:
    plugin = table.get(name)
    if plugin is None:
        raise UnknownPlugin(name)
    try:
        return import_module(plugin.module)
    except ModuleNotFoundError as error:
        if plugin.extra and not (error.name or "").startswith("checklist_kit"):
            raise MissingExtra(
                f"`{name}` needs the extra `{plugin.extra}`: pip install 'checklist_kit[{plugin.extra}]'"
            ) from error
        raise
