"""Diagnostics as text with a caret, as JSON, and as GitHub workflow annotations."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from checklist_kit.diagnostics.diagnostic import Diagnostic, Span

ReadLines = Callable[[str], Sequence[str]]


def as_text(findings: Iterable[Diagnostic], read_lines: ReadLines) -> str:
    """Return one block a finding.

    `file:line:column: severity: message [code]`, the line with a caret, help, other places.

    `read_lines` gives the lines of a file named by a span, and an empty sequence where it cannot.
    """
    return "\n".join(_block(finding, read_lines) for finding in findings)


def _block(finding: Diagnostic, read_lines: ReadLines) -> str:
    place = f"{finding.span}: " if finding.span else ""
    lines = [f"{place}{finding.severity}: {_printable(finding.message)} [{finding.code}]"]
    if finding.span:
        lines += _excerpt(finding.span, read_lines)
    if finding.help:
        lines.append(f"  help: {_printable(finding.help)}")
    lines += [f"  note: {related.span}: {_printable(related.message)}" for related in finding.related]
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, read_lines: ReadLines) -> list[str]:
    lines = read_lines(span.file)
    if not 1 <= span.line <= len(lines):
        return []
    line = lines[span.line - 1]
    end = span.end_column if span.end_line == span.line else len(line) + 1
    marked = line[span.column - 1 : max(end - 1, span.column)]
    gutter = f"{span.line:>5} | "
    caret = " " * (len(gutter) + _width(line[: span.column - 1])) + "^" * max(1, _width(marked))
    return [gutter + _printable(line.replace("\t", " ")), caret]


def _width(text: str) -> int:
    """Terminal columns of a text: wide East Asian characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _printable(text: str) -> str:
    """Show control characters (a terminal would obey them) as escapes."""
    return "".join(c if c.isprintable() or c == " " else c.encode("unicode_escape").decode("ascii") for c in text)


def as_json(findings: Iterable[Diagnostic]) -> str:
    """Return a JSON list of objects `code, severity, message, file, line, column, end_line, end_column, help`."""
    return json.dumps([_fields(finding) for finding in findings], ensure_ascii=False, indent=2)


def _fields(finding: Diagnostic) -> dict[str, object]:
    span = finding.span
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "help": finding.help,
    }


def as_github(findings: Iterable[Diagnostic]) -> str:
    """Return GitHub workflow commands, one line a finding, which annotate the lines of a pull request."""
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    level = {"error": "error", "warning": "warning", "info": "notice"}[finding.severity]
    properties = [f"title={_escape_property(finding.code)}"]
    if span := finding.span:
        properties = [
            f"file={_escape_property(span.file)}",
            f"line={span.line}",
            f"col={span.column}",
            f"endLine={span.end_line}",
            f"endColumn={span.end_column}",
            *properties,
        ]
    message = finding.message + (f"\n{finding.help}" if finding.help else "")
    return f"::{level} {','.join(properties)}::{_escape_data(message)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
