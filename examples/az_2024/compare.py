"""Set findings beside the statement: `python examples/az_2024/compare.py FINDINGS.CSV`.

Exits 1 where a share does not round to the statement's percentage.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main(path: Path) -> int:
    """Print one line an indicator, and return how many shares differ from the statement."""
    found = {row["indicator"]: row for row in rows(path)}
    differ = 0
    print(f"{'indicator':24}{'stations':>12}{'share':>8}   {'95% interval':16}statement")
    for figure in rows(HERE / "statement.csv"):
        row = found[figure["indicator"]]
        share, low, high = (100 * float(row[name]) for name in ("share", "low", "high"))
        agrees = not figure["percent"] or round(share) == int(figure["percent"])
        differ += not agrees
        told = f"{figure['percent']}%" if figure["percent"] else "some stations"
        counted, interval = f"{row['count']} of {row['base']}", f"{low:.1f} to {high:.1f}%"
        print(f"{row['indicator']:24}{counted:>12}{share:7.1f}%   {interval:16}{told}{'' if agrees else '  DIFFERS'}")
    return differ


if __name__ == "__main__":
    sys.exit(min(1, main(Path(sys.argv[1]))))
