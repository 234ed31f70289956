"""Loading and checking a definition, beside pyxform converting the same form."""

from __future__ import annotations

from pathlib import Path

from benchmarks.forms import checklist, xlsform
from benchmarks.work import Work

_LARGE, _SMALL = 5_000, 500


def prepare(folder: Path) -> None:
    """Write the same form as YAML (two sizes) and as XLSForm."""
    import xlsxwriter

    (folder / "large.yaml").write_text(checklist(_LARGE), encoding="utf-8")
    (folder / "small.yaml").write_text(checklist(_SMALL), encoding="utf-8")
    with xlsxwriter.Workbook(folder / "large.xlsx") as book:
        for name, rows in xlsform(_LARGE).items():
            sheet = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.write_row(0, 0, columns)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, [row.get(column, "") for column in columns])


def check_large(folder: Path) -> None:
    """Load and check the large form."""
    import checklist_kit

    findings = checklist_kit.check(folder / "large.yaml")
    assert not any(finding.is_error for finding in findings)


def check_small(folder: Path) -> None:
    """Load and check the small form."""
    import checklist_kit

    checklist_kit.check(folder / "small.yaml")


def load_large(folder: Path) -> None:
    """Load the large form and check nothing, with the cycle collector paused as it is for a check."""
    import gc

    from checklist_kit import source

    gc.disable()
    assert source.load(folder / "large.yaml").checklist is not None


def convert(folder: Path) -> None:
    """Convert the large form with pyxform, without its Java validator."""
    from pyxform.xls2xform import convert as pyxform_convert

    pyxform_convert(str(folder / "large.xlsx"), validate=False)


WORKS = [
    Work(
        "load and check of 5,000 questions", prepare, check_large, convert, "pyxform converting the same XLSForm", 0.4
    ),
    Work("all checks of 5,000 questions", prepare, check_large, load_large, "loading them alone", 1.5),
    Work("5,000 questions beside 500", prepare, check_large, check_small, "ourselves, a tenth of the questions", 10.5),
]
