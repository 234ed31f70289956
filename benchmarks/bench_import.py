"""Making a checklist of an XLSForm, beside yxf, which writes its sheets as YAML and understands none of them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench_check import prepare
from benchmarks.work import Work


def take(folder: Path) -> None:
    """Import the large form: nested, expressions in our language, building it again gives the same form."""
    from checklist_kit.api import import_form

    imported = import_form(folder / "large.xlsx")
    assert imported.questions == 5_000
    (folder / "ours.yaml").write_text(imported.text, encoding="utf-8")


def convert(folder: Path) -> None:
    """Write the large form as YAML with yxf."""
    from yxf.cli import read_xlsform_file, write_yaml_file

    write_yaml_file(read_xlsform_file(folder / "large.xlsx"), folder / "yxf.yaml")


def back(folder: Path) -> None:
    """Make the XLSForm again."""
    import checklist_kit as ck

    (content,) = ck.build(ck.load(folder / "ours.yaml"), "xlsform").files.values()
    (folder / "back.xlsx").write_bytes(content)


def prepare_back(folder: Path) -> None:
    """Import the form, so that there is something to build."""
    prepare(folder)
    take(folder)


WORKS = [
    Work("import of an XLSForm of 5,000 questions", prepare, take, convert, "yxf writing its sheets as YAML", 0.6),
    Work("the same, by itself (goal: CPU s)", prepare, take, None, "", 5.0),
    Work("the XLSForm of 5,000 questions again (goal: CPU s)", prepare_back, back, None, "", 5.0),
]
