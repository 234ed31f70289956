"""People who fill in forms: how they mark, where they slip, and what they meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from tests.scan.simulator import pens
from tests.scan.simulator.paper import PX, Sheet
from tests.scan.simulator.pens import Pen, Spot

DOUBTFUL = "?"
"""The truth about an answer that nobody can know, such as two marks for one answer."""


@dataclass(frozen=True)
class Person:
    """How somebody marks. `care` from 0 to 1; `accidents` is the share of marks that go wrong in some way."""

    manner: str  # fill, tick or cross
    pen: Pen
    care: float
    accidents: float


@dataclass(frozen=True)
class Truth:
    """What an answer on a page means: a code, digits, 1/0, `blank`, `?`, or `text` for handwriting in a box.

    `inked` are the choices of the marks that somebody put ink into and meant it.
    """

    item: str
    instance: str
    choice: str
    read: str
    manner: str
    inked: tuple[str, ...] = ()


def random_person(rng: np.random.Generator) -> Person:
    """Return somebody who mostly fills marks with a dark pen, as the form asks; some tick, cross, or use a pencil."""
    manner = str(rng.choice(["fill", "fill", "fill", "fill", "fill", "fill", "fill", "tick", "cross"]))
    pencil = rng.random() < 0.12
    grey = int(rng.uniform(95, 135) if pencil else rng.uniform(15, 85))
    pen = Pen(grey, float(rng.uniform(0.45, 0.85)), float(rng.uniform(0.05, 0.2)))
    return Person(manner, pen, float(rng.uniform(0.72, 0.98)), accidents=0.02)


def fill(sheet: Sheet, person: Person, rng: np.random.Generator) -> tuple[np.ndarray, list[Truth]]:
    """Return a page with random answers, and what they mean."""
    return write_answers(sheet, person, rng, None)


def write_answers(
    sheet: Sheet, person: Person, rng: np.random.Generator, answers: Mapping[tuple[str, str], Any] | None
) -> tuple[np.ndarray, list[Truth]]:
    """Return a page with answers by (item, instance), random ones if None.

    An answer is a choice's code, a set of codes, a number's digits, True for handwriting in a box, or None.
    """
    ink = np.full_like(sheet.picture, 255)
    hand = _Hand(ink, person, rng)
    truths: list[Truth] = []
    key = lambda mark: (mark["item"], mark["instance"])  # noqa: E731
    for (item, instance), group in groupby(sorted(sheet.page["marks"], key=key), key):
        marks = list(group)
        answer = _random(marks, rng) if answers is None else answers.get((item, instance))
        truths += [Truth(item, instance, *told) for told in hand.answer(marks, answer)]
    return np.minimum(sheet.picture, ink), truths


def _random(marks: list[dict[str, Any]], rng: np.random.Generator) -> Any:
    shapes = {mark["shape"] for mark in marks}
    choices = [mark["choice"] for mark in marks if mark["shape"] in ("circle", "square")]
    if "square" in shapes:
        chosen = {choice for choice in choices if rng.random() < 0.3}
        return chosen or None
    if rng.random() < 0.1:
        return None
    if "digit" in shapes:
        if choices and rng.random() < 0.2:
            return str(rng.choice(choices))
        positions = 1 + max(int(mark["choice"].split(":")[0]) for mark in marks if mark["shape"] == "digit")
        return str(rng.integers(0, 10 ** int(rng.integers(1, positions + 1))))
    if "box" in shapes:
        return str(rng.choice(choices)) if choices and rng.random() < 0.2 else True
    return str(rng.choice(choices))


Told = tuple[str, str, str, tuple[str, ...]]


class _Hand:
    """Writes one answer at a time, and tells its choice, reading, manner and inked marks."""

    def __init__(self, ink: np.ndarray, person: Person, rng: np.random.Generator) -> None:
        self.ink, self.person, self.rng = ink, person, rng

    def answer(self, marks: list[dict[str, Any]], answer: Any) -> list[Told]:
        by_choice = {mark["choice"]: mark for mark in marks}
        shapes = {mark["shape"] for mark in marks}
        if shapes == {"square"}:
            return self._several(by_choice, answer or set())
        if answer is True:
            box = by_choice[None]
            area = (box["x_mm"] - box["w_mm"] / 2, box["y_mm"] - box["h_mm"] / 2, box["w_mm"], box["h_mm"])
            pens.handwriting(self.ink, self.person.pen, area, self.rng)
            return [("", "text", "box", ())]
        if answer is None:
            return [("", "blank", self._slip_beside_nothing(marks), ())]
        if "digit" in shapes and answer not in by_choice:
            return [self._number(by_choice, answer)]
        return [("", *self._one(by_choice, answer))]

    def _slip_beside_nothing(self, marks: list[dict[str, Any]]) -> str:
        """An answer that was marked and rubbed out again."""
        circles = [mark for mark in marks if mark["shape"] == "circle"]
        if not circles or self.rng.random() > self.person.accidents:
            return "blank"
        self._erased(circles[int(self.rng.integers(len(circles)))])
        return "erased"

    def _one(self, by_choice: Mapping[Any, Any], code: str) -> tuple[str, str, tuple[str, ...]]:
        others = [mark for choice, mark in by_choice.items() if choice != code and mark["shape"] == "circle"]
        if not others or self.rng.random() > self.person.accidents:
            self._mark(by_choice[code])
            return code, self.person.manner, (code,)
        other = others[int(self.rng.integers(len(others)))]
        accident = str(self.rng.choice(["erased", "crossed out", "circle", "two"], p=[0.35, 0.35, 0.2, 0.1]))
        if accident == "circle":
            pens.circle_around(self.ink, self.person.pen, _spot(by_choice[code]), self.rng)
            return code, accident, ()
        self._mark(by_choice[code])
        if accident == "erased":
            self._erased(other)
        elif accident == "crossed out":
            pens.fill(self.ink, self.person.pen, _spot(other), self.rng, 0.9)
            pens.cross_out(self.ink, self.person.pen, _spot(other), self.rng)
        else:
            self._mark(other)
            return DOUBTFUL, accident, (code, other["choice"])
        return code, accident, (code,)

    def _several(self, by_choice: Mapping[Any, Any], codes: set[str]) -> list[Told]:
        found = []
        for code, mark in by_choice.items():
            manner = self.person.manner if code in codes else "blank"
            if code in codes:
                self._mark(mark)
            elif self.rng.random() < self.person.accidents / 4:
                self._erased(mark)
                manner = "erased"
            found.append((code, "1" if code in codes else "0", manner, (code,) if code in codes else ()))
        return found

    def _number(self, by_choice: Mapping[Any, Any], digits: str) -> Told:
        positions = 1 + max(int(choice.split(":")[0]) for choice in by_choice if ":" in str(choice))
        zeros = self.rng.random() < 0.5
        shown = digits.rjust(positions, "0" if zeros else " ")
        gaps = [k for k in range(1, positions) if shown[k] != " " and shown[k - 1] != " "]
        gap = -1
        if gaps and self.rng.random() < self.person.accidents / 4:
            gap = int(self.rng.choice(gaps))
        inked = tuple(f"{k}:{digit}" for k, digit in enumerate(shown) if digit != " " and k != gap)
        for choice in inked:
            self._mark(by_choice[choice])
        return "", DOUBTFUL if gap >= 0 else str(int(digits)), "gap" if gap >= 0 else self.person.manner, inked

    def _mark(self, mark: Mapping[str, Any]) -> None:
        spot, pen = _spot(mark), self.person.pen
        if self.person.manner == "tick" and mark["shape"] != "digit":
            pens.tick(self.ink, pen, spot, self.rng)
        elif self.person.manner == "cross":
            pens.cross(self.ink, pen, spot, self.rng)
        else:
            pens.fill(self.ink, pen, spot, self.rng, self.person.care)

    def _erased(self, mark: Mapping[str, Any]) -> None:
        spot = _spot(mark)
        alone = np.full_like(self.ink, 255)
        pens.fill(alone, self.person.pen, spot, self.rng, self.person.care)
        pens.erase(alone, spot, self.rng)
        reach = round(spot.r * 2 * PX)
        x, y = round(spot.x * PX), round(spot.y * PX)
        area = np.s_[y - reach : y + reach, x - reach : x + reach]
        np.minimum(self.ink[area], alone[area], out=self.ink[area])


def _spot(mark: Mapping[str, Any]) -> Spot:
    return Spot(mark["x_mm"], mark["y_mm"], mark["w_mm"] / 2)
