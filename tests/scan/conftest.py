"""A small checklist with its printed pages, for tests that need a form and not a particular one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import checklist_kit as ck
from checklist_kit.model import Checklist
from checklist_kit.readers.scan import Form
from tests.scan.simulator import Sheet, form_of, sheets

CHECKLIST = Path(__file__).parent / "station.yaml"


@dataclass(frozen=True, eq=False)
class Printed:
    """A checklist, what prints it, and its pages."""

    checklist: Checklist
    form: Form
    pdf: bytes
    layout: dict

    def pages(self, serial: str = "") -> list[Sheet]:
        return sheets(self.pdf, self.layout, serial)


@pytest.fixture(scope="session")
def station() -> Printed:
    return printed_of(ck.load(CHECKLIST))


def printed_of(checklist: Checklist, language: str = "en") -> Printed:
    files = ck.build(checklist, "paper", [language]).files
    pdf, layout = form_of(files, language)
    (name,) = (name for name in files if name.endswith(".layout.json"))
    return Printed(checklist, Form(files[name], pdf), pdf, dict(layout))
