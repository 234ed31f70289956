"""Filled forms as scanners, copiers and phones see them: drawn with numpy and OpenCV, and without the reader's code.

sheet = Sheet(pdf, layout, page)            # a printed page
picture, truth = fill(sheet, person, rng)   # what somebody wrote on it, and what it means
picture = flatbed(picture, rng)             # what a machine made of it
"""

from tests.scan.simulator.devices import DEVICES, flatbed, phone, photocopy, poor_photo
from tests.scan.simulator.paper import Sheet, form_of, sheets
from tests.scan.simulator.person import Person, Truth, fill, random_person, write_answers

__all__ = [
    "DEVICES",
    "Person",
    "Sheet",
    "Truth",
    "fill",
    "flatbed",
    "form_of",
    "phone",
    "photocopy",
    "poor_photo",
    "random_person",
    "sheets",
    "write_answers",
]
