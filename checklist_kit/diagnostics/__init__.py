"""One kind of finding for everything that can be wrong, its table of codes, and its renderers."""

from checklist_kit.diagnostics.codes import CODES, Code
from checklist_kit.diagnostics.diagnostic import DefinitionError, Diagnostic, Related, Severity, Span
from checklist_kit.diagnostics.render import as_github, as_json, as_text
from checklist_kit.diagnostics.suggest import did_you_mean

__all__ = [
    "CODES",
    "Code",
    "DefinitionError",
    "Diagnostic",
    "Related",
    "Severity",
    "Span",
    "as_github",
    "as_json",
    "as_text",
    "did_you_mean",
]
