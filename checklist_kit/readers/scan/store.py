"""Readings on disk, one small JSON file a picture, so that none is read twice, and each page that was found in it."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from checklist_kit.readers.scan.crops import Crop
from checklist_kit.readers.scan.decide import Answer
from checklist_kit.readers.scan.identity import Identity
from checklist_kit.readers.scan.layout import Form
from checklist_kit.readers.scan.page import PageReading, Readings
from checklist_kit.readers.scan.sources import Page

_EDITION = 3  # of what a reading says; one more whenever the same page may be read differently


class Store:
    """The readings of pages by some forms in a folder. A reading by other forms is not found."""

    def __init__(self, folder: Path, forms: tuple[Form, ...]) -> None:
        meaning = hashlib.sha256(str(_EDITION).encode())
        for form in forms:
            meaning.update(form.layout + form.pdf + form.preprinted.encode())
        self._key = meaning.hexdigest()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def find(self, page: Page) -> Readings:
        """Return what was read of a page; nothing where it was not read, or a file is damaged or gone."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._path(page).read_text(encoding="utf-8"))
            found = tuple(_reading(replace(page, part=part), plain) for part, plain in enumerate(kept, 1))
            if all((self._folder.parent / each.picture_file).exists() for each in found):
                return found
        return ()

    def keep(self, readings: Readings) -> Readings:
        """Write what was read of a page, and return it with its pictures in files instead of in memory."""
        path = self._path(readings[0].page)
        kept = tuple(self._with_file(path, reading) for reading in readings)
        _write(path, json.dumps([_plain(reading) for reading in kept], ensure_ascii=False))
        return kept

    def _with_file(self, path: Path, reading: PageReading) -> PageReading:
        if not reading.picture:
            return reading
        file = path.with_name(f"{path.stem}-{reading.page.part}.svg")
        _write(file, reading.picture)
        return replace(reading, picture="", picture_file=f"{self._folder.name}/{file.name}")

    def _path(self, page: Page) -> Path:
        name = hashlib.sha256(f"{self._key} {page.digest}".encode()).hexdigest()
        return self._folder / f"{name[:32]}.json"


def _write(path: Path, text: str) -> None:
    """Write a file, to the side first, so that nothing is ever half written."""
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)


def _plain(reading: PageReading) -> dict[str, Any]:
    plain = asdict(reading)
    plain["page"] = None
    plain["crops"] = [[*key, crop.jpeg, crop.area] for key, crop in reading.crops.items()]
    return plain


def _reading(page: Page, plain: dict[str, Any]) -> PageReading:
    crops = {(item, instance): Crop(jpeg, tuple(area)) for item, instance, jpeg, area in plain["crops"]}
    return PageReading(
        page,
        plain["state"],
        plain["code"],
        plain["reason"],
        plain["form"],
        Identity(**plain["identity"]) if plain["identity"] else None,
        tuple(Answer(**answer) for answer in plain["answers"]),
        crops,
        picture_file=plain["picture_file"],
    )
