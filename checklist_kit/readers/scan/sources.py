"""Files as pages: PDF, TIFF, JPEG, PNG, HEIC, and folders of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image, UnidentifiedImageError

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.scan.printed import Picture

_PDF_SIDE = 2400  # pixels of the longer side of a page out of a PDF: 205 dpi of A4
_MOST_PIXELS = 150_000_000
_MOST_PAGES = 5000  # of one file
_SINGLE = ("JPEG", "MPO", "PNG")  # a second picture in one of these is a preview, or its light
_LARGE = 5000  # pixels of the longer side of a photograph from which half of them are enough


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a file, from 1. `digest` is the same for the same page of the same file, wherever it lies.

    `part` counts the sheets of paper in one picture, from 1.
    """

    path: str
    page: int
    digest: str
    part: int = 1

    @property
    def key(self) -> str:
        """What tells this sheet from others, the same for each copy of the picture."""
        return self.digest if self.part == 1 else f"{self.digest}/{self.part}"


def pages_of(path: Path) -> list[Page]:
    """Return the pages of a file. Raises UnreadableFile when it cannot be opened as a document or a picture."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile("page-unreadable", f"cannot open it: {(error.strerror or str(error)).lower()}") from error
    if not head:
        raise UnreadableFile("page-unreadable", "the file is empty")
    count = _pdf_pages(path) if head == b"%PDF" else _frames(path)
    if count > _MOST_PAGES:
        raise UnreadableFile("page-unreadable", f"it has {count} pages; split it into files of {_MOST_PAGES}")
    return [Page(str(path), page, f"{digest}-{page}") for page in range(1, count + 1)]


def load(page: Page) -> Picture:
    """Return a page as grey values. Raises UnreadableFile."""
    path = Path(page.path)
    try:
        with path.open("rb") as file:
            is_pdf = file.read(4) == b"%PDF"
        picture = _of_pdf(path, page.page) if is_pdf else _of_picture(path, page.page)
    except OSError as error:
        raise UnreadableFile("page-unreadable", f"cannot open it: {(error.strerror or str(error)).lower()}") from error
    if picture is None or picture.ndim != 2 or min(picture.shape) < 2:
        raise UnreadableFile("page-unreadable", "the picture is damaged")
    return np.ascontiguousarray(picture, np.uint8)


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files; of folders those that begin like a document or a picture, in order of name."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and _is_picture(file))
        else:
            yield path


_BEGINNINGS = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _is_picture(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(_BEGINNINGS) or head[4:8] == b"ftyp"


def _pdf_pages(path: Path) -> int:
    document = _open_pdf(path)
    try:
        return len(document)
    finally:
        document.close()


def _frames(path: Path) -> int:
    with _open_picture(path) as picture:
        return 1 if picture.format in _SINGLE else getattr(picture, "n_frames", 1)


def _open_pdf(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile("page-unreadable", "the PDF is damaged or locked with a password") from error


def _of_pdf(path: Path, number: int) -> Picture:
    document = _open_pdf(path)
    try:
        page = document[number - 1]
        scale = _PDF_SIDE / max(page.get_size())
        return np.asarray(page.render(scale=scale, grayscale=True).to_numpy(), np.uint8).squeeze().copy()
    except (pypdfium2.PdfiumError, ZeroDivisionError) as error:
        raise UnreadableFile("page-unreadable", "the page of the PDF is damaged") from error
    finally:
        document.close()


def _of_picture(path: Path, number: int) -> Picture | None:
    with _open_picture(path) as picture:
        if picture.format in _SINGLE:
            half = picture.format != "PNG" and max(picture.size) > _LARGE
            mode = cv2.IMREAD_REDUCED_GRAYSCALE_2 if half else cv2.IMREAD_GRAYSCALE
            decoded = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), mode)
            return None if decoded is None else np.asarray(decoded, np.uint8)
        try:
            picture.seek(number - 1)
            if picture.mode.startswith("I"):  # 16 binary digits a pixel, which Pillow would cut off at 255
                return np.asarray(np.asarray(picture, np.uint16) >> 8, np.uint8)
            return np.asarray(picture.convert("L"), np.uint8)
        except (OSError, EOFError, ValueError, SyntaxError) as error:
            raise UnreadableFile("page-unreadable", "the picture is damaged") from error


def _open_picture(path: Path) -> Image.Image:
    with suppress(ImportError):
        from pillow_heif import register_heif_opener

        register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limit below gives a message, and Pillow's only a warning
    try:
        picture = Image.open(path)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableFile("page-unreadable", "it is no PDF, TIFF, JPEG, PNG or HEIC, or it is damaged") from error
    width, height = picture.size
    if width * height > _MOST_PIXELS:
        raise UnreadableFile("page-unreadable", f"a picture of {width} x {height} pixels is too large")
    return picture
