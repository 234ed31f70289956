"""Is this file what it claims to be, whole, and of a size that can be opened? Asked before anything parses it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.parsers import expat

from checklist_kit.protocols import UnreadableFile

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"

_MAX_BYTES = 1 << 30  # of all parts together, unpacked
_MAX_RATIO = 400  # a real sheet is packed by a factor of 5 to 50, an empty styled one by up to 200
_SMALL = 1 << 20  # parts that may be packed by any factor
_HEAD = 1 << 14
MAX_CELLS = 40_000_000
"""The largest rectangle around the filled cells of a sheet; it is held in memory whole."""

StartElement = Callable[[str, dict[str, str]], Any]


def kind_of(head: bytes, path: Path) -> str:
    """Return `xlsx`, `ods`, `xls` or an empty text for any other file. Raises UnreadableFile for a damaged archive."""
    if head.startswith(OLE):
        return "xls"
    if not head.startswith(ZIP):
        return ""
    with opened(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            message = f"{path} is a binary workbook (.xlsb): save it as .xlsx"
            raise UnreadableFile("file-not-a-workbook", message)
        spreadsheet = "mimetype" in names and archive.read("mimetype").strip() == SPREADSHEET.encode()
        return "ods" if spreadsheet and "content.xml" in names else ""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what is wrong with it, now or while it is read, becomes UnreadableFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        message = f"{path} is damaged or was cut off on its way: ask for it again"
        raise UnreadableFile("file-truncated", message) from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile's words for an encrypted part
        raise UnreadableFile("file-encrypted", f"{path} is protected by a password: save it without one") from error


def check_parts(archive: zipfile.ZipFile, path: Path) -> None:
    """Raise UnreadableFile where an archive would unpack to too much, is encrypted inside, or declares XML entities."""
    members = archive.infolist()
    if sum(member.file_size for member in members) > _MAX_BYTES:
        raise too_large(path, "it unpacks to more than 1 GB")
    for member in members:
        if member.file_size > _SMALL and member.file_size > _MAX_RATIO * member.compress_size:
            raise too_large(path, f"its part {member.filename} unpacks to {member.file_size:,} bytes")
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as part:
                head = part.read(_HEAD)
            if b"<!DOCTYPE" in head or "<!DOCTYPE".encode("utf-16-le") in head:
                raise _unsafe(path)
            if b"manifest:encryption-data" in head:
                raise UnreadableFile("file-encrypted", f"{path} is protected by a password: save it without one")


def _unsafe(path: Path) -> UnreadableFile:
    return UnreadableFile("file-unsafe", f"{path} declares XML entities, which no spreadsheet program writes")


def too_large(path: Path, why: str) -> UnreadableFile:
    """The error for a file that is no workbook that somebody filled in."""
    return UnreadableFile("file-too-large", f"{path} cannot be opened: {why}")


def check_ole(path: Path) -> None:
    """Raise UnreadableFile for a workbook that is encrypted as a whole, which looks like an old one from outside."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise UnreadableFile("file-encrypted", f"{path} is protected by a password: save it without one")


def whole(text: str, otherwise: int) -> int:
    """A number, or another where a text is none; a billion where it has more digits than make sense."""
    if not text.isdecimal():
        return otherwise
    return int(text) if len(text) < 10 else 1_000_000_000


def parse_xml(data: bytes, path: Path, start: StartElement, **handlers: Any) -> None:
    """Parse XML with expat, names without their namespaces. Refuses document types, and so entities of any kind."""

    def refuse(*_: object) -> None:
        raise _unsafe(path)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableFile("file-damaged", f"{path} is damaged inside: open it, and save it again") from error
