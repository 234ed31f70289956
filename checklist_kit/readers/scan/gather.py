"""Pages into filled forms: by serial, else by their order in the batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checklist_kit.readers.scan.decide import WRITTEN, Answer
from checklist_kit.readers.scan.page import ACCEPTED, REJECTED, REVIEW, PageReading


@dataclass(slots=True)
class FilledForm:
    """The pages of one filled form by their number, each with its position in the batch.

    `checklist` is the checklist's id, `form` the key of the printed form, `serial` empty on plain blanks.
    """

    id: str
    checklist: str
    form: str
    serial: str
    pages: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The readings of a batch, with those set aside that came twice, and the forms that they make up."""

    readings: list[PageReading]
    forms: list[FilledForm]


def gather(readings: Sequence[PageReading], name: Sequence[str], versions: Mapping[str, str]) -> Gathered:
    """Put the pages of a batch together. `name` is how a page is called in messages, by position.

    Serials of each checklist and version are their own; those of another version than that which `versions` holds for
    the checklist's id say so in the form's id.
    """
    kept = list(_without_copies(list(readings), name))
    numbered = {reading.identity.checklist for reading in kept if reading.identity and reading.identity.serial}
    kept = [_without_serial(reading, numbered) for reading in kept]
    forms: dict[tuple[str, str], FilledForm] = {}
    for position, reading in enumerate(kept):
        said = reading.identity
        if said and said.serial and reading.state != REJECTED:
            present = said.version == versions.get(said.checklist)
            id = f"paper-{said.serial}" if present else f"paper-{said.version}-{said.serial}"
            filled = FilledForm(id, said.checklist, reading.form, said.serial)
            form = forms.setdefault((said.checklist, id), filled)
            _add_by_serial(kept, position, form, name)
    return Gathered(kept, [*forms.values(), *_by_order(kept)])


def _without_copies(readings: list[PageReading], name: Sequence[str]) -> Iterator[PageReading]:
    """Set a page aside that is the same picture as an earlier one."""
    first: dict[str, int] = {}
    for position, reading in enumerate(readings):
        earlier = first.setdefault(reading.page.key, position)
        if earlier == position or reading.state == REJECTED:
            yield reading
        else:
            reason = f"the same picture was given before as {name[earlier]}, which counts"
            yield replace(reading, state=REJECTED, code="page-twice", reason=reason)


def _without_serial(reading: PageReading, numbered: set[str]) -> PageReading:
    """Hold a page back of which only the serial is not known, where others of its checklist have one."""
    said = reading.identity
    if reading.state == ACCEPTED and reading.code == "page-symbol" and said and said.checklist in numbered:
        reason = "its QR symbol cannot be read, so the form to which it belongs is not known"
        return replace(reading, state=REVIEW, reason=reason)
    return reading


def _add_by_serial(kept: list[PageReading], position: int, form: FilledForm, name: Sequence[str]) -> None:
    reading = kept[position]
    assert reading.identity is not None
    if form.form != reading.form:
        first = name[min(form.pages.values())]
        reason = f"its serial {form.serial} is also on a form in another language or format: {first}"
        kept[position] = replace(reading, state=REVIEW, code="page-conflict", reason=reason)
        return
    other = form.pages.setdefault(reading.identity.page, position)
    if other != position:
        _settle_two(kept, other, position, form, name)


def _settle_two(kept: list[PageReading], one: int, two: int, form: FilledForm, name: Sequence[str]) -> None:
    """Two pictures of one page: the clearer one counts where they agree, none where they do not."""
    page = next(number for number, position in form.pages.items() if position == one)
    what = f"page {page} of form {form.serial}"
    if differences := _differences(kept[one], kept[two]):
        for here, there in ((one, two), (two, one)):
            reason = f"{name[there]} is {what} too, with another answer to {', '.join(differences[:3])}"
            kept[here] = replace(kept[here], state=REVIEW, code="page-conflict", reason=reason)
        return
    clearer, other = sorted((one, two), key=lambda position: (_doubts(kept[position]), position))
    form.pages[page] = clearer
    reason = f"{name[clearer]} is {what} too and shows the same; it counts"
    kept[other] = replace(kept[other], state=REJECTED, code="page-twice", reason=reason)


def _differences(one: PageReading, two: PageReading) -> list[str]:
    """Return the questions that two pictures of a page surely answer differently."""
    second = {(answer.item, answer.instance, answer.choice): answer for answer in two.answers}
    pairs = ((answer, second.get((answer.item, answer.instance, answer.choice))) for answer in one.answers)
    return list(dict.fromkeys(answer.item for answer, other in pairs if other and _differ(answer, other)))


def _differ(one: Answer, two: Answer) -> bool:
    if (one.doubt == WRITTEN) != (two.doubt == WRITTEN):
        return True
    return not one.doubt and not two.doubt and one.read != two.read


def _doubts(reading: PageReading) -> tuple[bool, int]:
    return reading.state != ACCEPTED, sum(bool(answer.doubt) for answer in reading.answers)


def _by_order(kept: Sequence[PageReading]) -> Iterator[FilledForm]:
    """Yield the forms without serials: a form ends where the next page does not come after its last.

    Where a picture shows several pages, as a booklet's sheet does, the first of them says whether it comes after. A
    page that could not be read may be of any form. After it a page continues a form only where it stands as far from
    the last one as its number says.
    """
    form: FilledForm | None = None
    last, first, lost = 0, 0, False
    for position, reading in enumerate(kept):
        if reading.code == "page-twice":
            continue
        if reading.state == REJECTED:
            lost = True
            continue
        if not _goes_by_order(reading):
            continue
        assert reading.identity is not None
        number = reading.identity.page
        beside = form is not None and _same_picture(kept[last], reading)
        after = form is not None and (beside or number > first) and reading.form == form.form
        near = beside or not lost or number - first == position - last
        if form is None or not after or not near or number in form.pages:
            if form is not None:
                yield form
            key = hashlib.sha256(reading.page.key.encode()).hexdigest()[:12]
            form = FilledForm(f"paper-{key}", reading.identity.checklist, reading.form, "")
        form.pages[number] = position
        last, first, lost = position, first if beside else number, False
    if form is not None:
        yield form


def _goes_by_order(reading: PageReading) -> bool:
    """Whether a page is of a plain blank, as far as is known."""
    unknown = reading.state == REVIEW and reading.code == "page-symbol"
    return reading.identity is not None and not reading.identity.serial and not unknown


def _same_picture(one: PageReading, two: PageReading) -> bool:
    return (one.page.path, one.page.page) == (two.page.path, two.page.page)
