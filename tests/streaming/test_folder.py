"""A folder of tables: what is new is added, what came again is said, and a run that is killed harms nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

import checklist_kit as ck
from benchmarks.responses import checklist as text_of
from benchmarks.responses import lines
from checklist_kit import streaming
from checklist_kit.api import parse_into
from checklist_kit.model import Checklist
from tests.streaming.test_same_tables import rows

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "c.yaml"
    path.write_text(text_of(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def checklist(definition: Path) -> Checklist:
    return ck.load(definition)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        part = list(lines(30 * (number + 1)))[30 * number :]
        (folder / f"{number}.jsonl").write_bytes(b"".join(part))
    return folder


@pytest.fixture
def patch(monkeypatch: Patch) -> Patch:
    return monkeypatch


def ids(out: Path, form: str = "parquet") -> list[str]:
    path = out / f"submissions.{form}"
    frame = pd.read_parquet(path) if form == "parquet" else pd.read_csv(path, dtype=str)
    return [str(each) for each in frame["submission_id"]]


def fingerprint(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_second_run_adds_what_is_new(
    checklist: Checklist, inbox: Path, tmp_path: Path, form: str, patch: Patch
) -> None:
    first, second = sorted(inbox.iterdir())[:2], sorted(inbox.iterdir())
    parse_into(checklist, first, tmp_path / "out", file_format=form)
    before = fingerprint(tmp_path / "out")
    read: list[str] = []
    genuine = streaming.read_batches

    def noted(*arguments: Any) -> Any:
        read.append(arguments[1].name)
        return genuine(*arguments)

    patch.setattr("checklist_kit.streaming.read_batches", noted)
    _, summary = parse_into(checklist, first, tmp_path / "out", file_format=form)
    assert not read
    assert fingerprint(tmp_path / "out") == before
    _, summary = parse_into(checklist, second, tmp_path / "out", file_format=form)
    assert read == ["2.jsonl"]
    _, whole = parse_into(checklist, second, tmp_path / "whole", file_format=form)
    assert list(summary.ledger.lines()) == list(whole.ledger.lines())
    assert ids(tmp_path / "out", form) == ids(tmp_path / "whole", form)
    if form == "csv":
        assert fingerprint(tmp_path / "out") == fingerprint(tmp_path / "whole")
    else:
        one, two = (pd.read_parquet(tmp_path / name / "answers.parquet") for name in ("out", "whole"))
        assert rows(one) == rows(two)


def test_what_came_before_is_one_row(checklist: Checklist, inbox: Path, tmp_path: Path) -> None:
    files = sorted(inbox.iterdir())
    parse_into(checklist, files, tmp_path / "out")
    again = [json.loads(line) for line in files[0].read_bytes().splitlines()[:2]]
    again[0]["data"] = dict(reversed(again[0]["data"].items()))
    again[1]["data"]["q3"] = 7
    (inbox / "again.jsonl").write_text("".join(json.dumps(each) + "\n" for each in again), encoding="utf-8")
    _, summary = parse_into(checklist, sorted(inbox.iterdir()), tmp_path / "out")
    assert summary.ledger.balanced
    assert len(ids(tmp_path / "out", "csv")) == 90
    assert summary.problems["info", "value-duplicate-submission"] == 1
    assert sum(number for (_, code), number in summary.problems.items() if code == "value-conflicting-submission") > 1


def test_files_that_changed_or_went_are_read_anew(checklist: Checklist, inbox: Path, tmp_path: Path) -> None:
    files = sorted(inbox.iterdir())
    parse_into(checklist, files, tmp_path / "out", file_format="parquet")
    files[0].write_bytes(b"".join(lines(10)))
    parse_into(checklist, files[:2], tmp_path / "out", file_format="parquet")
    assert len(ids(tmp_path / "out")) == 40


def test_tables_of_another_format_go(checklist: Checklist, inbox: Path, tmp_path: Path) -> None:
    parse_into(checklist, sorted(inbox.iterdir()), tmp_path / "out", file_format="parquet")
    (tmp_path / "out" / "mine.txt").write_text("kept")
    paths, _ = parse_into(checklist, sorted(inbox.iterdir()), tmp_path / "out", file_format="csv")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in paths} | {
        ".parse",
        "mine.txt",
    }


def test_two_runs_do_not_mix(checklist: Checklist, inbox: Path, tmp_path: Path) -> None:
    from checklist_kit.analysis.output import Output

    with Output(tmp_path / "out", checklist, "csv", "x"), pytest.raises(OSError, match="another run"):
        parse_into(checklist, sorted(inbox.iterdir()), tmp_path / "out")


CHILD = """
import sys
from pathlib import Path
import checklist_kit as ck, checklist_kit.streaming as s
from checklist_kit.api import parse_into
s._PART = 20_000
checklist = ck.load(sys.argv[1])
print("ready", flush=True)
parse_into(checklist, sorted(Path(sys.argv[2]).iterdir()), sys.argv[3], file_format=sys.argv[4])
print("done", flush=True)
"""


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_run_that_is_killed_leaves_the_old_tables_or_the_new_ones(
    definition: Path, checklist: Checklist, inbox: Path, tmp_path: Path, form: str
) -> None:
    """Killed at a random moment, again and again, until a run comes to its end."""
    draw, out = random.Random(7), tmp_path / "out"
    old = sorted(inbox.iterdir())[:1]
    parse_into(checklist, old, out, file_format=form)
    before, took, killed = ids(out, form), 1.0, 0
    for attempt in range(5):
        arguments = [sys.executable, "-c", CHILD, str(definition), str(inbox), str(out), form]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            start = time.monotonic()
            if attempt < 4:
                with suppress(subprocess.TimeoutExpired):
                    run.wait(draw.uniform(0, took))
                run.send_signal(signal.SIGKILL)
            finished = run.stdout.read() == "done\n"
        took = min(took, time.monotonic() - start) if finished else took
        killed += not finished
        found = ids(out, form)
        assert found in (before, [f"r{number:07}" for number in range(90)])
        if form == "parquet":
            assert pq.read_table(out / "answers.parquet", columns=["item"]).num_rows == 180 * len(found)
        if finished:
            break
    assert killed
    assert len(ids(out, form)) == 90
    assert not (out / ".parse" / "next").exists()


def test_tables_that_were_not_yet_moved_are_moved(
    checklist: Checklist, inbox: Path, tmp_path: Path, patch: Patch
) -> None:
    """As if the run was ended between two of the renames that put the tables into place."""
    from checklist_kit.analysis import output

    parse_into(checklist, sorted(inbox.iterdir())[:1], tmp_path / "out")
    genuine, moved = os.replace, []

    def failing(source: Any, target: Any) -> None:
        moved.append(Path(target).name)
        if moved.count("submissions.csv"):
            raise KeyboardInterrupt
        genuine(source, target)

    patch.setattr(output.os, "replace", failing)
    with pytest.raises(KeyboardInterrupt):
        parse_into(checklist, sorted(inbox.iterdir()), tmp_path / "out")
    patch.undo()
    output.recover(tmp_path / "out")
    assert len(ids(tmp_path / "out", "csv")) == 90
    assert len(pd.read_csv(tmp_path / "out" / "answers.csv", usecols=["item"])) == 180 * 90


def run_on(executor: Executor, checklist: Checklist, inbox: Path, out: Path, patch: Patch) -> None:
    patch.setattr("checklist_kit.streaming._PART", 20_000)
    parse_into(checklist, sorted(inbox.iterdir()), out / "many", executor=executor)
    patch.undo()
    parse_into(checklist, sorted(inbox.iterdir()), out / "one")
    assert fingerprint(out / "many") == fingerprint(out / "one")


def test_processes_one_of_which_dies(checklist: Checklist, inbox: Path, tmp_path: Path, patch: Patch) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        victim = executor.submit(os.getpid).result()
        os.kill(victim, signal.SIGKILL)
        run_on(executor, checklist, inbox, tmp_path, patch)


def test_a_cluster_one_worker_of_which_dies(checklist: Checklist, inbox: Path, tmp_path: Path, patch: Patch) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
        client.get_executor() as executor,
    ):
        victim = client.submit(os.getpid).result()
        os.kill(victim, signal.SIGKILL)
        run_on(executor, checklist, inbox, tmp_path, patch)


def test_files_are_read_as_they_arrive(definition: Path, inbox: Path, tmp_path: Path) -> None:
    late = sorted(inbox.iterdir())[1:]
    for path in late:
        path.rename(tmp_path / path.name)
    arguments = ["-c", "from checklist_kit.cli import main; main()", "parse", definition, "--watch", inbox]
    arguments += ["-o", tmp_path / "out"]
    with subprocess.Popen([sys.executable, *map(str, arguments)], stdout=subprocess.PIPE, text=True) as run:
        try:
            assert run.stdout is not None
            told = iter(run.stdout.readline, "")
            assert any("cells read" in line for line in told)
            assert len(ids(tmp_path / "out", "csv")) == 30
            for path in late:
                (tmp_path / path.name).rename(path)
            assert any("2.jsonl: 30 submissions in = 30 rows out" in line for line in told)
        finally:
            run.kill()
    assert len(ids(tmp_path / "out", "csv")) == 90
