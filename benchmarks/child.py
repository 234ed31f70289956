"""One side of one comparison, in a process of its own: `python -m benchmarks.child MODULE INDEX ours|peer FOLDER`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Run the side that the arguments name."""
    module, index, side, folder = sys.argv[1:]
    work = import_module(module).WORKS[int(index)]
    getattr(work, side)(Path(folder))


if __name__ == "__main__":
    main()
