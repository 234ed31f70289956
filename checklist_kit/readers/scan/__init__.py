"""Filled paper forms, scanned or photographed, as submissions and a queue of what a person should look at.

From a picture to answers: `sources` opens files, `register` finds the page by its corner markers, `identity` reads its
QR symbol, `align` finds each mark, `measure` its ink, `decide` what it means; `page` puts these together. `batch` runs
many pages, `gather` puts them into forms, `submissions` makes these into answers, `review` and `html` into a queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Submission
from checklist_kit.readers.scan.batch import WorkersFailed, find_pages, read_pages
from checklist_kit.readers.scan.gather import Gathered, gather
from checklist_kit.readers.scan.layout import BadLayout, Form, read_layout
from checklist_kit.readers.scan.page import ACCEPTED, REJECTED, REVIEW, PageReading
from checklist_kit.readers.scan.review import AnswerRow, Doubt, Review, read_decisions
from checklist_kit.readers.scan.submissions import Desk

__all__ = [
    "AnswerRow",
    "BadLayout",
    "Doubt",
    "Form",
    "PageRow",
    "Scanned",
    "WorkersFailed",
    "read_decisions",
    "read_layout",
    "scan",
]


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of `pages.csv`. `page` counts within the file, from 1."""

    source: str
    page: int
    state: str
    reason: str
    submission_id: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a batch of pages holds.

    `answers` are all answers as they were read, `doubts` those to review, `unopened` files that could not be opened.
    """

    submissions: tuple[Submission | Problem, ...]
    pages: tuple[PageRow, ...]
    answers: tuple[AnswerRow, ...]
    doubts: tuple[Doubt, ...]
    unopened: tuple[str, ...]


_NOTHING = Review()


def scan(
    checklist: Checklist,
    forms: Sequence[Form],
    paths: Sequence[Path],
    *,
    executor: Executor | None = None,
    folder: Path | None = None,
    review: Review = _NOTHING,
    progress: Callable[[int], None] | None = None,
) -> Scanned:
    """Read filled forms of one checklist from files and folders.

    `forms` are its printed forms, of whatever language, format and version. Pages are read on `executor`, here if None;
    what was read is kept in `folder` and not read again. `progress` is told how many pages are done. A page that
    cannot be used never stops the others. Raises WorkersFailed where the executor does not work.
    """
    pages, unread = find_pages(paths)
    done = Counter[str]()

    def step() -> None:
        done["pages"] += 1
        if progress is not None:
            progress(done["pages"])

    read = read_pages(pages, tuple(forms), executor=executor, folder=folder, step=step)
    readings = sorted([*read, *unread], key=_order([page.path for page in pages], unread))
    names = _names([reading.page.path for reading in readings])
    called = [f"{name} page {reading.page.page}" for name, reading in zip(names, readings, strict=True)]
    gathered = gather(readings, called, checklist.version)
    desk = Desk(checklist, tuple(forms), gathered.readings, names, review)
    layouts = {form.key: read_layout(form.layout) for form in forms}
    submissions = [desk.submission(form, layouts[form.form]) for form in gathered.forms]
    problems = [*_page_problems(desk), *_batch_problems(gathered, names), *_unused(desk)]
    rows = tuple(_rows(desk, gathered))
    unopened = tuple(reading.page.path for reading in unread)
    return Scanned((*submissions, *problems), rows, tuple(desk.rows), tuple(desk.doubts), unopened)


def _order(opened: list[str], unread: list[PageReading]) -> Callable[[PageReading], tuple[int, int, int]]:
    """Keep pages in the order of the batch; files that could not be opened follow."""
    place = {path: number for number, path in enumerate(dict.fromkeys(opened))}
    last = len(place)
    unopened = {reading.page.path: last + number for number, reading in enumerate(unread)}
    return lambda reading: ((unopened | place)[reading.page.path], reading.page.page, reading.page.part)


def _names(paths: list[str]) -> list[str]:
    """Return what files are called: their name, or as much of their path as tells two of one name apart."""
    names = {path: Path(path).name for path in paths}
    count = Counter(names.values())
    return [names[path] if count[names[path]] == 1 else path for path in paths]


def _page_problems(desk: Desk) -> Iterator[Problem]:
    for reading, name in zip(desk.readings, desk.names, strict=True):
        if reading.state != ACCEPTED:
            yield Problem.of(reading.code, reading.reason, name, place=f"page {reading.page.page}")


def _batch_problems(gathered: Gathered, names: list[str]) -> Iterator[Problem]:
    plain = [form for form in gathered.forms if not form.serial]
    if plain:
        message = f"{len(plain)} forms without a serial were put together by the order of their pages"
        yield Problem.of("page-by-order", message, names[min(plain[0].pages.values())])
    numbered = [form for form in gathered.forms if form.serial]
    owner = {position: (form, page) for form in numbered for page, position in form.pages.items()}
    for position, (form, page) in sorted(owner.items()):
        after, next_page = owner.get(position + 1, (form, page))
        if after is not form and next_page == page + 1 and next_page not in form.pages and page not in after.pages:
            message = f"page {page} has serial {form.serial}, and page {next_page} after it {after.serial}: one form?"
            yield Problem.of("page-serials", message, names[position], submission_id=form.id)


def _unused(desk: Desk) -> Iterator[Problem]:
    for submission, item, instance, choice in sorted(desk.review.decisions.keys() - desk.used):
        about = " ".join(part for part in (item, instance, choice) if part)
        message = f"there is no answer `{about}` of `{submission}` in these pages to decide"
        yield Problem.of("page-decision", message, "review", submission_id=submission, item=item)


def _rows(desk: Desk, gathered: Gathered) -> Iterator[PageRow]:
    owner = {position: form.id for form in gathered.forms for position in form.pages.values()}
    for position, (reading, name) in enumerate(zip(desk.readings, desk.names, strict=True)):
        reason = reading.reason if reading.state in (REVIEW, REJECTED) else ""
        yield PageRow(name, reading.page.page, reading.state, reason, owner.get(position, ""))
