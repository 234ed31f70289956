"""The checklists that come with the package, as projects to start from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checklist_kit.model import Checklist

_ID = re.compile(r"^checklist:[ \t]*(\w+)", re.MULTILINE)
_VERSION = re.compile(r"^version:.*$", re.MULTILINE)
_UPWARDS = re.compile(r"""((?:include|extends|file):\s*["']?)\.\./""")
_COLUMN = re.compile(r"\bframe\.(\w+)")
_PROJECT = """\
# Marks this folder as a project: paths in its checklists may lead anywhere inside it, and nowhere else.
# Choice lists that stand here can be used by every checklist of the project.
choices: {}
"""


@dataclass(frozen=True, slots=True)
class Starter:
    """What to start from: a folder of the library, and the checklists that are wanted of it."""

    folder: Path
    checklists: tuple[Path, ...]


def library() -> Path:
    """Return the folder of the checklists: inside of the installed package, or beside it in a copy of the project."""
    package = Path(str(files("checklist_kit")))
    inside = package / "checklists"
    return inside if inside.is_dir() else package.parent / "checklists"


def starters() -> dict[str, Starter]:
    """Return what can be started from by name: a folder with all its checklists, or one checklist by its id."""
    found: dict[str, Starter] = {}
    for folder in sorted(path for path in library().iterdir() if path.is_dir()):
        ids = {path: match[1] for path in sorted(folder.glob("*.yaml")) if (match := _ID.search(_read(path)))}
        for path, name in ids.items():
            found.setdefault(name, Starter(folder, (path,)))
        if ids:
            found[folder.name] = Starter(folder, tuple(ids))
    return found


def project(starter: Starter, name: str) -> dict[str, bytes]:
    """Return the files of a new project of a name, with all files that its checklists are made of.

    The checklists get ids of their own, because responses carry them, and begin with version 1.
    """
    from checklist_kit import source

    made: dict[str, bytes] = {"project.yaml": _PROJECT.encode()}
    parts = {Path(part) for path in starter.checklists for part in source.load(path).lines}
    loaded = {path: source.load(path) for path in sorted(parts) if path.suffix == ".yaml" and _ID.search(_read(path))}
    for path in sorted(parts):
        place = _place(path, starter.folder)
        if place.name != "project.yaml":
            made[place.as_posix()] = _own(path, starter, name) if path.suffix == ".yaml" else path.read_bytes()
    if (starter.folder / "README.md").is_file():
        made["ABOUT.md"] = (starter.folder / "README.md").read_bytes()
    checklists = {path.name: one.checklist for path, one in loaded.items() if one.checklist is not None}
    columns = dict.fromkeys(column for data in made.values() for column in _COLUMN.findall(data.decode()))
    columns |= dict.fromkeys(name for one in checklists.values() for name in one.attributes)
    made |= dict(_frames(checklists, list(columns)))
    made["README.md"] = _readme(name, checklists, starter).encode()
    return made


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _place(path: Path, folder: Path) -> Path:
    """Where a file of the library goes: what lies in the folder itself, to the top."""
    resolved = path.resolve()
    return resolved.relative_to(folder if resolved.is_relative_to(folder) else folder.parent)


def _own(path: Path, starter: Starter, name: str) -> bytes:
    text = _read(path)
    if path.resolve().parent == starter.folder:
        text = _UPWARDS.sub(r"\1", text)
    if _ID.search(text):
        own = name if starter.checklists == (path,) else f"{name}_{path.stem}"
        text = _VERSION.sub('version: "1"', _ID.sub(f"checklist: {own}", text, count=1), count=1)
    return text.encode()


def _frames(checklists: Mapping[str, Checklist], columns: list[str]) -> Iterator[tuple[str, bytes]]:
    """The list of all units, to be filled in, with what is looked up there: one file for each kind of unit."""
    for unit in sorted({checklist.unit for checklist in checklists.values() if checklist.unit}):
        yield f"{unit}s.csv", (",".join([unit, "region", *columns]) + "\n").encode()


def _readme(name: str, checklists: Mapping[str, Checklist], starter: Starter) -> str:
    template = files("checklist_kit.cli").joinpath("starter.md").read_text(encoding="utf-8")
    units = sorted({checklist.unit for checklist in checklists.values() if checklist.unit})
    frames = ", ".join(f"`{unit}s.csv`" for unit in units)
    about = f"{frames}: the list of all units, one a row, to be filled in before a sample is drawn" if units else ""
    rows = "\n".join(f"| `{file}` | {one.text(one.title)} |" for file, one in sorted(checklists.items()))
    first = starter.checklists[-1].name
    fields = {"NAME": name, "ORIGIN": starter.folder.name, "CHECKLISTS": rows, "FIRST": first, "FRAMES": about}
    return re.sub(r"__([A-Z]+)__", lambda match: fields[match[1]], template)
