"""Filled paper forms, scanned or photographed, as submissions and a queue of what a person should look at.

From a picture to answers: `sources` opens files, `register` finds the page by its corner markers, `identity` reads its
QR symbol, `align` finds each mark, `measure` its ink, `decide` what it means; `page` puts these together. `batch` runs
many pages, `gather` puts them into forms, `submissions` makes these into answers, `review` and `html` into a queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from checklist_kit.model import Checklist
from checklist_kit.protocols import Problem, Submission
from checklist_kit.readers.scan.batch import WorkersFailed, find_pages, read_pages
from checklist_kit.readers.scan.copies import NO_COPIES, Copies, first_copy, read_copies
from checklist_kit.readers.scan.gather import FilledForm, Gathered, gather
from checklist_kit.readers.scan.layout import BadLayout, Form, read_layout
from checklist_kit.readers.scan.page import ACCEPTED, REJECTED, REVIEW, PageReading
from checklist_kit.readers.scan.review import AnswerRow, Doubt, Key, Review, read_decisions
from checklist_kit.readers.scan.submissions import Desk

__all__ = [
    "AnswerRow",
    "BadLayout",
    "Blanks",
    "Copies",
    "Doubt",
    "Form",
    "PageLedger",
    "PageRow",
    "Scanned",
    "WorkersFailed",
    "first_copy",
    "read_copies",
    "read_decisions",
    "read_layout",
    "scan",
]


@dataclass(frozen=True, eq=False)
class Blanks:
    """A checklist with its printed forms, of whatever language, format and version, and what is known of copies."""

    checklist: Checklist
    forms: tuple[Form, ...]
    copies: Copies = NO_COPIES


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of `pages.csv`. `page` counts within the file, from 1."""

    source: str
    page: int
    state: str
    reason: str
    submission_id: str


