"""An editor with yaml-language-server completes, explains and underlines by the schema that the command prints."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from checklist_kit.cli import cli
from checklist_kit.model.items import RECORDED
from checklist_kit.source import schema_text
from tests.engines import requires_engine
from tests.engines.language_server import LanguageServer

START = """\
# yaml-language-server: $schema=checklist.schema.json
checklist: day
version: "1"
title: Election day
items:
  - name: opened
    type: select_one
    choices: {yes: {en: Yes}, no: {en: No}}
    label: Did the station open on time?
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    requires_engine("yaml-language-server")
    with LanguageServer() as engine:
        yield engine


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """A file beside the schema as the command prints it."""
    printed = CliRunner().invoke(cli, ["schema"], catch_exceptions=False)
    (tmp_path / "checklist.schema.json").write_text(printed.output, encoding="utf-8")
    return tmp_path / "checklist.yaml"


def test_the_command_prints_the_schema_that_we_check_by() -> None:
    assert CliRunner().invoke(cli, ["schema"], catch_exceptions=False).output == schema_text()


def test_nothing_is_underlined_in_a_good_checklist(server: LanguageServer, editor: Path) -> None:
    editor.write_text(START, encoding="utf-8")
    assert server.open(editor) == []


def test_keys_are_offered_with_what_they_mean(server: LanguageServer, editor: Path) -> None:
    editor.write_text(START + "    \n", encoding="utf-8")
    server.open(editor)
    offered = server.complete(editor, 10, 5)
    assert {"hint", "relevant", "constraint", "required", "code", "choice_filter"} <= set(offered)
    assert "label" not in offered  # it is there already
    assert all(offered.values()), [key for key, meaning in offered.items() if not meaning]


def test_the_item_types_are_offered(server: LanguageServer, editor: Path) -> None:
    editor.write_text(START + "  - name: next\n    type: \n", encoding="utf-8")
    server.open(editor)
    offered = set(server.complete(editor, 11, 11))
    assert offered == {
        *("section", "repeat", "note", "calculate", "select_one", "select_multiple", "integer", "decimal"),
        *("text", "date", "time", "datetime", "image", "geopoint", "acknowledge"),
        *RECORDED,
    }


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (2, 3, "The id of the checklist"),
        (7, 6, "One choice of a list"),
        (5, 2, "The questions and what stands between"),
    ],
)
def test_the_description_shows(server: LanguageServer, editor: Path, line: int, column: int, words: str) -> None:
    editor.write_text(START, encoding="utf-8")
    server.open(editor)
    assert words in server.hover(editor, line, column)


def test_an_unknown_key_is_underlined_where_it_is(server: LanguageServer, editor: Path) -> None:
    editor.write_text(START + "    relevent: opened = 'no'\n", encoding="utf-8")
    (mark,) = server.open(editor)
    assert (mark.line, mark.column) == (10, 5)
    assert '"relevant"' in mark.message


def test_an_unknown_type_is_underlined_where_it_is(server: LanguageServer, editor: Path) -> None:
    editor.write_text(START.replace("select_one", "select_onee"), encoding="utf-8")
    marks = server.open(editor)
    assert (7, 11) in [(mark.line, mark.column) for mark in marks]
