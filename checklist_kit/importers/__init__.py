"""Forms of other tools -> checklists, as YAML that a person would have written."""

from checklist_kit.importers.xlsform import Imported, import_form

__all__ = ["Imported", "import_form"]
