"""Progress on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


def track(items: Sequence[Item], what: str) -> Iterator[Item]:
    """Yield items, showing a bar on a terminal while there are some left."""
    with bar(what, len(items)) as step:
        for done, item in enumerate(items, 1):
            yield item
            step(done)


@contextmanager
def bar(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal; what is yielded is told how far the work is. Without a total it shows a count."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def rate(what: str) -> Iterator[Callable[[int, int, int], None]]:
    """Show on a terminal how many there are, how fast they come, and how long the rest takes.

    What is yielded is told how many there are, and how many bytes of how many were read.
    """
    if not sys.stderr.isatty():
        yield lambda _number, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    rest = (TextColumn("{task.fields[told]}"), TextColumn("rest"), TimeRemainingColumn())
    with Progress(*columns, *rest, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None, told="")

        def step(number: int, done: int, total: int) -> None:
            seconds = max(progress.tasks[0].elapsed or 0, 1e-9)
            told = f"{number:,} submissions, {number / seconds:,.0f}/s"
            progress.update(task, completed=done, total=total, told=told)

        yield step
