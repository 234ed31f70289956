"""One side of one comparison, in a process of its own: `python -m benchmarks.child MODULE INDEX ours|peer FOLDER`."""

from __future__ import annotations

import json
import resource
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Run the side that the arguments name, and print what it used as the last line."""
    module, index, side, folder = sys.argv[1:]
    work = import_module(module).WORKS[int(index)]
    state = work.before(Path(folder))
    start = _cpu()
    getattr(work, side)(state)
    cpu = _cpu() - start
    print(json.dumps({"cpu": cpu, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _cpu() -> float:
    """User and system seconds of this process and of those it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


if __name__ == "__main__":
    main()
