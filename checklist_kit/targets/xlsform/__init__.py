"""The XLSForm: one workbook with all languages, which ODK and Kobo turn into the form on a phone or in a browser.

Choices that the checklist has in files go into files beside it, where that loses nothing.

Nothing is collected that the checklist does not ask for: no device, no phone number, no place, no times.
"""

from __future__ import annotations

from collections.abc import Sequence

from checklist_kit.model import Checklist
from checklist_kit.model.formnames import form_name
from checklist_kit.protocols import Artifact
from checklist_kit.targets.xlsform.choices import Choices
from checklist_kit.targets.xlsform.sheets import table, write
from checklist_kit.targets.xlsform.survey import Survey
from checklist_kit.targets.xlsform.texts import Row, Texts, clean, foreign

_SURVEY = ["type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint"]
_SURVEY += ["constraint_message", "calculation", "default", "appearance", "read_only", "parameters", "choice_filter"]
_SURVEY += ["repeat_count"]
_CHOICES = ["list_name", "name", "label"]


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.xlsform.xlsx`, which begins in the first of `languages`, and the choice files that it names.

    Raises DefinitionError for a text that no cell can hold.
    """
    texts = Texts(checklist, languages[0] if languages else checklist.default_language)
    choices = Choices(texts)
    survey = Survey(checklist, texts, choices).rows()
    sheets = {
        "survey": table(survey, _columns(texts, _SURVEY, "survey")),
        "choices": table(choices.rows(), _columns(texts, _CHOICES, "choices")),
        **_external_sheet(texts, choices),
        "settings": table([_settings(texts)], []),
        **_foreign_sheets(checklist),
    }
    files = {f"{checklist.id}.xlsform.xlsx": write(sheets), **choices.files()}
    return Artifact(files, tuple(dict.fromkeys(texts.losses)))


def _columns(texts: Texts, order: Sequence[str], sheet: str) -> list[str]:
    """Return columns in order, each followed by those that hold its text in a language, then any taken over.

    A language without a name has the column itself, which then stands where that language does.
    """
    ours = []
    for column in order:
        spoken = [texts.column(column, code) for code in texts.checklist.languages]
        ours += spoken if column in spoken else [column, *spoken]
    others = foreign(texts.checklist, "columns").get(sheet)
    return [*ours, *(str(column) for column in others if column not in ours)] if isinstance(others, list) else ours


def _settings(texts: Texts) -> Row:
    checklist = texts.checklist
    kept = {str(column): str(cell) for column, cell in foreign(checklist, "settings").items()}
    # A title has no languages there: everybody finds their own in it.
    order = (texts.shown, *checklist.languages)
    titles = dict.fromkeys(clean(checklist.text(checklist.title, language)) for language in order)
    if checklist.verbatim:
        version = {"version": checklist.version} if "version" in checklist.spans else {}
        return {"form_title": " / ".join(titles), "form_id": checklist.id, **version, **kept}
    unit = checklist.by_name.get(checklist.unit or "")
    return {
        "form_title": " / ".join(titles),
        "form_id": checklist.id,
        "version": checklist.version,
        "default_language": texts.language(texts.shown),
        # No repeat may have the name of the root.
        **({"name": "formData"} if "data" in checklist.by_name else {}),
        **(
            {"instance_name": f"${{{form_name(checklist, unit.item.name)}}}"}
            if unit is not None and not unit.repeats
            else {}
        ),
        "attribute::checklist_hash": checklist.hash,
        **kept,
    }


def _external_sheet(texts: Texts, choices: Choices) -> dict[str, list[list[str]]]:
    rows = choices.external_rows()
    return {"external_choices": table(rows, _columns(texts, _CHOICES, "external_choices"))} if rows else {}


def _foreign_sheets(checklist: Checklist) -> dict[str, list[list[str]]]:
    """Sheets that were taken over from an XLSForm and mean nothing here."""
    found = foreign(checklist, "sheets")
    return {
        str(name): [[str(cell) for cell in row] for row in rows if isinstance(row, list)]
        for name, rows in found.items()
        if isinstance(rows, list)
    }
