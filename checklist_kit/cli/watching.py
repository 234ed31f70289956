"""Waiting until a file is saved or arrives."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

_SECONDS_BETWEEN_LOOKS = 0.5


def wait_for_change(paths: Iterable[Path], before: dict[Path, int] | None = None) -> None:
    """Return as soon as one of some files has changed, or any file in one of the folders among them.

    `before` is how they were, from `state`; how they are now, if None.
    """
    before = state(paths := list(paths)) if before is None else before
    while state(paths) == before:
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def state(paths: Iterable[Path]) -> dict[Path, int]:
    """Return when each of some files, and each file in the folders among them, was changed last."""
    found: dict[Path, int] = {}
    for path in paths:
        for file in [path, *path.rglob("*")] if path.is_dir() else [path]:
            try:
                found[file] = file.stat().st_mtime_ns
            except OSError:  # it went away between being listed and being looked at
                found[file] = 0
    return found
