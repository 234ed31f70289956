"""How often 95% intervals of shares cover the true share: `python docs/coverage.py` writes docs/coverage.md.

Populations are made up, samples are drawn from them again and again, and each interval is compared with the share in
the whole population. The seed is fixed, so the table comes out the same each time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.design import Design, Estimate, estimate_share, estimate_shares
from checklist_kit.analysis.design.quantiles import Z

PAGE = Path(__file__).parent / "coverage.md"
SHARES = tuple(round(percent / 100, 2) for percent in range(1, 100))
SAMPLES = 10_000

_CLOSE = 1e-9


@dataclass(frozen=True)
class Stratified:
    """Simple random samples of `sampled` units from strata of `units`.

    `spread` is half the difference, in log odds, between the first stratum and the last; `asked` is the share of units
    that an indicator is about at all.
    """

    title: str
    units: Sequence[int]
    sampled: Sequence[int]
    spread: float = 0.0
    asked: float = 1.0

    def samples(self, share: float, count: int, rng: np.random.Generator) -> tuple[float, list[tuple[Estimate, int]]]:
        """Return the true share, and the estimates of samples with how often each of them came up."""
        among = np.round(np.array(self.units) * self.asked).astype(int)
        yes = np.round(among * _by_stratum(share, among, self.spread)).astype(int)
        colours = np.stack([yes, among - yes, np.array(self.units) - among], axis=1)
        drawn = [
            rng.multivariate_hypergeometric(colour, n, count) for colour, n in zip(colours, self.sampled, strict=True)
        ]
        kinds, times = np.unique(np.stack(drawn, axis=1), axis=0, return_counts=True)
        strata = np.repeat(np.arange(len(self.units)), self.sampled)
        position = np.concatenate([np.arange(n) for n in self.sampled])
        y = position < kinds[:, strata, 0]
        base = position < kinds[:, strata, 0] + kinds[:, strata, 1]
        names = np.array([f"{stratum:03d}" for stratum in strata])
        design = Design.of(names, {f"{stratum:03d}": float(n) for stratum, n in enumerate(self.units)})
        return yes.sum() / among.sum(), list(zip(estimate_shares(y, base, design), times.tolist(), strict=True))


@dataclass(frozen=True)
class BySize:
    """Systematic samples in random order, with probability proportional to size, which varies about fivefold."""

    title: str
    units: int
    sampled: int

    def samples(self, share: float, count: int, rng: np.random.Generator) -> tuple[float, list[tuple[Estimate, int]]]:
        """Return the true share, and the estimates of samples, each once."""
        size = np.exp(rng.normal(0, 0.4, self.units))
        y = rng.permutation(self.units) < round(share * self.units)
        probability = self.sampled * size / size.sum()
        assert probability.max() < 1
        found = []
        for _ in range(count // 10):
            order = rng.permutation(self.units)
            points = rng.random() + np.arange(self.sampled)
            rows = order[np.minimum(np.searchsorted(np.cumsum(probability[order]), points), self.units - 1)]
            design = Design.of(np.full(self.sampled, "all"), weights=1 / probability[rows])
            found.append((estimate_share(y[rows], np.ones(self.sampled, np.bool_), design), 1))
        return float(y.mean()), found


SCENARIOS: tuple[Stratified | BySize, ...] = (
    Stratified("105 of 6,500 stations", [6500], [105]),
    Stratified("105 of 300 stations", [300], [105]),
    Stratified("30 of 5,000 stations", [5000], [30]),
    Stratified("105, asked about half of the stations", [6500], [105], asked=0.5),
    Stratified("105 in 5 strata, by their size", [2000, 1500, 1000, 500, 250], [40, 30, 20, 10, 5]),
    Stratified("the same, strata differ", [2000, 1500, 1000, 500, 250], [40, 30, 20, 10, 5], 1.5),
    Stratified("21 from each of 5 unequal strata", [2000, 1500, 1000, 500, 250], [21] * 5),
    Stratified("the same, strata differ", [2000, 1500, 1000, 500, 250], [21] * 5, 1.5),
    Stratified("the same, asked about 60%", [2000, 1500, 1000, 500, 250], [21] * 5, 1.5, 0.6),
    Stratified("2 from each of 60 strata, which differ", [100] * 60, [2] * 60, 1.5),
    BySize("105 of 1,500 stations, by their size", 1500, 105),
)


@dataclass(frozen=True)
class Coverage:
    """How often intervals of one scenario covered: on average over the true shares, and at the worst of them."""

    mean: float
    least: float
    at: float
    width: float
    wald_mean: float
    wald_least: float


def coverage(scenario: Stratified | BySize, shares: Sequence[float] = SHARES, samples: int = SAMPLES) -> Coverage:
    """Return the coverage of a scenario."""
    rng = np.random.default_rng(20241124)
    rows = np.array([list(_one(scenario, share, samples, rng)) for share in shares])
    covered, width, wald = rows.T
    worst = int(covered.argmin())
    return Coverage(covered.mean(), covered[worst], shares[worst], width.mean(), wald.mean(), wald.min())


def _one(scenario: Stratified | BySize, share: float, samples: int, rng: np.random.Generator) -> Iterator[float]:
    """Yield how often the interval covers, its mean width, and how often p ± z se covers."""
    truth, found = scenario.samples(share, samples, rng)
    times = np.array([times for _, times in found])
    low, high = (np.array([getattr(one, end) for one, _ in found]) for end in ("low", "high"))
    reach = Z * np.array([one.se or 0.0 for one, _ in found])
    value = np.array([one.value if one.value is not None else 0.5 for one, _ in found])
    yield np.average((low <= truth + _CLOSE) & (truth <= high + _CLOSE), weights=times)
    yield np.average(high - low, weights=times)
    yield np.average(np.abs(value - truth) <= reach + _CLOSE, weights=times)


def _by_stratum(share: float, units: NDArray[np.int_], spread: float) -> NDArray[np.float64]:
    """Return shares by stratum whose log odds lie evenly `spread` to both sides of some middle, with a given mean."""
    offsets = np.linspace(-spread, spread, len(units))
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        shares = 1 / (1 + np.exp(-middle - offsets))
        low, high = (middle, high) if np.average(shares, weights=units) < share else (low, middle)
    return shares


def page() -> str:
    """Return the page, from its text before the table and the table."""
    head = PAGE.read_text(encoding="utf-8").partition("| sample |")[0]
    lines = ["| sample | on average | at least | at a share of | mean width | p ± z se: on average | at least |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for scenario in SCENARIOS:
        found = coverage(scenario)
        cells = (
            scenario.title,
            *(f"{100 * value:.1f}%" for value in (found.mean, found.least)),
            f"{100 * found.at:.0f}%",
            f"{100 * found.width:.1f} points",
            *(f"{100 * value:.1f}%" for value in (found.wald_mean, found.wald_least)),
        )
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return head + "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
