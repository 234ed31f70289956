"""Design-based estimates: from a sample to shares, means, ratios and medians of all units, with intervals."""

from checklist_kit.analysis.design.design import Design
from checklist_kit.analysis.design.estimate import Estimate, Method
from checklist_kit.analysis.design.numbers import estimate_mean, estimate_median, estimate_ratio
from checklist_kit.analysis.design.shares import estimate_share, estimate_shares, share_bounds

__all__ = [
    "Design",
    "Estimate",
    "Method",
    "estimate_mean",
    "estimate_median",
    "estimate_ratio",
    "estimate_share",
    "estimate_shares",
    "share_bounds",
]
