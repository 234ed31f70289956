"""Web responses are read whole: files beside a `.txt` that tells what they hold, and files damaged at random."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.protocols import Problem, Record, Submission, UnreadableFile
from checklist_kit.readers import web

CASES = Path(__file__).parent / "web"
CHECKLIST = ck.load(CASES / "form.yaml")
FILES = sorted(path for path in CASES.iterdir() if path.suffix in (".json", ".jsonl"))


def read(path: Path) -> list[Submission | Problem]:
    return list(web.read(CHECKLIST, path))


def describe(record: Record, indent: str) -> Iterator[str]:
    if record.instance is not None:
        yield f"{indent}is {record.instance!r}"
    for key, value in record.values.items():
        yield f"{indent}{record.place(key)} {key} = {value!r}"
    for name, instances in record.repeats.items():
        for instance in instances:
            yield f"{indent}{name}:"
            yield from describe(instance, indent + "  ")


def tell(problem: Problem, indent: str = "") -> str:
    aside = f" (aside: {problem.raw})" if problem.aside else ""
    item = f"{problem.item}: " if problem.item else ""
    return f"{indent}! {problem.place} {problem.severity} {problem.code}: {item}{problem.message}{aside}"


def report(path: Path) -> Iterator[str]:
    try:
        for thing in read(path):
            if isinstance(thing, Problem):
                yield tell(thing)
                continue
            about = f"version {thing.version!r}, received {thing.received_at!r}, {thing.cells} cells"
            yield f"{'REJECTED' if thing.rejected else 'response'} {thing.id}: {about}"
            yield from describe(thing.record, "  ")
            yield from (tell(problem, "  ") for problem in thing.problems)
    except UnreadableFile as unreadable:
        yield f"UNREADABLE {unreadable.code}: {unreadable.message.replace(str(path), path.name)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file(path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(
        path.with_suffix(path.suffix + ".txt"),
        "".join(f"{line}\n" for line in report(path)).encode("utf-8", "backslashreplace").decode(),
    )


def cells_of(record: Record) -> int:
    """What the ledger will find in a record."""
    own = sum(value is not None and value != "" for value in record.values.values())
    return own + sum(cells_of(instance) for instances in record.repeats.values() for instance in instances)


def assert_balanced(things: list[Submission | Problem]) -> None:
    for thing in things:
        if isinstance(thing, Submission):
            assert thing.cells == cells_of(thing.record) + sum(problem.aside for problem in thing.problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_cell_is_counted_once(path: Path) -> None:
    assert_balanced(read(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_books_balance(path: Path) -> None:
    tables = ck.parse(CHECKLIST, [path])
    assert tables.ledger.balanced, list(tables.ledger.lines())


keys = st.sampled_from(
    ["station", "opened", "faults", "voted", "sure", "votes", "incidents", "results", "id", "data", "ə/~", "_instance"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["yes", "ink", "12/3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(elements=st.lists(values, min_size=1, max_size=4), as_lines=st.booleans())
def test_any_json_is_read_and_counted(
    tmp_path_factory: pytest.TempPathFactory, elements: list[Any], as_lines: bool
) -> None:
    path = tmp_path_factory.mktemp("web") / "r.json"
    elements = [{}, *elements] if as_lines else elements
    path.write_text("\n".join(map(json.dumps, elements)) if as_lines else json.dumps(elements), encoding="utf-8")
    things = read(path)
    assert len([thing for thing in things if isinstance(thing, Submission)]) == len(elements)
    assert_balanced(things)
    assert [t.id for t in things if isinstance(t, Submission)] == [
        t.id for t in read(path) if isinstance(t, Submission)
    ]
    assert ck.parse(CHECKLIST, [path]).ledger.balanced


@given(data=st.data(), path=st.sampled_from(FILES))
def test_damage_never_crashes(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, path: Path) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    damaged = tmp_path_factory.mktemp("web") / "r.jsonl"
    damaged.write_bytes(content)
    with suppress(UnreadableFile):  # the one way out
        assert_balanced(read(damaged))


def test_the_reading_of_long_numbers_and_equal_keys_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(
        '{"station":"x","voted":18446744073709551617}\n{"station":"y","voted": 1,"voted": 2}\n', encoding="utf-8"
    )
    first, second = read(path)
    assert isinstance(first, Submission)
    assert isinstance(second, Submission)
    assert first.record.values["voted"] == "18446744073709551617"
    assert "voted" not in second.record.values
    assert [problem.raw for problem in second.problems] == ["1", "2"]


LINE = '{"id":"ə1","data":{"station":"Şəki"}}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [f"{LINE}\n{LINE}\n", f"[{LINE},\r\n{LINE}]", f"\n \n{LINE}\r\n\r\n{LINE}"])
def test_encodings(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "r.jsonl"
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    path.write_bytes((mark + text).encode(encoding))
    assert web.recognises(path, path.read_bytes()[:64])
    assert [(s.id, s.record.values) for s in read(path) if isinstance(s, Submission)] == [
        ("ə1", {"station": "Şəki"})
    ] * 2


def test_files_put_together_have_marks_inside(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(f"{LINE}\n".encode("utf-8-sig") * 3)
    assert len(read(path)) == 3
    assert_balanced(read(path))


def test_a_line_in_another_encoding_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(f"{LINE}\n".encode() + '{"station":"Баку"}\n'.encode("cp1251"))
    _, bad = read(path)
    assert isinstance(bad, Submission)
    assert bad.rejected
    assert bad.problems[0].message == "this line is no JSON: the text is not UTF-8"
    assert bad.problems[0].raw == '{"station":"\\xc1\\xe0\\xea\\xf3"}'
    assert bad.problems[0].place == "2:13"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{not json", "file-json-syntax"),
        (b'{"id":"a1","data":{"station":"12', "file-json-syntax"),
        (b"{\n", "file-json-syntax"),
        (b"[", "file-json-syntax"),
        (b'{\n "id": "a",\n "data": {"station": "x"\n', "file-json-syntax"),
        (b"[" * 100_000, "file-json-syntax"),
        (b"{\x00\x01\x02\xff", "file-json-syntax"),
        (b" \n\t\n", "file-empty"),
        (b"\xff\xfe{\x00\x00", "file-encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"r\.json") as unreadable:
        read(path)
    assert unreadable.value.code == code


def test_ids_do_not_depend_on_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first, second = tmp_path / "r.json", tmp_path / "a" / "r.json"
    for path, text in ((first, '[{"station": "x", "voted": 1}]'), (second, '[ {"voted":1,"station":"x"} ]')):
        path.write_text(text, encoding="utf-8")
    ids = [thing.id for path in (first, second) for thing in read(path) if isinstance(thing, Submission)]
    assert ids[0] == ids[1]


def test_deep_nesting_does_not_crash(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    deep = "[" * 5000 + "]" * 5000
    path.write_text(f'{LINE}\n{{"station":{deep}}}\n{LINE}\n', encoding="utf-8")
    things = read(path)
    assert [isinstance(thing, Submission) and thing.rejected for thing in things] == [False, True, False]
    assert ck.parse(CHECKLIST, [path]).ledger.balanced


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"a":1}', True),
        (b"  \r\n[", True),
        (b"\xef\xbb\xbf{", True),
        (b"\xff\xfe{\x00", True),
        (b"a;b\n", False),
        (b"PK\x03\x04", False),
        (b"\xff\xfea\x00", False),
        (b"<?xml", False),
    ],
)
def test_recognises(head: bytes, expected: bool) -> None:
    assert web.recognises(Path("whatever"), head) is expected
