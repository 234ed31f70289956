"""The table of diagnostic codes.

One TOML file a family, read once; it feeds `checklist explain`, the docs and the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache


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


@cache
def _table() -> dict[str, Code]:
    import tomllib
    from importlib.resources import files

    table: dict[str, Code] = {}
    for resource in sorted(
        files("checklist_kit.diagnostics").joinpath("codes").iterdir(), key=lambda entry: entry.name
    ):
        if resource.name.endswith(".toml"):
            for code, fields in tomllib.loads(resource.read_text(encoding="utf-8")).items():
                table[code] = Code(code, **fields)
    return table


class _Codes(Mapping[str, Code]):
    """The table as a mapping that is read from disk at its first use."""

    def __getitem__(self, code: str) -> Code:
        return _table()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(_table())

    def __len__(self) -> int:
        return len(_table())


CODES: Mapping[str, Code] = _Codes()
