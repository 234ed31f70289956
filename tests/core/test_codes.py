"""The table of diagnostic codes: complete, used, and true in its examples."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import checklist_kit as ck
from checklist_kit.diagnostics import CODES, Severity
from tests.core.expectations import expected_in, found_in, write

PACKAGE = Path(__file__).parents[2] / "checklist_kit"
OURS = ("yaml", "schema", "name", "logic", "text", "code", "indicator")
CHECKED = [code for code, entry in CODES.items() if entry.bad and expected_in(entry.bad)]
# What no small text can show, or no text at all; each has a test of its own.
WITHOUT_EXAMPLE = {"yaml-encoding", "yaml-too-large", "logic-undecided", "logic-role-reference"}
PAPER = {"paper-many-skips", "paper-long-label", "paper-long-list"}
OURS_IN_FULL = {code for code, entry in CODES.items() if entry.family in OURS} | PAPER


def codes_in_package() -> Iterator[str]:
    """Texts in the package that are written like a code of some family."""
    families = {entry.family for entry in CODES.values()}
    shape = re.compile(rf"({'|'.join(sorted(families))})(-[a-z]+)+")
    files = (
        path for path in PACKAGE.rglob("*.py") if path.parent.name != "changes"
    )  # its kinds of changes are no codes
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and shape.fullmatch(node.value):
                yield node.value


def test_every_code_can_be_produced() -> None:
    assert set(CODES) - set(codes_in_package()) == set()


def test_every_code_that_is_produced_is_listed() -> None:
    ours = {code for code in codes_in_package() if code.partition("-")[0] in OURS}
    assert ours - set(CODES) == set()


@pytest.mark.parametrize("code", CODES)
def test_codes_are_explained(code: str) -> None:
    entry = CODES[code]
    assert entry.severity in set(Severity)
    assert 4 < len(entry.title) <= 70
    assert not entry.title.endswith(".")
    assert len(re.findall(r"[.?!](?:\s|$)", entry.why)) >= (2 if code in OURS_IN_FULL else 1)


def test_definition_codes_have_examples() -> None:
    assert OURS_IN_FULL - set(CHECKED) == WITHOUT_EXAMPLE


@pytest.mark.parametrize("code", CHECKED)
def test_bad_examples_are_found_where_they_say(code: str, tmp_path: Path) -> None:
    entry = CODES[code]
    expected = expected_in(entry.bad)
    found = found_in(ck.check(write(entry.bad, tmp_path)), tmp_path)
    assert code in [one.code for one in expected]
    assert [one for one in expected if one not in found] == []
    assert [one for one in found if one.severity == "error" and one not in expected] == []


@pytest.mark.parametrize("code", CHECKED)
def test_good_examples_are_silent(code: str, tmp_path: Path) -> None:
    found = found_in(ck.check(write(CODES[code].good, tmp_path)), tmp_path)
    assert [one for one in found if one.severity != "info" or one.code == code] == []
