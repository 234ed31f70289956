"""The printed forms by which filled pages are read: from a folder, else as the checklist prints them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checklist_kit.model import Checklist, restricted
from checklist_kit.protocols import UnreadableFile
from checklist_kit.registry import load_scanner, load_target

if TYPE_CHECKING:
    from checklist_kit.readers.scan import Form

_LAYOUT = ".layout.json"


def printed_forms(checklists: Sequence[Checklist], folder: Path | None) -> list[tuple[Checklist, list[Form]]]:
    """Return the printed forms of each checklist.

    They are those in `folder`, and as the checklist prints them now where none of its version is there. Raises
    MissingExtra, and UnreadableFile where the folder holds a form of none of the checklists, or a damaged one.
    """
    files = _form_files(folder) if folder is not None else {}
    found = [_forms(checklist, files) for checklist in checklists]
    if folder is not None and not any(found):
        names = ", ".join(f"`{checklist.id}`" for checklist in checklists)
        raise UnreadableFile("file-unreadable", f"there is no printed form of {names} in {folder}")
    return [(each, _with_present(each, editions)) for each, editions in zip(checklists, found, strict=True)]


def _with_present(checklist: Checklist, editions: dict[str, list[Form]]) -> list[Form]:
    """Return printed forms by version in one list, with those of the present version."""
    if checklist.version not in editions:
        blank = replace(restricted.with_words(checklist), paper=replace(checklist.paper, copies=()))
        default = checklist.default_language
        languages = (default, *(language for language in checklist.languages if language != default))
        editions = editions | _forms(checklist, load_target("paper").build(blank, languages).files)
    if checklist.version not in editions:
        raise UnreadableFile("file-unreadable", f"the form of `{checklist.id}` cannot be printed; `build` says why")
    return [form for edition in editions.values() for form in edition]


def _form_files(folder: Path) -> dict[str, bytes]:
    """Return the printed forms in a folder and in folders inside it with their layouts, by path."""
    try:
        layouts = sorted(folder.rglob(f"*{_LAYOUT}"))
        pdfs = [path.with_name(path.name.removesuffix(_LAYOUT) + ".pdf") for path in layouts]
        return {str(path): path.read_bytes() for path in (*layouts, *pdfs)}
    except OSError as error:
        raise UnreadableFile(
            "file-unreadable", f"cannot open {error.filename}: {(error.strerror or 'it cannot be read').lower()}"
        ) from error


def _forms(checklist: Checklist, files: Mapping[str, bytes]) -> dict[str, list[Form]]:
    """Return the printed forms of a checklist among files, by version. Raises UnreadableFile for a damaged one."""
    scanner = load_scanner()
    found: dict[str, list[Form]] = {}
    for name, data in files.items():
        if not name.endswith(_LAYOUT):
            continue
        try:
            layout = scanner.read_layout(data)
        except scanner.BadLayout as error:
            raise UnreadableFile("file-unreadable", f"{name}: {error}") from error
        if layout.checklist == checklist.id:
            form = scanner.Form(data, files[name.removesuffix(_LAYOUT) + ".pdf"])
            found.setdefault(layout.version, []).append(form)
    return found
