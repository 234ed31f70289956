"""Which responses were read before, and what they held: 16 bytes a response, however many there are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.arrays import hashed
from checklist_kit.analysis.coerce import is_blank, raw_text
from checklist_kit.analysis.frames import Frame
from checklist_kit.analysis.store import Store
from checklist_kit.protocols import Record, Submission

Digests = NDArray[np.uint64]

NEW, SAME, OTHER = 0, 1, 2
"""A response that was not read before, one that was, and one whose id was read with other answers."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def _nothing() -> Digests:
    return np.zeros(0, np.uint64)


@dataclass(slots=True)
class Seen:
    """The digests of ids, in their order, and beside each that of what the response held.

    Two ids of a million have the same digest with a chance of 3 in 100,000,000.
    """

    ids: Digests = field(default_factory=_nothing)
    contents: Digests = field(default_factory=_nothing)

    @classmethod
    def of(cls, data: bytes) -> Seen:
        """Return what `to_bytes` wrote, once or several times."""
        pairs = np.frombuffer(data, np.dtype("<u8")).reshape(-1, 2)
        seen = cls()
        seen.add(pairs[:, 0], pairs[:, 1])
        return seen

    def to_bytes(self) -> bytes:
        """Return 16 bytes a response."""
        return np.column_stack([self.ids, self.contents]).astype("<u8").tobytes()

    def among(self, ids: Digests) -> Seen:
        """Return those that have one of these ids."""
        there = np.isin(self.ids, ids)
        return Seen(self.ids[there], self.contents[there])

    def without(self, other: Seen) -> Seen:
        """Return those whose id is not among those of others."""
        rest = ~np.isin(self.ids, other.ids)
        return Seen(self.ids[rest], self.contents[rest])

    def compare(self, ids: Digests, contents: Digests) -> NDArray[np.int8]:
        """Return NEW, SAME or OTHER for each response, those before it in the same arrays counted."""
        _, first, group = np.unique(ids, return_index=True, return_inverse=True)
        held, repeated = contents[first][group], first[group] != np.arange(len(ids))
        if len(self.ids):
            place = np.searchsorted(self.ids, ids) % len(self.ids)
            known = self.ids[place] == ids
            held, repeated = np.where(known, self.contents[place], held), repeated | known
        return np.where(repeated, np.where(held == contents, SAME, OTHER), NEW).astype(np.int8)

    def add(self, ids: Digests, contents: Digests) -> None:
        """Remember responses that are new."""
        order = np.argsort(ids)
        places = np.searchsorted(self.ids, ids[order])
        self.ids = np.insert(self.ids, places, ids[order])
        self.contents = np.insert(self.contents, places, contents[order])


def ids_of(ids: Sequence[str]) -> Digests:
    """Return the digests of ids."""
    return hashed(ids) if len(ids) else _nothing()


def contents_of(frame: Frame, versions: Sequence[str], stores: Mapping[str, Store]) -> Digests:
    """Return the digests of what stands under the keys that have a store, and of the versions.

    The order of keys and the spelling of an answer do not count.
    """
    digests = np.zeros(len(frame), np.uint64)
    for key in frame.keys() & stores.keys():
        index = frame.encode(key, stores[key])
        table = _mixed(stores[key].contents ^ digest_of(key))
        table[0] = 0
        digests += table[index]
    distinct = {version: digest_of(version) for version in set(versions)}
    return _mixed(digests ^ np.array([distinct[version] for version in versions], np.uint64))


def strange_of(submission: Submission, known: set[str]) -> int:
    """Return the digest of what no store reads: other keys, the instances of repeats, and what the reader set aside."""
    record = submission.record
    strange: list[Any] = [(problem.code, problem.item, problem.raw) for problem in submission.problems]
    others = record.values.keys() - known
    strange += sorted((key, raw_text(record.values[key])) for key in others if not is_blank(record.values[key]))
    strange += _repeats(record)
    return int(digest_of(repr(strange))) if strange else 0


def _repeats(record: Record) -> list[Any]:
    return sorted((name, [_content(instance) for instance in rows]) for name, rows in record.repeats.items() if rows)


def _content(record: Record) -> list[Any]:
    answers = sorted((key, raw_text(raw)) for key, raw in record.values.items() if not is_blank(raw))
    return [raw_text(record.instance), answers, _repeats(record)]


def digest_of(text: str) -> np.uint64:
    """Return the digest of one text."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def _mixed(digests: Digests) -> Digests:
    """Spread the bits, so that sums of digests are unlike where the digests are."""
    return (digests ^ (digests >> _SHIFT)) * _ODD ^ (digests >> np.uint64(17))
