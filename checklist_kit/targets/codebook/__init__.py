"""The codebook as a file: what each column of the tables means."""

from __future__ import annotations

import csv
import io

from checklist_kit.model import Checklist
from checklist_kit.model.codebook import rows
from checklist_kit.protocols import Artifact


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:  # noqa: ARG001 - it holds all languages at once
    """Return `<id>.codebook.csv`, UTF-8: the rows of `checklist_kit.model.codebook.rows` under their header."""
    columns, lines = rows(checklist)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return Artifact({f"{checklist.id}.codebook.csv": stream.getvalue().encode("utf-8")})
