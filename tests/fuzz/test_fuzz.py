"""A short search on every run of the tests; `python -m tests.fuzz` searches longer."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.inputs import CHECKLIST, EXPRESSION, YAML, Reader

ROOT = Path(__file__).parents[2]
RUNS = 3000


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this platform")
def test_nothing_but_diagnostics_comes_out() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--runs", str(RUNS)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    assert f"{RUNS} inputs and no surprise" in run.stdout


INPUTS = [
    EXPRESSION + b"1" * 400 + b" / 3 > 1",
    EXPRESSION + b" * ".join([b"9" * 15] * 30) + b" / 3 * 0.5 > 1",
    EXPRESSION + "not \u00b2 = ".encode(),
    EXPRESSION + b"a = 1" + b" and a = 1" * 400,
    EXPRESSION + b"-" * 1000 + b"a",
    YAML + b"? [a]\n: b",
    YAML + b"\x00",
    YAML + b"a: &a [*a]",
    CHECKLIST + b"\xff\xfe\x00\xd8",
    CHECKLIST + b'checklist: a\nversion: "1"\ntitle: "\\ud800"\nitems: []\n',
    CHECKLIST + b"items: [[[[[[{}]]]]]]",
    CHECKLIST + b"",
    CHECKLIST + b'checklist: a\nversion: "1"\ntitle: A\nitems:\n- {name: b, type: {en: c}, code: [d]}\n',
]


@pytest.mark.parametrize("data", INPUTS, ids=range(len(INPUTS)))
def test_inputs_that_broke_something_or_might_have(data: bytes, tmp_path: Path) -> None:
    Reader(tmp_path)(data)
