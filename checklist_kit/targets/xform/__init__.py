"""The XForm: the XML that ODK's own converter makes of the XLSForm, for servers and apps that take nothing else."""

from __future__ import annotations

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from checklist_kit.diagnostics import DefinitionError, Diagnostic
from checklist_kit.model import Checklist
from checklist_kit.protocols import Artifact
from checklist_kit.registry import load_target


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.xform.xml`, made of the very file that the target `xlsform` writes, with its losses.

    The choice files that the form names are beside it, and what the converter makes of the sheet `external_choices`.

    Raises DefinitionError where the XLSForm cannot be made, or where the converter refuses it.
    """
    form = load_target("xlsform").build(checklist, languages)
    files = dict(form.files)
    try:
        made = convert(files.pop(f"{checklist.id}.xlsform.xlsx"), file_type=".xlsx")
    except PyXFormError as refusal:
        message = f"the converter refuses the form: {' '.join(str(refusal).split())}"
        raise DefinitionError([Diagnostic.of("xform-refused", message, checklist.span)]) from refusal
    if made.itemsets:
        files["itemsets.csv"] = made.itemsets.encode()
    return Artifact({f"{checklist.id}.xform.xml": made.xform.encode(), **files}, form.losses)
