"""Tables in a folder: what is written is what is in memory, and any reader of CSV gets it back."""

from __future__ import annotations

import csv
import datetime
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import frictionless
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.analysis import Tables
from checklist_kit.analysis.csvtext import csv_parts
from checklist_kit.analysis.write import write
from tests.analysis.helpers import checklist_of, example, rows, submission, tables


def everything() -> Tables:
    full = {
        "station": "12/34",
        "observer": "AB1",
        "opened": "no",
        "delay": 30,
        "problems": ["ink"],
        "region": "north",
        "town": "northville",
        "share": "0,125",
        "day": "2024-02-07",
        "clock": "8:05",
        "moment": "2024-02-07T08:05+04:00",
        "picture": "a.jpg",
        "place": "40 49",
        "sworn": True,
        "votes": [{"_instance": "ann", "count": 5}],
        "visits": [{"purpose": '=1+1, "x"\nNA', "guests": [{"guest": "None"}]}],
    }
    stream = [submission(full), submission({"observer": "?\ud83d"}, "s2"), submission({"opened": "x"}, "s3")]
    return tables(example(), *stream, today=datetime.date(2024, 2, 12))


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_the_files(tmp_path: Path) -> None:
    paths = write(everything(), tmp_path)
    assert [path.name for path in paths] == [
        *("submissions.csv", "answers.csv", "votes.csv", "visits.csv", "guests.csv", "problems.csv", "codebook.csv"),
        *("restricted.csv", "restricted_problems.csv", "datapackage.json"),
    ]
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_csv_holds_answers_verbatim(tmp_path: Path) -> None:
    found = everything()
    write(found, tmp_path)
    header, *lines = read_csv(tmp_path / "answers.csv")
    assert header == list(found.answers.columns)
    values = [tuple(str(cell) for cell in row) for row in rows(found.answers, "item", "instance", "status", "value")]
    places = [header.index(name) for name in ("item", "instance", "status", "value")]
    assert [tuple(line[place] for place in places) for line in lines] == values
    assert '=1+1, "x"\nNA' in [line[header.index("value")] for line in lines]


def test_csv_has_no_float_where_a_whole_number_is_meant(tmp_path: Path) -> None:
    write(everything(), tmp_path)
    header, first, *_ = read_csv(tmp_path / "submissions.csv")
    wide = dict(zip(header, first, strict=True))
    assert {
        name: wide[name] for name in ("delay", "problems.ink", "problems.list", "sworn", "share", "late_hours")
    } == {
        "delay": "30",
        "problems.ink": "1",
        "problems.list": "0",
        "sworn": "1",
        "share": "0.125",
        "late_hours": "0.5",
    }
    assert {name: wide[name] for name in ("day", "clock", "moment", "version")} == {
        "day": "2024-02-07",
        "clock": "08:05",
        "moment": "2024-02-07T08:05:00",
        "version": "",
    }
    header, *lines = read_csv(tmp_path / "answers.csv")
    numbers = {line[header.index("number")] for line in lines}
    assert numbers <= {"", "0", "1", "30", "0.5", "0.125", "5"}


def test_the_data_package_is_valid_and_types_every_column(tmp_path: Path) -> None:
    write(everything(), tmp_path)
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["type", "note", "rowNumber", "fieldName"])
    types = {field.name: field.type for field in package.get_resource("submissions").schema.fields}
    assert {types[name] for name in ("delay", "problems.ink", "very_late", "sworn")} == {"integer"}
    assert (types["day"], types["clock"], types["moment"], types["share"]) == ("date", "time", "datetime", "number")


def test_parquet_has_the_same_rows(tmp_path: Path) -> None:
    found = everything()
    write(found, tmp_path, "parquet")
    answers = pq.read_table(tmp_path / "answers.parquet").to_pandas()
    assert rows(answers) == rows(found.answers)
    wide = pq.read_table(tmp_path / "submissions.parquet").to_pandas()
    assert wide.loc[0, "day"] == datetime.date(2024, 2, 7)
    assert wide.loc[0, "delay"] == 30
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in described["resources"]} == {p.name for p in tmp_path.glob("*.parquet")}


def test_a_repeat_named_like_a_table_has_its_own_file(tmp_path: Path) -> None:
    text = "checklist: x\nversion: '1'\ntitle: x\nitems:\n  - name: answers\n    type: repeat\n    label: A\n"
    text += "    items: [{name: a, type: text, label: A}]\n"
    found = tables(checklist_of(tmp_path, text), submission({"answers": [{"a": "x"}]}))
    write(found, tmp_path / "out")
    assert read_csv(tmp_path / "out" / "answers.repeat.csv") == [["submission_id", "instance", "a"], ["s1", "1", "x"]]
    assert len(read_csv(tmp_path / "out" / "answers.csv")) == 2


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(lambda text: re.sub(r"\r", "\n", text))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.booleans())
@settings(max_examples=100)
def test_any_text_comes_back(cells: list[tuple[str, str]], as_category: bool) -> None:
    frame = pd.DataFrame(cells, columns=["a", 'b,"'], dtype="string")
    if as_category:
        frame = frame.astype("category")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(b"".join(csv_parts(frame, {})))
        assert read_csv(path) == [["a", 'b,"'], *(list(row) for row in cells)]


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_empty_tables_can_be_written(tmp_path: Path, file_format: str) -> None:
    write(tables(example()), tmp_path, file_format)
    assert len(list(tmp_path.iterdir())) == 8


def test_many_rows_are_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(everything(), tmp_path / "one")
    monkeypatch.setattr("checklist_kit.analysis.csvtext._ROWS", 2)
    write(everything(), tmp_path / "many")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "many" / path.name).read_bytes()


def test_the_same_responses_give_the_same_bytes(tmp_path: Path) -> None:
    contents: list[Any] = []
    for name in ("a", "b"):
        write(everything(), tmp_path / name)
        contents.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert contents[0] == contents[1]
