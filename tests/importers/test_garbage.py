"""Whatever a form holds: the import gives a checklist that loads and builds, or refuses the file in one line."""

import csv
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit.importers import import_form
from checklist_kit.protocols import UnreadableFile
from tests.importers.forms import again, built_with_files, loaded, write_xlsx

HEADERS = (
    "type",
    "name",
    "label",
    "label::en",
    "label::X (x)",
    "hint",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "choice_filter",
    "required",
    "appearance",
    "parameters",
    "repeat_count",
    "read_only",
    "media::image",
    "name ",
    "?",
    "",
)
WORDS = (
    *(
        "text",
        "integer",
        "note",
        "select_one l",
        "select_multiple l or_other",
        "begin group",
        "end group",
        "begin repeat",
    ),
    *(
        "end repeat",
        "calculate",
        "start",
        "range",
        "rank l",
        "select_one_from_file a.csv",
        "select_multiple_from_file a.csv",
        "select_one_external l",
        "a",
        "B",
        "a b",
        "é",
        "${a}",
    ),
    *(
        "${a} = 'x'",
        ". > ${B}",
        "selected(${a}, 'x')",
        "((((",
        "'",
        "yes",
        "no",
        "0",
        "01",
        "1.0",
        "TRUE",
        "file",
        "label",
    ),
    *(
        "checklist",
        "x=1",
        "start=0.5 end=2",
        "[",
        "{",
        "- ",
        "#",
        ": ",
        "&x",
        "*x",
        "!x",
        "%",
        "@",
        "`",
        "\\",
        '"',
        "~",
        "l",
    ),
)
cells = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
tables = st.lists(st.lists(cells, min_size=1, max_size=6), max_size=8)
headers = st.lists(st.sampled_from(HEADERS), min_size=2, max_size=6, unique=True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns=headers, rows=tables, lists=tables, told=tables, beside=tables)
def test_garbage(
    columns: list[str],
    rows: list[list[str]],
    lists: list[list[str]],
    told: list[list[str]],
    beside: list[list[str]],
    tmp_path: Path,
) -> None:
    sheets = {
        "survey": [["type", *(column for column in columns if column != "type")], *rows],
        "choices": [["list_name", "name", "label", "zone"], ["l", "x", "X"], *lists],
        "external_choices": [["list_name", "name", "label", "zone"], *(["l", *row] for row in beside)],
        "settings": [["form_id", "version", "default_language", "form_title"], *told[:1]],
    }
    path = write_xlsx(tmp_path / "form.xlsx", sheets)
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name", "label", "zone"], ["x", "X", "y"], *beside])
    try:
        imported = import_form(path)
    except UnreadableFile:
        return
    checklist = loaded(imported)
    for target in ("workbook", "surveyjs", "jsonschema", "codebook"):
        ck.build(checklist, target)
    assert again(*built_with_files(checklist)).text == imported.text
