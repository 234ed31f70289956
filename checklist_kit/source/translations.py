"""Merging translations that lie beside a file, in `translations/<language>.po`, into what the file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checklist_kit.diagnostics import Diagnostic, Span
from checklist_kit.source.catalogue import FOLDER, Catalogue, Message, read_catalogue
from checklist_kit.source.compose import compose
from checklist_kit.source.files import Files, Source
from checklist_kit.source.nodes import Map, Slot, span_of
from checklist_kit.source.parameters import PARAMETER
from checklist_kit.source.texts import LANGUAGE, text_places, words


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a file. `written` are the languages that stand in the file itself, `words` also those beside it.

    What is translated is the text in the language `original`. `path` says where in the file it stands.
    """

    file: Path
    path: str
    original: str
    written: Mapping[str, str]
    words: Mapping[str, str]
    span: Span

    @property
    def source(self) -> str:
        """What is translated."""
        return self.written[self.original]

    @property
    def context(self) -> str:
        """What a catalogue knows the text by."""
        return f"{self.file.name}#{self.path}"


@dataclass(frozen=True, slots=True)
class Invented:
    """A language that nobody wrote: its texts are made of those of the original by a function.

    With `like`, what this language has is taken as it is, and only what it lacks is made.
    """

    language: str
    name: str
    make: Callable[[str], str]
    like: str | None = None


@dataclass(frozen=True, slots=True)
class _Beside:
    """A file, and the catalogues beside it that hold something, by language."""

    file: Path
    catalogues: tuple[tuple[str, Catalogue], ...]


@dataclass
class Translations:
    """Reads documents together with their translations. `default` is the language of texts written without one.

    `collecting` keeps every text, also of files that no translations lie beside, at a tenth of the cost of loading.
    """

    files: Files
    default: str
    languages: tuple[str, ...]
    invented: Invented | None = None
    collecting: bool = False
    texts: dict[tuple[str, str, str], Text] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    _catalogues: dict[Path, Catalogue] = field(default_factory=dict)
    _beside: dict[str, _Beside] = field(default_factory=dict)
    _used: set[tuple[str, str, str]] = field(default_factory=set)

    def read(self, source: Source) -> tuple[object, list[Diagnostic]]:
        """Return the document of a file with its translations, and what is wrong with it as YAML."""
        document, findings = compose(source.text, source.name)
        self.merge(document, source)
        return document, findings

    def merge(self, document: object, source: Source) -> None:
        """Put the translations that lie beside a file into its document."""
        if not (self.collecting or self.invented or self._beside_of(source).catalogues):
            return
        for place in text_places(document):
            holder, key = place.holder, place.key
            written, slot = words(holder, key, self.default), holder.slots[key]
            added = self.translate(source, place.path, written, slot)
            if added:
                holder.put(key, _joined(holder, key, written, added), slot._replace(text=None, style=None))

    def translate(self, source: Source, path: str, written: Mapping[str, str], slot: Slot) -> dict[str, Slot]:
        """Return the translations of a text that stands at `slot` of a file, each with its place."""
        if not any(text.strip() and PARAMETER.sub("", text).strip() for text in written.values()):
            return {}  # nothing, or nothing but what is filled in
        original = self.default if self.default in written else next(iter(written))
        beside = self._beside_of(source)
        added = self._added(beside, path, written, original) if beside.catalogues else {}
        every = {**written, **{language: found.text or "" for language, found in added.items()}} if added else written
        text = Text(beside.file, path, original, written, every, span_of(slot.file, slot.value))
        self.texts.setdefault((source.name, path, text.source), text)
        if self.invented is not None:
            like = every.get(self.invented.like or "")
            made = like if like is not None else self.invented.make(text.source)
            added[self.invented.language] = slot._replace(text=made)
        return added

    def unused(self) -> Iterator[Diagnostic]:
        """Yield translations that belong to no text. To be asked when all files have been read."""
        contexts = {(text.file.parent, text.context) for text in self.texts.values()}
        files = {text.file for text in self.texts.values()}
        for path, catalogue in self._catalogues.items():
            folder = path.parent.parent
            for message in catalogue.messages.values():
                file = folder / message.context.partition("#")[0]
                belongs_elsewhere = file not in files and file.is_file()
                used = (catalogue.name, message.context, message.source) in self._used
                if message.text and not used and not belongs_elsewhere:
                    yield _unused(catalogue, message, changed=(folder, message.context) in contexts)

    def _beside_of(self, source: Source) -> _Beside:
        if source.name not in self._beside:
            found = [(language, self._catalogue(source, language)) for language in self.languages]
            catalogues = tuple((language, catalogue) for language, catalogue in found if catalogue.messages)
            self._beside[source.name] = _Beside(source.folder / source.path.name, catalogues)
        return self._beside[source.name]

    def _added(self, beside: _Beside, path: str, written: Mapping[str, str], original: str) -> dict[str, Slot]:
        added: dict[str, Slot] = {}
        context = f"{beside.file.name}#{path}"
        for language, catalogue in beside.catalogues:
            stated = catalogue.source_language
            first = stated if stated is not None and stated in written else original
            message = catalogue.messages.get((context, written[first])) if first != language else None
            if message is None:
                continue
            self._used.add((catalogue.name, context, message.source))
            if self._is_usable(message, catalogue, written.get(language)):
                added[language] = Slot(catalogue.name, message.mark, message.mark, message.text, '"')
        return added

    def _is_usable(self, message: Message, catalogue: Catalogue, written: str | None) -> bool:
        if not message.text:
            return False
        place = catalogue.span(message)
        if message.fuzzy:
            help_ = "look at it again and remove the mark; until then the text is not translated"
            self._find("text-stale-translation", f"`{message.context}` is marked as fuzzy", place, help_)
            return False
        if written is not None and written != message.text:
            found = f"`{message.context}` is translated in its own file too, and differently; this one is taken"
            self._find("text-two-translations", found, place, "remove one of the two")
        for name in sorted({*PARAMETER.findall(message.source)} ^ {*PARAMETER.findall(message.text)}):
            found = f"$({name}) stands in the text or in its translation, and not in the other"
            self._find("text-placeholder", found, place, "write it in every language")
        return True

    def _catalogue(self, source: Source, language: str) -> Catalogue:
        path = source.folder / FOLDER / f"{language}.po"
        if path not in self._catalogues:
            self._catalogues[path] = self._read_catalogue(source, path)
        return self._catalogues[path]

    def _read_catalogue(self, source: Source, path: Path) -> Catalogue:
        place = None
        if path.is_file():
            place = self.files.resolve(f"{FOLDER}/{path.name}", source, Span(source.name, 1, 1, 1, 2))
        opened = self.files.open(*place) if place else None
        if opened is None:
            return Catalogue(path.name, None, {})
        catalogue, findings = read_catalogue(opened)
        self.findings += findings
        return catalogue

    def _find(self, code: str, message: str, place: Span, help_: str) -> None:
        self.findings.append(Diagnostic.of(code, message, place, help=help_))


