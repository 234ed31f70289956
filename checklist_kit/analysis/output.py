"""A folder of tables that grows piece by piece, on the side: at any moment it holds the old tables or the new ones.

Beside the tables lies the folder `.parse`. Its `manifest.json` says what was read into the tables. While tables are
made, `.parse/next` holds what there is of them, and `progress.json` how much of each file is certain: a run that was
ended goes on from there. Finished tables become `.parse/ready`, by renaming the folder; from that moment on they are
the new ones, and `recover` moves those into place that a run which was ended has left there.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from checklist_kit.analysis import parquet
from checklist_kit.analysis.datapackage import data_package, resources
from checklist_kit.analysis.ledger import FileCount, Ledger
from checklist_kit.analysis.pieces import Piece, Summary
from checklist_kit.analysis.seen import Seen
from checklist_kit.analysis.tables import tabulate
from checklist_kit.model import Checklist

_STATE, _NEXT, _READY = ".parse", "next", "ready"
_MANIFEST, _PROGRESS, _SEEN, _PACKAGE = "manifest.json", "progress.json", "seen", "datapackage.json"
_ONCE = "codebook"  # the same in every piece


@dataclass(slots=True)
class Progress:
    """How far tables are: `key` says what they were made by, `files` and `jobs` what was read into them.

    `sizes` are the bytes of each file, and `rows` the rows of each table.
    """

    key: str
    files: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)

    def to_json(self) -> str:
        """Return it as text."""
        plain = asdict(self)
        plain["summary"]["problems"] = [[*kind, number] for kind, number in self.summary.problems.items()]
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def of(cls, path: Path) -> Progress | None:
        """Return that of a file; None where there is none that can be understood."""
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**plain, "summary": _summary(**plain["summary"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _summary(ledger: dict[str, Any], problems: list[list[Any]], unread: list[str]) -> Summary:
    files = {name: FileCount(**count) for name, count in ledger.pop("files").items()}
    kinds = Counter({(severity, code): number for severity, code, number in problems})
    return Summary(Ledger(files=files, **ledger), kinds, unread)


class Output:
    """Tables that are being made; nobody else can make them in the same folder until they are closed."""

    def __init__(self, folder: Path, checklist: Checklist, file_format: str, key: str) -> None:
        self.folder = folder
        self.checklist = checklist
        self.format = file_format
        self._key = key
        self._state = folder / _STATE
        self._next = self._state / _NEXT
        self._state.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._state / "lock")
        recover(folder)
        self.progress = Progress(key)
        self.seen = Seen()
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()

    def begin(self, files: Collection[str]) -> set[str]:
        """Begin with the tables that are there, if all they were read from is among `files`; return what that is."""
        base = self._base(files)
        under_way = Progress.of(self._next / _PROGRESS)
        self._begun = under_way is not None and (under_way.key, under_way.files) == (self._key, base.files)
        self.progress = under_way if self._begun and under_way is not None else base
        if self._begun:
            self._shorten()
        self.seen = Seen.of(
            _bytes((self._next if self._begun else self._state) / _SEEN) if self.progress.sizes else b""
        )
        return set(self.progress.files)

    def _base(self, files: Collection[str]) -> Progress:
        """Return what the tables are that are there, if they can be added to; else that there is nothing."""
        before = Progress.of(self._state / _MANIFEST)
        if before is None or before.key != self._key or not set(before.files) <= set(files):
            return Progress(self._key)
        whole = all(_size(path) == before.sizes[path.name] for path in self._paths(before))
        return before if whole else Progress(self._key)

    def _paths(self, progress: Progress) -> list[Path]:
        return [(self._state if name == _SEEN else self.folder) / name for name in progress.sizes]

    def resume(self, jobs: Sequence[str]) -> int:
        """Return how many of these jobs are done already; what was made of other ones is thrown away."""
        done = self.progress.jobs
        if list(jobs[: len(done)]) == done:
            return len(done)
        shutil.rmtree(self._next)
        self.begin(self.progress.files)
        return 0

    def append(self, job: str, piece: Piece) -> None:
        """Add what a job made."""
        if not self._begun:
            self._copy()
        for name, data in piece.files.items():
            if name != _ONCE or name not in self.progress.rows:
                self._append(name, data)
                self.progress.rows[name] = self.progress.rows.get(name, 0) + piece.rows[name]
        self._write(_SEEN, piece.seen.to_bytes())
        self.seen.add(piece.seen.ids, piece.seen.contents)
        self.progress.summary.add(piece.summary)
        self.progress.jobs.append(job)
        self._save(self._next / _PROGRESS)

    def finish(self, files: list[str]) -> list[Path]:
        """Put the tables into place; return their paths. `files` is all that was read into them."""
        if not self._begun:
            return [path for path in self._paths(self.progress) if path.name != _SEEN] + [self.folder / _PACKAGE]
        written = [
            resource
            for resource in resources(tabulate(self.checklist, ()), restricted=True)
            if not resource.name.startswith("restricted") or self.progress.rows[resource.name]
        ]
        package = data_package(self.checklist, written, self.format)
        text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
        (self._next / _PACKAGE).write_text(text, encoding="utf-8", newline="\n")
        names = [f"{resource.name}.{self.format}" for resource in written]
        if self.format == "parquet":
            for name in names:
                self._end(name)
        for name in self.progress.sizes.keys() - {*names, _SEEN}:
            (self._next / name).unlink()
        (self._next / _PROGRESS).unlink(missing_ok=True)
        self.progress.files, self.progress.jobs = files, []
        self.progress.sizes = {name: self.progress.sizes[name] for name in (*names, _SEEN)}
        self._save(self._next / _MANIFEST)
        for name in (*names, _PACKAGE, _SEEN):
            _to_disk(self._next / name)
        os.replace(self._next, self._state / _READY)
        recover(self.folder)
        return [self.folder / name for name in (*names, _PACKAGE)]

    # Files that grow

    def _append(self, name: str, data: bytes) -> None:
        file = f"{name}.{self.format}"
        if self.format == "csv":
            self._write(file, data if file not in self.progress.sizes else data[data.index(b"\n") + 1 :])
            return
        part = parquet.Finished.of(data)
        if file not in self.progress.sizes:
            self._write(file, parquet.MAGIC)
            self._write(f"{file}.schema", data[len(parquet.MAGIC) + len(part.body) :])
        groups = part.groups(self.progress.sizes[file])
        self._write(file, part.body)
        self._write(f"{file}.groups", parquet.encoded(groups))

    def _end(self, name: str) -> None:
        """Write the footer of a Parquet file."""
        first = parquet.Finished.of(parquet.MAGIC + _bytes(self._next / f"{name}.schema")).footer
        groups = list(parquet.decoded(_bytes(self._next / f"{name}.groups")))
        self._write(name, parquet.footer(first, groups, self.progress.rows[name.removesuffix(".parquet")]))

    def _copy(self) -> None:
        """Copy the tables that are there, to append to them."""
        shutil.rmtree(self._next, ignore_errors=True)
        self._next.mkdir()
        paths = self._paths(self.progress)
        for path in paths:
            shutil.copyfile(path, self._next / path.name)
        if self.format == "parquet":
            for path in paths:
                if path.name != _SEEN:
                    self._reopen_parquet(self._next / path.name)
        self._begun = True

    def _reopen_parquet(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(-8, os.SEEK_END)
            length = int.from_bytes(file.read(4), "little")
            end = file.seek(-8 - length, os.SEEK_END)
            tail = file.read()
            file.truncate(end)
        self.progress.sizes[path.name] = end
        self._write(f"{path.name}.schema", tail)
        self._write(f"{path.name}.groups", parquet.encoded(parquet.groups_of(parquet.footer_of(tail))))

    def _shorten(self) -> None:
        """Cut off what a run that was ended has written after it last noted how far it was."""
        for name, size in self.progress.sizes.items():
            os.truncate(self._next / name, size)

    def _write(self, name: str, data: bytes | memoryview) -> None:
        with (self._next / name).open("ab") as file:
            file.write(data)
        self.progress.sizes[name] = self.progress.sizes.get(name, 0) + len(data)

    def _save(self, path: Path) -> None:
        beside = path.with_suffix(".new")
        beside.write_text(self.progress.to_json(), encoding="utf-8")
        os.replace(beside, path)


def recover(folder: Path) -> None:
    """Move finished tables into place, where a run was ended before it had moved all of them."""
    state, ready = folder / _STATE, folder / _STATE / _READY
    manifest = Progress.of(ready / _MANIFEST)
    if manifest is None:
        shutil.rmtree(ready, ignore_errors=True)
        return
    new = {name for name in manifest.sizes if name != _SEEN}
    before = Progress.of(state / _MANIFEST)
    for path in _tables(ready):
        os.replace(path, folder / path.name)
    for name in before.sizes.keys() - new - {_SEEN} if before is not None else ():
        (folder / name).unlink(missing_ok=True)
    if (ready / _SEEN).is_file():
        os.replace(ready / _SEEN, state / _SEEN)
    os.replace(ready / _MANIFEST, state / _MANIFEST)
    shutil.rmtree(ready)


def _tables(ready: Path) -> Iterator[Path]:
    """Finished tables; the description of them comes last."""
    inside = [path for path in ready.iterdir() if path.suffix in (".csv", ".parquet")]
    yield from sorted(inside)
    if (ready / _PACKAGE).is_file():
        yield ready / _PACKAGE


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _locked(path: Path) -> IO[str] | None:
    """Hold a file as long as this process lives, so that no other one writes here; where the system can do that."""
    try:
        import fcntl
    except ImportError:
        return None
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise BlockingIOError(errno.EAGAIN, "another run is writing to it") from error
    return file


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
