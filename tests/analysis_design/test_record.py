"""The files of a draw, the command that writes them, and the record that is redone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checklist_kit.analysis.design import Design
from checklist_kit.analysis.frame import FrameError, read_frame
from checklist_kit.analysis.sampling import Request, draw, files, read_record
from checklist_kit.cli import cli

Run = Callable[..., Result]


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """Sixty stations, delimited by semicolons."""
    path = tmp_path / "stations.csv"
    rows = [f"{n:03d};{'Şimal' if n % 3 else 'Cənub'};{100 + n}" for n in range(1, 61)]
    path.write_text("\n".join(["station;region;voters", *rows]) + "\n", encoding="utf-8-sig")
    return path


@pytest.fixture
def run() -> Run:
    """Run `checklist sample` with some words."""

    def invoke(*words: object, fails: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["sample", *map(str, words)], catch_exceptions=False)
        assert result.exit_code == fails, result.output
        return result

    return invoke


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_the_sample_has_the_frames_columns_and_its_own(frame: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(frame, "--size", 12, "--by", "region", "--reserves", 2, "--seed", 7, "-o", out)
    assert "Cənub: 4 of 20, 2 in reserve" in result.stdout
    assert "12 of 60 units drawn, seed 7" in result.stdout
    sample = table((out / "sample.csv").read_bytes())
    assert list(sample[0]) == ["unit", "station", "region", "voters", "stratum", "weight", "probability", "order"]
    assert {(row["stratum"], row["weight"], row["probability"]) for row in sample} == {
        ("Cənub", "5", "0.2"),
        ("Şimal", "5", "0.2"),
    }
    assert sum(float(row["weight"]) for row in sample) == 60
    assert all(len(row["unit"]) == 3 and row["unit"] == row["station"] for row in sample)
    reserves = table((out / "reserves.csv").read_bytes())
    assert [row["order"] for row in reserves] == ["1", "2", "1", "2"]
    assert not {row["unit"] for row in sample} & {row["unit"] for row in reserves}


def test_the_same_bytes_each_time(frame: Path) -> None:
    request = Request(seed=7, size=12, by=("region",), pps="voters", reserves=1)
    assert files(draw(read_frame(frame), request)) == files(draw(read_frame(frame), request))
    other = Request(seed=8, size=12, by=("region",), pps="voters", reserves=1)
    assert files(draw(read_frame(frame), request)) != files(draw(read_frame(frame), other))


@pytest.mark.parametrize(
    "options", [["--size", 12], ["--margin", "12%", "--by", "region"], ["--size", 12, "--pps", "voters"]]
)
def test_a_draw_is_redone_from_its_record(options: list, frame: Path, run: Run, tmp_path: Path) -> None:
    run(frame, *options, "--reserves", 1, "--seed", 7, "-o", tmp_path)
    assert (
        "the same as in the record and sample.csv and reserves.csv"
        in run(frame, "--verify", tmp_path / "draw.json").stdout
    )
    lines = frame.read_text(encoding="utf-8-sig").splitlines()
    frame.write_text("\n".join([lines[0], *sorted(lines[1:], reverse=True)]).replace(";", "\t"), encoding="utf-16")
    result = run(frame, "--verify", tmp_path / "draw.json")
    assert "[draw-other-frame]" in result.stderr
    assert "though the same units follow from it" in result.stderr
    assert "the draw was redone" in result.stdout


def test_what_was_changed_after_the_draw_is_found(frame: Path, run: Run, tmp_path: Path) -> None:
    run(frame, "--size", 12, "--by", "region", "--seed", 7, "-o", tmp_path)
    record = tmp_path / "draw.json"
    genuine = record.read_text()
    drawn = json.loads(genuine)["strata"][0]["drawn"]
    record.write_text(genuine.replace(f'"{drawn[0]}"', '"060"'))
    result = run(frame, "--verify", record, fails=1)
    assert f"recorded and not drawn: `060`; drawn and not recorded: `{drawn[0]}`" in result.stderr
    record.write_text(genuine.replace('"seed": 7', '"seed": 8'))
    assert "draw-differs" in run(frame, "--verify", record, fails=1).stderr
    record.write_text(genuine)
    sample = tmp_path / "sample.csv"
    sample.write_text(sample.read_text().replace(drawn[0], "060"))
    assert "sample.csv is not what the draw wrote" in run(frame, "--verify", record, fails=1).stderr
    frame.write_text(frame.read_text(encoding="utf-8-sig") + "061;Şimal;9\n")
    assert "had 40 units and has 41 in the frame" in run(frame, "--verify", record, fails=1).stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{", "["),
        ('"method": "sha256-order-1"', '"method": "dice"'),
        ('"seed": 7', '"seed": "7"'),
        ('"seed": 7', '"colour": 7'),
        ('"share": "1/2"', '"share": "1/0"'),
        ('"by": [', '"by": 1, "was": ['),
        ('"size": 12', '"size": 0'),
        ('"pps": null', '"pps": 1'),
    ],
)
def test_what_is_no_record(old: str, new: str, frame: Path, run: Run, tmp_path: Path) -> None:
    run(frame, "--size", 12, "--seed", 7, "-o", tmp_path)
    text = (tmp_path / "draw.json").read_text()
    assert old in text
    (tmp_path / "draw.json").write_text(text.replace(old, new, 1))
    assert "is no record of a draw" in run(frame, "--verify", tmp_path / "draw.json", fails=1).stderr


@pytest.mark.parametrize("data", [b"", b"7", b"null", b"\xff", b"[" * 100_000, b'{"method": "sha256-order-1"}'])
def test_any_other_file_is_no_record(data: bytes) -> None:
    with pytest.raises(FrameError, match="no record of a draw"):
        read_record(data, "draw.json")


def test_the_record_gives_the_design(frame: Path) -> None:
    found = files(draw(read_frame(frame), Request(seed=7, size=12, by=("region",))))
    population = read_record(found["draw.json"], "draw.json").population
    assert population == {"Cənub": 20, "Şimal": 40}
    rows = table(found["sample.csv"])
    design = Design.of([row["stratum"] for row in rows], population, [float(row["weight"]) for row in rows])
    assert design.notes == ()
    by_size = files(draw(read_frame(frame), Request(seed=7, size=12, pps="voters")))
    assert read_record(by_size["draw.json"], "draw.json").population == {}


def test_faults_are_shown_at_their_place(frame: Path, run: Run, tmp_path: Path) -> None:
    frame.write_text(frame.read_text(encoding="utf-8-sig").replace("002;", "001;"))
    result = run(frame, "--size", 5, "--seed", 7, "-o", tmp_path / "out", fails=1)
    assert f"{frame}:3:1: error: unit `001` stands here a second time [frame-unit-duplicate]" in result.stderr
    assert "    3 | 001;Şimal;102" in result.stderr
    assert not (tmp_path / "out").exists()


def test_ids_are_checked_by_the_checklist(frame: Path, run: Run, tmp_path: Path) -> None:
    checklist = tmp_path / "checklist.yaml"
    text = (
        "checklist: c\nunit: station\nitems:\n  - {name: station, type: text, label: Station, matches: '[0-5][0-9]*'}\n"
    )
    checklist.write_text(text)
    run(frame, "--size", 5, "--seed", 7, "-o", tmp_path, "--checklist", checklist)
    checklist.write_text(text.replace("[0-5][0-9]*", "0[0-5][0-9]"))
    result = run(frame, "--size", 5, "--seed", 7, "-o", tmp_path, "--checklist", checklist, fails=1)
    assert f"{frame}:61:1: error: `060` is no answer to the unit's question" in result.stderr
    checklist.write_text(text.replace("unit: station\n", ""))
    run(frame, "--size", 5, "--seed", 7, "-o", tmp_path, "--checklist", checklist, fails=2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--seed", 1, "-o", "out"], "either a size or a margin"),
        (["--size", 5, "-o", "out"], "missing option --seed"),
        (["--size", 5, "--seed", 1], "missing option -o"),
        (["--margin", "5", "--seed", 1, "-o", "out"], "write 5% or 0.05"),
        (["--size", 5, "--allocation", "neyman", "--seed", 1, "-o", "out"], "neyman needs a column"),
    ],
)
def test_usage(words: list, message: str, frame: Path, run: Run) -> None:
    assert message in run(frame, *words, fails=2).stderr


def test_verify_stands_alone(frame: Path, run: Run, tmp_path: Path) -> None:
    run(frame, "--size", 5, "--seed", 7, "-o", tmp_path)
    assert "leave out --seed" in run(frame, "--verify", tmp_path / "draw.json", "--seed", 8, fails=2).stderr
