"""YAML files -> the model: reading, includes, the schema, and the build of the checklist."""

from checklist_kit.source.load import Loaded, bank_name, load
from checklist_kit.source.translations import Invented, Text
from checklist_kit.source.validate import schema_text

__all__ = ["Invented", "Loaded", "Text", "bank_name", "load", "schema_text"]
