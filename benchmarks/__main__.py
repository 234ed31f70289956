"""Run the comparisons and print their table; `--write FILE` also writes it as Markdown."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.work import Result, Work, compare

_PEERS = ("pyxform", "xlsxwriter", "openpyxl", "pandas")
_HEAD = ("work", "ours: CPU s, MB", "peer: CPU s, MB", "peer", "ratio", "goal")


def main() -> None:
    """Parse the arguments, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of modules to run; all, if absent")
    parser.add_argument("--runs", type=int, default=3, help="counted runs of each side (3)")
    parser.add_argument("--write", type=Path, help="also write the table to this Markdown file")
    arguments = parser.parse_args()
    rows = [_row(result) for name in _modules(arguments.names) for result in _run(name, arguments.runs)]
    table = _table(rows)
    print(table)
    if arguments.write:
        arguments.write.write_text(_page(table), encoding="utf-8")


def _modules(parts: list[str]) -> list[str]:
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    return [f"benchmarks.{name}" for name in names if not parts or any(part in name for part in parts)]


def _run(module: str, runs: int) -> list[Result]:
    works: list[Work] = import_module(module).WORKS
    results = []
    for index, work in enumerate(works):
        print(f"{work.title} …", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            work.prepare(Path(folder))
            results.append(compare(module, index, work, Path(folder), runs))
    return results


def _row(result: Result) -> tuple[str, ...]:
    work, goal = result.work, result.work.goal
    unit = " s" if work.peer is None else ""
    verdict = "" if goal is None else f"<= {goal:g}{unit} {'met' if result.figure <= goal else 'NOT MET'}"
    sides = (f"{side.cpu:.2f}, {side.peak:.0f}" if side else "–" for side in (result.ours, result.peer))
    ratio = "–" if result.ratio is None else f"{result.ratio:.2f}"
    return (work.title, *sides, work.peer_title, ratio, verdict)


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = [_HEAD, tuple("---" for _ in _HEAD), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(table: str) -> str:
    peers = ", ".join(f"{name} {version(name)}" for name in _PEERS)
    return (
        "# Benchmarks\n\n"
        "Written by `python -m benchmarks --write docs/benchmarks.md`. Each side ran in a process of its own, in turn\n"
        "with the other; CPU is user and system time, MB the largest resident size, both medians.\n\n"
        f"Python {platform.python_version()}, {peers}.\n\n{table}\n"
    )


if __name__ == "__main__":
    main()
