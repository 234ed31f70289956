"""One page of a batch, from its file to its answers: a pure function, so that any executor can run it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan import decide
from checklist_kit.readers.scan.align import Alignment, align, likeness
from checklist_kit.readers.scan.crops import Crop, crop
from checklist_kit.readers.scan.decide import Answer, Signs
from checklist_kit.readers.scan.identity import Identity, read_anywhere, read_flat
from checklist_kit.readers.scan.layout import Form, Mark, PageLayout
from checklist_kit.readers.scan.measure import Area, darkness, free_ink, measure
from checklist_kit.readers.scan.printed import Picture, Printed, layout_of, printed
from checklist_kit.readers.scan.register import Corners, NotRegistered, find_markers, flatten, register
from checklist_kit.readers.scan.sources import Page, load

ACCEPTED, REVIEW, REJECTED = "accepted", "review", "rejected"

_PRINT = 0.6  # how alike page and print must be, at 2 pixels a mm, for it to be this form; others stay below 0.5
_CLEAR = 0.75  # how well empty marks must match at the median for answers to count without a look,
_CLEAR_WHOLE = 0.8  # or, where nearly all are hidden under ink, how alike page and print must be at 4 pixels a mm
_ENOUGH = 4  # empty marks
_SAME_PLACE = 0.3  # mm
_APART = 0.05  # how much better one form must match than another where no QR symbol says which it is
_WRITING = 0.6  # square mm of ink that are handwriting in a box
_DIGITS = 1.5  # square mm of ink that are handwriting above columns of digits
_ABOVE = 10.5  # mm above the first row of marks in which the digits are written
_CALM = 6.0  # grey values; a page with less contrast is empty


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a page says, or why it says nothing.

    `code` and `reason` are set where the state is not `accepted`. `crops` holds pictures by (item, instance) of what a
    person should look at.
    """

    page: Page
    state: str
    code: str = ""
    reason: str = ""
    identity: Identity | None = None
    answers: tuple[Answer, ...] = ()
    crops: Mapping[tuple[str, str], Crop] = field(default_factory=dict)

    def of(self, page: Page) -> PageReading:
        """Return the reading as that of another copy of the page."""
        return replace(self, page=page)


class Refused(Exception):
    """A page that cannot be used: state, diagnostic code, reason, and what it is as far as that is known."""

    def __init__(self, code: str, reason: str, identity: Identity | None = None, state: str = REJECTED) -> None:
        self.code, self.reason, self.identity, self.state = code, reason, identity, state
        super().__init__(reason)


def read_page(page: Page, forms: tuple[Form, ...], *, pictures: bool = False) -> PageReading:
    """Read a page by the forms that it may belong to. Never raises for what is in the file.

    What is doubtful gets a crop; with `pictures` everything does.
    """
    cv2.setNumThreads(1)  # pages run beside each other; threads inside of one only get in the way
    try:
        return _read(page, load(page), forms, pictures)
    except Refused as refused:
        return PageReading(page, refused.state, refused.code, refused.reason, refused.identity)
    except UnreadableFile as unreadable:
        return PageReading(page, REJECTED, unreadable.code, unreadable.message)
    except (cv2.error, MemoryError, ArithmeticError) as error:
        return PageReading(page, REJECTED, "page-unreadable", f"it cannot be processed ({type(error).__name__})")


