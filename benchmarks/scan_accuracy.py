"""How often filled pages are read right: `python -m benchmarks.scan_accuracy [--pages N] [--level L] [--write FILE]`.

Pages are simulated by `tests/scan/simulator`, which shares no code with the reader, from seeds that nothing was fitted
on. Beside our rule, two common ones read the same flattened pages: a fixed threshold, and the largest gap between the
marks of a question. Handwriting goes to a person in any case and is not counted as a question.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from benchmarks.scan_pages import FITTED, LEVELS, REPORTED, Simulated, blanks, forms, simulated
from checklist_kit.readers.scan.decide import Answer, Signs, answers
from checklist_kit.readers.scan.page import ACCEPTED, REJECTED, REVIEW, PageReading, read_page
from checklist_kit.readers.scan.printed import Printed, layout_of, printed, windows
from checklist_kit.readers.scan.register import NotRegistered, find_markers, flatten, register
from checklist_kit.readers.scan.sources import pages_of
from tests.scan.simulator import DEVICES, Truth

Count = Counter[tuple[str, str]]

OURS, FIXED, GAP = "ours", "fixed threshold", "largest gap"
GOALS = {"scan": (99.9, 5, 0.05), "photocopy": (99.5, 8, 0.1), "phone": (99.5, 8, 0.1), "poor photo": (0, 100, 0.5)}
_CHUNK = 10
_BANDS = (0.0, 0.5, 0.8, 0.95, 0.98, 0.995, 0.999, 1.0001)


def main() -> None:
    """Simulate, read, count, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scan_accuracy", description=__doc__)
    parser.add_argument(
        "--pages", type=int, default=420, help="pages of each kind but poor photos (420), of which a third"
    )
    parser.add_argument("--level", choices=LEVELS, action="append", help="only this level")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder of counts, so that a long run can be interrupted")
    parser.add_argument("--write", type=Path, help="also write the tables to this file")
    arguments = parser.parse_args()
    levels = arguments.level or LEVELS
    threshold = _fitted_threshold()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    count = partial(_kept, arguments.keep, threshold)
    pages = {level: arguments.pages // (3 if level == "poor photo" else 1) for level in levels}
    counts = {level: _level(partial(count, level), pages[level], arguments.workers) for level in levels}
    text = _text(counts, threshold)
    print(text)
    if arguments.write:
        arguments.write.write_text(f"# How often filled pages are read right\n\n{text}\n", encoding="utf-8")


_ABOUT = """\
Written by `python -m benchmarks.scan_accuracy --write docs/scan-accuracy.md`. A simulator that shares no code with the
reader fills the pages of the election-day form with pens and pencils: fills, ticks, crosses, and in 2% of the answers
an accident (rubbed out, crossed out, a ring around a choice, two marks). Scanners (flatbed and feeder, 150 to 300 dpi,
print of 94 to 103%), copiers, and phones take pictures of them, a part of them upside down or on their side; poor
photos are blurred, shaken, creased, in shadow, or cut off. The numbers of the reader and the fixed threshold ({:.2f})
were fitted on other seeds than these. No real hand was simulated: take the figures for a ceiling.

Beside the reader, two common rules read the same flattened pages. An answer counts as read right before review if the
likeliest reading is what was meant; marks of which nobody can know what was meant count only in the last column.
"""


_PAGES = """\
## Pages

Found: the corner markers placed the page, and it is the right one. A page of which the photograph cuts off two corners
cannot be found.
"""


def _text(counts: dict[str, Count], threshold: float) -> str:
    parts = (
        _ABOUT.format(threshold).rstrip(),
        _table(counts),
        _PAGES.rstrip(),
        _pages(counts),
        "## Confidence\n\nHow often the likeliest reading is right, by the probability that the reader gives it.",
        _bands(counts),
    )
    return "\n\n".join(parts)


def _level(count: Callable[[int], Count], pages: int, workers: int) -> Count:
    starts = range(REPORTED, REPORTED + pages, _CHUNK)
    if workers == 1:
        return sum(map(count, starts), Counter())
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        return sum(executor.map(count, starts), Counter())


def _kept(folder: Path | None, threshold: float, level: str, first: int) -> Count:
    """Count some pages, or take the counts of an earlier run."""
    if folder is None:
        return _count(level, threshold, first)
    path = folder / f"{level} {first}.json"
    if not path.exists():
        path.write_text(json.dumps([[*key, many] for key, many in _count(level, threshold, first).items()]))
    return Counter({(one, two): many for one, two, many in json.loads(path.read_text())})


def _count(level: str, threshold: float, first: int) -> Count:
    """Read some pages by every rule and count what came out."""
    cv2.setNumThreads(1)
    count: Count = Counter()
    for page in simulated(level, first, _CHUNK):
        reading, seconds = _read(page, DEVICES[level].suffix)
        count["page", "ms"] += round(1000 * seconds)
        count["page", reading.state] += 1
        count["page", f"because: {reading.code}"] += reading.state in (REVIEW, REJECTED)
        count["page", "wrong page or serial"] += _misplaced(page, reading)
        count["page", "found"] += reading.state != REJECTED and not _misplaced(page, reading)
        count["page", "serial read"] += reading.identity is not None and reading.identity.serial == page.serial
        if reading.state != REJECTED:
            held = reading.state == REVIEW
            for truth, answer in _pairs(page.truths, reading.answers):
                doubtful = held or bool(answer.doubt)
                _tally(count, OURS, truth, answer.read, doubtful)
                if truth.read not in ("?", "text"):
                    band = max(edge for edge in _BANDS if edge <= answer.confidence)
                    count["band", f"{band:.3f}"] += 1
                    count["band right", f"{band:.3f}"] += answer.read == truth.read
        for rule, found in _other_rules(page, threshold):
            for truth, answer in _pairs(page.truths, found):
                _tally(count, rule, truth, answer.read, bool(answer.doubt))
    return count


def _tally(count: Count, rule: str, truth: Truth, read: str, doubtful: bool) -> None:
    if truth.read == "text":
        if rule == OURS:
            count["page", "handwriting"] += 1
            count["page", "handwriting missed"] += not doubtful
        return
    count[rule, "wrong accepted"] += not doubtful and read != truth.read
    count[rule, "accepted"] += not doubtful
    if truth.read == "?":
        return  # nobody can know; it must only not be accepted
    count[rule, "questions"] += 1
    count[rule, "right"] += read == truth.read
    count[rule, "review"] += doubtful


def _read(page: Simulated, suffix: str) -> tuple[PageReading, float]:
    """Return our reading of a page out of its file, and the CPU seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"page{suffix}"
        cv2.imwrite(str(path), page.picture)
        (source,) = pages_of(path)
        start = time.process_time()
        return read_page(source, forms())[0], time.process_time() - start


def _misplaced(page: Simulated, reading: PageReading) -> bool:
    identity = reading.identity
    return identity is not None and (
        identity.page != page.sheet.page["page"] or identity.serial not in ("", page.serial)
    )


def _pairs(truths: Iterable[Truth], found: Iterable[Answer]) -> Iterator[tuple[Truth, Answer]]:
    """Pair what was meant with what was read; a blank question with several squares is as many blank squares."""
    by_field: dict[tuple[str, str], list[Answer]] = {}
    for answer in found:
        by_field.setdefault((answer.item, answer.instance), []).append(answer)
    for truth in truths:
        for answer in by_field.get((truth.item, truth.instance), []):
            if answer.choice == truth.choice:
                yield truth, answer


# The other rules


def _other_rules(page: Simulated, threshold: float) -> Iterator[tuple[str, list[Answer]]]:
    inked = _inked(page)
    if inked is None:
        return
    sheet, darkness = inked
    yield FIXED, list(_answers(sheet, lambda positions: darkness[positions] > threshold))
    yield GAP, list(_answers(sheet, lambda positions: _above_gap(darkness[positions], threshold)))


def _inked(page: Simulated) -> tuple[Printed, np.ndarray] | None:
    """Return how dark (0 to 1) each mark is inside, where the layout has it, or None for a page that was not found."""
    form = next(form for form in forms() if layout_of(form).language == "en")
    sheet = printed(form, page.sheet.page["page"])
    try:
        registration = register(find_markers(page.picture), sheet.layout.fiducials)
    except NotRegistered:
        return None
    flat = flatten(page.picture, registration, sheet.layout.width, sheet.layout.height)
    reach = 12  # pixels: 1.5 mm
    inside = windows(flat, sheet.spots, 2 * reach)
    return sheet, 1 - inside.reshape(len(inside), -1).mean(1) / 255


def _above_gap(darkness: np.ndarray, threshold: float, least: float = 0.1) -> np.ndarray:
    """Marks above the largest gap of their question; where there is none, above the threshold."""
    order = np.sort(darkness)
    gaps = np.diff(order)
    if not len(gaps) or gaps.max() < least:
        return darkness > threshold
    return darkness > order[gaps.argmax()] + gaps.max() / 2


def _answers(sheet: Printed, meant: Callable[[list[int]], np.ndarray]) -> Iterator[Answer]:
    rows = {position: row for row, position in enumerate(sheet.positions)}
    for positions in sheet.layout.fields.values():
        chosen = [position for position in positions if position in rows]
        marks = [sheet.layout.marks[position] for position in chosen]
        if len(chosen) < len(positions) or not marks:
            continue  # handwriting
        yes = np.asarray(meant([rows[position] for position in chosen]), np.float32)
        no = np.zeros(len(marks), np.bool_)
        yield from answers(marks, Signs(yes, no, no, no), written=False)


def _fitted_threshold() -> float:
    """The threshold that reads most marks right on the pages that our own numbers are fitted on."""
    dark: list[np.ndarray] = []
    meant: list[np.ndarray] = []
    for level in LEVELS[:3]:
        for page in simulated(level, FITTED, 2 * len(blanks())):
            if (inked := _inked(page)) is not None:
                sheet, darkness = inked
                marked = {(truth.item, truth.instance, choice) for truth in page.truths for choice in truth.inked}
                marks = [sheet.layout.marks[position] for position in sheet.positions]
                dark.append(darkness)
                meant.append(np.array([(mark.item, mark.instance, mark.choice) in marked for mark in marks]))
    values, truth = np.concatenate(dark), np.concatenate(meant)
    candidates = np.linspace(0.05, 0.9, 171)
    return float(candidates[np.argmax([((values > value) == truth).mean() for value in candidates])])


# Tables


def _table(counts: dict[str, Count]) -> str:
    lines = ["| pages | rule | questions | right before review | to review | wrong among accepted | goal |"]
    lines.append("| --- " * 7 + "|")
    for level, count in counts.items():
        for rule in (OURS, FIXED, GAP):
            questions, accepted = max(count[rule, "questions"], 1), max(count[rule, "accepted"], 1)
            right, review = 100 * count[rule, "right"] / questions, 100 * count[rule, "review"] / questions
            wrong = count[rule, "wrong accepted"]
            verdict = _verdict(level, right, review, 100 * wrong / accepted) if rule == OURS else ""
            lines.append(
                f"| {level} | {rule} | {questions:,} | {right:.3f}% | {review:.2f}% "
                f"| {wrong} ({100 * wrong / accepted:.3f}%) | {verdict} |"
            )
    return "\n".join(lines)


def _verdict(level: str, right: float, review: float, wrong: float) -> str:
    least, most, error = GOALS[level]
    met = right >= least and review <= most and wrong <= error
    parts = [f">= {least}%, <= {most}%" if least else "page gate", f"<= {error}%"]
    return f"{', '.join(parts)}: {'met' if met else 'NOT MET'}"


_FOUND_GOAL = 99.5  # percent of pages, but for poor photos, of which many cannot be used
_COLUMNS = (
    "pages",
    "number",
    "found",
    "wrong page or serial",
    "serial read",
    "accepted",
    "held for review",
    "refused",
    "handwriting missed",
    "CPU ms a page",
)


def _pages(counts: dict[str, Count]) -> str:
    lines = [f"| {' | '.join(_COLUMNS)} |", "| --- " * len(_COLUMNS) + "|"]
    told = []
    for level, count in counts.items():
        number = sum(count["page", state] for state in (ACCEPTED, REVIEW, REJECTED))
        found = 100 * count["page", "found"] / max(number, 1)
        goal = "" if level == "poor photo" else f": {'met' if found >= _FOUND_GOAL else 'NOT MET'}"
        cells = (
            level,
            number,
            f"{found:.1f}%{goal}",
            count["page", "wrong page or serial"],
            count["page", "serial read"],
            *(count["page", state] for state in (ACCEPTED, REVIEW, REJECTED)),
            f"{count['page', 'handwriting missed']} of {count['page', 'handwriting']}",
            f"{count['page', 'ms'] / max(number, 1):.0f}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
        reasons = {name: many for (kind, name), many in count.items() if kind == "page" and "because" in name and many}
        if reasons:
            each = ", ".join(f"{many} `{name.removeprefix('because: ')}`" for name, many in sorted(reasons.items()))
            told.append(f"- {level}: {each}")
    goal = f"The goal is to find {_FOUND_GOAL}% of the pages but for poor photos. Why pages were held or refused:"
    return "\n".join([*lines, "", goal, "", *told])


def _bands(counts: dict[str, Count]) -> str:
    """How often answers of each confidence are right."""
    total = sum(counts.values(), Counter())
    lines = ["| confidence from | answers | of them right |", "| --- " * 3 + "|"]
    for low in _BANDS[:-1]:
        number = total["band", f"{low:.3f}"]
        if number:
            lines.append(f"| {low:.3f} | {number:,} | {100 * total['band right', f'{low:.3f}'] / number:.2f}% |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
