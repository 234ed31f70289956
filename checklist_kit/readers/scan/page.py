"""One page of a batch, from its file to its answers: a pure function, so that any executor can run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan import decide
from checklist_kit.readers.scan.align import Alignment, align, likeness
from checklist_kit.readers.scan.crops import Crop, crop, page_picture
from checklist_kit.readers.scan.decide import Answer, Signs
from checklist_kit.readers.scan.fields import answers_of, black_of
from checklist_kit.readers.scan.identity import Identity, read_anywhere, read_flat
from checklist_kit.readers.scan.layout import Form, PageLayout
from checklist_kit.readers.scan.measure import darkness, measure
from checklist_kit.readers.scan.printed import Picture, Printed, layout_of, printed
from checklist_kit.readers.scan.register import (
    Corners,
    NotRegistered,
    Registration,
    find_markers,
    flatten,
    register,
)
from checklist_kit.readers.scan.sources import Page, load

ACCEPTED, REVIEW, REJECTED = "accepted", "review", "rejected"

_NEEDED = 3  # corner markers of a page
_PRINT = 0.6  # how alike page and print must be, at 2 pixels a mm, for it to be this form; others stay below 0.5
_CLEAR = 0.75  # how well empty marks must match at the median for answers to count without a look,
_CLEAR_WHOLE = 0.8  # or, where nearly all are hidden under ink, how alike page and print must be at 4 pixels a mm
_ENOUGH = 4  # empty marks
_SAME_PLACE = 0.3  # mm
_APART = 0.05  # how much better one form must match than another where no QR symbol says which it is
_CALM = 6.0  # grey values; a page with less contrast is empty


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a page says, or why it says nothing.

    `code` and `reason` are set where the state is not `accepted`. `form` is the key of the printed form that it was
    read by. `crops` holds pictures by (item, instance) of what a person should look at, `picture` the whole page as
    SVG, until it is written to the file `picture_file`.
    """

    page: Page
    state: str
    code: str = ""
    reason: str = ""
    form: str = ""
    identity: Identity | None = None
    answers: tuple[Answer, ...] = ()
    crops: Mapping[tuple[str, str], Crop] = field(default_factory=dict)
    picture: str = ""
    picture_file: str = ""

    def of(self, page: Page) -> PageReading:
        """Return the reading as that of another copy of the page."""
        return replace(self, page=replace(page, part=self.page.part))


Readings = tuple[PageReading, ...]
"""What one picture holds: a reading for each sheet of paper in it, and one at least."""


class Refused(Exception):
    """A page that cannot be used: diagnostic code, reason, and what it is as far as that is known."""

    def __init__(self, code: str, reason: str, identity: Identity | None = None) -> None:
        self.code, self.reason, self.identity = code, reason, identity
        super().__init__(reason)


@dataclass(frozen=True, eq=False)
class _Laid:
    """A page that a sheet of paper may be, how it lies in the picture, and the sheet made flat accordingly."""

    form: Form
    layout: PageLayout
    registration: Registration
    flat: Picture


def read_page(page: Page, forms: tuple[Form, ...], *, pictures: bool = False) -> Readings:
    """Read a page by the forms that it may belong to. Never raises for what is in the file.

    What is doubtful gets a crop; with `pictures` everything does.
    """
    cv2.setNumThreads(1)  # pages run beside each other; threads inside of one only get in the way
    try:
        picture = load(page)
        found = find_markers(picture, _markers(forms))
        sheets = _sheets(found, forms)
        if not sheets:
            raise _no_page(picture, found, forms)
    except Exception as error:
        return (_refusal(page, error),)
    readings = []
    for part, candidates in enumerate(sheets, 1):
        here = replace(page, part=part)
        try:
            laid = _laid(picture, found, candidates, forms)
            readings.append(_read(here, picture, laid, forms, pictures))
        except Exception as error:
            readings.append(_refusal(here, error))
    return tuple(readings)


def _refusal(page: Page, error: Exception) -> PageReading:
    """Say why a page is not used. Whatever it was, it must not stop the other pages."""
    if isinstance(error, Refused):
        return PageReading(page, REJECTED, error.code, error.reason, identity=error.identity)
    if isinstance(error, UnreadableFile):
        return PageReading(page, REJECTED, error.code, error.message)
    if isinstance(error, NotRegistered):
        return PageReading(page, REJECTED, "page-mixed", str(error))
    reason = f"it cannot be processed ({type(error).__name__}: {error})"
    return PageReading(page, REJECTED, "page-unreadable", reason)


def _read(page: Page, picture: Picture, laid: list[_Laid], forms: tuple[Form, ...], pictures: bool) -> PageReading:
    said = _said(picture, laid)
    if said is not None:
        editions = _forms_of(said, forms)
        laid = [each for each in laid if each.form in editions and each.layout.page == said.page]
        if not laid:
            raise Refused("page-mixed", f"its QR symbol says page {said.page}, its corner markers another", said)
    best = _best(laid, said)
    sheet, flat = printed(best.form, best.layout.page), best.flat
    alignment = align(flat, sheet)
    dark = darkness(flat, black_of(flat, sheet.layout))
    signs = decide.interpret(measure(dark, sheet, alignment.spots), alignment.scores)
    answers = tuple(answers_of(dark, sheet, alignment, signs))
    identity = said or _identity(best.form, sheet.layout)
    reading = PageReading(page, ACCEPTED, form=best.form.key, identity=identity, answers=answers)
    if not _is_clear(flat, sheet, alignment, signs):
        reason = "the picture is too poor to count without a look at every answer"
        reading = replace(reading, state=REVIEW, code="page-poor", reason=reason)
    elif said is None:
        reading = replace(reading, code="page-symbol", reason="its QR symbol cannot be read")
    everything = pictures or reading.state == REVIEW
    shown = [answer for answer in answers if everything or answer.doubt or answer.item == best.form.preprinted]
    keys = dict.fromkeys((answer.item, answer.instance) for answer in shown)
    crops = {key: crop(flat, sheet.layout, key) for key in keys}
    return replace(reading, crops=crops, picture=page_picture(flat, sheet.layout))


