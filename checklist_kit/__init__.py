"""Election observation checklists: one definition, every channel, one table.

>>> import checklist_kit as ck                         # doctest: +SKIP
>>> checklist = ck.load("election_day.yaml")           # doctest: +SKIP
>>> tables = ck.parse(checklist, ["responses.jsonl"])  # doctest: +SKIP
>>> tables.answers                                     # doctest: +SKIP
"""

from checklist_kit.api import build, check, load, parse

__all__ = ["build", "check", "load", "parse"]
