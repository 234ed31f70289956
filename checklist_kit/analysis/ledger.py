"""The ledger: nothing that was read is lost, and the books show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from checklist_kit.protocols import Batch, Problem, Submission


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

    def add(self, other: Ledger) -> None:
        """Enter all that another ledger holds."""
        for name, file in other.files.items():
            own = self.files.setdefault(name, FileCount())
            own.submissions += file.submissions
            own.rows += file.rows
            own.rejected += file.rejected
        self.cells += other.cells
        self.values += other.values
        self.again += other.again
        self.problems += other.problems

    def count(self, submission: Submission) -> FileCount:
        """Enter a submission, and return the count of its file."""
        file = self.files.setdefault(submission.source, FileCount())
        self.cells += submission.cells
        file.submissions += 1
        file.rows += 1
        return file

    def count_problem(self, problem: Problem) -> None:
        """Enter a problem that belongs to no submission."""
        self.files.setdefault(problem.source, FileCount())
        self.cells += problem.aside

    def count_batch(self, batch: Batch) -> None:
        """Enter what a reader yields in one piece."""
        file = self.files.setdefault(batch.source, FileCount())
        self.cells += batch.cells
        file.submissions += len(batch.ids)
        file.rows += len(batch.ids)

    def reject(self, submission: Submission) -> None:
        """Enter that a submission, which was counted, becomes no row."""
        file = self.files[submission.source]
        file.rows -= 1
        file.rejected += 1

    def lines(self) -> Iterator[str]:
        """Yield the ledger as lines to print."""
        for name, file in self.files.items():
            yield f"{name}: {file.submissions} submissions in = {file.rows} rows out + {file.rejected} rejected"
        sign = "=" if self.balanced else "≠"
        yield f"{self.cells} cells read {sign} {self.values + self.again} values + {self.problems} problems"
