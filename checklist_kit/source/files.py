"""Reading the files of a checklist, and none outside its project folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from checklist_kit.diagnostics import Diagnostic, Span

MAX_BYTES = 30_000_000
PROJECT_FILE = "project.yaml"


@dataclass(slots=True)
class Source:
    """A file that was read: `name` as shown to the user, its text, and the folder that it lies in."""

    path: Path
    name: str
    text: str
    lines: list[str] = field(init=False)
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.text.splitlines()
        self.folder = self.path.parent.resolve()


@dataclass
class Files:
    """The files that one load reads.

    `start` is the checklist's own path, as given; `sources` holds each file read, by name. Some files may be read
    `instead` of others, whose places they take.
    """

    start: Path
    instead: Mapping[Path, Path] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)

    @cached_property
    def root(self) -> Path:
        """The project folder: the nearest one upwards with a project.yaml, else the checklist's own."""
        folder = self.start.resolve().parent
        return next((at for at in (folder, *folder.parents) if (at / PROJECT_FILE).is_file()), folder)

    def open(self, path: Path, name: str, asked_at: Span | None = None) -> Source | None:
        """Read a text file. Faults become findings, at `asked_at` where another file asked for this one."""
        read = self.instead.get(path, path)
        name = name if read == path else str(read)
        if name in self.sources:
            return self.sources[name]
        try:
            data = read.read_bytes() if read.stat().st_size <= MAX_BYTES else None
        except (OSError, ValueError) as error:  # ValueError for a path that no system can have
            reason = (getattr(error, "strerror", None) or "it cannot be read").lower()
            help_ = "the path is relative to the file that names it" if asked_at else None
            self._refuse("yaml-file", f"cannot open {name}: {reason}", asked_at, help_)
            return None
        if data is None:
            self._refuse("yaml-too-large", f"{name} is larger than {MAX_BYTES:,} bytes", asked_at)
            return None
        text = self._decode(data, name)
        if text is None:
            return None
        source = self.sources[name] = Source(path, name, text)
        return source

    def resolve(self, written: str, source: Source, asked_at: Span) -> tuple[Path, str] | None:
        """Turn a path written in a file into the path and shown name of the file meant, or find it refused."""
        outside = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\~]", written) or "\\" in written or "\0" in written
        target = None if outside or not written else (source.path.parent / written).resolve()
        if target is None:
            self._refuse(
                "yaml-path",
                f"`{written}` is no path relative to this file",
                asked_at,
                "write it relative to this file, with `/`, inside the project folder",
            )
            return None
        if not target.is_relative_to(self.root):
            self._refuse(
                "yaml-path",
                f"`{written}` leads out of the project folder",
                asked_at,
                "copy the file into the project folder",
            )
            return None
        return target, os.path.normpath(Path(source.name).parent / written)

    def _decode(self, data: bytes, name: str) -> str | None:
        for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
            if data.startswith(mark):
                return self._decode_as(data[len(mark) :], encoding, name)
        return self._decode_as(data, "utf-8", name)

    def _decode_as(self, data: bytes, encoding: str, name: str) -> str | None:
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode(encoding, "replace")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            span = Span(name, line, column, line, column + 1)
            self._refuse(
                "yaml-encoding",
                f"byte 0x{data[error.start]:02X} is not {encoding.upper()}",
                span,
                "save the file as UTF-8",
            )
            return None

    def _refuse(self, code: str, message: str, span: Span | None, help_: str | None = None) -> None:
        self.findings.append(Diagnostic.of(code, message, span, help=help_))
