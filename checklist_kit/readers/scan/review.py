"""The review queue: what a person should decide, as rows, and the decisions that come back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan.crops import Crop
from checklist_kit.readers.scan.decide import BLANK

Key = tuple[str, str, str, str]
"""Submission, item, instance and choice."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row of `review.csv`: a doubtful question, or a doubtful choice of several.

    `page_image` and `page` name the file and the page in it. `read` is the likeliest reading, `decision` a person's,
    both a code, a number, `1`, `0` or `blank`, or the words of a box; empty where there is none yet.
    """

    page_image: str
    page: int
    submission_id: str
    item: str
    instance: str
    choice: str
    read: str
    confidence: float
    decision: str

    @property
    def key(self) -> Key:
        """What the row is about."""
        return self.submission_id, self.item, self.instance, self.choice


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row with what a person needs to decide: the question, why it is doubtful, what can be answered, and a picture.

    `options` are values with their labels; `typed` is `number` or `text` where an answer is typed, else empty.
    `focus` is the place of the marks in question: left, top, width and height in mm on the page.
    """

    row: ReviewRow
    label: str
    why: str
    options: tuple[tuple[str, str], ...]
    typed: str
    crop: Crop
    focus: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of `readings.csv`: what was read for an answer, whether it counts or waits.

    `confidence` is the probability that this is what was meant, `doubt` why a person should look, empty where it counts
    as it is. `left_mm` to `height_mm` are the place of its marks on the form, `picture` is the address of a picture of
    it, beside the tables; empty where none was kept.
    """

    page_image: str
    page: int
    submission_id: str
    item: str
    instance: str
    choice: str
    read: str
    confidence: float
    doubt: str
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    picture: str


@dataclass(frozen=True)
class Review:
    """What a person decided, and which share (0 to 1) of the sure answers is shown too, to check the reading."""

    decisions: Mapping[Key, str] = field(default_factory=dict)
    check: float = 0.0


CHECK = "to check: it counts as read"
"""Why a sure answer is in the review: somebody asked for a sample of them."""

COLUMNS = tuple(each.name for each in fields(ReviewRow))
_KEY = ("submission_id", "item", "instance", "choice")


def is_drawn(key: Key, share: float) -> bool:
    """Whether an answer is in the sample that is checked: the same ones in every run, as if drawn at random."""
    drawn = hashlib.sha256("\n".join(key).encode()).digest()[:4]
    return int.from_bytes(drawn) < share * 2**32


def read_decisions(path: Path) -> dict[Key, str]:
    """Return the decisions of a `review.csv` by what they are about. Raises UnreadableFile.

    Rows without a decision are left out. A spreadsheet may have put the columns in another order, or added some.
    """
    try:
        rows = read_rows(path, (*_KEY, "decision"))
    except LookupError as missing:
        message = f"{path} has no column `{missing.args[0]}`; export it from review.html"
        raise UnreadableFile("page-decisions", message) from missing
    except OSError as error:
        raise UnreadableFile("page-decisions", f"cannot open {path}: {(error.strerror or '').lower()}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile("page-decisions", f"{path} is no CSV in UTF-8") from error
    keyed = (((row["submission_id"], row["item"], row["instance"], row["choice"]), row["decision"]) for row in rows)
    return {key: decision for key, decision in keyed if decision}


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return columns of a CSV that a spreadsheet may have saved, row by row, without the spaces around.

    Raises OSError, UnicodeDecodeError, csv.Error, and LookupError with the name of a column that is not there.
    """
    text = path.read_bytes().decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    for name in columns:
        if name not in (reader.fieldnames or ()):
            raise LookupError(name)
    return [{name: (row[name] or "").strip() for name in columns} for row in reader]


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, or what a spreadsheet of another country writes instead."""
    head = text.partition("\n")[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Dialect


def is_blank(decision: str) -> bool:
    """Whether a decision says that nothing was answered."""
    return decision.casefold() == BLANK
