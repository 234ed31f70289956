"""Exports of ODK and Kobo: each folder of tests/data/odk is read together, and a text beside it tells what came out.

A folder whose name ends in .zip is packed first; a .xlsx.json becomes a workbook.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.api import files_in
from checklist_kit.protocols import Submission, UnreadableFile
from checklist_kit.readers import odk

DATA = Path(__file__).parents[1] / "data" / "odk"
CHECKLIST = ck.load(DATA / "form.yaml")
CASES = sorted(path for path in DATA.iterdir() if path.is_dir())


def prepared(case: Path, folder: Path) -> Path:
    """A copy of a case with its archives packed."""
    copy = Path(shutil.copytree(case, folder / case.name))
    for path in sorted(copy.rglob("*.zip")):
        with zipfile.ZipFile(path.with_suffix(".packed"), "w") as archive:
            for file in sorted(path.rglob("*")):
                archive.write(file, file.relative_to(path))
        shutil.rmtree(path)
        path.with_suffix(".packed").rename(path)
    for path in sorted(copy.rglob("*.xlsx.json")):
        path.with_suffix("").write_bytes(workbook(json.loads(path.read_text(encoding="utf-8"))))
        path.unlink()
    return copy


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:  # as formpack does
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def report(folder: Path) -> Iterator[str]:
    """The ledger, the answers and the problems of all files in a folder."""
    tables = ck.parse(CHECKLIST, files_in(folder))
    for line in tables.ledger.lines():
        yield line.replace(f"{folder}/", "")
    for row in tables.submissions[["submission_id", "version", "channel", "received_at"]].itertuples(index=False):
        yield "submission " + " | ".join(text if isinstance(text, str) else "-" for text in row)
    for table in (tables.answers, tables.restricted):
        for row in table[table["status"] != "not_answered"].itertuples(index=False):
            name = ".".join(text for text in (row.item, row.choice) if isinstance(text, str))
            where = f"[{row.instance}]" if isinstance(row.instance, str) and row.instance else ""
            value = row.value if isinstance(row.value, str) else ""
            yield f"  {row.submission_id} {name}{where} {row.status} {value}".rstrip()
    for table in (tables.problems, tables.restricted_problems):
        for row in table.itertuples(index=False):
            text = f"{row.severity} {row.code} {row.submission_id} {row.place} {row.item} ({row.raw}): {row.message}"
            yield "  ! " + text.replace(f"{folder}/", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    found = "".join(f"{line}\n" for line in report(prepared(case, tmp_path)))
    golden(DATA / f"{case.name}.txt", found)
    assert "≠" not in found, "the ledger does not balance"


def test_every_export_of_one_submission_gives_the_same_answers(tmp_path: Path) -> None:
    """The first submission is the same in all systems; what an export leaves out is not answered there."""
    whole: dict[tuple[Any, ...], Any] = {}
    for name in ("central_archive", "central_unpacked", "central_split_without_groups", "odata_expanded", "kobo_codes"):
        tables = ck.parse(CHECKLIST, files_in(prepared(DATA / name, tmp_path)))
        answers = tables.answers[tables.answers["submission_id"] == "uuid:0d3a1f6e-5a0b-4f55-9d0e-1c1d9f0c7a11"]
        for row in answers[answers["status"] == "answered"].astype("string").fillna("").itertuples(index=False):
            if row.item not in ("what", "happened_at", "here"):  # the samples differ in these
                key = (row.item, row.instance, row.choice)
                assert whole.setdefault(key, row.value) == row.value, name
    assert len(whole) == 12


@pytest.mark.parametrize(("header", "meant"), [("Voters;Sayt;Open", "site"), ("Say;Sayt;Açıq", "voters")])
def test_labels_are_in_the_language_of_most_of_a_table(header: str, meant: str, tmp_path: Path) -> None:
    """What is `Sayt` in one language may be the label of something else in another."""
    form = tmp_path / "form.yaml"
    form.write_text(
        "checklist: form\ntitle: Form\nlanguages: {en: English, az: Azərbaycanca}\nitems:\n"
        "- {name: site, type: text, label: {en: Sayt, az: Yer}}\n"
        "- {name: voters, type: text, label: {en: Voters, az: Sayt}}\n"
        "- {name: count, type: text, label: {en: Count, az: Say}}\n"
        "- {name: open, type: text, label: {en: Open, az: Açıq}}\n",
        encoding="utf-8",
    )
    path = tmp_path / "a.csv"
    path.write_text(f"{header};_id;_uuid;_submission_time;_index\n1;2;3;7;u;2024-02-07T08:00:00;1\n", encoding="utf-8")
    answers = ck.parse(ck.load(form), [path]).answers.set_index("item")["value"]
    assert answers[meant] == "2"
    assert answers["open"] == "3"


# Hostile archives


def refused(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        list(odk.read(CHECKLIST, path))
    assert "\n" not in caught.value.message
    return caught.value


@pytest.mark.parametrize("name", ["../../escape.csv", "/etc/cron.d/escape.csv", "C:\\escape.csv", "a/../../b.csv"])
def test_paths_out_of_an_archive_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("station_visit.csv", "SubmissionDate,station,KEY\n")
        archive.writestr(name, "SubmissionDate,station,KEY\n")
    assert refused(path).code == "file-unsafe"


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("station_visit.csv", b"SubmissionDate,station,KEY\n" + b"," * (64 << 20))
    assert refused(path).code == "file-too-large"


def test_deep_documents_are_refused(tmp_path: Path) -> None:
    deep = tmp_path / "deep.xml"
    deep.write_text('<data id="station_visit">' + "<g>" * 50_000 + "</g>" * 50_000 + "</data>")
    assert refused(deep).code == "file-unsafe"
    nested = tmp_path / "deep.json"
    nested.write_text('[{"_uuid":"u","formhub/uuid":"f","g":' + '{"g":' * 900 + "1" + "}" * 900 + "}]")
    assert refused(nested).code == "file-unsafe"


def test_a_part_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("station_visit.csv", "SubmissionDate,station,KEY\n")
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag of encryption, in the part's own header and in the table of contents
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refused(path).code == "file-encrypted"


# Edited submissions


def instance(name: str, replaces: str = "", station: str = "1") -> bytes:
    former = f"<deprecatedID>{replaces}</deprecatedID>" if replaces else ""
    meta = f"<meta><instanceID>{name}</instanceID>{former}</meta>"
    return f'<data id="station_visit" version="2"><station>{station}</station>{meta}</data>'.encode()


@pytest.mark.parametrize(
    ("links", "kept"),
    [
        ({"a": "", "b": "a", "c": "b"}, ["c"]),
        ({"c": "b", "b": "a", "a": ""}, ["c"]),
        ({"b": "a", "c": "a", "a": ""}, ["b", "c"]),
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "a"}, ["a"]),
        ({"b": "a"}, ["b"]),
    ],
    ids=str,
)
def test_the_last_copy_counts(links: dict[str, str], kept: list[str], tmp_path: Path) -> None:
    paths = []
    for number, (name, former) in enumerate(links.items()):
        paths.append(tmp_path / f"{number}.xml")
        paths[-1].write_bytes(instance(name, former, station=name))
    tables = ck.parse(CHECKLIST, paths)
    assert sorted(tables.submissions["submission_id"]) == kept
    assert sum(count.rejected for count in tables.ledger.files.values()) == len(links) - len(kept)
    assert tables.ledger.balanced
    superseded = tables.problems[
        (tables.problems["code"] == "file-superseded") & (tables.problems["item"] == "station")
    ]
    assert sorted(superseded["raw"]) == sorted(set(links) - set(kept))


def test_submissions_say_where_they_come_from(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(instance("uuid:1", "uuid:0"))
    (found,) = odk.read(CHECKLIST, path)
    assert isinstance(found, Submission)
    assert (found.id, found.replaces, found.version, found.channel) == ("uuid:1", "uuid:0", "2", "odk")
    assert found.record.place("station") == "1:38"


# Damage

SEEDS = [
    (path.relative_to(DATA), path.read_bytes())
    for path in sorted(DATA.rglob("*"))
    if path.is_file() and path.suffix in (".csv", ".json", ".xml") and not path.name.endswith(".xlsx.json")
]
_STRANGE = [
    b"",
    b'"',
    b",",
    b";",
    b"<",
    b"</",
    b"{",
    b"]",
    b"\n",
    b"\x00",
    b"\xff",
    b"uuid:",
    b"votes",
    b"meta",
    b"KEY",
]


@given(data=st.data())
@settings(max_examples=80)
def test_damaged_exports_give_a_result_or_a_clear_line(data: st.DataObject) -> None:
    """Some bytes are changed, dropped, doubled or cut off: nothing fails without a word, and the ledger balances."""
    name, content = data.draw(st.sampled_from(SEEDS))
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(damaged) - 1, 0)))
        length = data.draw(st.sampled_from([0, 1, 5, 40]))
        match data.draw(st.sampled_from(["put", "drop", "double", "cut"])):
            case "put":
                damaged[at : at + length] = data.draw(st.sampled_from(_STRANGE))
            case "drop":
                del damaged[at : at + length]
            case "double":
                damaged[at:at] = damaged[at : at + length]
            case _:
                del damaged[at:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / name.name
        path.write_bytes(damaged)
        tables = ck.parse(CHECKLIST, [path])
    assert tables.ledger.balanced
    assert all(count.submissions == count.rows + count.rejected for count in tables.ledger.files.values())
