"""Many pages: read on any executor, kept on disk as they come, so that a batch that was interrupted goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan.layout import Form
from checklist_kit.readers.scan.page import REJECTED, PageReading, read_page
from checklist_kit.readers.scan.sources import Page, files_in, pages_of
from checklist_kit.readers.scan.store import Store

_IN_FLIGHT = 32  # pages that wait for an executor at a time, so that a large batch does not fill the memory


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
    found: dict[str, PageReading] = {}
    todo: dict[str, Page] = {}
    for page in pages:
        known = store.find(page) if store else None
        if known is not None:
            found[page.digest] = known
            step()
        elif page.digest not in found:
            todo[page.digest] = page
    for reading in _run(list(todo.values()), forms, executor):
        if store:
            store.keep(reading)
        found[reading.page.digest] = reading
        step()
    return [found[page.digest].of(page) for page in pages]


def _run(pages: list[Page], forms: tuple[Form, ...], executor: Executor | None) -> Iterator[PageReading]:
    """Yield readings as they are done."""
    if executor is None:
        yield from (read_page(page, forms) for page in pages)
        return
    waiting: set[Future[PageReading]] = set()
    rest = iter(pages)
    while True:
        for page in rest:
            waiting.add(executor.submit(read_page, page, forms))
            if len(waiting) >= _IN_FLIGHT:
                break
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)
