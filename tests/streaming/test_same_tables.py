"""Tables that are made part by part, and blocks that Arrow reads, are those of responses read one by one."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.analysis import Tables, tabulate
from checklist_kit.api import parse_into, read
from checklist_kit.model import Checklist
from checklist_kit.protocols import Batch
from checklist_kit.readers import web
from tests.law import fill
from tests.strategies.answers import TODAY
from tests.strategies.checklists import answers, checklists

DIRTY: list[Any] = [
    *(None, "", " ", "x", "1,200", 5, 5.0, 1.5, -1, 2**53 + 1, 2.0**60, 10**25, True, [], ["x", "x"], [1], [None], {}),
    *({"a": 1}, "ə", "\u0000", "25:71", "2024-02-30", "1", -0.0, [["x"]], 0.1, 1e300),
]
ODD = [
    "",
    "{",
    '{"data": {}}{"data": {}}',
    '{"id": "a", "id": "b", "data": {}}',
    '{"data": NaN}',
    "[]",
    "{}",
    '{"data":',
]
NAMES = ("submissions", "answers", "problems", "restricted", "restricted_problems")


def rows(frame: pd.DataFrame, *, ordered: bool = True) -> list[tuple[str, ...]]:
    texts = frame.astype("object").map(lambda cell: "" if pd.isna(cell) else str(cell))
    found = list(texts.itertuples(index=False, name=None))
    return found if ordered else sorted(found)


def assert_same(one: Tables, other: Tables) -> None:
    for name in NAMES:
        ordered = "problems" not in name
        assert rows(getattr(one, name), ordered=ordered) == rows(getattr(other, name), ordered=ordered), name
    for name, frame in one.repeats.items():
        assert rows(frame) == rows(other.repeats[name])
    assert list(one.ledger.lines()) == list(other.ledger.lines())


def one_by_one(checklist: Checklist, path: Path) -> Tables:
    return tabulate(checklist, read(checklist, [path]), today=TODAY)


@st.composite
def files(draw: st.DrawFn) -> tuple[Checklist, list[str]]:
    """A checklist and lines of responses: clean ones, dirty ones, ones that come again and ones that are broken."""
    checklist = draw(checklists())
    given_answers = draw(st.lists(answers(checklist), min_size=1, max_size=4))
    envelopes = [json.loads(line) for line in fill.web(checklist, given_answers).splitlines()]
    # Among many clean lines the odd ones are read by themselves.
    clean = [json.dumps({**envelopes[0], "id": f"c{number}"}) for number in range(draw(st.sampled_from([0, 40])))]
    names = [*(entry.item.name for entry in checklist.questions), "unknown", "id", "_instance"]
    for envelope in envelopes:
        for name in draw(st.lists(st.sampled_from(names), max_size=2)):
            envelope["data"][name] = draw(st.sampled_from(DIRTY))
        envelope["version"] = draw(st.sampled_from([checklist.version, "", "0", 1, None]))
        envelope["id"] = draw(st.sampled_from([envelope["id"], envelope["id"], "s0", "", None, 7, "ə"]))
    ascii_only = draw(st.booleans())
    lines = [
        json.dumps(envelope["data"] if draw(st.integers(0, 9)) == 0 else envelope, ensure_ascii=ascii_only)
        for envelope in envelopes
    ]
    odd = [
        "",
        "{",
        '{"data": {}}{"data": {}}',
        '{"id": "a", "id": "b", "data": {}}',
        '{"data": NaN}',
        "[]",
        "{}",
        '{"data":',
    ]
    lines += clean + draw(st.lists(st.sampled_from(odd), max_size=1))
    return checklist, draw(st.permutations(lines + draw(st.lists(st.sampled_from(lines), max_size=1))))


@given(
    files(),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 400) | st.just(1 << 20),
    st.sampled_from(["csv", "parquet"]),
)
# No shrinking: each example writes many files, and a failure is small enough.
@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
def test_blocks_and_parts_give_the_tables_of_single_responses(
    found: tuple[Checklist, list[str]], end: str, size: int, form: str
) -> None:
    checklist, lines = found
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "r.jsonl"
        path.write_text("".join(line + end for line in lines), encoding="utf-8", newline="")
        wanted = one_by_one(checklist, path)
        patch.setattr("checklist_kit.readers.web._BLOCK", size)
        assert_same(ck.parse(checklist, [path], today=TODAY), wanted)
        patch.setattr("checklist_kit.streaming._PART", size * 2)
        _, summary = parse_into(checklist, [path], Path(folder) / "out", file_format=form, today=TODAY)
        assert list(summary.ledger.lines()) == list(wanted.ledger.lines())
        assert_written(Path(folder) / "out", form, wanted)


def assert_written(folder: Path, form: str, wanted: Tables) -> None:
    """Compare the tables of a folder with those in memory, as `write` would have written them."""
    from checklist_kit.analysis.write import write

    with TemporaryDirectory() as other:
        paths = write(wanted, Path(other), form)
        assert {path.name for path in paths} == {path.name for path in folder.iterdir() if path.is_file()}
        for path in paths:
            ordered = "problems" not in path.name
            if form == "parquet" and path.suffix == ".parquet":
                one, two = pd.read_parquet(folder / path.name), pd.read_parquet(path)
                assert rows(one, ordered=ordered) == rows(two, ordered=ordered)
                assert [str(kind) for kind in one.dtypes] == [str(kind) for kind in two.dtypes]
            elif ordered:
                assert (folder / path.name).read_bytes() == path.read_bytes()


def test_clean_blocks_are_read_by_arrow(tmp_path: Path) -> None:
    from benchmarks.responses import checklist, lines

    (tmp_path / "c.yaml").write_text(checklist(), encoding="utf-8")
    (tmp_path / "r.jsonl").write_bytes(b"".join(lines(50)))
    loaded = ck.load(tmp_path / "c.yaml")
    things = list(web.read_batches(loaded, tmp_path / "r.jsonl"))
    assert [type(thing) for thing in things] == [Batch]
    assert_same(ck.parse(loaded, [tmp_path / "r.jsonl"], today=TODAY), one_by_one(loaded, tmp_path / "r.jsonl"))


def test_odd_lines_among_clean_ones_are_read_by_themselves(tmp_path: Path) -> None:
    from benchmarks.responses import checklist, response

    (tmp_path / "c.yaml").write_text(checklist(), encoding="utf-8")
    loaded = ck.load(tmp_path / "c.yaml")
    sent = [response(seed) for seed in range(60)]
    sent[5]["data"]["q7"] = True
    sent[20]["data"]["q2"] = 1.5
    sent[30]["data"]["q5"] = ["ink", None]
    sent[40]["data"]["of_another_version"] = "x"
    lines = [json.dumps(each) for each in sent]
    lines[50] = lines[50].replace('"q4"', '"q1"')  # the same key twice
    path = tmp_path / "r.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (batch,) = web.read_batches(loaded, path)
    assert isinstance(batch, Batch)
    assert set(batch.odd) == {5, 20, 30, 40, 50}
    assert_same(ck.parse(loaded, [path], today=TODAY), one_by_one(loaded, path))


def test_rows_are_the_truth(tmp_path: Path) -> None:
    """Every row of the long table is what was answered; a dirty answer is a problem, and no other one is."""
    from benchmarks.responses import WRONG, checklist, kind, lines, response, truth

    (tmp_path / "c.yaml").write_text(checklist(), encoding="utf-8")
    (tmp_path / "r.jsonl").write_bytes(b"".join(lines(40, dirty_every=10)))
    loaded = ck.load(tmp_path / "c.yaml")
    parse_into(loaded, [tmp_path / "r.jsonl"], tmp_path / "out", file_format="parquet")
    answers = pd.read_parquet(tmp_path / "out" / "answers.parquet")
    columns = ["submission_id", "item", "choice", "status", "value"]
    found = set(rows(answers[columns]))
    assert len(found) == len(answers)
    assert found == {row for seed in range(40) for row in truth(seed, dirty=seed % 10 == 5)}
    problems = pd.read_parquet(tmp_path / "out" / "problems.parquet")
    aside = problems[problems["code"] != "value-not-asked"]
    dirty = [response(seed, dirty=True)["data"] for seed in (5, 15, 25, 35)]
    wrong = [json.dumps(data[name]) for data in dirty for name in data if data[name] == WRONG[kind(int(name[1:]))]]
    raws = [raw if raw.startswith(("[", "true")) else json.dumps(raw) for raw in aside["raw"]]
    assert sorted(raws) == sorted(wrong)


def test_parquet_has_one_schema_whatever_is_in_the_tables() -> None:
    """Else the parts could not be put behind each other."""
    from checklist_kit.analysis.datapackage import resources
    from checklist_kit.analysis.pieces import declared_schema
    from tests.analysis.helpers import example, tables
    from tests.analysis.test_write import everything

    full, empty = (
        {each.name: declared_schema(each.table) for each in resources(of, restricted=True)}
        for of in (everything(), tables(example()))
    )
    for name, schema in full.items():
        assert schema.equals(empty[name], check_metadata=True), name


@pytest.mark.parametrize("depth", [60, 100, 990, 1100, 20_000])
@pytest.mark.parametrize(
    "line", ['{"id": "x", "data": {"q5": %s}}', '{"id": "x", "data": {"z": %s}}', '{"id": "x", "z": %s, "data": {}}']
)
@pytest.mark.parametrize("inner", ["[%s]", '{"a": %s}'])
def test_deep_values_are_refused_by_themselves(depth: int, line: str, inner: str, tmp_path: Path) -> None:
    """Among lines that are read together, and in a list of responses; all of a response that is refused is kept."""
    from benchmarks.responses import checklist, lines

    (tmp_path / "c.yaml").write_text(checklist(), encoding="utf-8")
    loaded = ck.load(tmp_path / "c.yaml")
    before, _, after = inner.partition("%s")
    deep = line % (before * depth + "1" + after * depth)
    clean = [each.decode().strip() for each in lines(40)]
    together, listed = tmp_path / "r.jsonl", tmp_path / "r.json"
    together.write_text("\n".join([*clean[:20], deep, *clean[20:]]) + "\n", encoding="utf-8")
    listed.write_text("[" + ",\n".join([*clean, deep]) + "]", encoding="utf-8")
    for path in (together, listed):
        tables = ck.parse(loaded, [path], today=TODAY)
        assert_same(tables, one_by_one(loaded, path))
        assert len(tables.submissions) == (41 if depth < 64 else 40)
        assert tables.ledger.balanced
        if depth > 64:
            raws = [json_text.replace(" ", "") for json_text in tables.problems["raw"]]
            assert deep.replace(" ", "") in raws or any(deep.replace(" ", "") in raw for raw in raws)
