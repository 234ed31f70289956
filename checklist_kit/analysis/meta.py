"""What stands beside the answers of submissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checklist_kit.protocols import Batch, Submission


@dataclass(slots=True)
class Meta:
    """One element a submission."""

    ids: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, submissions: Sequence[Submission]) -> Meta:
        """Return what stands beside the answers of some submissions."""
        return cls(
            [submission.id for submission in submissions],
            [submission.version for submission in submissions],
            [submission.channel for submission in submissions],
            [submission.source for submission in submissions],
            [submission.received_at for submission in submissions],
        )

    @classmethod
    def of_batch(cls, batch: Batch) -> Meta:
        """Return what stands beside the answers of a batch."""
        count = len(batch.ids)
        return cls(batch.ids, batch.versions, [batch.channel] * count, [batch.source] * count, batch.received)

    def add(self, other: Meta) -> None:
        """Add what stands beside the answers of further submissions."""
        self.ids += other.ids
        self.versions += other.versions
        self.channels += other.channels
        self.sources += other.sources
        self.received += other.received

    def take(self, rows: Sequence[int]) -> Meta:
        """Return what stands beside the answers of some of the submissions."""
        columns = (self.ids, self.versions, self.channels, self.sources, self.received)
        return Meta(*([column[row] for row in rows] for column in columns))
