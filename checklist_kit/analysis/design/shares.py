"""Shares: in what part of the units something is true, among those where it could be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checklist_kit.analysis.design.design import Design
from checklist_kit.analysis.design.estimate import Estimate, Method
from checklist_kit.analysis.design.intervals import clopper_pearson, wilson
from checklist_kit.analysis.design.quantiles import Z, t_quantile

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SMALL_COUNT = 2
_ROUNDING = 1e-12


def estimate_share(y: Mask, base: Mask, design: Design) -> Estimate:
    """Return the share of units where `y` is true among those of `base` (bool, one a row)."""
    return estimate_shares([y], [base], design)[0]


def estimate_shares(ys: Iterable[Mask], bases: Iterable[Mask], design: Design) -> list[Estimate]:
    """Return shares with their intervals, one for each pair of `y` and `base` (bool, one a row).

    `y` says where something is true, `base` where it could be. Rows outside of the base stay in the sample: how many
    there are is itself a matter of chance, so they count as zeros in the variance (Cochran 1977, 5A.14; Särndal,
    Swensson & Wretman 1992, 5.8 and 10.3). That is how units without an answer are kept too.

    The interval is Wilson's at the effective number of rows; where fewer than two rows say yes, or fewer than two say
    no, it is that of Korn & Graubard. See `_Counts.effective` for the number of rows.

    An estimate for a part of the units, such as a region, is one whose base is `base & part`.
    """
    counts = _Counts.of(ys, bases, design)
    known = counts.weight > 0
    share = np.clip(np.divide(counts.yes_weight, counts.weight, where=known, out=np.zeros(len(known))), 0, 1)
    variance, estimable = counts.variance(share)
    effective = counts.effective(share)
    low, high = wilson(share, np.where(known, effective, 1))
    few = np.minimum(counts.yes, counts.base - counts.yes) < _SMALL_COUNT
    low[few], high[few] = clopper_pearson(share[few], np.where(known, effective, 1)[few])
    simple = share * (1 - share) / np.maximum(counts.base - 1, 1)
    return [
        Estimate(
            value=float(share[i]),
            low=float(low[i]),
            high=float(high[i]),
            se=float(np.sqrt(variance[i])) if estimable[i] else None,
            method=_method(bool(few[i]), float(effective[i])),
            n=design.rows,
            base=int(counts.base[i]),
            count=int(counts.yes[i]),
            deff=float(variance[i] / simple[i]) if estimable[i] and simple[i] > 0 else None,
            n_effective=float(effective[i]),
        )
        if known[i]
        else _unknown(design.rows, int(counts.base[i]), int(counts.yes[i]))
        for i in range(len(known))
    ]


def share_bounds(y: Mask, base: Mask, unknown: Mask, design: Design) -> tuple[float, float]:
    """Return the least and the greatest share that there could be, whatever the `unknown` rows hold (0 to 1).

    The masks (bool, one a row) are over all units drawn, and their design is that of the draw: `unknown` are those not
    reached or without an answer, which `y` and `base` say nothing of. At worst all of them belong to the base, with the
    same answer (Horowitz & Manski 2000). These are no confidence limits: they leave out that it is a sample.
    """
    kind = np.where(unknown, np.int8(3), base.astype(np.int8) + (base & y))
    _, no, yes, open_ = np.bincount(kind, design.weights, 4)
    whole = no + yes + open_
    if whole <= 0:
        return 0.0, 1.0
    return float(yes / whole), float(min((yes + open_) / whole, 1.0))


def _unknown(n: int, base: int, count: int) -> Estimate:
    return Estimate(value=None, low=0.0, high=1.0, se=None, method=Method.NONE, n=n, base=base, count=count)


def _method(few: bool, effective: float) -> Method:
    if np.isinf(effective):
        return Method.CENSUS
    return Method.KORN_GRAUBARD if few else Method.WILSON


@dataclass(frozen=True, eq=False)
class _Counts:
    """What a sample tells of k shares: sums over rows, by variance group (k x groups) and over all (k).

    `a` sums the weights of the base and `b` those where y is true as well; `c` and `d` sum the squares of the same.
    """

    design: Design
    rows: Floats
    base: Floats
    yes: Floats
    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @classmethod
    def of(cls, ys: Iterable[Mask], bases: Iterable[Mask], design: Design) -> _Counts:
        """Add up each pair of masks, by group and by state: outside of the base, in it, and in it with y true."""
        bins = 3 * len(design.groups.rows)
        three = design.row_groups * 3
        sums = []
        for y, base in zip(ys, bases, strict=True):
            state = three + (base.astype(np.int8) + (base & y))
            totals = (np.bincount(state, weights, bins) for weights in (None, design.weights, design.squares))
            sums.append([total.reshape(-1, 3) for total in totals])
        rows, weights, squares = np.array(sums, np.float64).reshape(len(sums), 3, bins // 3, 3).transpose(1, 0, 2, 3)
        among = rows[..., 1] + rows[..., 2]
        return cls(
            design=design,
            rows=among,
            base=among.sum(1),
            yes=rows[..., 2].sum(1),
            a=weights[..., 1] + weights[..., 2],
            b=weights[..., 2],
            c=squares[..., 1] + squares[..., 2],
            d=squares[..., 2],
        )

    @property
    def weight(self) -> Floats:
        """How much the base weighs."""
        weight: Floats = self.a.sum(1)
        return weight

    @property
    def yes_weight(self) -> Floats:
        """How much those weigh where y is true."""
        weight: Floats = self.b.sum(1)
        return weight

    def variance(self, share: Floats) -> tuple[Floats, Mask]:
        """Return the variance of the shares by linearisation, and where it can be estimated.

        A share is the ratio of two totals. Its variance is that of the total of z = w (y - p) / Σw, which is 0 outside
        of the base, summed over strata as (1 - f) n/(n - 1) Σ(z - mean z)² (Särndal, Swensson & Wretman 1992, 5.5 to
        5.8).
        """
        rows, unsampled = self.design.groups.rows, self.design.groups.unsampled
        parts = self._spread(share, self.b, self.d) * rows / np.maximum(rows - 1, 1)
        estimable = ~((rows == 1) & (unsampled > 0) & (self.rows > 0)).any(1)
        return parts.sum(1), estimable

    def _spread(self, share: Floats, b: Floats, d: Floats) -> Floats:
        """Return (1 - f)(Σz² - (Σz)²/n) of each group."""
        p = share[:, None]
        whole = np.maximum(self.weight, np.finfo(np.float64).tiny)[:, None]
        groups = self.design.groups
        squares = np.maximum(d * (1 - 2 * p) + p * p * self.c, 0) / whole / whole
        sums = (b - p * self.a) / whole
        spread: Floats = groups.unsampled * np.maximum(squares - sums * sums / np.maximum(groups.rows, 1), 0)
        return spread

    def effective(self, share: Floats) -> Floats:
        """Return the effective numbers of rows: as many rows of a simple random sample would give such a variance.

        It is p(1 - p)/V, where the estimated V must not be taken at its word: a stratum where by chance nobody said yes
        has no variance, and intervals then cover too seldom. So p and V are reckoned here from shares by stratum which
        are drawn towards the share of all, by z² = 3.84 rows of it, as Wilson's centre is drawn towards one half; that
        better intervals need such a model of V is shown by Franco, Little, Louis & Slud 2019. In a single stratum with
        equal weights nothing of this changes anything: n rows count for n / (1 - f).

        The number is then adjusted for the degrees of freedom of V as by Korn & Graubard 1998, (t(n - 1)/t(df))², where
        df is Satterthwaite's (1946), with the rows of the base in place of those of all.
        """
        prior = Z * Z
        known = self.weight > 0
        squares = self.c.sum(1)
        kish = np.divide(self.weight**2, squares, where=squares > 0, out=np.ones(len(known)))
        centre = (share + prior / 2 / kish) / (1 + prior / kish)
        own = np.divide(self.b, self.a, where=self.a > 0, out=np.zeros(self.a.shape))
        drawn = (self.rows * own + prior * centre[:, None]) / (self.rows + prior)
        overall = np.divide((self.a * drawn).sum(1), self.weight, where=known, out=np.full(len(known), 0.5))
        parts = self._spread(overall, self.a * drawn, self.c * drawn)
        variance = parts.sum(1)
        sampled = variance > _ROUNDING * overall * (1 - overall) / np.maximum(self.base, 1)
        rows: Floats = np.divide(overall * (1 - overall), variance, where=sampled, out=np.full(len(known), np.inf))
        return rows * self._freedom(parts, variance)

    def _freedom(self, parts: Floats, variance: Floats) -> Floats:
        """Return the factor by which few degrees of freedom lessen the effective number of rows, at most 1."""
        share = np.maximum(self.base - 1, 0) / np.maximum(self.base, 1)
        spread = (parts**2 / np.maximum(self.rows, 1)).sum(1)
        df = np.divide(variance**2, spread, where=spread > 0, out=self.base.copy()) * share
        full = np.maximum(self.base - 1, 1)
        factor: Floats = (t_quantile(full) / t_quantile(np.clip(df, 1, full))) ** 2
        return factor
