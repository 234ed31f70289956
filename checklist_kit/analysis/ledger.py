"""The ledger: nothing that was read is lost, and the books show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from checklist_kit.protocols import Problem, Submission


@dataclass(slots=True)
class FileCount:
    """What became of the submissions of one file."""

    submissions: int = 0
    rows: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Ledger:
    """Counts each cell when it is read and again where it ends, so that a cell that is lost shows.

    `cells` is what readers counted. `values` are the cells that became values, and `again` those of responses that came
    a second time with the same answers, which are in the tables already. `problems` are the cells that were set aside.
    """

    files: dict[str, FileCount] = field(default_factory=dict)
    cells: int = 0
    values: int = 0
    again: int = 0
    problems: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every cell that was read ended as a value or as a problem."""
        return self.cells == self.values + self.again + self.problems

    def count(self, thing: Submission | Problem, *, rejected: bool = False) -> None:
        """Enter what a reader yields."""
        file = self.files.setdefault(thing.source, FileCount())
        if isinstance(thing, Problem):
            self.cells += thing.aside
            return
        self.cells += thing.cells
        file.submissions += 1
        file.rejected += rejected
        file.rows += not rejected

    def lines(self) -> Iterator[str]:
        """Yield the ledger as lines to print."""
        for name, file in self.files.items():
            yield f"{name}: {file.submissions} submissions in = {file.rows} rows out + {file.rejected} rejected"
        sign = "=" if self.balanced else "≠"
        yield f"{self.cells} cells read {sign} {self.values + self.again} values + {self.problems} problems"
