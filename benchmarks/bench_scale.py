"""A country's worth of responses: from files to long tables in Parquet. SCALE_ROWS sets how many, 20,000 if not set."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.responses import CODES, QUESTIONS, checklist, kind, lines, response
from benchmarks.work import Work

ROWS = int(os.environ.get("SCALE_ROWS", "20000"))
BOOKS, BOOK_ROWS = 200, 50


def web(name: str, rows: int, dirty_every: int = 0) -> Callable[[Path], None]:
    """Return what writes a form and JSON lines."""

    def write(folder: Path) -> None:
        (folder / "form.yaml").write_text(checklist(), encoding="utf-8")
        with (folder / name).open("wb") as file:
            file.writelines(lines(rows, dirty_every))

    return write


def web_both(folder: Path) -> None:
    """Write so many responses, and ten times as many."""
    web("responses.jsonl", ROWS)(folder)
    web("more.jsonl", ROWS * 10)(folder)


def columns() -> list[str]:
    """Return the columns of a wide table of answers: one for each choice of a select_multiple."""
    multiple = "select_multiple"
    names = ["submission_id"]
    for index in range(QUESTIONS):
        names += [f"q{index}.{code}" for code in CODES[multiple]] if kind(index) == multiple else [f"q{index}"]
    return names


def wide_rows(first: int, rows: int) -> Iterator[list[Any]]:
    """Yield rows of a wide table of answers."""
    names = columns()
    for seed in range(first, first + rows):
        data = response(seed)["data"]
        yield [f"r{seed:07}", *(_cell(data, name) for name in names[1:])]


def _cell(data: dict[str, Any], name: str) -> Any:
    question, _, code = name.partition(".")
    value = data.get(question, "")
    return int(code in value) if isinstance(value, list) else value


def wide_csv(folder: Path) -> None:
    """Write a form and a wide table as CSV."""
    (folder / "form.yaml").write_text(checklist(), encoding="utf-8")
    with (folder / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns())
        writer.writerows(wide_rows(0, ROWS))


def workbooks(folder: Path) -> None:
    """Write a form, and workbooks as observers' teams hand them in."""
    import xlsxwriter

    (folder / "form.yaml").write_text(checklist(), encoding="utf-8")
    (folder / "books").mkdir()
    for number in range(BOOKS):
        with xlsxwriter.Workbook(folder / "books" / f"{number:03}.xlsx") as book:
            sheet = book.add_worksheet("Responses")
            for row, cells in enumerate([columns(), *wide_rows(number * BOOK_ROWS, BOOK_ROWS)]):
                sheet.write_row(row, 0, cells)


def ours(*names: str) -> Callable[[Path], None]:
    """Return what parses files into a folder, from the definition to the tables."""

    def parse(folder: Path) -> None:
        import shutil

        import checklist_kit
        from checklist_kit.api import files_in, parse_into

        shutil.rmtree(folder / "out", ignore_errors=True)
        form = checklist_kit.load(folder / "form.yaml")
        files = [path for name in names for path in files_in(folder / name)]
        _, summary = parse_into(form, files, folder / "out", file_format="parquet")
        assert summary.ledger.balanced

    return parse


def pandas_json(folder: Path) -> None:
    """json_normalize, one column for each choice, melt, and Parquet."""
    import pandas as pd

    with (folder / "responses.jsonl").open(encoding="utf-8") as file:
        frame = pd.json_normalize([json.loads(line) for line in file])
    frame.columns = [name.removeprefix("data.") for name in frame.columns]
    for index in range(QUESTIONS):
        name = f"q{index}"
        if kind(index) == "select_multiple":
            ticks = frame[name].str.join("|").str.get_dummies().add_prefix(f"{name}.")
            frame = frame.drop(columns=name).join(ticks)
    _melt(frame, folder, ["id", "received_at", "version"])


def pandas_csv(folder: Path) -> None:
    """read_csv, melt, and Parquet."""
    import pandas as pd

    _melt(pd.read_csv(folder / "responses.csv"), folder, ["submission_id"])


def pandas_excel(folder: Path) -> None:
    """read_excel of all workbooks, melt, and Parquet."""
    import pandas as pd

    frames = [pd.read_excel(path, engine="openpyxl") for path in sorted((folder / "books").iterdir())]
    _melt(pd.concat(frames), folder, ["submission_id"])


def _melt(frame: Any, folder: Path, keys: list[str]) -> None:
    import pandas as pd

    long = frame.melt(id_vars=keys, var_name="item", value_name="value")
    long["number"] = pd.to_numeric(long["value"], errors="coerce")
    long["value"] = long["value"].astype("string")
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = frame[column].astype("string")
    frame.to_parquet(folder / "wide.parquet")
    long.to_parquet(folder / "long.parquet")


def polars_json(folder: Path) -> None:
    """read_ndjson, unnest, unpivot, and Parquet."""
    import polars as pl

    frame = pl.read_ndjson(folder / "responses.jsonl").unnest("data")
    lists = [name for name, type_ in frame.schema.items() if isinstance(type_, pl.List)]
    frame = frame.with_columns(
        pl.col(name).list.contains(code).cast(pl.Int8).alias(f"{name}.{code}")
        for name in lists
        for code in CODES["select_multiple"]
    ).drop(lists)
    frame.write_parquet(folder / "wide.parquet")
    long = frame.with_columns(pl.all().cast(pl.String)).unpivot(index=["id", "received_at", "version"])
    long.with_columns(pl.col("value").cast(pl.Float64, strict=False).alias("number")).write_parquet(
        folder / "long.parquet"
    )


_CLEAN = f"{ROWS:,} x {QUESTIONS} web JSON to long Parquet"
_PANDAS = "pandas.json_normalize, melt"

WORKS = [
    Work(_CLEAN, web("responses.jsonl", ROWS), ours("responses.jsonl"), pandas_json, _PANDAS, 0.2),
    Work(
        f"{_CLEAN}, 1% dirty",
        web("responses.jsonl", ROWS, 100),
        ours("responses.jsonl"),
        pandas_json,
        _PANDAS,
        0.33,
    ),
    Work(
        f"{ROWS * 10:,} x {QUESTIONS} web JSON",
        web_both,
        ours("more.jsonl"),
        ours("responses.jsonl"),
        "ourselves, a tenth of the responses",
        10.5,
    ),
    Work(
        f"{ROWS:,} x {QUESTIONS} wide CSV to long Parquet",
        wide_csv,
        ours("responses.csv"),
        pandas_csv,
        "pandas.read_csv, melt",
        0.25,
    ),
    Work(
        f"{BOOKS} workbooks of {BOOK_ROWS} x {QUESTIONS} to long Parquet",
        workbooks,
        ours("books"),
        pandas_excel,
        "pandas.read_excel(engine='openpyxl'), melt",
        0.2,
    ),
    Work(_CLEAN, web("responses.jsonl", ROWS), ours("responses.jsonl"), polars_json, "polars, all cores", None),
]
