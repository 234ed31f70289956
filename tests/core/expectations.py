"""Checklists that say themselves what is wrong with them, in comments on top: `# error: 11:5 [schema-unknown-type]`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from checklist_kit.diagnostics import Diagnostic

_EXPECTED = re.compile(r"# (error|warning|info): (?:([\w./]+\.\w+):)?(\d+):(\d+) \[([a-z-]+)\]")
_FILE = re.compile(r"# file: (\S+)\n")
MAIN = "checklist.yaml"


class Finding(NamedTuple):
    severity: str
    file: str
    line: int
    column: int
    code: str


def expected_in(text: str) -> list[Finding]:
    """What the first lines of a checklist announce."""
    found = []
    for line in text.splitlines():
        match = _EXPECTED.fullmatch(line)
        if match is None:
            return found
        severity, file, at, column, code = match.groups()
        found.append(Finding(severity, file or MAIN, int(at), int(column), code))
    return found


def write(text: str, folder: Path) -> Path:
    """Write a checklist, and the files that follow it after lines `# file: NAME`, to a folder."""
    main, *others = _FILE.split(text)
    (folder / MAIN).write_text(main, encoding="utf-8")
    for name, content in zip(others[::2], others[1::2], strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder / MAIN


def found_in(findings: list[Diagnostic], folder: Path) -> list[Finding]:
    """Findings in the form of expectations."""
    return [
        Finding(
            str(one.severity),
            Path(one.span.file).relative_to(folder).as_posix(),
            one.span.line,
            one.span.column,
            one.code,
        )
        for one in findings
        if one.span is not None
    ]
