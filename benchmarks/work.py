"""What is compared, and how a process is measured."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Step = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Work:
    """One comparison, of `ours` and `peer` doing the same work on what `prepare` put into a folder.

    `goal` is the largest ratio of CPU seconds, ours to the peer's, that is good enough; None where the peer is only shown.
    """

    title: str
    prepare: Step
    ours: Step
    peer: Step
    peer_title: str
    goal: float | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process used: user and system CPU in seconds, and its largest resident size in MB."""

    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of several runs of both sides in turn. `ratio` is the median of the ratios run by run."""

    work: Work
    ours: Usage
    peer: Usage
    ratio: float


def compare(module: str, index: int, work: Work, folder: Path, runs: int) -> Result:
    """Run both sides in turn, `runs` times after one that is not counted."""
    pairs = [
        (_measure(module, index, "ours", folder), _measure(module, index, "peer", folder)) for _ in range(runs + 1)
    ][1:]
    ours, peers = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ratio = statistics.median(our.cpu / peer.cpu for our, peer in pairs)
    return Result(work, _median(ours), _median(peers), ratio)


def _median(usages: list[Usage]) -> Usage:
    return Usage(statistics.median(u.cpu for u in usages), statistics.median(u.peak for u in usages))


def _measure(module: str, index: int, side: str, folder: Path) -> Usage:
    command = [sys.executable, "-m", "benchmarks.child", module, str(index), side, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{module} {side} failed: {' '.join(command)}")
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
