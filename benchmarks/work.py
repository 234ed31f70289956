"""What is compared, and how a process is measured."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def nothing(folder: Path) -> Path:
    """Prepare nothing: the sides get the folder itself."""
    return folder


@dataclass(frozen=True, slots=True)
class Work:
    """One comparison, of `ours` and `peer` doing the same work.

    `prepare` puts files into a folder, once. `before` runs in each side's process and is not measured; the sides get
    what it returns. `goal` is the largest ratio of CPU seconds, ours to the peer's, that is good enough; None where
    the peer is only shown. Without a peer, `goal` is CPU seconds.
    """

    title: str
    prepare: Callable[[Path], object]
    ours: Callable[[Any], object]
    peer: Callable[[Any], object] | None
    peer_title: str
    goal: float | None
    before: Callable[[Path], Any] = nothing


@dataclass(frozen=True, slots=True)
class Usage:
    """What a side used: user and system CPU in seconds, and the largest resident size of its process in MB."""

    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of several runs of both sides in turn. `ratio` is the median of the ratios run by run."""

    work: Work
    ours: Usage
    peer: Usage | None
    ratio: float | None

    @property
    def figure(self) -> float:
        """What the goal is about: the ratio, or without a peer our CPU seconds."""
        return self.ours.cpu if self.ratio is None else self.ratio


def compare(module: str, index: int, work: Work, folder: Path, runs: int) -> Result:
    """Run both sides in turn, `runs` times after one that is not counted."""
    sides = ("ours", "peer") if work.peer else ("ours",)
    turns = [[_measure(module, index, side, folder) for side in sides] for _ in range(runs + 1)][1:]
    ours = [turn[0] for turn in turns]
    if work.peer is None:
        return Result(work, _median(ours), None, None)
    peers = [turn[1] for turn in turns]
    ratio = statistics.median(our.cpu / peer.cpu for our, peer in zip(ours, peers, strict=True))
    return Result(work, _median(ours), _median(peers), ratio)


def _median(usages: list[Usage]) -> Usage:
    return Usage(statistics.median(u.cpu for u in usages), statistics.median(u.peak for u in usages))


def _measure(module: str, index: int, side: str, folder: Path) -> Usage:
    command = [sys.executable, "-m", "benchmarks.child", module, str(index), side, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{module} {side} failed:\n{run.stderr}")
    return Usage(**json.loads(run.stdout.splitlines()[-1]))
