"""The table of diagnostic codes.

One TOML file a family, named as it is; it feeds `checklist explain`, the docs and the tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Code:
    """What a diagnostic code means.

    `bad` and `good` are whole checklists for codes about definitions, and raw answers for codes about responses,
    where `type` names the question type that they are read as.
    """

    code: str
    severity: str
    title: str
    why: str
    bad: str = ""
    good: str = ""
    type: str = ""

    @property
    def family(self) -> str:
        """The part before the first hyphen, which says what area the finding is about."""
        return self.code.partition("-")[0]


_FOLDER = Path(__file__).parent / "codes"


@cache
def _family(name: str) -> Mapping[str, Code]:
    path = _FOLDER / f"{name}.toml"
    if not name.isalpha() or not path.is_file():
        return {}
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: Code(code, **fields) for code, fields in table.items()}


class _Codes(Mapping[str, Code]):
    """The table as a mapping, of which a family is read from disk when the first of its codes is asked for."""

    def __getitem__(self, code: str) -> Code:
        return _family(code.partition("-")[0])[code]

    def __iter__(self) -> Iterator[str]:
        for path in sorted(_FOLDER.glob("*.toml")):
            yield from _family(path.stem)

    def __len__(self) -> int:
        return sum(1 for _ in self)


CODES: Mapping[str, Code] = _Codes()