def _read(page: Page, picture: Picture, forms: tuple[Form, ...], pictures: bool) -> PageReading:
    found = find_markers(picture)
    candidates = list(_candidates(found, forms))
    if not candidates:
        raise _no_page(picture, found, forms)
    flat = _flatten(picture, found, candidates[0][1], forms)
    said = read_flat(flat) or read_anywhere(picture)
    if said is not None:
        form = _form_of(said, forms)
        if (form, said.page) not in [(each, layout.page) for each, layout in candidates]:
            raise Refused("page-mixed", f"its QR symbol says page {said.page}, its corner markers another", said)
        candidates = [(form, layout) for each, layout in candidates if each == form and layout.page == said.page]
    form, sheet, alignment = _best(flat, candidates, said)
    identity = said or _identity(form, sheet.layout)
    dark = darkness(flat, _black(flat, sheet.layout))
    signs = decide.interpret(measure(dark, sheet, alignment.spots), alignment.scores)
    answers = tuple(_answers(dark, sheet, alignment, signs))
    reading = PageReading(page, ACCEPTED, identity=identity, answers=answers)
    if not _is_clear(flat, sheet, alignment, signs):
        reason = "the picture is too poor to count without a look at every answer"
        reading = replace(reading, state=REVIEW, code="page-poor", reason=reason)
    elif said is None:
        reading = replace(reading, code="page-symbol", reason="its QR symbol cannot be read")
    everything = pictures or reading.state == REVIEW
    keys = dict.fromkeys((answer.item, answer.instance) for answer in answers if everything or answer.doubt)
    return replace(reading, crops={key: crop(flat, sheet.layout, key) for key in keys})


def _candidates(found: Corners, forms: tuple[Form, ...]) -> Iterator[tuple[Form, PageLayout]]:
    """Yield the pages of which three or more corner markers were found."""
    for form in forms:
        for layout in layout_of(form).pages:
            if sum(fiducial.id in found for fiducial in layout.fiducials) >= 3:
                yield form, layout


def _no_page(picture: Picture, found: Corners, forms: tuple[Form, ...]) -> Refused:
    """Say why a picture is of no page that can be read."""
    said = read_anywhere(picture)
    if said is not None:
        _form_of(said, forms)
    if not found and said is None and float(picture.std()) < _CALM:
        return Refused("page-empty", "the page is empty")
    seen = f"{len(found)} corner markers can be seen, and three of one page are needed"
    return Refused("page-markers", seen, said)


def _flatten(picture: Picture, found: Corners, layout: PageLayout, forms: tuple[Form, ...]) -> Picture:
    try:
        return flatten(picture, register(found, layout.fiducials), layout.width, layout.height)
    except NotRegistered as error:
        said = read_anywhere(picture)
        if said is not None:
            _form_of(said, forms)
        raise Refused("page-markers", str(error), said) from error


def _form_of(said: Identity, forms: tuple[Form, ...]) -> Form:
    """Return the form that a page says it belongs to. Raises Refused for a foreign page."""
    layouts = [(form, layout_of(form)) for form in forms]
    same = [(form, each) for form, each in layouts if each.checklist == said.checklist]
    if not same:
        raise Refused("page-foreign", f"it is a page of another checklist, `{said.checklist}`", said)
    editions = [(form, each) for form, each in same if each.version == said.version]
    if not editions:
        raise Refused("page-version", f"it is of version {said.version}", said)
    for form, each in editions:
        if each.language == said.language and any(page.page == said.page for page in each.pages):
            return form
    raise Refused("page-version", f"the form has no page {said.page} in language `{said.language}`", said)


def _best(
    flat: Picture, candidates: list[tuple[Form, PageLayout]], said: Identity | None
) -> tuple[Form, Printed, Alignment]:
    """Return the candidate whose print is on the page. Raises Refused where it could be two."""
    sheets = [(form, printed(form, layout.page)) for form, layout in candidates]
    if len(sheets) > 1:
        alike = sorted(((likeness(flat, sheet, 2), k) for k, (_, sheet) in enumerate(sheets)), reverse=True)
        if alike[0][0] - alike[1][0] < _APART and not _same_marks([sheet.layout for _, sheet in sheets]):
            raise Refused("page-unknown", "its QR symbol cannot be read, and it could be a page of more than one form")
        sheets = [sheets[alike[0][1]]]
    form, sheet = sheets[0]
    if likeness(flat, sheet, 2) < _PRINT:
        raise Refused("page-print", "what is printed on it cannot be seen well enough, or is not this form", said)
    return form, sheet, align(flat, sheet)


