"""Election observation checklists: one definition, every channel, one table.

    import checklist_kit as ck

    checklist = ck.load("election_day.yaml")
    tables = ck.parse(checklist, ["responses.jsonl"])
    tables.answers

The functions are loaded at their first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checklist_kit.api import build, check, diff, findings, load, parse

__all__ = ["build", "check", "diff", "findings", "load", "parse"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from checklist_kit import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
