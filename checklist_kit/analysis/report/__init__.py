"""Findings as one page that opens anywhere: tables and charts with intervals, in every language of the checklist."""

from checklist_kit.analysis.report.files import PRIVATE, as_csv, files
from checklist_kit.analysis.report.page import render

__all__ = ["PRIVATE", "as_csv", "files", "render"]
