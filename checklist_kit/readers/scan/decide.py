"""From ink to answers: how surely each mark is meant, and what the marks of a question say together.

Nothing is guessed: what cannot be told for certain is doubtful, and carries the reading that is likeliest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from checklist_kit.readers.scan.calibration import CALIBRATION
from checklist_kit.readers.scan.layout import Mark
from checklist_kit.readers.scan.measure import Inks
from checklist_kit.readers.scan.printed import Bools, Floats

BLANK = "blank"

_CIRCLED = 6  # directions of eight with ink around a mark that is empty: a ring was drawn around it
_STRUCK = 4  # directions with ink around a mark that is full: it was crossed out
_FULL = 0.8  # share of a mark's inside from which it is full; crosses and ticks stay below

_SEEN = 0.4  # match from which the print around an empty mark was found; clear pages stay above 0.5
_SEEN_UNDER_INK = 0.12  # the same under ink, which hides a part of it

TWO = "two marks for one answer"
AROUND = "ink around a choice"
CROSSED_OUT = "a mark that is crossed out"
FAINT = "a mark that is neither clear nor absent"
GAP = "a gap inside the number"
BOTH = "a number and a reason for having none"
UNMARKED = "digits are written but not marked"
WRITTEN = "handwriting"
UNSEEN = "a printed mark that cannot be seen"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the marks of one question say, or one square of several.

    `read` is a code, digits, `1` or `0`, or `blank`; empty for handwriting and where there is no likeliest reading.
    `confidence` is the probability that this is what was meant. `doubt` says why a person should look; empty when the
    answer counts as it is.
    """

    item: str
    instance: str
    choice: str
    read: str
    confidence: float
    doubt: str


@dataclass(frozen=True, eq=False)
class Signs:
    """Of each mark (n): the probability that it is meant; whether it is ringed, crossed out, or not to be seen."""

    meant: Floats
    circled: Bools
    struck: Bools
    unseen: Bools

    def of(self, positions: Sequence[int]) -> Signs:
        """Return those of some marks."""
        chosen = list(positions)
        return Signs(self.meant[chosen], self.circled[chosen], self.struck[chosen], self.unseen[chosen])


def interpret(inks: Inks, matches: Floats) -> Signs:
    """Judge each mark of a page by its ink, against the marks of the same page that are surely empty.

    `matches` says how well the print around each mark was found, -1 to 1.
    """
    level = float(np.quantile(inks.dark, CALIBRATION.empty_quantile)) if len(inks.dark) else 0.0
    dark = inks.dark - min(level, CALIBRATION.most_level)
    logit = CALIBRATION.dark * dark + CALIBRATION.covered * inks.covered + CALIBRATION.bias
    meant = np.asarray(1 / (1 + np.exp(-logit)), np.float32)
    struck = (inks.covered >= _FULL) & (inks.strokes >= _STRUCK)
    circled = (meant < 0.5) & (inks.strokes >= _CIRCLED)
    unseen = matches < np.where(meant < 0.5, _SEEN, _SEEN_UNDER_INK)
    return Signs(meant, circled, struck, unseen)


def answers(marks: Sequence[Mark], signs: Signs, written: bool) -> Iterator[Answer]:
    """Yield the answers of one field; `marks` are those that are no boxes, `written` says that there is handwriting."""
    item, instance = marks[0].item, marks[0].instance
    if all(mark.shape == "square" for mark in marks):
        for position, mark in enumerate(marks):
            yield Answer(item, instance, str(mark.choice), *_square(signs.of([position])))
        return
    yield Answer(item, instance, "", *_field(marks, signs, written))


def box_answer(mark: Mark, options: Sequence[Mark], signs: Signs, written: bool) -> Answer:
    """Return the answer of a box to write in, beside which reasons for writing nothing may stand."""
    code, confidence, doubt = _one([str(option.choice) for option in options], signs)
    if not written:
        return Answer(mark.item, mark.instance, "", code, confidence, doubt)
    if code == BLANK and not doubt:
        return Answer(mark.item, mark.instance, "", "", 0.0, WRITTEN)
    return Answer(mark.item, mark.instance, "", "", 0.0, BOTH)


def _field(marks: Sequence[Mark], signs: Signs, written: bool) -> tuple[str, float, str]:
    digits = [k for k, mark in enumerate(marks) if mark.shape == "digit"]
    options = [k for k, mark in enumerate(marks) if mark.shape != "digit"]
    code, confidence, doubt = _one([str(marks[k].choice) for k in options], signs.of(options))
    if not digits:
        return code, confidence, doubt
    number, sure, unclear = _number([str(marks[k].choice) for k in digits], signs.of(digits))
    confidence *= sure
    doubt = doubt or unclear
    if code != BLANK and number != BLANK:
        return "", 0.0, doubt or BOTH
    if code == number == BLANK and written:
        return BLANK, 0.0, doubt or UNMARKED
    return (number if code == BLANK else code), confidence, doubt


def _number(choices: Sequence[str], signs: Signs) -> tuple[str, float, str]:
    """Read columns of digits. Blank columns before the first digit are zeros; after it they are a gap."""
    columns: dict[int, list[int]] = {}
    for position, choice in enumerate(choices):
        columns.setdefault(int(choice.partition(":")[0]), []).append(position)
    text, confidence, doubt = "", 1.0, ""
    for _, positions in sorted(columns.items()):
        digits = [choices[position].partition(":")[2] for position in positions]
        digit, sure, unclear = _one(digits, signs.of(positions))
        text += " " if digit == BLANK else digit
        confidence *= sure
        doubt = doubt or unclear
    number = text.lstrip()
    if " " in number:
        return "", 0.0, doubt or GAP
    return (str(int(number)) if number else BLANK), confidence, doubt


def _one(codes: Sequence[str], signs: Signs) -> tuple[str, float, str]:
    """Read marks of which one is expected: each of them alone, or none, is as likely as all marks together make it."""
    standing = np.where(signs.struck, 0.0, signs.meant).astype(np.float64)
    if signs.struck.any() and standing.max() < 0.5:
        standing = signs.meant.astype(np.float64)  # nothing took the place of what was crossed out, if it was
    elif signs.circled.any() and standing.max() < 0.5:
        standing = np.where(signs.circled, 0.9, standing)
    empty = 1 - standing
    likely = [float(empty.prod()), *(float(standing[k] * np.delete(empty, k).prod()) for k in range(len(codes)))]
    best = int(np.argmax(likely))
    doubt = _doubt(signs)
    if doubt:
        return (BLANK, *codes)[best], min(likely[best], 0.5), doubt
    return (BLANK, *codes)[best], likely[best], "" if likely[best] >= CALIBRATION.accept else FAINT


def _doubt(signs: Signs) -> str:
    """Return what is strange about marks of which one is expected."""
    if signs.struck.any():
        return CROSSED_OUT
    if (signs.meant > 0.5).sum() > 1:
        return TWO
    if signs.circled.any():
        return AROUND
    return UNSEEN if signs.unseen.any() else ""


def _square(signs: Signs) -> tuple[str, float, str]:
    """Read one square: ticked or not, whatever the others are."""
    meant = float(signs.meant[0])
    if signs.struck[0]:
        return "0", 0.5, CROSSED_OUT
    if signs.circled[0]:
        return "1", 0.5, AROUND
    confidence = max(meant, 1 - meant)
    if signs.unseen[0] and not signs.circled[0]:
        return str(int(meant > 0.5)), 0.5, UNSEEN
    return str(int(meant > 0.5)), confidence, "" if confidence >= CALIBRATION.accept else FAINT
