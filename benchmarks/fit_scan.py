"""Fit the numbers of `readers/scan/calibration.py`: `python -m benchmarks.fit_scan [pages a level]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from benchmarks.scan_pages import FITTED, LEVELS, Simulated, forms, simulated
from checklist_kit.readers.scan.align import align
from checklist_kit.readers.scan.calibration import CALIBRATION
from checklist_kit.readers.scan.fields import black_of
from checklist_kit.readers.scan.measure import darkness, measure
from checklist_kit.readers.scan.printed import layout_of, printed
from checklist_kit.readers.scan.register import NotRegistered, find_markers, flatten, register

_RIDGE = 1e-3
_STEPS = 200
_CLEAR = 0.75  # pages whose marks match less go to review as wholes


def main() -> None:
    """Simulate, measure, fit, print."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    samples = [row for level in LEVELS for page in simulated(level, FITTED, pages) for row in _marks(page)]
    dark, covered, meant = np.array(samples, np.float64).T
    weights = _logistic(np.stack([dark, covered, np.ones_like(dark)], axis=1), meant)
    print(f"{len(meant)} marks, {meant.mean():.1%} of them meant")
    print("dark={:.2f} covered={:.2f} bias={:.2f}".format(*weights))
    likely = 1 / (1 + np.exp(-(dark * weights[0] + covered * weights[1] + weights[2])))
    print("\nprobability   marks   of them meant")
    edges = [0, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 1.0001]
    for low, high in pairwise(edges):
        there = (likely >= low) & (likely < high)
        if there.any():
            print(f"{low:6.3f}–{min(high, 1):5.3f}  {there.sum():7}   {meant[there].mean():.4f}")


def _marks(page: Simulated) -> Iterator[tuple[float, float, float]]:
    """Yield darkness, covered share and meaning of the marks that can only be read by their inside."""
    number = page.sheet.page["page"]
    form = next(form for form in forms() if layout_of(form).language == "en")
    sheet = printed(form, number)
    try:
        registration = register(find_markers(page.picture), sheet.layout.fiducials)
    except NotRegistered:
        return
    flat = flatten(page.picture, registration, sheet.layout.width, sheet.layout.height)
    alignment = align(flat, sheet)
    if np.median(alignment.scores) < _CLEAR:
        return
    inks = measure(darkness(flat, black_of(flat, sheet.layout)), sheet, alignment.spots)
    level = min(float(np.quantile(inks.dark, CALIBRATION.empty_quantile)), CALIBRATION.most_level)
    strange = {(truth.item, truth.instance) for truth in page.truths if truth.manner in ("circle", "crossed out")}
    inked = {(truth.item, truth.instance, choice) for truth in page.truths for choice in truth.inked}
    for row, position in enumerate(sheet.positions):
        mark = sheet.layout.marks[position]
        if (mark.item, mark.instance) not in strange:
            meant = (mark.item, mark.instance, mark.choice) in inked
            yield float(inks.dark[row]) - level, float(inks.covered[row]), float(meant)


def _logistic(inputs: np.ndarray, meant: np.ndarray) -> np.ndarray:
    """Newton's method for a logistic regression with a small ridge."""
    weights = np.zeros(inputs.shape[1])
    ridge = _RIDGE * np.diag([1.0, 1.0, 0.0]) * len(meant) / 1000
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(inputs @ weights, -40, 40)))
        slope = inputs.T @ (likely - meant) + ridge @ weights
        bend = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + ridge + 1e-9 * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights -= step * min(1.0, 5.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return weights


if __name__ == "__main__":
    main()
