"""What the columns, keys and elements of an export are called, with or without the groups around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from itertools import product

from checklist_kit.model import Calculate, Checklist, Geopoint, Item, Question, Recorded, Repeat, SelectMultiple
from checklist_kit.model.formnames import CODE, COUNT, LABEL, form_name
from checklist_kit.protocols import Raw
from checklist_kit.readers.odk.labels import Labels, folded

TOP = ""
"""The frame of the submissions; that of a repeat is its name."""

_SEPARATOR = re.compile(r"[-/:.]")  # between groups and a question, and before a choice
_PARTS = {"latitude": 0, "longitude": 1, "altitude": 2, "accuracy": 3, "precision": 3}
_PLACE_PART = re.compile(r"_?(.+)[-_](latitude|longitude|altitude|accuracy|precision)", re.IGNORECASE)
_PERSONAL = {"start", "end", "today", "deviceid", "device_id", "simserial", "phonenumber", "subscriberid", "username"}
_PERSONAL |= {"email", "audit", "background-audio", "start-geopoint"}
_SENDER = {"SubmitterID", "SubmitterName", "DeviceID"}
_SYSTEM = {"SubmissionDate", "KEY", "PARENT_KEY", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState"}
_SYSTEM |= {"Edits", "FormVersion", "isValidated", "instanceID", "instanceName", "deprecatedID", "rootUuid", "meta"}
_SYSTEM |= {"_id", "_uuid", "_validation_status", "_notes", "_status", "_submitted_by", "__version__", "_version_"}
_SYSTEM |= {"_tags", "_index", "_xform_id_string", "_attachments", "_geolocation", "_bamboo_dataset_id", "__system"}
_SYSTEM |= {"_supplementalDetails", "_date_modified", "_media_count", "_media_all_received", "_edited", "__id"}
_META = re.compile(
    r"(?:meta|formhub)[-/:.]|.*[-/:.]meta[-/:.]|SET-OF-|_(?:submission|parent)_|__[\w.-]+-id$|.*@odata\."
)
_ENTITY = re.compile(r"(?:meta[-/:.])?entity[-/:.]")
_NOTE, _ADDRESS = "generated_note_name_", "_URL"


class Role(Enum):
    """What a column is to us.

    PERSONAL tells of a device or a person, ENTITY of entities, FORM is made by the form for itself.
    """

    ANSWER = "an answer"
    INSTANCE = "the choice that an instance of a repeat is about"
    PLACE = "a part of a place"
    SYSTEM = "system"
    PERSONAL = "personal"
    ENTITY = "entity"
    FORM = "form"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """What a name in an export means. `key` is that of an answer or of a repeat; `part` that of a place, from 0."""

    role: Role
    key: str
    part: int = 0


@dataclass(slots=True)
class Names:
    """The names of one frame.

    `keys` leads from names in the form to keys of answers, `labels` those of each language from folded labels,
    `repeats` from names of repeats to their keys, and `frames` from these to their frames. `recorded` is what the
    checklist asks a device to record. Former names stay what they are, because the analysis brings them up to date.
    `multiple` takes the labels in an answer to a select_multiple apart.
    """

    keys: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    repeats: dict[str, str] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    multiple: dict[str, Callable[[str], Raw]] = field(default_factory=dict)
    _known: dict[str, Column] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """Return what a name means; each is looked up once."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._find(name)
        return found

    def listen(self, header: list[str]) -> None:
        """Take labels from now on for those of the language that most of a header is in, then for those of others."""
        words = {folded(suffix) for name in header for suffix in _suffixes(name, "/")}
        self.labels = dict(sorted(self.labels.items(), key=lambda each: -len(words & each[1].keys())))
        self._known.clear()

    def repeat(self, name: str) -> str | None:
        """The key of the repeat that a name means, if it means one."""
        return next((self.repeats[suffix] for suffix in _suffixes(name) if suffix in self.repeats), None)

    def _find(self, name: str) -> Column:
        last = name.rpartition("/")[2].rpartition("-")[2]
        is_meta = _META.match(name) is not None and name not in self.keys
        if _ENTITY.match(name) and name not in self.keys:
            return Column(Role.ENTITY, name)
        if not is_meta and (found := self._answer(name) or self._place(name)):
            return found
        if (_PERSONAL | _SENDER | self.recorded) & {name, last, name.rpartition("/")[2]}:
            return Column(Role.PERSONAL, last)
        if is_meta or name in _SYSTEM or last in _SYSTEM:
            return Column(Role.SYSTEM, name)
        if last in self.made or last.startswith((LABEL, COUNT, _NOTE)) or self._is_address(name):
            return Column(Role.FORM, last)
        return Column(Role.UNKNOWN, last or name)

    def _answer(self, name: str) -> Column | None:
        for suffix in _suffixes(name):
            if suffix in self.keys:
                return Column(Role.ANSWER, self.keys[suffix])
            if suffix.startswith(CODE):
                return Column(Role.INSTANCE, suffix.removeprefix(CODE))
        for suffix in _suffixes(name, "/") if name not in _SYSTEM | _SENDER else ():
            keys = self._labelled(suffix)
            if len(keys) == 1:
                return Column(Role.ANSWER, next(iter(keys)))
        return None

    def _labelled(self, text: str) -> set[str]:
        """The keys of what has a text for its label, in the first language in which anything has."""
        return next((labels[folded(text)] for labels in self.labels.values() if folded(text) in labels), set())

    def _is_address(self, name: str) -> bool:
        """Whether it is where the server keeps an attached file, beside the file's name."""
        return name.endswith(_ADDRESS) and self._answer(name.removesuffix(_ADDRESS)) is not None

    def _place(self, name: str) -> Column | None:
        match = _PLACE_PART.fullmatch(name)
        if match is None:
            return None
        key = next((self.keys[suffix] for suffix in _suffixes(match[1]) if suffix in self.keys), None)
        if key is None:
            key = next(iter(self._labelled(match[1])), None)
        return Column(Role.PLACE, key, _PARTS[match[2].lower()]) if key in self.places and key is not None else None

    def add(self, checklist: Checklist, item: Item) -> None:
        """Add an item of this frame."""
        names = {form_name(checklist, item.name): item.name, **{old: old for old in item.was}}
        if isinstance(item, Repeat):
            self.repeats |= names
            self.frames |= dict.fromkeys(names.values(), item.name)
            self.made |= {f"{name}_count" for name in names}
        elif isinstance(item, Recorded):
            by_itself = item.what in ("calculate", "hidden")
            (self.made if by_itself else self.recorded).update(names)
        elif isinstance(item, Question | Calculate):
            self.keys |= {name: key for name, key in names.items() if name not in self.keys or key == item.name}
            if isinstance(item, Geopoint):
                self.places |= set(names.values())
            if isinstance(item, SelectMultiple):
                self._add_choices(item, names)
                self.multiple |= dict.fromkeys(names.values(), cache(Labels(item.choices)))

    def _add_choices(self, item: SelectMultiple, names: dict[str, str]) -> None:
        for choice in item.choices.choices:
            for (name, key), code, mark in product(names.items(), (choice.code, *choice.was), "/.:"):
                self.keys.setdefault(f"{name}{mark}{code}", f"{key}.{code}")

    def add_labels(self, item: Question | Calculate) -> None:
        """Add the labels of an item of this frame, and those of its choices behind them."""
        for language, label in item.label.items():
            labels = self.labels.setdefault(language, {})
            if folded(label):
                labels.setdefault(folded(label), set()).add(item.name)
            for choice in item.choices.choices if isinstance(item, SelectMultiple) else ():
                both = folded(f"{label}/{choice.label.get(language, '')}")
                labels.setdefault(both, set()).add(f"{item.name}.{choice.code}")


def _suffixes(name: str, marks: str = "-/:.") -> Iterator[str]:
    """The whole name, then what remains behind each separator.

    >>> list(_suffixes("opening-problems/ink"))
    ['opening-problems/ink', 'problems/ink', 'ink']
    """
    yield name
    yield from (name[match.end() :] for match in _SEPARATOR.finditer(name) if match[0] in marks)


def names_of(checklist: Checklist, *, labels: bool = False) -> dict[str, Names]:
    """Return the names of every frame. Only Kobo's tables may have labels in their place."""
    frames = {TOP: Names()} | {entry.item.name: Names() for entry in checklist.repeats}
    for entry in checklist.entries:
        names = frames[entry.repeats[-1].name if entry.repeats else TOP]
        names.add(checklist, entry.item)
        if labels and isinstance(entry.item, Question | Calculate):
            names.add_labels(entry.item)
    return frames