@dataclass(frozen=True, slots=True)
class PageLedger:
    """How many pages of a batch are of which checklist, by id, how many of none of these, and how many of none known.

    Together they are all pages. A page of another version counts to its checklist, though it is not read.
    """

    of: Mapping[str, int]
    foreign: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a batch of pages holds.

    `by_checklist` are the filled forms of each checklist, by its id, with the problems of its pages, `answers` all
    answers as they were read, `doubts` those to review, `unopened` files that could not be opened.
    """

    by_checklist: Mapping[str, tuple[Submission | Problem, ...]]
    pages: tuple[PageRow, ...]
    ledger: PageLedger
    answers: tuple[AnswerRow, ...]
    doubts: tuple[Doubt, ...]
    unopened: tuple[str, ...]

    @property
    def submissions(self) -> tuple[Submission | Problem, ...]:
        """The filled forms and problems of all checklists."""
        return tuple(chain.from_iterable(self.by_checklist.values()))


_NOTHING = Review()


def scan(
    blanks: Sequence[Blanks],
    paths: Sequence[Path],
    *,
    executor: Executor | None = None,
    folder: Path | None = None,
    review: Review = _NOTHING,
    progress: Callable[[int], None] | None = None,
) -> Scanned:
    """Read filled forms of some checklists from files and folders; no two of `blanks` are of one checklist.

    Where they are several, forms are called `<checklist>/<submission_id>` in the pages, answers and doubts, which they
    share. Pages are read on `executor`, here if None; what was read is kept in `folder` and not read again. `progress`
    is told how many pages are done. A page that cannot be used never stops the others. Raises WorkersFailed where the
    executor does not work.
    """
    pages, unread = find_pages(paths)
    done = Counter[str]()

    def step() -> None:
        done["pages"] += 1
        if progress is not None:
            progress(done["pages"])

    forms = tuple(form for each in blanks for form in each.forms)
    read = read_pages(pages, forms, executor=executor, folder=folder, step=step)
    readings = sorted([*read, *unread], key=_order([page.path for page in pages], unread))
    names = _names([reading.page.path for reading in readings])
    called = [f"{name} page {reading.page.page}" for name, reading in zip(names, readings, strict=True)]
    gathered = gather(readings, called, {each.checklist.id: each.checklist.version for each in blanks})
    within = [f"{each.checklist.id}/" if len(blanks) > 1 else "" for each in blanks]
    desks = [
        Desk(each.checklist, forms, each.copies, gathered.readings, names, review, before)
        for each, before in zip(blanks, within, strict=True)
    ]
    return _scanned(desks, gathered, tuple(reading.page.path for reading in unread))


def _scanned(desks: Sequence[Desk], gathered: Gathered, unopened: tuple[str, ...]) -> Scanned:
    """Make forms of pages, each at the desk of its checklist."""
    layouts = {form.key: read_layout(form.layout) for form in desks[0].forms}
    found: dict[str, list[Submission | Problem]] = {}
    ids: dict[int, str] = {}
    for desk in desks:
        own = [form for form in gathered.forms if form.checklist == desk.checklist.id]
        found[desk.checklist.id] = [desk.submission(form, layouts[form.form]) for form in own]
        found[desk.checklist.id] += _batch_problems(own, desk.names)
        ids |= {position: desk.within + form.id for form in own for position in form.pages.values()}
    first, used = desks[0], set().union(*(desk.used for desk in desks))
    for owner, problem in _page_problems(first):
        # A page that is of none of several checklists is a problem of none of them: it has its row among the pages.
        if owner in found or len(desks) == 1:
            found[owner if owner in found else first.checklist.id].append(problem)
    found[first.checklist.id] += _unused(first.review, used)
    return Scanned(
        {id: tuple(things) for id, things in found.items()},
        tuple(_rows(first, ids)),
        _ledger(first.readings, found),
        tuple(row for desk in desks for row in desk.rows),
        tuple(doubt for desk in desks for doubt in desk.doubts),
        unopened,
    )


def _ledger(readings: Sequence[PageReading], checklists: Collection[str]) -> PageLedger:
    said = [reading.identity.checklist if reading.identity else None for reading in readings]
    count = Counter(said)
    own = {id: count[id] for id in checklists}
    return PageLedger(own, len(said) - count[None] - sum(own.values()), count[None])


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


def _page_problems(desk: Desk) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with pages, each with the checklist that it says it is of."""
    for reading, name in zip(desk.readings, desk.names, strict=True):
        if reading.state != ACCEPTED:
            place = f"page {reading.page.page}"
            owner = reading.identity.checklist if reading.identity else ""
            yield owner, Problem.of(reading.code, reading.reason, name, place=place)


def _batch_problems(forms: Sequence[FilledForm], names: list[str]) -> Iterator[Problem]:
    """Yield what is odd about the forms of one checklist in a batch."""
    plain = [form for form in forms if not form.serial]
    if plain:
        message = f"{len(plain)} forms without a serial were put together by the order of their pages"
        yield Problem.of("page-by-order", message, names[min(plain[0].pages.values())])
    numbered = [form for form in forms if form.serial]
    owner = {position: (form, page) for form in numbered for page, position in form.pages.items()}
    for position, (form, page) in sorted(owner.items()):
        after, next_page = owner.get(position + 1, (form, page))
        if after is not form and next_page == page + 1 and next_page not in form.pages and page not in after.pages:
            message = f"page {page} has serial {form.serial}, and page {next_page} after it {after.serial}: one form?"
            yield Problem.of("page-serials", message, names[position], submission_id=form.id)


def _unused(review: Review, used: Collection[Key]) -> Iterator[Problem]:
    for submission, item, instance, choice in sorted(review.decisions.keys() - used):
        about = " ".join(part for part in (item, instance, choice) if part)
        message = f"there is no answer `{about}` of `{submission}` in these pages to decide"
        yield Problem.of("page-decision", message, "review", submission_id=submission, item=item)


def _rows(desk: Desk, ids: Mapping[int, str]) -> Iterator[PageRow]:
    """Yield a row for each page; `ids` are those of the filled forms by position."""
    for position, (reading, name) in enumerate(zip(desk.readings, desk.names, strict=True)):
        reason = reading.reason if reading.state in (REVIEW, REJECTED) else ""
        yield PageRow(name, reading.page.page, reading.state, reason, ids.get(position, ""))
