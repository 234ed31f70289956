"""An XML document as parts. Document types are refused, and with them entities of any kind.

The parser of the standard library is enough for that, and it tells the place of each element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.odk.parts import DEEPEST, Part


@dataclass(slots=True)
class Element:
    """An element while it is read, names without their namespaces. `place` is its line and column, from 1."""

    name: str
    place: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)

    def part(self) -> Part:
        """The element as a part: a group where there are elements in it, else its text."""
        if self.inner:
            return Part(self.name, self.place, inner=self.inner)
        return Part(self.name, self.place, "".join(self.text))

    def find(self, *names: str) -> str:
        """The text of an element inside, by the names that lead to it; empty where there is none."""
        parts = self.inner
        for name in names[:-1]:
            parts = [inner for part in parts if part.name == name for inner in part.inner or ()]
        return next((str(part.value or "").strip() for part in parts if part.name == names[-1]), "")


def parse(data: bytes, path: Path) -> Element:
    """Return the root of a document. Raises UnreadableFile where it is damaged or hostile."""
    stack: list[Element] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise UnreadableFile("file-unsafe", f"{path} declares a document type, which no submission does")

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise UnreadableFile("file-unsafe", f"{path} has elements in elements more than {DEEPEST} deep")
        place = f"{parser.CurrentLineNumber}:{parser.CurrentColumnNumber + 1}"
        stack.append(Element(name.rpartition(":")[2], place, attributes))

    def end(_: str) -> None:
        if len(stack) > 1:
            done = stack.pop()
            stack[-1].inner.append(done.part())

    def characters(text: str) -> None:
        stack[-1].text.append(text)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"{path}:{error.lineno}:{error.offset + 1}: this is no XML: {expat.ErrorString(error.code)}"
        raise UnreadableFile("file-damaged", message) from error
    return stack[0]
