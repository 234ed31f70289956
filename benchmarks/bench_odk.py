"""An export of ODK Central: from the CSV to the tidy tables."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from benchmarks.forms import KINDS, answers, checklist
from benchmarks.work import Work

_QUESTIONS, _ROWS = 100, 10_000
_YES_NO = {"yes": "Yes", "no": "No", "not_observed": "Not observed"}
_SEEN = {"ink": "Ink", "box": "Box", "list": "List", "none": "None"}


def write_export(folder: Path) -> None:
    """Write the definition, and the CSV that Central would give for made-up submissions."""
    (folder / "form.yaml").write_text(checklist(_QUESTIONS), encoding="utf-8")
    names = [f"q{index}" for index in range(_QUESTIONS)]
    system = ["SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState"]
    with (folder / "big.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["SubmissionDate", *names, "meta-instanceID", "KEY", *system, "DeviceID", "Edits", "FormVersion"]
        )
        for row in range(_ROWS):
            data = answers(_QUESTIONS, row)
            key = f"uuid:{row:032x}"
            cells = (_cell(data.get(name)) for name in names)
            writer.writerow(
                ["2024-02-07T15:31:22.641Z", *cells, key, key, "22", "Phone", "0", "0", "", "", "collect:x", "0", "1"]
            )


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value


def parse_export(folder: Path) -> None:
    """Read, coerce and tabulate, from the definition's file to the tables."""
    import checklist_kit

    tables = checklist_kit.parse(checklist_kit.load(folder / "form.yaml"), [folder / "big.csv"])
    assert len(tables.submissions) == _ROWS


def melt_with_pandas(folder: Path) -> None:
    """Read the CSV and make it long, without a codebook: a select_multiple stays one text, nothing is checked."""
    import pandas

    table = pandas.read_csv(folder / "big.csv", low_memory=False)
    long = table.melt(id_vars="KEY", value_vars=[f"q{index}" for index in range(_QUESTIONS)])
    assert len(long) == _ROWS * _QUESTIONS


def tables_with_pandas(folder: Path) -> None:
    """Make the same tables by hand: numbers and codes checked, ticks split, long rows with labels and a wide table."""
    import pandas

    names = [f"q{index}" for index in range(_QUESTIONS)]
    table = pandas.read_csv(folder / "big.csv", dtype=str, keep_default_na=False)
    wide, long = {}, []
    for index, name in enumerate(names):
        column, kind = table[name], KINDS[index % len(KINDS)]
        if kind == "select_multiple":
            ticks = column.str.get_dummies(" ").reindex(columns=list(_SEEN), fill_value=0)
            ticks = ticks.where(column != "").astype("Int8")
            wide |= {f"{name}.{code}": ticks[code] for code in _SEEN}
            long += [_long(table, name, ticks[code].astype("string"), code, _SEEN[code]) for code in _SEEN]
            continue
        if kind == "integer":
            numbers = pandas.to_numeric(column, errors="coerce")
            wide[name] = numbers.astype("Int64")
        elif kind == "select_one":
            wide[name] = column.astype(pandas.CategoricalDtype(list(_YES_NO)))
        else:
            wide[name] = column.str.strip()
        labels = column.map(_YES_NO) if kind == "select_one" else ""
        long.append(_long(table, name, column, "", labels))
    answers_table, wide_table = pandas.concat(long, ignore_index=True), pandas.DataFrame(wide)
    assert (len(answers_table), len(wide_table)) == (_ROWS * (_QUESTIONS // 4) * 7, _ROWS)


def _long(table: Any, name: str, values: Any, choice: str, label: Any) -> Any:
    import pandas

    status = values.fillna("").eq("").map({True: "not_answered", False: "answered"})
    if choice == "" and name != "q0":
        status = status.mask(values == "not_observed", "not_observed")
    columns = {"submission_id": table["KEY"], "unit": table["q0"], "item": name, "choice": choice, "status": status}
    number = pandas.to_numeric(values, errors="coerce")
    return pandas.DataFrame({**columns, "value": values, "number": number, "label": label})


WORKS = [
    Work(
        f"ODK Central's CSV of {_ROWS:,} x {_QUESTIONS}: read, coerce, tables",
        write_export,
        parse_export,
        melt_with_pandas,
        "pandas.read_csv and melt alone",
        0.5,
    ),
    Work(
        f"the same, {_ROWS:,} x {_QUESTIONS}, beside the same tables",
        write_export,
        parse_export,
        tables_with_pandas,
        "pandas making the same tables, without relevance, constraints and problems",
        None,
    ),
]
