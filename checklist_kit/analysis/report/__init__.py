"""Findings as one page that opens anywhere: tables and charts with intervals, in every language of the checklist."""

from checklist_kit.analysis.report.files import PRIVATE, files, response_files
from checklist_kit.analysis.report.page import render

__all__ = ["PRIVATE", "files", "render", "response_files"]
