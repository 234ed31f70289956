"""The catalogues `translations/<language>.po` beside the files of a checklist, brought up to date with their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from polib import POEntry, POFile

from checklist_kit.source import Text
from checklist_kit.source.catalogue import FOLDER, SOURCE_LANGUAGE, parse_po
from checklist_kit.translation.placeholders import placeholders


@dataclass
class Catalogue:
    """A catalogue that is being changed: entries by context and source."""

    file: POFile
    entries: dict[tuple[str, str], POEntry] = field(default_factory=dict)

    def source_of(self, text: Text) -> str:
        """The text that is translated: that of the language which the catalogue names, where there is one."""
        stated = self.file.metadata.get(SOURCE_LANGUAGE, "")
        return text.written.get(stated, text.source)

    def entry_for(self, text: Text) -> POEntry:
        """Return the entry of a text, made where there is none."""
        key = (text.context, self.source_of(text))
        if key not in self.entries:
            self.entries[key] = POEntry(msgctxt=key[0], msgid=key[1], msgstr="")
        return self.entries[key]


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The catalogues of one language, by path; only those that hold something."""

    language: str
    by_path: Mapping[Path, Catalogue]

    def of(self, text: Text) -> Catalogue:
        """Return the catalogue that lies beside a text's file."""
        return self.by_path[_path(text, self.language)]

    def files(self) -> Iterator[tuple[Path, bytes]]:
        """Yield the path and content of each catalogue. Entries stand in the order of their files' names."""
        for path, catalogue in self.by_path.items():
            obsolete = [entry for entry in catalogue.file if entry.obsolete]
            current = sorted(catalogue.entries.values(), key=lambda entry: _file_of(entry.msgctxt))
            if current or obsolete:
                written = POFile(wrapwidth=0)
                written.header = catalogue.file.header
                written.metadata = catalogue.file.metadata
                written.extend([*current, *obsolete])
                yield path, (str(written).rstrip("\n") + "\n").encode("utf-8")


def extract(texts: Iterable[Text], language: str, default: str) -> Catalogues:
    """Return the catalogues of a language with every text that is not translated in its own file.

    What is there stays. A translation whose text has changed becomes fuzzy, with the text that it was made of; one
    whose text has moved moves along; one whose text is gone is set aside. `default` is the language translated from.
    Raises BadCatalogue.
    """
    groups: dict[Path, list[Text]] = {}
    for text in texts:
        if text.original != language:
            groups.setdefault(_path(text, language), []).append(text)
    return Catalogues(language, {path: _updated(path, group, language, default) for path, group in groups.items()})


def _path(text: Text, language: str) -> Path:
    return text.file.parent / FOLDER / f"{language}.po"


def _file_of(context: str | None) -> str:
    return (context or "").partition("#")[0]


def _updated(path: Path, texts: list[Text], language: str, default: str) -> Catalogue:
    old = parse_po(path.read_bytes().decode("utf-8-sig")) if path.is_file() else _empty(language, default)
    before = _by_key(entry for entry in old if not entry.obsolete)
    aside = _by_key(entry for entry in old if entry.obsolete)
    catalogue = Catalogue(old)
    keys = {(text.context, catalogue.source_of(text)): text for text in texts}
    here = {text.file.name for text in texts}
    left = {key: entry for key, entry in before.items() if key not in keys and _file_of(key[0]) in here}
    for key, text in keys.items():
        entry = before.get(key) or aside.get(key) or _moved(key, left)
        if entry is None and language not in text.written:
            entry = _changed(key, left) or POEntry(msgctxt=key[0], msgid=key[1], msgstr="")
        if entry is not None:
            catalogue.entries[key] = _noted(entry, text)
    used = {id(entry) for entry in catalogue.entries.values()}
    for key, entry in before.items():
        belongs_elsewhere = _file_of(key[0]) not in here and (path.parent.parent / _file_of(key[0])).is_file()
        if id(entry) not in used and belongs_elsewhere:
            catalogue.entries[key] = entry
        elif id(entry) not in used:
            entry.obsolete = True
    old[:] = [entry for entry in old if entry.obsolete and entry.msgstr]
    return catalogue


def _by_key(entries: Iterable[POEntry]) -> dict[tuple[str, str], POEntry]:
    found: dict[tuple[str, str], POEntry] = {}
    for entry in entries:
        found.setdefault((entry.msgctxt or "", entry.msgid), entry)
    return found


def _moved(key: tuple[str, str], left: dict[tuple[str, str], POEntry]) -> POEntry | None:
    """The translation of the same text of the same item, from where it stood before."""
    tail = key[0].rpartition("#")[2].split("/")[-2:]
    found = next((old for old in left if old[1] == key[1] and old[0].rpartition("#")[2].split("/")[-2:] == tail), None)
    if found is None:
        return None
    entry = left.pop(found)
    entry.msgctxt = key[0]
    return entry


def _changed(key: tuple[str, str], left: dict[tuple[str, str], POEntry]) -> POEntry | None:
    """The translation of what stood there before, to be looked at again."""
    found = next((old for old in left if old[0] == key[0] and left[old].msgstr), None)
    if found is None:
        return None
    entry = left.pop(found)
    if not entry.fuzzy:
        entry.previous_msgid = entry.msgid
        entry.flags.append("fuzzy")
    entry.msgid = key[1]
    return entry


def _noted(entry: POEntry, text: Text) -> POEntry:
    kept = placeholders(text.source)
    entry.obsolete = False
    entry.comment = f"keep {' '.join(sorted(kept))} as it is" if kept else ""
    return entry


def _empty(language: str, default: str) -> POFile:
    file = POFile(wrapwidth=0)
    file.metadata = {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        SOURCE_LANGUAGE: default,
    }
    return file
