"""Drawing a sample from a frame, in a way that anyone can redo."""

from checklist_kit.analysis.sampling.draw import Draw, draw, strata_of
from checklist_kit.analysis.sampling.record import RECORD, RESERVES, SAMPLE, Record, files, read_record, verify
from checklist_kit.analysis.sampling.request import Allocation, Request

__all__ = [
    "RECORD",
    "RESERVES",
    "SAMPLE",
    "Allocation",
    "Draw",
    "Record",
    "Request",
    "draw",
    "files",
    "read_record",
    "strata_of",
    "verify",
]