def _same_marks(layouts: list[PageLayout]) -> bool:
    """Whether pages have the same marks at the same places, as a form in two languages often has."""
    first, *others = layouts
    return all(
        len(first.marks) == len(other.marks)
        and all(
            (one.item, one.instance, one.choice) == (two.item, two.instance, two.choice)
            and max(abs(one.x - two.x), abs(one.y - two.y)) < _SAME_PLACE
            for one, two in zip(first.marks, other.marks, strict=True)
        )
        for other in others
    )


def _identity(form: Form, layout: PageLayout) -> Identity:
    """What a page is by its markers and its print alone; its serial is not known."""
    whole = layout_of(form)
    return Identity(whole.checklist, whole.version, layout.page, whole.language, "")


def _is_clear(flat: Picture, sheet: Printed, alignment: Alignment, signs: Signs) -> bool:
    """Whether the print can be seen so well that answers count; judged by empty marks, which nothing hides."""
    empty = alignment.scores[signs.meant < 0.5]
    if len(empty) < _ENOUGH:
        return likeness(flat, sheet, 4) >= _CLEAR_WHOLE
    return float(np.median(empty)) >= _CLEAR


def _black(flat: Picture, layout: PageLayout) -> float:
    """Return the grey of black print on white paper of 255, from the corner markers that are in the picture."""
    shares = []
    for fiducial in layout.fiducials:
        half = fiducial.size / 2 + 1.5
        left, top = (max(0, round((place - half) * 8)) for place in (fiducial.x, fiducial.y))
        right, bottom = (round((place + half) * 8) for place in (fiducial.x, fiducial.y))
        low, high = np.percentile(flat[top:bottom, left:right], (10, 95))
        shares.append(255.0 * float(low) / max(float(high), 1.0))
    return float(np.median(shares))


def _answers(dark: Picture, sheet: Printed, alignment: Alignment, signs: Signs) -> Iterator[Answer]:
    rows = {position: row for row, position in enumerate(sheet.positions)}
    moved = alignment.spots - sheet.spots
    for positions in sheet.layout.fields.values():
        marks = [sheet.layout.marks[position] for position in positions]
        boxes = [mark for mark in marks if mark.shape == "box"]
        options = [(sheet.layout.marks[position], rows[position]) for position in positions if position in rows]
        some = signs.of([row for _, row in options])
        if boxes:
            area = _inside(boxes[0])
            written = free_ink(dark, sheet, area, _moved(sheet, moved, boxes[0].x, boxes[0].y)) > _WRITING
            yield decide.box_answer(boxes[0], [mark for mark, _ in options], some, written)
            continue
        digits = [mark for mark in marks if mark.shape == "digit"]
        above = free_ink(dark, sheet, _above(digits), _moved(sheet, moved, digits[0].x, digits[0].y)) if digits else 0.0
        yield from decide.answers(marks, some, above > _DIGITS)


def _moved(sheet: Printed, moved: np.ndarray, x: float, y: float) -> tuple[float, float]:
    """Return how far the marks next to a place are from where the layout has them (mm)."""
    if not len(moved):
        return 0.0, 0.0
    nearest = np.argsort(((sheet.spots - (x, y)) ** 2).sum(1))[:5]
    dx, dy = np.median(moved[nearest], axis=0)
    return float(dx), float(dy)


def _inside(box: Mark) -> Area:
    return box.x - box.w / 2, box.y - box.h / 2, box.x + box.w / 2, box.y + box.h / 2


def _above(digits: list[Mark]) -> Area:
    """The place where the digits of a number are written by hand, above its columns of marks."""
    top = min(mark.y for mark in digits)
    half = digits[0].w / 2
    left, right = min(mark.x for mark in digits) - half, max(mark.x for mark in digits) + half
    return left, top - half - _ABOVE, right, top - half - 0.5