def declared(files: Files, document: Map, source: Source) -> tuple[str, tuple[str, ...]]:
    """Return the default language of a checklist and all its languages, with those of what it extends."""
    default: str | None = None
    languages: dict[str, None] = {}
    seen: set[str] = set()
    while source.name not in seen:
        seen.add(source.name)
        node = document.get("languages")
        languages = {**dict.fromkeys(filter(LANGUAGE.fullmatch, node if isinstance(node, Map) else ())), **languages}
        default = default or document.text("default_language")
        extended = document.text("extends")
        place = files.resolve(extended, source, document.value_span("extends")) if extended else None
        opened = files.open(*place) if place else None
        base = compose(opened.text, opened.name)[0] if opened else None
        if opened is not None and isinstance(base, Map):
            document, source = base, opened
    if default is None or (languages and default not in languages):
        default = next(iter(languages), "en")
    return default, tuple(languages) or (default,)


def _joined(holder: Map, key: str, written: Mapping[str, str], added: Mapping[str, Slot]) -> Map:
    """Return a text in all its languages, those of its file and those that were added."""
    value, slot = holder[key], holder.slots[key]
    joined = Map(slot.file, slot.value)
    for language, text in written.items():
        joined.put(language, text, value.slots[language] if isinstance(value, Map) else slot)
    for language, place in added.items():
        joined.put(language, place.text, place)
    return joined


def _unused(catalogue: Catalogue, message: Message, *, changed: bool) -> Diagnostic:
    help_ = "`checklist translate extract` brings the file up to date"
    if changed:
        found = f"the text of `{message.context}` has changed since this was translated"
        return Diagnostic.of("text-stale-translation", found, catalogue.span(message), help=help_)
    found = f"there is no text `{message.context}`"
    return Diagnostic.of("text-unknown-translation", found, catalogue.span(message), help=help_)
