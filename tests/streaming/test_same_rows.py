"""Delimited text that Arrow reads, whole or in parts, gives the tables of its rows read one by one."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.api import parse_into
from checklist_kit.model import Checklist, SelectMultiple
from checklist_kit.protocols import Batch
from checklist_kit.readers import workbook
from tests.strategies.answers import TODAY
from tests.strategies.checklists import checklists
from tests.streaming.test_same_tables import assert_same, assert_written, one_by_one

CELLS = ["", "1", "0", "x", "yes", "a, b", 'a "word"', "two\nlines", " ", "12.5", "2024-02-07", "07:30", "ə", "="]
STRANGE = ["", "\n", ",\n", "a\n", 'x"y,1\n', '"a"b,1\n', "s1,1\n", "z,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"]


def keys_of(checklist: Checklist) -> list[str]:
    keys = []
    for entry in checklist.questions:
        keys.append(entry.item.name)
        if isinstance(entry.item, SelectMultiple):
            keys += [f"{entry.item.name}.{code}" for code in entry.item.choices.codes]
    return keys


@st.composite
def texts(draw: st.DrawFn) -> tuple[Checklist, str]:
    """A checklist, and a table of answers to it: clean rows, dirty ones, and ones that are broken."""
    checklist = draw(checklists())
    assume(not checklist.repeats)
    keys = draw(st.permutations(keys_of(checklist)))[: draw(st.integers(1, 12))]
    header = ["submission_id", *keys, *draw(st.sampled_from([[], [], ["nowhere"]]))]
    templates = draw(st.lists(st.tuples(*(st.sampled_from(CELLS) for _ in keys)), min_size=1, max_size=4))
    count = draw(st.sampled_from([1, 3, 40]))
    stream = io.StringIO()
    writer = csv.writer(
        stream,
        delimiter=draw(st.sampled_from(",;\t")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerow(header)
    unknown = draw(st.sampled_from(["", "", "y"]))
    for number in range(count):
        cells = [f"s{number}" if number != draw(st.sampled_from([0, -1])) else "", *templates[number % len(templates)]]
        writer.writerow(cells + [unknown if number == 2 else ""] * (len(header) - len(cells)))
    text = stream.getvalue()
    if draw(st.booleans()):
        lines = text.splitlines(keepends=True)
        lines.insert(draw(st.integers(1, len(lines))), draw(st.sampled_from(STRANGE)))
        text = "".join(lines)
    return checklist, draw(st.sampled_from(["", "", "\ufeff"])) + text.removesuffix(draw(st.sampled_from(["", "\n"])))


@given(texts(), st.integers(40, 4000))
# No shrinking: each example writes many files, and a failure is small enough.
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
def test_rows_and_parts_give_the_tables_of_single_rows(found: tuple[Checklist, str], size: int) -> None:
    checklist, text = found
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "r.csv"
        path.write_text(text, encoding="utf-8", newline="")
        wanted = one_by_one(checklist, path)
        assert_same(ck.parse(checklist, [path], today=TODAY), wanted)
        patch.setattr("checklist_kit.streaming._PART", size)
        _, summary = parse_into(checklist, [path], Path(folder) / "out", file_format="parquet", today=TODAY)
        assert list(summary.ledger.lines()) == list(wanted.ledger.lines())
        assert_written(Path(folder) / "out", "parquet", wanted)


def test_clean_tables_are_read_by_arrow(tmp_path: Path) -> None:
    from benchmarks.bench_scale import columns, wide_rows
    from benchmarks.responses import checklist

    (tmp_path / "c.yaml").write_text(checklist(), encoding="utf-8")
    loaded, path = ck.load(tmp_path / "c.yaml"), tmp_path / "r.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns(), *wide_rows(0, 60)])
    parts = list(workbook.parts_of(loaded, path, 20_000))
    assert len(parts) > 2
    for part in parts:
        assert [type(thing) for thing in workbook.read_batches(loaded, path, part)] == [Batch]
    assert_same(ck.parse(loaded, [path], today=TODAY), one_by_one(loaded, path))


@pytest.mark.parametrize(
    "cell",
    ["s?l", "why? no", "really?", "\ufffd", "Ã¶", "É", "Ə", "ş?", "?ə?", "Â\u2019", "Ä \u2019", "x" * 140_000, '"' * 9],
)
@pytest.mark.parametrize("limit", [131_072, 1 << 20])
def test_any_cell_is_told_of_alike(cell: str, limit: int, tmp_path: Path) -> None:
    """Letters that were lost are found, and a cell that is too long is one clear line, however a file is read."""
    form, path = tmp_path / "c.yaml", tmp_path / "r.csv"
    form.write_text("checklist: c\ntitle: C\nitems:\n- {name: q, type: text, label: Q}\n", encoding="utf-8")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["submission_id", "q", "z"], *([f"s{n}", cell, ""] for n in range(9)), ["s9", cell, 1]]
        )
    checklist = ck.load(form)
    before = csv.field_size_limit(limit)  # which belongs to the whole process: some libraries raise it
    try:
        found = ck.parse(checklist, [path], today=TODAY)
        assert_same(found, one_by_one(checklist, path))
    finally:
        csv.field_size_limit(before)
    assert ("file-damaged" in set(found.problems["code"])) == (len(cell) > 100_000)
