"""What a draw was asked for. Together with the frame it determines the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Allocation(StrEnum):
    """How a sample is shared out among strata."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How many units to draw, and how.

    Either `size` units, or as many as make the 95% margin of a share of `share` at most `margin` (both above 0 and
    below 1). `by` are the columns whose values together make a stratum. Of each stratum at least `minimum` units are
    drawn, and `reserves` further ones. `pps` is a column of sizes: the chance of a unit is then proportional to its
    size.

    Neyman's allocation draws more where units differ more. It takes how much they do from a column that says the same
    throughout a stratum: `deviation`, the standard deviation of what is measured, or `expected`, a share.

    Raises ValueError for what does not go together.
    """

    seed: int
    size: int | None = None
    margin: Fraction | None = None
    share: Fraction = Fraction(1, 2)
    by: tuple[str, ...] = ()
    allocation: Allocation = Allocation.PROPORTIONAL
    deviation: str | None = None
    expected: str | None = None
    minimum: int = 1
    pps: str | None = None
    reserves: int = 0
    unit: str | None = None

    def __post_init__(self) -> None:
        if (self.size is None) == (self.margin is None):
            raise ValueError("give either a size or a margin")
        if self.margin is not None and self.pps:
            raise ValueError("the margin is that of equal chances: with sizes (pps) give a size")
        neyman = self.allocation is Allocation.NEYMAN
        if neyman and (self.deviation is None) == (self.expected is None):
            raise ValueError("neyman needs a column of either deviations or expected shares")
        if not neyman and (self.deviation or self.expected):
            raise ValueError("deviations and expected shares are for the allocation neyman")
        if neyman and self.pps:
            raise ValueError("neyman is an allocation for equal chances: leave out either it or the sizes (pps)")
        if (self.size is not None and self.size < 1) or self.minimum < 0 or self.reserves < 0:
            raise ValueError("numbers of units are 0 or more, and at least one is drawn")
        if not all(0 < part < 1 for part in (self.share, self.margin) if part is not None):
            raise ValueError("a margin and a share lie between 0 and 1")

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON holds it; shares and margins are exact decimals or fractions, as text."""
        return {
            "seed": self.seed,
            "size": self.size,
            "margin": None if self.margin is None else str(self.margin),
            "share": str(self.share),
            "by": list(self.by),
            "allocation": str(self.allocation),
            "deviation": self.deviation,
            "expected": self.expected,
            "minimum": self.minimum,
            "pps": self.pps,
            "reserves": self.reserves,
            "unit": self.unit,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Request:
        """Return what `as_record` gave. Raises ValueError, TypeError or KeyError for anything else."""
        for name in ("seed", "minimum", "reserves") + (("size",) if record["size"] is not None else ()):
            if type(record[name]) is not int:
                raise ValueError(f"`{name}` is no whole number")
        for name in ("deviation", "expected", "pps", "unit"):
            if not isinstance(record[name], str | None):
                raise ValueError(f"`{name}` is no name of a column")
        read = {
            "margin": None if record["margin"] is None else Fraction(record["margin"]),
            "share": Fraction(record["share"]),
            "by": tuple(map(str, record["by"])),
            "allocation": Allocation(record["allocation"]),
        }
        return cls(**{**record, **read})
