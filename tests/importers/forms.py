"""XLSForms in tests: written as files, what the converter of ODK makes of them, and the law that they keep."""

import re
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
from pyxform.xls2xform import convert

import checklist_kit as ck
from checklist_kit.importers import Imported, import_form
from checklist_kit.model import Checklist

FOLDER = Path(__file__).parents[1] / "data" / "xlsforms"
FORMS = sorted(FOLDER.glob("*.md"))

_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\s+")


def xform(content: str | bytes | Path, kind: str = ".xlsx") -> str:
    """What the converter makes of a form. Raises PyXFormError for one that it refuses."""
    if isinstance(content, Path):
        return str(convert(str(content), validate=False).xform)
    return str(convert(content, file_type=kind, validate=False).xform)


def normal(xml: str) -> list[str]:
    """An XForm as lines, without the white space that means nothing, attributes in the order of their names."""
    lines: list[str] = []

    def walk(element: ET.Element, depth: int) -> None:
        attributes = " ".join(f"{name}={_squeezed(value)}" for name, value in sorted(element.attrib.items()))
        text = " ".join((element.text or "").split()), " ".join((element.tail or "").split())
        lines.append(f"{depth * ' '}{element.tag} {attributes} | {text[0]} | {text[1]}")
        for child in element:
            walk(child, depth + 1)

    walk(ET.fromstring(xml), 0)
    return lines


def _squeezed(expression: str) -> str:
    """White space between the words of an expression means nothing; that in its texts is kept."""
    return _TOKEN.sub(lambda match: match[0] if match[0][0] in "'\"" else "", expression)


def loaded(imported: Imported) -> Checklist:
    """The checklist. Raises DefinitionError where it has an error."""
    with tempfile.TemporaryDirectory() as folder:
        _write(folder, imported.files)
        path = Path(folder) / "form.yaml"
        path.write_text(imported.text, encoding="utf-8", newline="")
        return ck.load(path)


def _write(folder: str, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (Path(folder) / name).write_bytes(data)


def built(checklist: Checklist) -> bytes:
    """The XLSForm of a checklist."""
    return built_with_files(checklist)[0]


def built_with_files(checklist: Checklist) -> tuple[bytes, dict[str, bytes]]:
    """The XLSForm of a checklist, and the files beside it."""
    files = dict(ck.build(checklist, "xlsform").files)
    return files.pop(f"{checklist.id}.xlsform.xlsx"), files


def again(content: bytes, files: Mapping[str, bytes] | None = None) -> Imported:
    """What importing an export gives, beside which files may lie."""
    with tempfile.TemporaryDirectory() as folder:
        _write(folder, files or {})
        path = Path(folder) / "export.xlsx"
        path.write_bytes(content)
        return import_form(path)


def keeps_the_law(path: Path) -> Imported:
    """Import a form, and assert that building it gives the same XForm, and importing that the same checklist."""
    imported = import_form(path)
    content, files = built_with_files(loaded(imported))
    assert files.keys() == imported.files.keys()
    assert again(content, files).text == imported.text
    assert normal(xform(content)) == normal(xform(path))
    return imported


Sheets = Mapping[str, Sequence[Sequence[object]]]


def write_xlsx(path: Path, sheets: Sheets) -> Path:
    """Write a workbook."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write(number, column, value)
    return path


def survey(path: Path, header: str, *rows: str, choices: Iterable[str] = (), settings: Iterable[str] = ()) -> Path:
    """Write a form whose cells are separated by `|`."""
    sheets = {"survey": (header, *rows), "choices": tuple(choices), "settings": tuple(settings)}
    return write_xlsx(
        path,
        {name: [[cell.strip() for cell in row.split("|")] for row in text] for name, text in sheets.items() if text},
    )
