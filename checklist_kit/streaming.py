"""Files of responses -> a folder of tables, part by part, on any executor.

Every part is read by one pure function, whose result depends on the part alone. So it does not matter where it runs, or
how often; results are put together in the order of the parts.
"""

from __future__ import annotations

import datetime
import gc
import hashlib
import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from checklist_kit.model import Checklist
from checklist_kit.parallel import in_order, keep_memory
from checklist_kit.protocols import Batch, Part, Problem, Reader, Submission, UnreadableFile
from checklist_kit.registry import load_reader, readers

if TYPE_CHECKING:
    from checklist_kit.analysis.pieces import Piece, Summary
    from checklist_kit.analysis.settle import Reader as ColumnReader
    from checklist_kit.analysis.units import Units

Thing = TypeVar("Thing")

_HEAD_BYTES = 4096
_PART = 1 << 25  # bytes of a file that are read in one piece
_TOGETHER = 1 << 20  # bytes of small files that are
_VERSION = 1  # of what is kept between runs


# Reading


def read(checklist: Checklist, path: Path, key: bytes | None = None) -> Iterator[Submission | Problem]:
    """Yield what a file holds, by the reader that recognises it. A file that cannot be read becomes one problem."""

    def each(path: Path) -> Iterator[Submission | Problem]:
        reader = _reader_for(path)
        options = {"key": key} if key is not None and getattr(reader, "TAKES_KEY", False) else {}
        return reader.read(checklist, path, **options)

    return _or_problem(path, each)


def read_batches(
    checklist: Checklist, path: Path, part: Part | None = None, key: bytes | None = None
) -> Iterator[Batch | Submission | Problem]:
    """Yield what a file or a part of it holds, in larger pieces where its reader can."""

    def batches(path: Path) -> Iterator[Batch | Submission | Problem]:
        in_batches = getattr(_reader_for(path), "read_batches", None)
        return in_batches(checklist, path, part) if in_batches else read(checklist, path, key)

    return _or_problem(path, batches)


def _or_problem(path: Path, read: Callable[[Path], Iterable[Thing]]) -> Iterator[Thing | Problem]:
    try:
        yield from read(path)
    except UnreadableFile as unreadable:
        yield Problem.of(unreadable.code, unreadable.message, str(path))
    except OSError as error:
        message = f"cannot open {path}: {(error.strerror or 'it cannot be read').lower()}"
        yield Problem.of("file-unreadable", message, str(path))


def _reader_for(path: Path) -> Reader:
    return load_reader(_channel_of(path))


def _channel_of(path: Path) -> str:
    """Return the name of the reader that recognises a file. Raises UnreadableFile and OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise UnreadableFile("file-empty", f"{path} is empty")
    for name in readers():
        if load_reader(name).recognises(path, head):
            return name
    raise UnreadableFile(
        "file-unknown-kind", f"{path} is no workbook, no JSON of responses and no export of ODK or Kobo"
    )


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cycle collector.

    Loading, checking and reading make many objects and no garbage, and looking for some takes a quarter of their time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


# Parts


@dataclass(frozen=True, slots=True)
class Job:
    """What is read in one piece: some small files, or a part of a large one; `size` is in bytes, `label` names it."""

    label: str
    files: tuple[tuple[str, Part | None], ...]
    size: int


def _stamp(path: Path) -> str:
    """What tells whether a file is as it was: its path, its size and when it was changed."""
    try:
        stat = path.stat()
    except OSError:
        return f"{path}\0"
    return f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}"


def _is_revisable(path: Path) -> bool:
    """Whether what is read from a file may replace what was read from others, so that they are read in one piece."""
    from checklist_kit.analysis.superseded import REVISABLE

    try:
        return _channel_of(path) in REVISABLE
    except (OSError, UnreadableFile):
        return False


def _jobs(checklist: Checklist, stamps: Mapping[Path, str], revisable: Collection[Path]) -> list[Job]:
    jobs: list[Job] = []
    small: list[Path] = []
    for path, stamp in stamps.items():
        parts = _parts_of(checklist, path)
        if path in revisable:
            continue
        if len(parts) > 1 or (small and _size(small) + _size([path]) > _TOGETHER):
            jobs += _together(small, stamps)
            small = []
        if len(parts) > 1:
            labels = [hashlib.sha256(f"{stamp}\0{part.start}\0{part.end}".encode()).hexdigest() for part in parts]
            jobs += [
                Job(label, ((str(path), part),), part.end - part.start)
                for label, part in zip(labels, parts, strict=True)
            ]
        else:
            small.append(path)
    return jobs + _together(small, stamps) + _together([path for path in stamps if path in revisable], stamps)


def _together(paths: Sequence[Path], stamps: Mapping[Path, str]) -> list[Job]:
    label = hashlib.sha256("\n".join(stamps[path] for path in paths).encode("utf-8", "surrogateescape")).hexdigest()
    return [Job(label, tuple((str(path), None) for path in paths), _size(paths))] if paths else []


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())


def _parts_of(checklist: Checklist, path: Path) -> list[Part]:
    """Return the parts that a file can be read in; none, where it is read in one piece."""
    try:
        if path.stat().st_size <= _PART:
            return []
        parts_of = getattr(_reader_for(path), "parts_of", None)
        return list(parts_of(checklist, path, _PART)) if parts_of else []
    except (OSError, UnreadableFile):
        return []


# The pure function, and what runs it


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: by which checklist, and into which format, `csv` or `parquet`.

    `today` is the day that `today()` means where a response does not carry its own. `units` is what the frame
    says of units. `key` is the private key of an encrypted form, as PEM.
    """

    checklist: Checklist
    file_format: str = "csv"
    today: datetime.date = field(default_factory=datetime.date.today)
    units: Units | None = None
    key: bytes | None = None

    @property
    def mark(self) -> str:
        """What tells whether files would be read in the same way; the day does not count."""
        units = hashlib.sha256(pickle.dumps(self.units)).hexdigest() if self.units is not None else ""
        return f"{_VERSION} {self.checklist.hash} {self.file_format} {units}"


