"""Raw responses -> typed answers -> tidy tables -> findings."""

from checklist_kit.analysis.tables import Tables, tabulate

__all__ = ["Tables", "tabulate"]
