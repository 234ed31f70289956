"""Many pages: read on any executor, kept on disk as they come, so that a batch that was interrupted goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan.layout import Form
from checklist_kit.readers.scan.page import REJECTED, PageReading, Readings, read_page
from checklist_kit.readers.scan.sources import Page, files_in, pages_of
from checklist_kit.readers.scan.store import Store

_IN_FLIGHT = 32  # pages that wait for an executor at a time, so that a large batch does not fill the memory


class WorkersFailed(RuntimeError):
    """An executor that runs nothing, such as a cluster that went away or lacks this package."""


def find_pages(paths: Sequence[Path]) -> tuple[list[Page], list[PageReading]]:
    """Return the pages of files and folders in order, and a reading for each file that cannot be opened."""
    pages: list[Page] = []
    unread: list[PageReading] = []
    for path in files_in(paths):
        try:
            pages += pages_of(path)
        except UnreadableFile as unreadable:
            nothing = Page(str(path), 1, hashlib.sha256(str(path).encode()).hexdigest())
            unread.append(PageReading(nothing, REJECTED, unreadable.code, unreadable.message))
    return pages, unread


def read_pages(
    pages: Sequence[Page],
    forms: tuple[Form, ...],
    *,
    executor: Executor | None,
    folder: Path | None,
    step: Callable[[], None],
) -> list[PageReading]:
    """Return the readings of pages, in their order.

    They are read one after the other without an executor. What was read before by the same forms comes from `folder`,
    where every reading is kept; `step` is called after each page.
    """
    store = Store(folder, forms) if folder else None
    found: dict[str, Readings] = {}
    todo: dict[str, Page] = {}
    for page in pages:
        if page.digest in found or page.digest in todo:
            continue
        if known := store.find(page) if store else ():
            found[page.digest] = known
            step()
        else:
            todo[page.digest] = page
    for readings in _run(list(todo.values()), forms, executor):
        kept = store.keep(readings) if store else tuple(replace(reading, picture="") for reading in readings)
        found[readings[0].page.digest] = kept
        step()
    return [reading.of(page) for page in pages for reading in found[page.digest]]


def _run(pages: list[Page], forms: tuple[Form, ...], executor: Executor | None) -> Iterator[Readings]:
    """Yield readings as they are done."""
    if executor is None:
        yield from (read_page(page, forms) for page in pages)
        return
    waiting: dict[Future[Readings], Page] = {}
    rest = iter(pages)
    try:
        while True:
            for page in islice(rest, _IN_FLIGHT - len(waiting)):
                waiting[executor.submit(read_page, page, forms)] = page
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield from _result(future, waiting[future], forms)
                del waiting[future]
    except BrokenExecutor:
        yield from _one_by_one([*waiting.values(), *rest], forms)
    finally:
        for future in waiting:
            future.cancel()


def _result(future: Future[Readings], page: Page, forms: tuple[Form, ...]) -> Iterator[Readings]:
    """Yield what an executor read. Raises WorkersFailed where the fault is not in the page."""
    try:
        yield future.result()
    except BrokenExecutor:
        raise
    except Exception as error:
        if type(error).__name__ != "KilledWorker":  # a cluster's word for a task that ended several workers
            raise WorkersFailed(f"the workers cannot read pages ({type(error).__name__}: {error})") from error
        yield from _one_by_one([page], forms)


def _one_by_one(pages: Iterable[Page], forms: tuple[Form, ...]) -> Iterator[Readings]:
    """Read the rest of a batch after a page ended a process, each page where it can only end its own."""
    helper = _helper()
    try:
        for page in pages:
            try:
                yield helper.submit(read_page, page, forms).result()
            except BrokenExecutor:
                helper.shutdown()
                helper = _helper()
                reason = "it ended the process that read it, perhaps for want of memory"
                yield (PageReading(page, REJECTED, "page-unreadable", reason),)
    finally:
        helper.shutdown()


def _helper() -> Executor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))