def read_job(packed: bytes, job: Job, known: bytes = b"") -> Piece:
    """Return the tables of a job. `packed` is a Reading, `known` are responses that were read before it."""
    from checklist_kit.analysis.pieces import piece_of
    from checklist_kit.analysis.seen import Seen
    from checklist_kit.analysis.settle import forget
    from checklist_kit.analysis.tables import tabulate

    how, columns = _unpacked(packed)
    before, seen = Seen.of(known), Seen.of(known)
    stream = chain.from_iterable(read_batches(how.checklist, Path(path), part, how.key) for path, part in job.files)
    with collector_paused():
        tables = tabulate(how.checklist, stream, today=how.today, units=how.units, seen=seen, known=columns)
        piece = piece_of(tables, seen.without(before), how.file_format)
    forget(how.checklist, columns)
    return piece


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> tuple[Reading, dict[str, ColumnReader]]:
    """How to read, and what reads the columns: what that remembers saves time, and changes nothing."""
    from checklist_kit.analysis.settle import readers as column_readers

    keep_memory()
    how: Reading = pickle.loads(packed)
    return how, column_readers(how.checklist)


def stream(
    how: Reading,
    paths: Iterable[Path],
    folder: Path,
    executor: Executor | None,
    progress: Callable[[int, int, int], None],
) -> tuple[list[Path], Summary]:
    """Read files into a folder of tables; return the paths of the tables and what there is to say.

    What was read into the tables before, by the same checklist, is not read again. `progress` is told how many
    submissions there are, and how many bytes of how many were read. Raises OSError.
    """
    from checklist_kit.analysis.output import Output

    function = partial(read_job, pickle.dumps(how))
    stamps = {path: _stamp(path) for path in dict.fromkeys(paths)}
    revisable = {path for path in stamps if _is_revisable(path)}
    with Output(folder, how.checklist, how.file_format, how.mark) as output:
        read_before = output.begin(stamps.values())
        if not {stamps[path] for path in revisable} <= read_before:  # then rows that are there may be replaced
            read_before = output.begin(())
        jobs = _jobs(
            how.checklist, {path: stamp for path, stamp in stamps.items() if stamp not in read_before}, revisable
        )
        done = output.resume([job.label for job in jobs])
        size, total = sum(job.size for job in jobs[:done]), sum(job.size for job in jobs)
        for job, piece in in_order(executor, function, jobs[done:]):
            known = output.seen.among(piece.seen.ids)
            # A part cannot know that some of its responses were read before: it is read again with them.
            output.append(job.label, function(job, known.to_bytes()) if len(known.ids) else piece)
            size += job.size
            progress(output.progress.rows["submissions"], size, total)
        return output.finish(list(stamps.values())), output.progress.summary
