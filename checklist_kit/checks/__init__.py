"""Semantic checks: what a checklist that fits the schema can still get wrong. One function a diagnostic code."""

from checklist_kit.checks.roles import lacking
from checklist_kit.checks.run import run, silence

__all__ = ["lacking", "run", "silence"]
