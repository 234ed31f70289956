"""A share as a bar with its interval, drawn as SVG."""

from __future__ import annotations

from html import escape

WIDTH, HEIGHT = 1000, 24
_MIDDLE, _CAP = HEIGHT / 2, 4
_GRID = (0.25, 0.5, 0.75)


def bar(share: float, low: float, high: float, told: str) -> str:
    """Return a bar as long as a share (0 to 1), with a line from `low` to `high`; `told` says it to who cannot see it.

    It is as wide as its place: only lengths along the bar mean something.
    """
    x, left, right = (f"{WIDTH * part:.1f}" for part in (share, low, high))
    grid = "".join(_line("grid", f"{WIDTH * at:.0f}", f"{WIDTH * at:.0f}", 0, HEIGHT) for at in _GRID)
    caps = "".join(_line("whisker", end, end, _MIDDLE - _CAP, _MIDDLE + _CAP) for end in (left, right))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{escape(told)}">'
        f'<rect class="track" width="{WIDTH}" height="{HEIGHT}"/>'
        f'{grid}<rect class="bar" width="{x}" y="4" height="{HEIGHT - 8}"/>'
        f"{_line('whisker', left, right, _MIDDLE, _MIDDLE)}{caps}</svg>"
    )


def column(part: float, told: str) -> str:
    """Return a bar as long as a part (0 to 1) of its place, which counts and has no interval."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{escape(told)}">'
        f'<rect class="bar" width="{WIDTH * part:.1f}" y="4" height="{HEIGHT - 8}"/></svg>'
    )


def _line(kind: str, x1: str, x2: str, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1}" x2="{x2}" y1="{y1:g}" y2="{y2:g}"/>'
