"""How many units a sample needs, and what margin it then has."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from checklist_kit.analysis.design.quantiles import Z

FORMULA = "n = p(1 - p) / (e^2/z^2 + p(1 - p)/N), rounded up; z = 1.959964"

_ROUNDING = 1e-9


def sample_size(units: int, margin: Fraction, share: Fraction) -> int:
    """Return how many of some units must be drawn so that the 95% margin of a share is at most `margin`.

    n = p(1 - p) / (e²/z² + p(1 - p)/N), rounded up (Cochran 1977, 4.4).
    `margin` e and `share` p are fractions, above 0 and below 1.
    """
    spread = float(share * (1 - share))
    return math.ceil(spread / (float(margin) ** 2 / Z**2 + spread / units) - _ROUNDING)


def expected_margin(strata: Iterable[tuple[int, int]], share: Fraction) -> float | None:
    """Return half the width that the 95% interval of a share will have, as a fraction; None if a stratum is left out.

    `strata` are pairs of the units of a stratum and those drawn of it. It is z √(Σ W² (1 - f) p(1 - p)/n), with the
    same share p in each stratum (Cochran 1977, 5.10).
    """
    pairs = list(strata)
    if any(drawn == 0 for _, drawn in pairs):
        return None
    whole = sum(units for units, _ in pairs)
    variance = sum((units / whole) ** 2 * (1 - drawn / units) / drawn for units, drawn in pairs)
    return Z * math.sqrt(variance * float(share * (1 - share)))