def _markers(forms: tuple[Form, ...]) -> set[frozenset[int]]:
    return {frozenset(each.id for each in page.fiducials) for form in forms for page in layout_of(form).pages}


def _sheets(found: Corners, forms: tuple[Form, ...]) -> list[list[tuple[Form, PageLayout]]]:
    """Return for each sheet in a picture, in order of pages, what it may be: three or more corner markers were found.

    Pages with the same markers, such as those in other languages, are one sheet.
    """
    sheets: dict[frozenset[int], list[tuple[Form, PageLayout]]] = {}
    for form in forms:
        for layout in layout_of(form).pages:
            seen = frozenset(each.id for each in layout.fiducials if each.id in found)
            if len(seen) >= _NEEDED:
                sheets.setdefault(seen, []).append((form, layout))
    return sorted(sheets.values(), key=lambda candidates: candidates[0][1].page)


def _laid(
    picture: Picture, found: Corners, candidates: list[tuple[Form, PageLayout]], forms: tuple[Form, ...]
) -> list[_Laid]:
    """Flatten a sheet as each page that it may be. Raises Refused where it lies as none of them."""
    flats: dict[object, tuple[Registration, Picture]] = {}
    laid, fault = [], ""
    for form, layout in candidates:
        size = layout.fiducials, layout.width, layout.height
        try:
            if size not in flats:
                registration = register(found, layout.fiducials)
                flats[size] = registration, flatten(picture, registration, layout.width, layout.height)
        except NotRegistered as error:
            fault = fault or str(error)
            continue
        laid.append(_Laid(form, layout, *flats[size]))
    if not laid:
        raise Refused("page-markers", fault, _foreign(picture, forms))
    return laid


def _no_page(picture: Picture, found: Corners, forms: tuple[Form, ...]) -> Refused:
    """Say why a picture is of no page that can be read."""
    said = _foreign(picture, forms)
    if not found and said is None and float(picture.std()) < _CALM:
        return Refused("page-empty", "the page is empty")
    return Refused("page-markers", f"{len(found)} corner markers can be seen, and three of one page are needed", said)


def _foreign(picture: Picture, forms: tuple[Form, ...]) -> Identity | None:
    """Return what a picture that cannot be read says it is. Raises Refused where it is none of these forms."""
    for said, _ in read_anywhere(picture):
        _forms_of(said, forms)
        return said
    return None


def _said(picture: Picture, laid: list[_Laid]) -> Identity | None:
    """Return what the QR symbol on a sheet says; those of other papers in the picture do not count."""
    flats = {id(each.flat): each for each in laid}.values()
    for each in flats:
        if (said := read_flat(each.flat)) is not None:
            return said
    for said, (x, y) in read_anywhere(picture):
        for each in flats:
            right, down = each.registration.place(x, y)
            if 0 <= right <= each.layout.width and 0 <= down <= each.layout.height:
                return said
    return None


def _forms_of(said: Identity, forms: tuple[Form, ...]) -> list[Form]:
    """Return the forms that a page may belong to by what it says. Raises Refused for a foreign page."""
    layouts = [(form, layout_of(form)) for form in forms]
    same = [(form, each) for form, each in layouts if each.checklist == said.checklist]
    if not same:
        raise Refused("page-foreign", f"it is a page of another checklist, `{said.checklist}`", said)
    editions = [(form, each) for form, each in same if each.version == said.version]
    if not editions:
        raise Refused("page-version", f"it is of version {said.version}", said)
    same_print = [(form, each) for form, each in editions if each.language == said.language]
    if not same_print:
        reason = f"its form `{said.language}` is of another language or format than those known; hand it over (--forms)"
        raise Refused("page-version", reason, said)
    fitting = [form for form, each in same_print if any(page.page == said.page for page in each.pages)]
    if not fitting:
        raise Refused("page-version", f"its form `{said.language}` has no page {said.page}", said)
    return fitting


def _best(laid: Sequence[_Laid], said: Identity | None) -> _Laid:
    """Return the candidate whose print is on the page. Raises Refused where it could be two."""
    alike = sorted(((likeness(each.flat, printed(each.form, each.layout.page), 2), k) for k, each in enumerate(laid)))
    best, score = laid[alike[-1][1]], alike[-1][0]
    if score < _PRINT:
        raise Refused("page-print", "what is printed on it cannot be seen well enough, or is not this form", said)
    close = [laid[k] for likely, k in alike if score - likely < _APART]
    if not _same_marks(close):
        unread = "" if said else ", and its QR symbol cannot be read"
        raise Refused("page-unknown", f"it could be a page of more than one printed form{unread}", said)
    return best


def _same_marks(laid: Sequence[_Laid]) -> bool:
    """Whether pages have the same marks at the same places, as a form in two languages often has."""
    first, *others = laid
    return all(
        _edition(first) == _edition(other)
        and len(first.layout.marks) == len(other.layout.marks)
        and all(
            (one.item, one.instance, one.choice) == (two.item, two.instance, two.choice)
            and max(abs(one.x - two.x), abs(one.y - two.y)) < _SAME_PLACE
            for one, two in zip(first.layout.marks, other.layout.marks, strict=True)
        )
        for other in others
    )


def _edition(laid: _Laid) -> tuple[str, str]:
    """Return the checklist and the version of a page."""
    layout = layout_of(laid.form)
    return layout.checklist, layout.version


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
