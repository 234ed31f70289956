"""The workbook channel: making the template, and reading it filled."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.forms import answers, checklist
from benchmarks.work import Work

_QUESTIONS, _ROWS = 200, 5_000
_READ_QUESTIONS, _READ_ROWS = 150, 10_000


def write_form(folder: Path) -> None:
    """Write the definition that the template is made of."""
    (folder / "form.yaml").write_text(checklist(_QUESTIONS), encoding="utf-8")


@dataclass
class Recorded:
    """A loaded checklist, and every call that its template makes of xlsxwriter, in order, with what came of it."""

    checklist: Any
    calls: list[tuple[Any, str, tuple[Any, ...], dict[str, Any], Any]] = field(default_factory=list)


def load_form(folder: Path) -> Recorded:
    """Load the definition and the libraries, and note what the template asks of xlsxwriter; this is not measured."""
    import checklist_kit
    from checklist_kit.targets.workbook.checked import Checked

    recorded = Recorded(checklist_kit.load(folder / "form.yaml"))
    genuine = Checked.__getattr__

    def noting(checked: Any, name: str) -> Any:
        call = genuine(checked, name)

        def noted(*arguments: Any, **options: Any) -> Any:
            before = _mapped(arguments, {}), _mapped(options, {})  # the library may write into what it is given
            result = call(*arguments, **options)
            recorded.calls.append((checked._inner, name, *before, result))
            return result

        return noted

    Checked.__getattr__ = noting  # type: ignore[method-assign]
    checklist_kit.build(recorded.checklist, "workbook")
    Checked.__getattr__ = genuine  # type: ignore[method-assign]
    return recorded


def build_template(recorded: Recorded) -> None:
    """Make the template as `checklist build -t workbook` does."""
    import checklist_kit

    checklist_kit.build(recorded.checklist, "workbook")


def bare_template(recorded: Recorded) -> None:
    """Make the same calls of xlsxwriter, and nothing else."""
    import xlsxwriter

    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        made: dict[int, Any] = {id(recorded.calls[0][0]): book}
        for owner, name, arguments, options, result in recorded.calls:
            answer = getattr(made[id(owner)], name)(*_mapped(arguments, made), **_mapped(options, made))
            if not isinstance(result, int | None):
                made[id(result)] = answer


def _mapped(value: Any, made: dict[int, Any]) -> Any:
    """Return a copy of arguments, with the objects of the recorded workbook replaced by those of the new one."""
    if isinstance(value, dict):
        return {key: _mapped(part, made) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_mapped(part, made) for part in value)
    return made.get(id(value), value) if made else value


def write_filled(folder: Path) -> None:
    """Fill a template with made-up answers, as a file that any spreadsheet program could have written."""
    import xlsxwriter

    import checklist_kit

    (folder / "form.yaml").write_text(checklist(_READ_QUESTIONS), encoding="utf-8")
    loaded = checklist_kit.load(folder / "form.yaml")
    columns = ["submission_id"]
    for entry in loaded.questions:
        codes = entry.item.choices.codes if entry.item.type == "select_multiple" else None
        columns += [f"{entry.item.name}.{code}" for code in codes] if codes else [entry.item.name]
    with xlsxwriter.Workbook(folder / "filled.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Responses")
        sheet.write_row(0, 0, columns)
        for row in range(3):
            sheet.write_row(row + 1, 0, [""])
        for row in range(_READ_ROWS):
            data = answers(_READ_QUESTIONS, row)
            sheet.write_row(row + 4, 0, [f"s{row}", *(_cell(data, column) for column in columns[1:])])


def _cell(data: dict[str, object], column: str) -> object:
    name, _, code = column.partition(".")
    value = data.get(name)
    return (1 if code in value else 0) if isinstance(value, list) else value


def parse_filled(folder: Path) -> None:
    """Read, coerce and tabulate, from the definition's file to the tables."""
    import checklist_kit

    tables = checklist_kit.parse(checklist_kit.load(folder / "form.yaml"), [folder / "filled.xlsx"])
    assert len(tables.submissions) == _READ_ROWS


def read_with_pandas(folder: Path) -> None:
    """Only read the cells, with pandas and openpyxl."""
    import pandas

    assert len(pandas.read_excel(folder / "filled.xlsx", engine="openpyxl")) >= _READ_ROWS


WORKS = [
    Work(
        f"workbook for {_QUESTIONS} questions x {_ROWS:,} rows",
        write_form,
        build_template,
        bare_template,
        "bare xlsxwriter making the same calls",
        1.2,
        before=load_form,
    ),
    Work(
        f"workbook of {_READ_ROWS:,} x {_READ_QUESTIONS}: read, coerce, tables",
        write_filled,
        parse_filled,
        read_with_pandas,
        "pandas.read_excel(engine='openpyxl') alone",
        0.3,
    ),
]
