"""One function over many things, in this process or on any executor."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")

_WAITING = 16  # things that wait for an executor at a time, so that a large run does not fill the memory

# Of mallopt(3), which only GNU's C library has.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT, _FROM_THE_HEAP = 1 << 30, 1 << 25  # bytes


def keep_memory() -> None:
    """Keep memory that is freed for what comes next, where the system can do that.

    Each part of a large run needs as much as the one before it; giving that back and getting it anew takes a tenth of
    the time.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_MMAP_THRESHOLD, _FROM_THE_HEAP)


def in_order(
    executor: Executor | None, function: Callable[[Thing], Made], things: Iterable[Thing]
) -> Iterator[tuple[Thing, Made]]:
    """Yield each thing with what a pure function makes of it, in order.

    What an executor loses because a process of it died is made here.
    """
    waiting: deque[tuple[Thing, Future[Made] | None]] = deque()
    for thing in things:
        waiting.append((thing, _submitted(executor, function, thing)))
        if executor is None or len(waiting) >= _WAITING:
            yield _next(waiting, function)
    while waiting:
        yield _next(waiting, function)


def _submitted(executor: Executor | None, function: Callable[[Thing], Made], thing: Thing) -> Future[Made] | None:
    try:
        return executor.submit(function, thing) if executor is not None else None
    except BrokenExecutor:
        return None


def _next(waiting: deque[tuple[Thing, Future[Made] | None]], function: Callable[[Thing], Made]) -> tuple[Thing, Made]:
    thing, future = waiting.popleft()
    try:
        if future is not None:
            return thing, future.result()
    except BrokenExecutor:
        pass
    return thing, function(thing)
