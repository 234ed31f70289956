"""The formats that a form can be printed in, and what each of them is called. Their sizes stand in the template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the printed form.

    `page` is the height in mm that surely fills a page, `matrix_columns` how many marks stand beside each other in a
    table. `filled` tells whether it is filled in and read, `folded` whether its pages become a booklet. `template` is
    the file that typesets it.
    """

    name: str
    page: int
    matrix_columns: int
    filled: bool = True
    folded: bool = False
    template: str = "form.typ"


A4 = Format("a4", 230, 8)
BILINGUAL = Format("bilingual", 170, 0)
FORMATS = {
    each.name: each
    for each in (
        A4,
        Format("a5", 140, 5, folded=True),
        Format("large", 170, 5),
        BILINGUAL,
        Format("sheet", 230, 0),
        Format("questions", 230, 0, filled=False),
        Format("trainer", 230, 8, filled=False),
        Format("poster", 230, 8, filled=False, template="poster.typ"),
    )
}
"""All formats by name."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A form in one format and language; a bilingual one has the `other` language beside it."""

    format: Format
    language: str
    other: str = ""

    @property
    def tag(self) -> str:
        """What layout and QR symbol call the edition: the language, with a private part as BCP 47 has it."""
        more = self.other or self.format.name
        return self.language if self.format is A4 else f"{self.language}-x-{more.lower()}"

    @property
    def stem(self) -> str:
        """The end of its files' names: the language or both, and the format where it is not the usual one."""
        if self.format is A4:
            return self.language
        return f"{self.language}-{self.other}" if self.other else f"{self.language}.{self.format.name}"


def editions(names: tuple[str, ...], languages: tuple[str, ...]) -> Iterator[Edition]:
    """Yield what is to be printed: each format in each language; in two, the first one beside each of the others."""
    for language in languages:
        for name in names:
            format = FORMATS[name]
            if format is not BILINGUAL:
                yield Edition(format, language)
            elif language != languages[0]:
                yield Edition(format, languages[0], language)
