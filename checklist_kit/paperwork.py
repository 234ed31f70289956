"""The printed forms by which filled pages are read: from a folder, else as the checklist prints them now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from checklist_kit.model import Checklist, restricted
from checklist_kit.protocols import UnreadableFile
from checklist_kit.registry import load_scanner, load_target

if TYPE_CHECKING:
    from checklist_kit.readers.scan import Blanks, Copies, Form

_LAYOUT = ".layout.json"
_LIST = ".paper.copies.csv"

Files = Mapping[Path, tuple[bytes, bytes]]
"""Layouts and PDFs of printed forms, by the path of the layout."""


def printed_forms(checklists: Sequence[Checklist], folder: Path | None) -> list[Blanks]:
    """Return the printed forms of each checklist, with the numbered copies that are known of.

    They are those in `folder`, and as the checklist prints them now where none of its version is there. Raises
    MissingExtra, and UnreadableFile where the folder holds nothing of any of the checklists, or a damaged file.
    """
    scanner = load_scanner()
    files = _form_files(folder) if folder is not None else {}
    found = [_forms(checklist, files) for checklist in checklists]
    copies = [_copies(checklist, folder, files) for checklist in checklists]
    if folder is not None and not any(found) and not any(each.units for each in copies):
        names = ", ".join(f"`{checklist.id}`" for checklist in checklists)
        raise UnreadableFile("file-unreadable", f"there is no printed form of {names} in {folder}")
    return [
        scanner.Blanks(each, tuple(_with_present(each, editions, bool(known.units))), known)
        for each, editions, known in zip(checklists, found, copies, strict=True)
    ]


def _with_present(checklist: Checklist, editions: dict[str, list[Form]], preprinted: bool) -> Iterator[Form]:
    """Yield printed forms, with those of the present version."""
    if checklist.version not in editions:
        blank = replace(restricted.with_words(checklist), paper=replace(checklist.paper, copies=()))
        default = checklist.default_language
        languages = (default, *(language for language in checklist.languages if language != default))
        made = load_target("paper").build(blank, languages).files
        layouts = [name for name in made if name.endswith(_LAYOUT)]
        files = {Path(name): (made[name], made[name.removesuffix(_LAYOUT) + ".pdf"]) for name in layouts}
        editions = editions | _forms(checklist, files)
    if checklist.version not in editions:
        raise UnreadableFile("file-unreadable", f"the form of `{checklist.id}` cannot be printed; `build` says why")
    for form in chain.from_iterable(editions.values()):
        yield replace(form, preprinted=checklist.unit or "") if preprinted else form


def _form_files(folder: Path) -> Files:
    """Return the printed forms in a folder and in folders inside it."""
    try:
        layouts = sorted(folder.rglob(f"*{_LAYOUT}"))
        pdfs = [path.with_name(path.name.removesuffix(_LAYOUT) + ".pdf") for path in layouts]
        return {path: (path.read_bytes(), pdf.read_bytes()) for path, pdf in zip(layouts, pdfs, strict=True)}
    except OSError as error:
        raise UnreadableFile(
            "file-unreadable", f"cannot open {error.filename}: {(error.strerror or 'it cannot be read').lower()}"
        ) from error


def _forms(checklist: Checklist, files: Files) -> dict[str, list[Form]]:
    """Return the printed forms of a checklist among files, by version. Raises UnreadableFile for a damaged one."""
    scanner = load_scanner()
    found: dict[str, dict[str, Form]] = {}
    for path, (data, pdf) in files.items():
        try:
            layout = scanner.read_layout(data)
            if layout.checklist == checklist.id:
                form = scanner.Form(data, scanner.first_copy(pdf, len(layout.pages)))
                found.setdefault(layout.version, {}).setdefault(form.key, form)
        except scanner.BadLayout as error:
            raise UnreadableFile("file-unreadable", f"{path}: {error}") from error
    return {version: list(forms.values()) for version, forms in found.items()}


def _copies(checklist: Checklist, folder: Path | None, files: Files) -> Copies:
    """Return the numbered copies of a checklist: the lists in a folder, and the PDFs. Raises UnreadableFile."""
    scanner = load_scanner()
    units: dict[tuple[str, str], str] = {}
    pdfs: dict[str, tuple[bytes, ...]] = {}
    versions: dict[Path, str] = {}
    for path, (data, pdf) in files.items():
        layout = scanner.read_layout(data)
        if layout.checklist == checklist.id:
            key = scanner.Form(data, pdf).key
            pdfs[key] = (*pdfs.get(key, ()), pdf)
            versions[path.parent] = layout.version
    for path in sorted(folder.rglob(f"{checklist.id}{_LIST}")) if folder is not None else ():
        version = versions.get(path.parent, checklist.version)
        for serial, unit in scanner.read_copies(path).items():
            if units.setdefault((version, serial), unit) != unit:
                message = (
                    f"{path}: serial {serial} is of `{unit}` here, and of `{units[version, serial]}` in another list"
                )
                raise UnreadableFile("file-unreadable", message)
    return cast("Copies", scanner.Copies(units, pdfs))
