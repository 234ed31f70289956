"""The formats that a form can be printed in, and what each of them is called. Their sizes stand in the template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the printed form.

    `page` is the height in mm that surely fills a page, `matrix_columns` how many marks stand beside each other in a
    table. `filled` tells whether it is filled in and read, `folded` whether its pages become a booklet.
    """

    name: str
    page: int
    matrix_columns: int
    filled: bool = True
    folded: bool = False


A4 = Format("a4", 230, 8)
FORMATS = {each.name: each for each in (A4, Format("a5", 140, 5, folded=True), Format("large", 170, 5))}
"""All formats by name."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A form in one format and language."""

    format: Format
    language: str

    @property
    def tag(self) -> str:
        """What layout and QR symbol call the edition: the language, with a private part as BCP 47 has it."""
        return self.language if self.format is A4 else f"{self.language}-x-{self.format.name}"

    @property
    def stem(self) -> str:
        """The end of its files' names: the language, and the format where it is not the usual one."""
        return self.language if self.format is A4 else f"{self.language}.{self.format.name}"
