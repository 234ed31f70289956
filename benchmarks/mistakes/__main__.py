"""Find the seeded mistakes with us, and with pyxform and ODK Validate; print how many each finds and locates.

python -m benchmarks.mistakes --write docs/mistakes.md
"""

from __future__ import annotations

import argparse
import datetime
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import checklist_kit as ck
from benchmarks.mistakes.equivalents import EQUIVALENTS, Sheets, base, changed
from tests.core.expectations import expected_in, found_in, write
from tests.engines.javarosa import JavaRosa

CASES = sorted((Path(__file__).parents[2] / "tests" / "cases" / "mistakes").glob("*.yaml"))
_FAMILIES = {
    "logic": "expressions", "name": "names and lists", "schema": "keys, types, values", "text": "languages and wording",
    "yaml": "YAML and files", "code": "transmission codes", "indicator": "indicators", "paper": "paper",
}  # fmt: skip
_ROW = re.compile(r"\brow\s*:?\s*'?(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the two sides made of one mistake.

    `found_by` is the tool that spoke first, `row` whether what it said names the row; both None without an equivalent.
    """

    name: str
    ours_found: bool
    ours_located: bool
    equivalent: bool
    found_by: str | None = None
    row: bool = False
    said: str = ""

    @property
    def family(self) -> str:
        """What kind of mistake it is."""
        return _FAMILIES[self.name.partition("-")[0]]


def main() -> None:
    """Parse the arguments, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mistakes", description=__doc__.split("\n\n")[0])
    parser.add_argument("--write", type=Path, help="also write the tables to this Markdown file")
    arguments = parser.parse_args()
    if unknown := set(EQUIVALENTS) - {path.stem for path in CASES}:
        raise SystemExit(f"no such mistakes: {', '.join(sorted(unknown))}")
    with JavaRosa() as engine, tempfile.TemporaryDirectory() as folder:
        usual = _said(base(), engine, Path(folder))
        if usual[0] == "error":
            raise SystemExit(f"the form without a mistake is refused: {usual[1]}")
        outcomes = [_judge(path, engine, Path(folder), usual[1]) for path in CASES]
    tables = _tables(outcomes)
    print(tables)
    if arguments.write:
        arguments.write.write_text(_page(tables), encoding="utf-8")


def _judge(path: Path, engine: JavaRosa, folder: Path, usual: Sequence[str]) -> Outcome:
    text = path.read_text(encoding="utf-8")
    (expected,) = expected_in(text)
    with tempfile.TemporaryDirectory() as alone:
        found = found_in(ck.check(write(text, Path(alone))), Path(alone))
    ours = any(one.code == expected.code for one in found), expected in found
    changes = EQUIVALENTS.get(path.stem)
    if changes is None:
        return Outcome(path.stem, *ours, equivalent=False)
    sheets, row = changed(changes)
    tool, said = _said(sheets, engine, folder)
    new = [line for line in said if line not in usual]
    located = any(int(number) == row for line in new for number in _ROW.findall(line))
    return Outcome(path.stem, *ours, True, tool if new else None, located, " ".join(" ".join(new).split())[:160])


def _said(sheets: Sheets, engine: JavaRosa, folder: Path) -> tuple[str, list[str]]:
    """Which tool spoke (pyxform: an error or a warning; else Validate, which sees only what converts), and what."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    path = folder / "form.xlsx"
    _save(sheets, path)
    warnings: list[str] = []
    try:
        converted = convert(path, warnings=warnings, validate=False)
    except PyXFormError as error:
        return "pyxform", [str(error)]
    refused = engine.validate(converted.xform)
    return ("ODK Validate", [*warnings, refused]) if refused else ("pyxform", warnings)


def _save(sheets: Sheets, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows]):
                for column, heading in enumerate(columns):
                    if row.get(heading):
                        sheet.write_string(number, column, row[heading])


_COLUMNS: tuple[tuple[str, Callable[[Outcome], bool]], ...] = (
    ("mistakes", lambda _: True),
    ("we find", lambda outcome: outcome.ours_found),
    ("at line and column", lambda outcome: outcome.ours_located),
    ("XLSForm has them", lambda outcome: outcome.equivalent),
    ("of these we find, at line and column", lambda outcome: outcome.equivalent and outcome.ours_located),
    ("pyxform finds", lambda outcome: outcome.found_by == "pyxform"),
    ("ODK Validate finds besides", lambda outcome: outcome.found_by == "ODK Validate"),
    ("at the row", lambda outcome: outcome.row),
    ("both are silent", lambda outcome: outcome.equivalent and outcome.found_by is None),
)


def _tables(outcomes: Sequence[Outcome]) -> str:
    families = [(family, [o for o in outcomes if o.family == family]) for family in _FAMILIES.values()]
    head = ("kind", *(title for title, _ in _COLUMNS))
    lines = [head, tuple("---" for _ in head)]
    for family, group in (*families, ("**all**", list(outcomes))):
        lines.append((family, *(str(sum(map(counts, group))) for _, counts in _COLUMNS)))
    each = [("mistake", "who finds it", "row", "what is said"), ("---",) * 4]
    for outcome in outcomes:
        if outcome.equivalent:
            said = outcome.said.replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
            each.append((outcome.name, outcome.found_by or "nobody", "yes" if outcome.row else "", said))
    return _joined(lines) + "\n\nEach mistake that XLSForm has, and what its tools say:\n\n" + _joined(each)


def _joined(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(tables: str) -> str:
    return f"""\
# How many mistakes are found, and where

Written by `python -m benchmarks.mistakes --write docs/mistakes.md` on {datetime.date.today()}, with pyxform
{version("pyxform")} and the ODK Validate that it ships.

Each file of `tests/cases/mistakes` holds one mistake in a bilingual checklist; that we find each at its line and column
is also a test. Where XLSForm can make the same mistake, it was made in the same form as XLSForm
(`benchmarks/mistakes/equivalents.py`). An error or a warning that the form without a mistake does not get counts as
found, whatever it says; a message that names the row counts as located, because no message names a column. ODK
Validate sees only what pyxform converts. The mistakes were chosen by us, among those that we look for: the table says
what the tools of XLSForm leave to a pilot, not which tool finds more of everything.

{tables}
"""


if __name__ == "__main__":
    main()
